// Cookies as this server writes and reads them: never for a script, never for another host.
import type { Env } from "../env.ts";

/** Longer than any cookie of ours; more than browsers send. */
const MAX_HEADER_LENGTH = 16_384;

/**
 * The name of a cookie as browsers take it: `__Host-` (RFC 6265bis, section 4.1.3.2) keeps other
 * hosts and plain http from setting it, and is refused where the server itself is on plain http.
 */
export function cookieName(env: Pick<Env, "config">, name: string): string {
  return isSecure(env) ? `__Host-${name}` : name;
}

function isSecure({ config }: Pick<Env, "config">): boolean {
  return config.publicUrl.startsWith("https:");
}

/** A Set-Cookie header's value; `maxAge` in seconds, 0 to have it forgotten. */
export function setCookie(
  env: Pick<Env, "config">,
  name: string,
  value: string,
  maxAge: number,
): string {
  const secure = isSecure(env) ? "; Secure" : "";
  return `${cookieName(env, name)}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`;
}

/** The value a request brings; null where it brings none, or two that differ. */
export function readCookie(
  env: Pick<Env, "config">,
  request: Request,
  name: string,
): string | null {
  const header = request.headers.get("cookie");
  if (header === null || header.length > MAX_HEADER_LENGTH) return null;
  const prefix = `${cookieName(env, name)}=`;
  const values = header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length));
  return new Set(values).size === 1 ? (values[0] ?? null) : null;
}
