// MD5, for matching recipients that old badges hashed with it. It protects nothing and is never issued.
import { md5 } from "@noble/hashes/legacy.js";
import { toHex } from "../ids.ts";

/** Hex digest; RFC 1321. */
export function md5Hex(message: Uint8Array): string {
  return toHex(md5(message));
}
