// Names the kind of a file by its first octets; a name or a content type proves nothing.

import { PNG_SIGNATURE } from "./png-chunks.ts";

/** What a stranger's file looks like. Looking like it is no promise that it is well-formed. */
export type FileKind = "png" | "svg" | "jpeg" | "gif" | "webp" | "pdf" | "json" | "jws" | "unknown";

/** How far into a file its kind must show. */
const LOOK_BYTES = 4096;

function startsWith(bytes: Uint8Array, prefix: ArrayLike<number>, at = 0): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[at + i] !== prefix[i]) return false;
  return true;
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

const MAGIC: readonly [FileKind, readonly number[]][] = [
  ["png", Array.from(PNG_SIGNATURE)],
  ["jpeg", [0xff, 0xd8, 0xff]],
  ["gif", ascii("GIF8")],
  ["pdf", ascii("%PDF-")],
];

/** The text a file starts with: UTF-16 is read too, so that its SVG is refused by name later. */
function openingText(bytes: Uint8Array): string {
  const [a, b] = bytes;
  const little = (a === 0xff && b === 0xfe) || (a === 0x3c && b === 0);
  const big = (a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c);
  const label = little ? "utf-16le" : big ? "utf-16be" : "utf-8";
  return new TextDecoder(label).decode(bytes.subarray(0, LOOK_BYTES)).trimStart();
}

/** Skips XML's declaration, comments, instructions and doctype, to the name of the root element. */
function rootName(text: string): string | undefined {
  let rest = text;
  for (;;) {
    rest = rest.trimStart();
    const end = rest.startsWith("<?") ? "?>" : rest.startsWith("<!--") ? "-->" : undefined;
    if (end !== undefined) {
      const at = rest.indexOf(end);
      if (at < 0) return undefined;
      rest = rest.slice(at + end.length);
    } else if (/^<!doctype/i.test(rest)) {
      const doctype = /^<!doctype[^[>]*(\[[^\]]*\]\s*)?>/i.exec(rest);
      // A subset too long to see through still says what the root will be.
      if (!doctype) return /^<!doctype\s+([\w:.-]+)/i.exec(rest)?.[1];
      rest = rest.slice(doctype[0].length);
    } else {
      return /^<([\w:.-]+)/.exec(rest)?.[1];
    }
  }
}

/** The kind of a file, by its content alone. */
export function detectKind(bytes: Uint8Array): FileKind {
  for (const [kind, prefix] of MAGIC) if (startsWith(bytes, prefix)) return kind;
  if (startsWith(bytes, ascii("RIFF")) && startsWith(bytes, ascii("WEBP"), 8)) return "webp";
  const text = openingText(bytes);
  if (text.startsWith("<")) return /^(.+:)?svg$/.test(rootName(text) ?? "") ? "svg" : "unknown";
  if (text.startsWith("{") || text.startsWith("[")) return "json";
  return looksLikeJws(text, bytes.length > LOOK_BYTES) ? "jws" : "unknown";
}

/** How base64url spells a brace and then a quotation mark or a blank: how every JOSE header starts. */
const JOSE_START = /^(ey[ABIJ]|ew[klop01])/;

/** Whether text is a compact JWS by its first part and its dots, which may lie beyond what was read. */
function looksLikeJws(text: string, more: boolean): boolean {
  if (!JOSE_START.test(text)) return false;
  if (/^[\w-]+\.[\w-]+\.[\w-]*\s*$/.test(text)) return true;
  return more && /^[\w-]+(\.[\w-]*)?$/.test(text);
}
