// What somebody believes the public address to be, held against the one that is set.
import { isLocalHost } from "../../config.ts";

export type AddressFault = "not-an-address" | "needs-https" | "origin-only" | "other-address";

/** Null where it is the address that badges will be issued under. */
export function addressFault(typed: string, publicUrl: string): AddressFault | null {
  const url = URL.canParse(typed) ? new URL(typed) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    return "not-an-address";
  }
  if (url.protocol === "http:" && !isLocalHost(url.hostname)) return "needs-https";
  const isOrigin = url.pathname === "/" && url.search === "" && url.hash === "";
  if (!isOrigin || url.username !== "" || url.password !== "") return "origin-only";
  return url.origin === publicUrl ? null : "other-address";
}
