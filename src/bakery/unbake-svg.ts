// Reads the badge out of an SVG, whatever its prefix and however its text is written.

import { MAX_PAYLOAD_BYTES } from "./limits.ts";
import { classifyPayload, type Payload } from "./payload.ts";
import { type PayloadReason, type Refusal, refusePayload, type SvgReason } from "./refusal.ts";
import { isCarrierElement, OB2_SVG, type SvgVocabulary } from "./svg-plan.ts";
import { decodeSvg, type SvgElement, type SvgVisitor, walkSvg } from "./svg-walk.ts";

/** What an SVG carries, or `undefined` for nothing; `verify` is the attribute beside a body. */
export type UnbakedSvg =
  | { ok: true; payload: Payload | undefined; verify?: string }
  | Refusal<SvgReason | PayloadReason>;

/**
 * The first element of the vocabulary: its body (text or CDATA) if there is one, else its `verify`
 * attribute, which holds a JWS or a legacy URL. The whole file must be well-formed and within the
 * limits; entities and DTDs are refused. Never throws.
 *
 * @see rules OB20-SVG-06, 09 and 10
 */
export function unbakeSvg(bytes: Uint8Array, vocabulary: SvgVocabulary = OB2_SVG): UnbakedSvg {
  const decoded = decodeSvg(bytes);
  if (!decoded.ok) return decoded;
  const reader = new Reader(vocabulary);
  const walked = walkSvg(decoded.text, reader);
  if (!walked.ok) return walked;
  if (!reader.found) return { ok: true, payload: undefined };
  const { body, verify } = reader;
  const text = body.trim() === "" ? (verify ?? "") : body;
  if (
    text.length > MAX_PAYLOAD_BYTES ||
    new TextEncoder().encode(text).length > MAX_PAYLOAD_BYTES
  ) {
    const detail = `The badge inside has more than the ${MAX_PAYLOAD_BYTES} bytes allowed.`;
    return refusePayload("payload-over-byte-limit", detail);
  }
  const classified = classifyPayload(text);
  return classified.ok ? { ...classified, verify } : classified;
}

/** Gathers the text that stands directly in the first element found. */
class Reader implements SvgVisitor {
  found = false;
  body = "";
  verify: string | undefined;
  private readonly vocabulary: SvgVocabulary;
  private carrierDepth = 0;
  private depth = 0;

  constructor(vocabulary: SvgVocabulary) {
    this.vocabulary = vocabulary;
  }

  open(element: SvgElement): undefined {
    this.depth = element.depth;
    if (this.found || !isCarrierElement(element, this.vocabulary)) return;
    this.found = true;
    this.carrierDepth = element.depth;
    this.verify = element.attributes.find(({ name }) => name === "verify")?.value;
  }

  text(text: string): void {
    if (this.carrierDepth > 0 && this.depth === this.carrierDepth) this.body += text;
  }

  close(depth: number): undefined {
    if (depth === this.carrierDepth) this.carrierDepth = 0;
    this.depth = depth - 1;
  }
}
