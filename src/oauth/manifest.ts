// Discovery: the manifest of a Badge Connect host, from whatever address a person types (Open Badges 2.1).
import type { Env } from "../env.ts";
import type { Fetched } from "../net/public-fetch.ts";
import { judgeUrl, type UrlFault } from "../net/public-url.ts";
import { isObject, parseStrictJson } from "../strict-json.ts";
import { freshUntil } from "./freshness.ts";
import { type EntryFault, type ManifestEntry, readEntry } from "./manifest-entry.ts";

export const MANIFEST_PATH = "/.well-known/badgeconnect.json";
export const MAX_ENTRIES = 20;
export const MAX_TYPED_LENGTH = 2_000;

export interface Manifest {
  /** Where it is looked for: its origin with MANIFEST_PATH, or the manifest's address as typed. */
  readonly url: string;
  readonly entries: readonly ManifestEntry[];
  /** Entries that cannot be used, by their version where they say one. */
  readonly refused: readonly ({ readonly version: string | null } & EntryFault)[];
  /** As fetched, for the row that answers a 304. */
  readonly document: unknown;
}

export type ManifestReason =
  | "address-malformed"
  | "address-refused"
  | "manifest-unreachable"
  /** The host answered that there is none. */
  | "manifest-missing"
  | "manifest-unavailable"
  | "manifest-not-json"
  | "manifest-malformed"
  | "manifest-version"
  | EntryFault["reason"];

export interface ManifestFault {
  readonly ok: false;
  readonly reason: ManifestReason;
  /** A sentence for a person. */
  readonly detail: string;
}

export type ManifestResult =
  | {
      readonly ok: true;
      readonly manifest: Manifest;
      readonly etag: string | null;
      /** Milliseconds since 1970; null where it must be asked for again at once. */
      readonly freshUntil: number | null;
    }
  | ManifestFault;

/** What is known of an earlier reading, so that the host may answer that it still holds. */
export interface KnownManifest {
  readonly document: unknown;
  readonly etag: string | null;
}

type Reader = Pick<Env, "publicFetch" | "loopbackOrigins" | "now">;

const refuse = (reason: ManifestReason, detail: string): ManifestFault => ({
  ok: false,
  reason,
  detail,
});

/**
 * Reads the manifest that belongs to an address: a host name, any page of the host, or the
 * manifest's own address. With `known`, a 304 answers with what is known, under a new lifetime.
 * Everything read is judged anew, also what is known: the rules may have become stricter.
 */
export async function readManifest(
  env: Reader,
  address: string,
  known?: KnownManifest,
): Promise<ManifestResult> {
  const where = manifestAddress(env, address);
  if (!where.ok) return where;
  const condition = known?.etag ? { headers: { "if-none-match": known.etag } } : {};
  const answer = await env.publicFetch(where.url, { accept: "application/json", ...condition });
  const fault = faultIn(answer, known !== undefined);
  if (fault !== null || !answer.ok) return fault ?? refuse("manifest-unreachable", "");
  const fresh = freshUntil(answer.headers, env.now());
  if (answer.status === 304 && known !== undefined) {
    const read = manifestIn(env, where.url, known.document);
    if (!read.ok) return read;
    return { ...read, etag: answer.etag ?? known.etag, freshUntil: fresh };
  }
  const json = parseStrictJson(new TextDecoder().decode(answer.bytes));
  if (!json.ok) return refuse("manifest-not-json", `What ${hostOf(where.url)} sent is not JSON.`);
  const read = manifestIn(env, where.url, json.value);
  return read.ok ? { ...read, etag: answer.etag ?? null, freshUntil: fresh } : read;
}

/** The first usable entry of the first of these versions that has one. */
export function pickEntry(
  manifest: Manifest,
  versions: readonly string[],
): { readonly ok: true; readonly entry: ManifestEntry } | ManifestFault {
  for (const version of versions) {
    const entry = manifest.entries.find((one) => one.version === version);
    if (entry) return { ok: true, entry };
    const refused = manifest.refused.find((one) => one.version === version);
    if (refused) return refuse(refused.reason, refused.detail);
  }
  const offered = manifest.entries.map(({ version }) => version).join(", ");
  return refuse(
    "manifest-version",
    `${hostOf(manifest.url)} offers ${offered === "" ? "no version" : offered.slice(0, 100)}, not ${versions.join(" or ")}.`,
  );
}

type Where = { readonly ok: true; readonly url: string } | ManifestFault;

/** What a person types, as the address of the manifest. A bare name means https. */
export function manifestAddress(env: Pick<Env, "loopbackOrigins">, typed: string): Where {
  const text = typed.trim();
  const malformed = refuse(
    "address-malformed",
    "This is not the address of a website. Give its name, such as backpack.example.org.",
  );
  if (text === "" || text.length > MAX_TYPED_LENGTH) return malformed;
  const loopback = env.loopbackOrigins ?? [];
  // `localhost:8788` parses as an address of the scheme `localhost`.
  const hasScheme = /^[a-z][a-z0-9+.-]*:(\/\/|[^\d])/i.test(text);
  const verdicts = (hasScheme ? [text] : [`https://${text}`, `http://${text}`]).map((one) =>
    judgeUrl(one, loopback),
  );
  // A bare name that may be asked over http alone is one on this machine.
  const verdict = verdicts.find((one) => one.ok) ?? verdicts[0];
  if (!verdict) return malformed;
  if (!verdict.ok && verdict.reason === "bad-url") return malformed;
  if (!verdict.ok) return refuse("address-refused", REFUSED[verdict.reason]);
  const { url } = verdict;
  const isManifest = url.pathname.endsWith(MANIFEST_PATH);
  return { ok: true, url: `${url.origin}${isManifest ? url.pathname : MANIFEST_PATH}` };
}

const REFUSED: Readonly<Record<UrlFault, string>> = {
  "bad-url": "This is not the address of a website.",
  "not-https": "Only addresses that begin with https:// can be connected to.",
  "credentials-in-url": "The address has a user name or a password in it.",
  "port-not-allowed": "The address names a port; only the usual one is asked.",
  "address-not-public": "This address is not on the public Internet.",
};

/** Null where the answer may hold a manifest. */
function faultIn(answer: Fetched, conditional: boolean): ManifestFault | null {
  if (!answer.ok) return refuse("manifest-unreachable", answer.detail);
  const host = hostOf(answer.url);
  const { status } = answer;
  if (status === 200 || (status === 304 && conditional)) return null;
  if (status === 404 || status === 410) {
    return refuse("manifest-missing", `${host} has no Badge Connect manifest.`);
  }
  return refuse("manifest-unavailable", `${host} answered ${status} instead of its manifest.`);
}

/** The manifest in a document of unknown content. */
export function manifestIn(
  env: Pick<Env, "loopbackOrigins">,
  url: string,
  document: unknown,
): { readonly ok: true; readonly manifest: Manifest } | ManifestFault {
  const host = hostOf(url);
  const apis = isObject(document) ? document.badgeConnectAPI : undefined;
  // Some hosts write the one entry without a list around it.
  const listed: unknown[] = Array.isArray(apis) ? apis : isObject(apis) ? [apis] : [];
  const found = listed.filter(isObject);
  if (found.length === 0) {
    return refuse("manifest-malformed", `What ${host} sent lists no \`badgeConnectAPI\`.`);
  }
  if (listed.length > MAX_ENTRIES) {
    return refuse("manifest-malformed", `What ${host} sent lists more than ${MAX_ENTRIES} APIs.`);
  }
  const entries: ManifestEntry[] = [];
  const refused: ({ version: string | null } & EntryFault)[] = [];
  for (const members of found) {
    const read = readEntry(env, members);
    const { version } = members;
    if (read.ok) entries.push(read.entry);
    else {
      const { reason, detail } = read;
      refused.push({ version: typeof version === "string" ? version : null, reason, detail });
    }
  }
  const [first] = refused;
  if (entries.length === 0 && first) return refuse(first.reason, first.detail);
  return { ok: true, manifest: { url, entries, refused, document } };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "The host";
}
