// What a check in this room answers when it says no.

/** Why a PNG is refused. The codes are stable: problem types and verifier messages hang on them. */
export type PngReason =
  | "png-over-byte-limit"
  | "png-over-chunk-limit"
  | "png-over-dimension-limit"
  | "png-over-pixel-limit"
  | "png-bad-signature"
  | "png-truncated"
  | "png-bad-chunk-length"
  | "png-bad-chunk-type"
  | "png-bad-chunk-order"
  | "png-bad-crc"
  | "png-missing-ihdr"
  | "png-missing-idat"
  | "png-missing-iend"
  | "png-missing-palette"
  | "png-bad-dimensions"
  | "png-bad-bit-depth"
  | "png-bad-colour-type"
  | "png-bad-compression"
  | "png-bad-filter"
  | "png-bad-interlace"
  | "png-bad-palette"
  | "png-bad-animation"
  | "png-bad-pixels"
  | "png-bad-text-chunk"
  | "png-unknown-critical-chunk"
  | "png-trailing-bytes";

/** Why an SVG is refused. */
export type SvgReason =
  | "svg-over-byte-limit"
  | "svg-over-depth-limit"
  | "svg-over-element-limit"
  | "svg-over-expansion-limit"
  | "svg-over-attribute-limit"
  | "svg-encoding"
  | "svg-not-well-formed"
  | "svg-doctype"
  | "svg-not-svg"
  | "svg-prefixed-root"
  | "svg-long-prolog"
  | "svg-bad-dimensions"
  | "svg-script"
  | "svg-event-handler"
  | "svg-foreign-content"
  | "svg-unknown-element"
  | "svg-script-link"
  | "svg-external-reference"
  | "svg-active-style"
  | "svg-active-animation"
  | "svg-stylesheet";

/** Why the text found inside a file is refused, or the text to put in. */
export type PayloadReason =
  | "payload-over-byte-limit"
  | "payload-bad-compression"
  | "payload-not-utf8"
  | "payload-unrecognized";

/** A refusal: `reason` is for programs, `detail` tells a person what is wrong and what to do. */
export interface Refusal<Reason extends string> {
  ok: false;
  reason: Reason;
  detail: string;
  /** PNG: where in the file, in bytes from its start. */
  offset?: number;
  /** SVG: where in the file, both counted from 1. */
  line?: number;
  column?: number;
}

/** A refused PNG. `offset` is where in the file the fault was met. */
export function refusePng(reason: PngReason, detail: string, offset?: number): Refusal<PngReason> {
  return { ok: false, reason, detail, offset };
}

/** A refused payload. */
export function refusePayload(reason: PayloadReason, detail: string): Refusal<PayloadReason> {
  return { ok: false, reason, detail };
}
