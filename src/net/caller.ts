// Who asks: the other end of a connection, and whom it stands for where askers are counted.
import { isPublicAddress, parseAddress } from "./addresses.ts";

/** Subscribers are given a /64 at least (RFC 6177): its addresses are one caller. */
const IPV6_CALLER_BYTES = 8;
const MAPPED_IPV4 = /^::ffff:(?=[\d.]+$)/i;

/**
 * Whom an address of a connection stands for. Null for one that is not public: behind it is a proxy
 * that speaks for everybody, or this machine itself.
 */
export function callerOf(remoteAddress: string | null): string | null {
  const address = remoteAddress?.replace(MAPPED_IPV4, "") ?? "";
  const bytes = parseAddress(address);
  if (!bytes || !isPublicAddress(bytes)) return null;
  return (bytes.length === 4 ? bytes : bytes.subarray(0, IPV6_CALLER_BYTES)).join(".");
}

/**
 * The other end of a request's connection: on Node its socket's, which the server hands over with
 * the request; on Workers what the platform writes into a header that clients cannot set there.
 */
export function remoteAddress(bindings: unknown, headers: Headers): string | null {
  const incoming = memberOf(bindings, "incoming");
  if (incoming === undefined) return headers.get("cf-connecting-ip");
  const address = memberOf(memberOf(incoming, "socket"), "remoteAddress");
  return typeof address === "string" ? address : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
