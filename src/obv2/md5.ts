// MD5, for matching recipients that old badges hashed with it. It protects nothing and is never issued.
import { md5 } from "@noble/hashes/legacy.js";
import { toHex } from "../ids.ts";

/** Hex digest of the text's UTF-8; RFC 1321. */
export function md5Hex(text: string): string {
  return toHex(md5(new TextEncoder().encode(text)));
}
