// Whether an address that a stranger wrote may be asked at all, before any name is resolved.
import { isLoopbackAddress, isPublicAddress } from "./addresses.ts";

export type UrlFault =
  | "bad-url"
  | "not-https"
  | "credentials-in-url"
  | "port-not-allowed"
  | "address-not-public";

export type UrlVerdict =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly reason: UrlFault };

/** Longer than any address that a badge carries for a reason. */
export const MAX_URL_LENGTH = 4_096;

/**
 * Names with a meaning inside one network only: RFC 6761, RFC 6762 (.local), RFC 8375 (home.arpa),
 * RFC 7686 (.onion), and .internal, which ICANN keeps for private use.
 */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|home\.arpa|onion|test|invalid)$/;

/**
 * Reads an address, relative to `base` where it came in a redirect. It must be https on port 443
 * without credentials, at a name with a dot or at a public IP address; or at one of
 * `loopbackOrigins`, which must be on this machine. The fragment is taken off: it is not sent.
 */
export function judgeUrl(text: string, loopbackOrigins: readonly string[], base?: URL): UrlVerdict {
  const url =
    text.length <= MAX_URL_LENGTH && URL.canParse(text, base) ? new URL(text, base) : null;
  if (!url || url.href.length > MAX_URL_LENGTH) return { ok: false, reason: "bad-url" };
  url.hash = "";
  if (url.username !== "" || url.password !== "") {
    return { ok: false, reason: "credentials-in-url" };
  }
  if (isNamedLoopback(url, loopbackOrigins)) return { ok: true, url };
  if (url.protocol !== "https:") return { ok: false, reason: "not-https" };
  if (url.port !== "") return { ok: false, reason: "port-not-allowed" };
  if (!mayBePublic(url.hostname)) return { ok: false, reason: "address-not-public" };
  return { ok: true, url };
}

/** Whether an address is at an origin that was named, and that origin is on this machine. */
export function isNamedLoopback(url: URL, loopbackOrigins: readonly string[]): boolean {
  return loopbackOrigins.includes(url.origin) && isLoopbackHost(url.hostname);
}

/**
 * The origins for `loopbackOrigins` of a server with this public URL: a server on a loopback
 * address may be asked for its own badges, and nothing else that listens near it.
 */
export function ownLoopbackOrigins(publicUrl: string): readonly string[] {
  const url = new URL(publicUrl);
  return isLoopbackHost(url.hostname) ? [url.origin] : [];
}

/** Whether a URL's host means this machine, whatever a resolver says: RFC 6761 section 6.3. */
export function isLoopbackHost(hostname: string): boolean {
  return /(^|\.)localhost$/.test(hostname) || isLoopbackAddress(withoutBrackets(hostname));
}

/** Labels as hosts have them; an address may hold other signs, and no resolver knows such a name. */
const HOST_NAME = /^[a-z\d_-]+(\.[a-z\d_-]+)+$/;

/** A name is judged again by what it resolves to, where it is dialled. */
function mayBePublic(hostname: string): boolean {
  if (hostname.startsWith("[") || /^[\d.]+$/.test(hostname)) {
    return isPublicAddress(withoutBrackets(hostname));
  }
  const name = hostname.replace(/\.$/, "");
  return HOST_NAME.test(name) && !PRIVATE_NAME.test(name);
}

function withoutBrackets(hostname: string): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}
