/** Puts a badge into a PNG, takes it out, and removes it: splices that never copy a pixel. */
import { joinParts } from "./inflate.ts";
import { MAX_PAYLOAD_BYTES } from "./limits.ts";
import { classifyPayload, type Payload } from "./payload.ts";
import { isCarrier, itxtChunk, KEYWORDS, OB2_KEYWORD, openCarrier } from "./png-carrier.ts";
import { IHDR, ITXT, TEXT, walkChunks } from "./png-chunks.ts";
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
  if (chunk.length > MAX_PAYLOAD_BYTES && textBytes(chunk, keyword) > MAX_PAYLOAD_BYTES) {
    const detail = `The badge has more than the ${MAX_PAYLOAD_BYTES} bytes a file may carry.`;
    return refusePayload("payload-over-byte-limit", detail);
  }
  return splice(bytes, [keyword], chunk);
}

/** The baked file in one array; see `bakePngParts`. */
export function bakePng(bytes: Uint8Array, text: string, keyword = OB2_KEYWORD): Whole {
  return join(bakePngParts(bytes, text, keyword));
}

/** The file without any badge: every chunk with one of the keywords left out. */
export function stripPng(bytes: Uint8Array, keywords = KEYWORDS): Whole {
  return join(splice(bytes, keywords));
}

function textBytes(chunk: Uint8Array, keyword: string): number {
  return chunk.length - 12 - keyword.length - 5;
}

function join(parts: Parts): Whole {
  return parts.ok ? { ok: true, bytes: joinParts(parts.parts) } : parts;
}

/** Cuts out carriers of the keywords and puts `chunk`, when there is one, after IHDR. */
function splice(bytes: Uint8Array, keywords: readonly string[], chunk?: Uint8Array): Parts {
  const parts: Uint8Array[] = [];
  let from = 0;
  const walked = walkChunks(bytes, (type, start, end) => {
    if (type === IHDR && chunk) {
      parts.push(bytes.subarray(0, end + 4), chunk);
      from = end + 4;
    } else if (keywords.some((keyword) => isCarrier(bytes, type, start, end, keyword))) {
      if (start - 8 > from) parts.push(bytes.subarray(from, start - 8));
      from = end + 4;
    }
    return undefined;
  });
  if (!walked.ok) return walked;
  if (walked.end !== bytes.length) {
    return refusePng("png-trailing-bytes", "Bytes follow IEND. Save the image again.", walked.end);
  }
  parts.push(bytes.subarray(from));
  return { ok: true, parts };
}

/** What a file carries: a payload, or nothing at all. */
export type Unbaked =
  | { ok: true; found: Payload }
  | { ok: true; found: undefined }
  | Refusal<PngReason | PayloadReason>;

/**
 * Reads the badge out of a PNG: the first iTXt with the keyword wherever it stands before IEND, else
 * the first tEXt or zTXt. Compressed text is opened up to `MAX_PAYLOAD_BYTES`. The whole file must
 * walk and the carrier's CRC must be right; other CRCs, and bytes after IEND, are not looked at.
 * Never rejects.
 *
 * @see rules OB20-PNG-03, 06, 07, 08 and 10
 */
export async function unbakePng(bytes: Uint8Array, keyword = OB2_KEYWORD): Promise<Unbaked> {
  let carrier: { type: number; start: number; end: number } | undefined;
  const walked = walkChunks(bytes, (type, start, end) => {
    if (carrier && (carrier.type === ITXT || type !== ITXT)) return undefined;
    if (isCarrier(bytes, type, start, end, keyword)) carrier = { type, start, end };
    return undefined;
  });
  if (!walked.ok) return walked;
  if (!carrier) return { ok: true, found: undefined };
  return open(bytes, carrier);
}
