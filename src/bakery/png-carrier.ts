// The text chunk a badge travels in: how it is made, found and opened (OB 2.0 baking, PNG).

import { crc32 } from "./crc32.ts";
import { type Inflated, inflate } from "./inflate.ts";
import { MAX_PAYLOAD_BYTES } from "./limits.ts";
import { CHUNK_OVERHEAD, ITXT, TEXT, ZTXT } from "./png-chunks.ts";
import {
  type PayloadReason,
  type PngReason,
  type Refusal,
  refusePayload,
  refusePng,
} from "./refusal.ts";

/** The iTXt keyword of Open Badges 2.0. */
export const OB2_KEYWORD = "openbadges";

/** The iTXt keyword of Open Badges 3.0; a file may carry both. */
export const OB3_KEYWORD = "openbadgecredential";

export const KEYWORDS: readonly string[] = [OB2_KEYWORD, OB3_KEYWORD];

const encoder = new TextEncoder();

/**
 * One whole iTXt chunk holding `text` (UTF-8), uncompressed, language and translated keyword empty:
 * length, type, keyword, five zero octets, text, CRC.
 *
 * @see OB 2.0 baking specification; PNG third edition, section 11.3.3.4
 */
export function itxtChunk(keyword: string, text: string): Uint8Array<ArrayBuffer> {
  const prefix = keyword.length + 5;
  // Three octets a UTF-16 unit is the most UTF-8 takes: one allocation and no second copy.
  const room = new Uint8Array(itxtOverhead(keyword) + text.length * 3);
  const view = new DataView(room.buffer);
  view.setUint32(4, ITXT);
  for (let i = 0; i < keyword.length; i++) room[8 + i] = keyword.charCodeAt(i);
  const { written } = encoder.encodeInto(text, room.subarray(8 + prefix));
  const end = 8 + prefix + written;
  view.setUint32(0, prefix + written);
  view.setUint32(end, crc32(room, 4, end));
  return room.subarray(0, end + 4);
}

/** Octets `itxtChunk` adds to the text: length, type, keyword, five zero octets, CRC. */
export function itxtOverhead(keyword: string): number {
  return CHUNK_OVERHEAD + keyword.length + 5;
}

/** Whether a chunk of this type is one of PNG's three text chunks. */
export function isTextChunk(type: number): boolean {
  return type === ITXT || type === TEXT || type === ZTXT;
}

/** Whether the text chunk with data `[start, end)` has this keyword. */
export function hasKeyword(
  bytes: Uint8Array,
  start: number,
  end: number,
  keyword: string,
): boolean {
  if (end - start <= keyword.length || bytes[start + keyword.length] !== 0) return false;
  for (let i = 0; i < keyword.length; i++) {
    if (bytes[start + i] !== keyword.charCodeAt(i)) return false;
  }
  return true;
}

/** A text chunk by where its data lies. */
export interface Carrier {
  type: number;
  start: number;
  end: number;
}

type Opened = { ok: true; text: string } | Refusal<PngReason | PayloadReason>;

/**
 * The text of a carrier: iTXt as UTF-8, tEXt and zTXt as Latin-1, all
 * decompressed where compressed, at most `maxBytes` octets of it.
 */
export async function openCarrier(
  bytes: Uint8Array,
  { type, start, end }: Carrier,
  maxBytes = MAX_PAYLOAD_BYTES,
): Promise<Opened> {
  const afterKeyword = bytes.indexOf(0, start) + 1;
  let at = afterKeyword;
  let compressed = type === ZTXT;
  if (type === ITXT) {
    const flag = bytes[at] ?? 0;
    compressed = flag === 1;
    const language = at + 2;
    const translated = nextAfterZero(bytes, language, end);
    at = nextAfterZero(bytes, translated, end);
    if (language > end || at < 0 || flag > 1) return malformed("iTXt", start);
  } else if (type === ZTXT) {
    at += 1;
    if (at > end) return malformed("zTXt", start);
  }
  // The compression method stands after the flag in iTXt and after the keyword in zTXt.
  if (compressed && bytes[type === ITXT ? afterKeyword + 1 : afterKeyword] !== 0) {
    return refusePayload("payload-bad-compression", "The text is compressed in an unknown way.");
  }
  const stored = bytes.subarray(at, end);
  const octets = compressed ? await inflate(stored, maxBytes) : bounded(stored, maxBytes);
  if (octets.ok === false) return octets;
  return type === ITXT ? fromUtf8(octets.bytes) : { ok: true, text: fromLatin1(octets.bytes) };
}

function malformed(name: string, start: number): Refusal<PngReason> {
  const detail = `The ${name} chunk that holds the badge is malformed. Download the badge again.`;
  return refusePng("png-bad-text-chunk", detail, start - 8);
}

/** Where a field ends and the next begins; -1 when no zero octet ends it before `end`. */
function nextAfterZero(bytes: Uint8Array, from: number, end: number): number {
  if (from < 0 || from > end) return -1;
  const zero = bytes.indexOf(0, from);
  return zero < 0 || zero >= end ? -1 : zero + 1;
}

function bounded(bytes: Uint8Array, maxBytes: number): Inflated {
  if (bytes.length <= maxBytes) return { ok: true, bytes };
  const detail = `The badge inside has ${bytes.length} bytes, more than the ${maxBytes} allowed.`;
  return refusePayload("payload-over-byte-limit", detail);
}

/** Text from UTF-8, refused rather than repaired. */
function fromUtf8(bytes: Uint8Array): Opened {
  try {
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return refusePayload("payload-not-utf8", "The text of the badge inside is not UTF-8.");
  }
}

/** Latin-1 as PNG means it: `TextDecoder` would read the octets 80 to 9F as Windows-1252. */
function fromLatin1(bytes: Uint8Array): string {
  const step = 8192;
  let text = "";
  for (let i = 0; i < bytes.length; i += step) {
    text += String.fromCharCode(...bytes.subarray(i, i + step));
  }
  return text;
}
