// Puts a badge into a PNG, takes it out, and removes it: splices that never copy a pixel.

import { crc32 } from "./crc32.ts";
import { MAX_PAYLOAD_BYTES } from "./limits.ts";
import { joinParts, without } from "./parts.ts";
import { classifyPayload, type Payload } from "./payload.ts";
import {
  type Carrier,
  hasKeyword,
  isTextChunk,
  itxtChunk,
  itxtOverhead,
  KEYWORDS,
  OB2_KEYWORD,
  openCarrier,
} from "./png-carrier.ts";
import { IHDR_END, ITXT, walkChunks } from "./png-chunks.ts";
import {
  type PayloadReason,
  type PngReason,
  type Refusal,
  refusePayload,
  refusePng,
} from "./refusal.ts";

type Parts = { ok: true; parts: Uint8Array[] } | Refusal<PngReason | PayloadReason>;
type Whole = { ok: true; bytes: Uint8Array<ArrayBuffer> } | Refusal<PngReason | PayloadReason>;

/**
 * The baked file as a list of parts to write one after the other: views of the original around one
 * new iTXt chunk right after IHDR. Older chunks with the keyword (iTXt, tEXt, zTXt) are left out;
 * every other octet is the original's.
 *
 * `text` is the assertion's JSON or its compact JWS. Declared lengths are walked again, CRCs are
 * not: `inspectPng` checks those once, at upload. Never throws.
 *
 * @see OB 2.0 baking specification, PNG; rules OB20-PNG-01 to 05 and 08
 */
export function bakePngParts(bytes: Uint8Array, text: string, keyword = OB2_KEYWORD): Parts {
  const chunk = itxtChunk(keyword, text);
  if (chunk.length - itxtOverhead(keyword) > MAX_PAYLOAD_BYTES) {
    const detail = `The badge has more than the ${MAX_PAYLOAD_BYTES} bytes a file may carry.`;
    return refusePayload("payload-over-byte-limit", detail);
  }
  const found = findCarriers(bytes, [keyword]);
  if (!found.ok) return found;
  const parts = [bytes.subarray(0, IHDR_END), chunk, ...without(bytes, IHDR_END, found.carriers)];
  return { ok: true, parts };
}

/** The baked file in one array; see `bakePngParts`. */
export function bakePng(bytes: Uint8Array, text: string, keyword = OB2_KEYWORD): Whole {
  return join(bakePngParts(bytes, text, keyword));
}

/** The file without any badge: every chunk with one of the keywords left out. */
export function stripPng(bytes: Uint8Array, keywords = KEYWORDS): Whole {
  const found = findCarriers(bytes, keywords);
  return join(found.ok ? { ok: true, parts: without(bytes, 0, found.carriers) } : found);
}

function join(parts: Parts): Whole {
  return parts.ok ? { ok: true, bytes: joinParts(parts.parts) } : parts;
}

/** Whole chunks, length and CRC included, that carry one of the keywords. */
function findCarriers(
  bytes: Uint8Array,
  keywords: readonly string[],
): { ok: true; carriers: { start: number; end: number }[] } | Refusal<PngReason> {
  const carriers: { start: number; end: number }[] = [];
  const walked = walkChunks(bytes, (type, start, end) => {
    if (!isTextChunk(type)) return undefined;
    if (keywords.some((keyword) => hasKeyword(bytes, start, end, keyword))) {
      carriers.push({ start: start - 8, end: end + 4 });
    }
    return undefined;
  });
  if (!walked.ok) return walked;
  if (walked.end !== bytes.length) {
    return refusePng("png-trailing-bytes", "Bytes follow IEND. Save the image again.", walked.end);
  }
  return { ok: true, carriers };
}

/** What a PNG carries: a payload, or `undefined` for nothing at all. */
export type UnbakedPng =
  | { ok: true; payload: Payload | undefined }
  | Refusal<PngReason | PayloadReason>;

/**
 * Reads the badge out of a PNG: the first iTXt with the keyword wherever it stands before IEND, else
 * the first tEXt or zTXt. Compressed text is opened up to `MAX_PAYLOAD_BYTES`. The whole file must
 * walk and the carrier's CRC must be right; other CRCs, and bytes after IEND, are not looked at.
 * Never rejects.
 *
 * @see rules OB20-PNG-03, 06, 07, 08 and 10
 */
export async function unbakePng(bytes: Uint8Array, keyword = OB2_KEYWORD): Promise<UnbakedPng> {
  const carriers: Carrier[] = [];
  const walked = walkChunks(bytes, (type, start, end) => {
    if (isTextChunk(type) && hasKeyword(bytes, start, end, keyword)) {
      carriers.push({ type, start, end });
    }
    return undefined;
  });
  if (!walked.ok) return walked;
  const carrier = carriers.find(({ type }) => type === ITXT) ?? carriers[0];
  if (!carrier) return { ok: true, payload: undefined };
  const { start, end } = carrier;
  const declared = new DataView(bytes.buffer, bytes.byteOffset + end, 4).getUint32(0);
  if (crc32(bytes, start - 4, end) !== declared) {
    return refusePng("png-bad-crc", "The checksum of the badge inside is wrong.", end);
  }
  const opened = await openCarrier(bytes, carrier);
  return opened.ok ? classifyPayload(opened.text) : opened;
}
