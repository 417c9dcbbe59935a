// Judges an uploaded picture once, whole, before anything of it is stored.
import { stripPng } from "../bakery/bake-png.ts";
import { stripSvg } from "../bakery/bake-svg.ts";
import { detectKind, type FileKind } from "../bakery/detect.ts";
import { inspectPng } from "../bakery/inspect-png.ts";
import { inspectSvg } from "../bakery/inspect-svg.ts";
import { checkPngPixels } from "../bakery/png-pixels.ts";
import type { PayloadReason, PngReason, Refusal, SvgReason } from "../bakery/refusal.ts";
import type { SvgSplice } from "../db/images.ts";
import type { Picture } from "../env.ts";
import { type FieldError, PROBLEMS, Problem, type ProblemCode } from "../problem.ts";

/** Shorter sides are icons or tracking pixels, not badges; it is the smallest size we serve. */
export const MIN_PIXELS = 64;
/** Below this a badge looks blurred on the pages of most displayers. */
export const RECOMMENDED_PIXELS = 400;

type Reason = PngReason | SvgReason | PayloadReason;

/** Something the uploader should know; the picture was taken all the same. */
export interface PictureWarning {
  readonly code: "image-not-square" | "image-small" | "image-animated" | "image-badge-removed";
  readonly detail: string;
}

/** A picture that may be stored, served and baked without another look. */
export interface VettedPicture extends Picture {
  readonly width: number;
  readonly height: number;
  /** Null for PNG, where baking needs no plan. */
  readonly splice: SvgSplice | null;
  readonly warnings: readonly PictureWarning[];
}

export interface PictureRules {
  readonly maxBytes: number;
  /** False where no engine can pad a picture to a square. */
  readonly mayPad: boolean;
  /** RFC 6901 pointer to the picture in the request, for the answer. */
  readonly pointer: string;
}

/**
 * The checked picture. Throws a Problem that names the fault, with the inspection's own reason in
 * `errors[0].code`.
 *
 * A file that carries somebody's badge is taken with the badge removed and a warning: the picture
 * of a badge class must not hold an assertion, and whoever owns only a baked file has no other way
 * to the picture in it. Every other byte stays as it was.
 */
export async function vetPicture(
  given: Uint8Array<ArrayBuffer>,
  rules: PictureRules,
): Promise<VettedPicture> {
  if (given.length > rules.maxBytes) {
    throw problem("image-too-large", rules, {
      code: "image-over-byte-limit",
      detail: `The file has ${given.length} bytes; at most ${rules.maxBytes} are accepted.`,
    });
  }
  const kind = detectKind(given);
  if (kind === "png") return vetPng(given, rules);
  if (kind === "svg") return vetSvg(given, rules);
  throw problem("image-not-supported", rules, {
    code: `image-kind-${kind}`,
    detail: given.length === 0 ? "The file is empty." : UNSUPPORTED[kind],
  });
}

async function vetPng(given: Uint8Array<ArrayBuffer>, rules: PictureRules): Promise<VettedPicture> {
  const inspect = (bytes: Uint8Array) => passed(inspectPng(bytes, rules), rules);
  const warnings: PictureWarning[] = [];
  let bytes = given;
  let png = inspect(bytes);
  if (png.baked) {
    bytes = passed(stripPng(bytes), rules).bytes;
    png = inspect(bytes);
    warnings.push(BADGE_REMOVED);
  }
  passed(await checkPngPixels(bytes), rules);
  const { width, height, frames } = png;
  if (Math.min(width, height) < MIN_PIXELS) {
    throw problem("image-dimensions", rules, {
      code: "image-under-minimum",
      detail: `The picture has ${width} by ${height} pixels; each side needs at least ${MIN_PIXELS}.`,
    });
  }
  if (Math.min(width, height) < RECOMMENDED_PIXELS) {
    const detail = `At ${width} by ${height} pixels it will look blurred; ${RECOMMENDED_PIXELS} or more look sharp.`;
    warnings.push({ code: "image-small", detail });
  }
  if (frames > 1) {
    const detail = "Smaller sizes of this animation show its first frame only.";
    warnings.push({ code: "image-animated", detail });
  }
  warnings.push(...squareness(width, height, rules));
  return { mediaType: "image/png", bytes, width, height, splice: null, warnings };
}

function vetSvg(given: Uint8Array<ArrayBuffer>, rules: PictureRules): VettedPicture {
  const inspect = (bytes: Uint8Array) => passed(inspectSvg(bytes, rules), rules);
  const warnings: PictureWarning[] = [];
  let bytes = given;
  let svg = inspect(bytes);
  if (svg.baked) {
    bytes = passed(stripSvg(bytes), rules).bytes;
    svg = inspect(bytes);
    warnings.push(BADGE_REMOVED);
  }
  if (svg.width === undefined || svg.height === undefined) {
    throw problem("image-dimensions", rules, {
      code: "svg-without-size",
      detail: 'The svg element needs a viewBox, such as viewBox="0 0 512 512".',
    });
  }
  warnings.push(...squareness(svg.width, svg.height, rules));
  return {
    mediaType: "image/svg+xml",
    bytes,
    width: Math.max(1, Math.round(svg.width)),
    height: Math.max(1, Math.round(svg.height)),
    splice: svg.plan,
    warnings,
  };
}

const BADGE_REMOVED: PictureWarning = {
  code: "image-badge-removed",
  detail: "The file carried an awarded badge. The badge was removed; the picture is unchanged.",
};

/** Editors round: a side may be off by a pixel or a hundredth, whichever is more. */
function isSquare(width: number, height: number): boolean {
  return Math.abs(width - height) <= Math.max(1, Math.max(width, height) / 100);
}

function squareness(width: number, height: number, rules: PictureRules): PictureWarning[] {
  if (isSquare(width, height)) return [];
  const size = `The picture is ${Math.round(width)} by ${Math.round(height)}`;
  if (!rules.mayPad) {
    throw problem("image-dimensions", rules, {
      code: "image-not-square",
      detail: `${size}; this server cannot make it square.`,
    });
  }
  const detail = `${size}. It is shown as it is; sizes made from it are padded to a square.`;
  return [{ code: "image-not-square", detail }];
}

/** Lets through what passed; a refusal becomes the Problem of its kind. */
function passed<T extends { ok: true }>(result: T | Refusal<Reason>, rules: PictureRules): T {
  if (result.ok) return result;
  const { reason, detail, line, column, offset } = result;
  const place =
    line !== undefined
      ? ` (line ${line}, column ${column})`
      : offset !== undefined
        ? ` (byte ${offset})`
        : "";
  throw problem(PROBLEM_OF[reason], rules, { code: reason, detail: `${detail}${place}` });
}

function problem(
  code: ProblemCode,
  rules: PictureRules,
  fault: Pick<FieldError, "code" | "detail">,
): Problem {
  const { fix } = PROBLEMS[code];
  return new Problem(code, fault.detail, {
    errors: [{ pointer: rules.pointer, code: fault.code, detail: fault.detail, fix }],
  });
}

const CONVERT = "Export it as PNG or SVG.";

/** What to say of a file that is no picture we take, by what it looks like. */
const UNSUPPORTED: Readonly<Record<FileKind, string>> = {
  png: "The file is a PNG.",
  svg: "The file is an SVG.",
  jpeg: `The file is a JPEG. ${CONVERT}`,
  gif: `The file is a GIF. ${CONVERT}`,
  webp: `The file is a WebP. ${CONVERT}`,
  pdf: `The file is a PDF. ${CONVERT}`,
  json: "The file is JSON, not a picture.",
  jws: "The file is a signed badge, not a picture.",
  unknown: "The file's content is neither PNG nor SVG.",
};

/** The problem type each reason of the bakery belongs to. */
const PROBLEM_OF: Readonly<Record<Reason, ProblemCode>> = {
  "png-over-byte-limit": "image-too-large",
  "png-over-chunk-limit": "png-too-many-chunks",
  "png-over-dimension-limit": "image-dimensions",
  "png-over-pixel-limit": "image-dimensions",
  "png-bad-signature": "png-malformed",
  "png-truncated": "png-malformed",
  "png-bad-chunk-length": "png-malformed",
  "png-bad-chunk-type": "png-malformed",
  "png-bad-chunk-order": "png-malformed",
  "png-bad-crc": "png-malformed",
  "png-missing-ihdr": "png-malformed",
  "png-missing-idat": "png-malformed",
  "png-missing-iend": "png-malformed",
  "png-missing-palette": "png-malformed",
  "png-bad-dimensions": "image-dimensions",
  "png-bad-bit-depth": "png-malformed",
  "png-bad-colour-type": "png-malformed",
  "png-bad-compression": "png-malformed",
  "png-bad-filter": "png-malformed",
  "png-bad-interlace": "png-malformed",
  "png-bad-palette": "png-malformed",
  "png-bad-animation": "png-malformed",
  "png-bad-pixels": "png-malformed",
  "png-bad-text-chunk": "png-malformed",
  "png-unknown-critical-chunk": "png-malformed",
  "png-trailing-bytes": "png-malformed",
  "svg-over-byte-limit": "image-too-large",
  "svg-over-depth-limit": "svg-too-deep",
  "svg-over-element-limit": "svg-too-complex",
  "svg-over-expansion-limit": "svg-too-complex",
  "svg-over-attribute-limit": "svg-too-complex",
  "svg-encoding": "svg-malformed",
  "svg-not-well-formed": "svg-malformed",
  "svg-doctype": "svg-entities",
  "svg-not-svg": "svg-malformed",
  "svg-prefixed-root": "svg-malformed",
  "svg-long-prolog": "svg-malformed",
  "svg-bad-dimensions": "image-dimensions",
  "svg-script": "svg-active-content",
  "svg-event-handler": "svg-active-content",
  "svg-foreign-content": "svg-active-content",
  "svg-unknown-element": "svg-active-content",
  "svg-script-link": "svg-active-content",
  "svg-external-reference": "svg-external-reference",
  "svg-active-style": "svg-active-content",
  "svg-active-animation": "svg-active-content",
  "svg-stylesheet": "svg-external-reference",
  "payload-over-byte-limit": "image-too-large",
  "payload-bad-compression": "png-malformed",
  "payload-not-utf8": "png-malformed",
  "payload-unrecognized": "png-malformed",
};
