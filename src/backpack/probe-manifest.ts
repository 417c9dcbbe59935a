// What a backpack's manifest says, read as strictly as the standard would have it: faults that do no harm are told too.
import type { Env } from "../env.ts";
import { type Manifest, type ManifestFault, pickEntry, readManifest } from "../oauth/manifest.ts";
import type { ManifestEntry } from "../oauth/manifest-entry.ts";
import { VERSIONS } from "../oauth/server.ts";
import { isObject } from "../strict-json.ts";
import { shortText } from "./external-text.ts";
import type { ProbeCheck, ProbeCheckId, Said } from "./probe.ts";

const CONTEXT = "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld";
const API_PATH = "/ims/ob/v2p1";
/** OB21-M-04. */
const REQUIRED = [
  "name",
  "apiBase",
  "version",
  "termsOfServiceUrl",
  "privacyPolicyUrl",
  "scopesOffered",
  "registrationUrl",
  "authorizationUrl",
  "tokenUrl",
] as const;

const NAMES = {
  manifest: "Manifest",
  "manifest-form": "Manifest as the standard has it",
  "manifest-cache": "Manifest may be kept for a while",
  hosts: "Addresses at one host",
  scopes: "What it offers",
} as const satisfies Partial<Record<ProbeCheckId, string>>;

function check(
  id: keyof typeof NAMES,
  outcome: ProbeCheck["outcome"],
  words: string,
  said: Said,
  took: number | null = null,
): ProbeCheck {
  return { id, name: NAMES[id], outcome, words, said, took };
}

/** Reads the manifest that belongs to an address; `entry` is null where nothing can be used. */
export async function probeManifest(
  env: Env,
  address: string,
): Promise<{ readonly checks: ProbeCheck[]; readonly entry: ManifestEntry | null }> {
  const began = env.now();
  const read = await readManifest(env, address);
  const took = env.now() - began;
  const unusable = ({ reason, detail }: ManifestFault) => {
    const said = { code: "manifest-unusable", reason } as const;
    return { checks: [check("manifest", "failed", detail, said, took)], entry: null };
  };
  if (!read.ok) return unusable(read);
  const picked = pickEntry(read.manifest, VERSIONS);
  if (!picked.ok) return unusable(picked);
  const { entry } = picked;
  const isKept = read.etag !== null || read.freshUntil !== null;
  const name = shortText(entry.name, 60) ?? "";
  const checks = [
    check(
      "manifest",
      "passed",
      `It is there, and offers Badge Connect as ${name}.`,
      { code: "manifest-there", values: { name } },
      took,
    ),
    formCheck(read.manifest, entry),
    isKept
      ? check(
          "manifest-cache",
          "passed",
          "It says how long it holds, or how to ask whether it does.",
          { code: "cache-good" },
        )
      : check(
          "manifest-cache",
          "warned",
          "It has no cache headers, so it is read anew each time.",
          { code: "cache-none" },
        ),
    hostsCheck(read.manifest, entry),
    scopesCheck(entry),
  ];
  return { checks, entry };
}

/** Rules OB21-M-02 to M-06: what a lenient reader lets pass, and another client may not. */
function formCheck({ document, url }: Manifest, entry: ManifestEntry): ProbeCheck {
  const members = isObject(document) ? document : {};
  const apis: unknown[] = Array.isArray(members.badgeConnectAPI) ? members.badgeConnectAPI : [];
  const api = apis.filter(isObject).find(({ version }) => version === entry.version) ?? {};
  const missing = REQUIRED.filter((name) => (api[name] ?? null) === null);
  const names = missing.map((name) => `\`${name}\``).join(", ");
  const all: readonly (readonly [fine: boolean, words: string, said: Said])[] = [
    [members["@context"] === CONTEXT, "`@context` is not that of OB 2.1", { code: "form-context" }],
    [members.id === url, "`id` is not its own address", { code: "form-id" }],
    [Array.isArray(members.badgeConnectAPI), "`badgeConnectAPI` is no list", { code: "form-list" }],
    [missing.length === 0, `${names} missing`, { code: "form-missing", values: { names } }],
    [
      new URL(entry.apiBase).pathname.endsWith(API_PATH),
      `\`apiBase\` does not end with ${API_PATH}`,
      { code: "form-path", values: { path: API_PATH } },
    ],
  ];
  const faults = all.filter(([fine]) => !fine);
  if (faults.length === 0) {
    return check("manifest-form", "passed", "It has all that it must.", { code: "form-good" });
  }
  const words = faults.map((fault) => fault[1]).join("; ");
  return check("manifest-form", "warned", `It can be used, though: ${words}.`, {
    code: "form-faults",
    parts: faults.map((fault) => fault[2]),
  });
}

/** OB21-M-08: hosts need not match, and somebody should know that they do not. */
function hostsCheck({ url }: Manifest, entry: ManifestEntry): ProbeCheck {
  const { apiBase, authorizationUrl, tokenUrl, registrationUrl, revocationUrl } = entry;
  const addresses = [url, apiBase, authorizationUrl, tokenUrl, registrationUrl, revocationUrl];
  const hosts = new Set(addresses.flatMap((one) => (one === null ? [] : new URL(one).host)));
  const names = [...hosts].map((host) => host.slice(0, 100)).join(", ");
  if (hosts.size === 1) {
    const said = { code: "hosts-one", values: { names } } as const;
    return check("hosts", "passed", `Everything is at ${names}.`, said);
  }
  return check(
    "hosts",
    "warned",
    `It uses several hosts: ${names}. Make sure that they belong together.`,
    { code: "hosts-several", values: { names } },
  );
}

const OFFERS = [
  ["assertion.create", "taking in badges", "offers-create"],
  ["assertion.readonly", "listing badges", "offers-read"],
  ["profile.readonly", "saying who somebody is", "offers-profile"],
] as const;

function scopesCheck({ scopesOffered }: ManifestEntry): ProbeCheck {
  const has = (name: string) => scopesOffered.some((scope) => scope.endsWith(`/scope/${name}`));
  const offered = OFFERS.filter(([name]) => has(name));
  const absent = OFFERS.filter(([name]) => !has(name));
  if (offered.length === 0) {
    return check(
      "scopes",
      "failed",
      "It offers nothing that is needed: neither taking in nor listing badges.",
      { code: "scopes-none" },
    );
  }
  const list = (some: typeof offered) => some.map(([, words]) => words).join(", ");
  const parts = offered.map(([, , code]) => ({ code }));
  const words = `It offers ${list(offered)}.`;
  if (absent.length === 0) return check("scopes", "passed", words, { code: "scopes-all", parts });
  const both = `${words} It does not offer ${list(absent)}.`;
  return check("scopes", "warned", both, { code: "scopes-some", parts });
}
