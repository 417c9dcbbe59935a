// What a backpack's manifest says, read as strictly as the standard would have it: faults that do no harm are told too.
import type { Env } from "../env.ts";
import { type Manifest, pickEntry, readManifest } from "../oauth/manifest.ts";
import type { ManifestEntry } from "../oauth/manifest-entry.ts";
import { VERSIONS } from "../oauth/server.ts";
import { isObject } from "../strict-json.ts";
import { shortText } from "./external-text.ts";
import type { ProbeCheck, ProbeCheckId } from "./probe.ts";

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
  took: number | null = null,
): ProbeCheck {
  return { id, name: NAMES[id], outcome, words, took };
}

/** Reads the manifest that belongs to an address; `entry` is null where nothing can be used. */
export async function probeManifest(
  env: Env,
  address: string,
): Promise<{ readonly checks: ProbeCheck[]; readonly entry: ManifestEntry | null }> {
  const began = env.now();
  const read = await readManifest(env, address);
  const took = env.now() - began;
  if (!read.ok) return { checks: [check("manifest", "failed", read.detail, took)], entry: null };
  const picked = pickEntry(read.manifest, VERSIONS);
  if (!picked.ok)
    return { checks: [check("manifest", "failed", picked.detail, took)], entry: null };
  const { entry } = picked;
  const isKept = read.etag !== null || read.freshUntil !== null;
  const checks = [
    check(
      "manifest",
      "passed",
      `It is there, and offers Badge Connect as ${shortText(entry.name, 60)}.`,
      took,
    ),
    formCheck(read.manifest, entry),
    isKept
      ? check(
          "manifest-cache",
          "passed",
          "It says how long it holds, or how to ask whether it does.",
        )
      : check("manifest-cache", "warned", "It has no cache headers, so it is read anew each time."),
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
  const faults = [
    members["@context"] === CONTEXT ? null : "`@context` is not that of OB 2.1",
    members.id === url ? null : "`id` is not its own address",
    Array.isArray(members.badgeConnectAPI) ? null : "`badgeConnectAPI` is no list",
    missing.length === 0 ? null : `${missing.map((name) => `\`${name}\``).join(", ")} missing`,
    new URL(entry.apiBase).pathname.endsWith(API_PATH)
      ? null
      : `\`apiBase\` does not end with ${API_PATH}`,
  ].filter((fault) => fault !== null);
  if (faults.length === 0) return check("manifest-form", "passed", "It has all that it must.");
  return check("manifest-form", "warned", `It can be used, though: ${faults.join("; ")}.`);
}

/** OB21-M-08: hosts need not match, and somebody should know that they do not. */
function hostsCheck({ url }: Manifest, entry: ManifestEntry): ProbeCheck {
  const { apiBase, authorizationUrl, tokenUrl, registrationUrl, revocationUrl } = entry;
  const addresses = [url, apiBase, authorizationUrl, tokenUrl, registrationUrl, revocationUrl];
  const hosts = new Set(addresses.flatMap((one) => (one === null ? [] : new URL(one).host)));
  const names = [...hosts].map((host) => host.slice(0, 100)).join(", ");
  if (hosts.size === 1) return check("hosts", "passed", `Everything is at ${names}.`);
  return check(
    "hosts",
    "warned",
    `It uses several hosts: ${names}. Make sure that they belong together.`,
  );
}

const OFFERS = {
  "assertion.create": "taking in badges",
  "assertion.readonly": "listing badges",
  "profile.readonly": "saying who somebody is",
} as const;

function scopesCheck({ scopesOffered }: ManifestEntry): ProbeCheck {
  const has = (name: string) => scopesOffered.some((scope) => scope.endsWith(`/scope/${name}`));
  const offered = Object.entries(OFFERS).flatMap(([name, words]) => (has(name) ? [words] : []));
  const absent = Object.entries(OFFERS).flatMap(([name, words]) => (has(name) ? [] : [words]));
  if (offered.length === 0) {
    return check(
      "scopes",
      "failed",
      "It offers nothing that is needed: neither taking in nor listing badges.",
    );
  }
  const words = `It offers ${offered.join(", ")}.`;
  if (absent.length === 0) return check("scopes", "passed", words);
  return check("scopes", "warned", `${words} It does not offer ${absent.join(", ")}.`);
}
