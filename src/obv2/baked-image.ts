// Baked images: which kind an Assertion names, and how a PNG is carried where an SVG is asked for.
import type { SvgPlan } from "../bakery/svg-plan.ts";
import type { BakedImage } from "./assertion.ts";

/** What is known of a badge's picture without reading its bytes. */
export interface PictureFacts {
  readonly media_type: "image/png" | "image/svg+xml";
  /** Whether a PNG was made of it before. */
  readonly hasPngTwin: boolean;
}

/**
 * PNG where the picture is one, has a twin that is one, or can be drawn here: every displayer shows
 * PNG. Null facts stand for art that is made when it is shown, which is SVG.
 */
export function bakedImageOf(picture: PictureFacts | null, canDraw: boolean): BakedImage {
  if (picture === null) return "svg";
  return picture.media_type === "image/png" || picture.hasPngTwin || canDraw ? "png" : "svg";
}

/** A multiple of three, so that pieces join without padding between them. */
const PIECE = 0x6000;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += PIECE) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE)));
  }
  return text;
}

export interface SvgWithPlan {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly plan: SvgPlan;
}

/**
 * An SVG that shows nothing but this PNG, so that a badge drawn in pixels can be saved as SVG too,
 * with the plan of where a badge is spliced in: of a file just written, nothing need be found out.
 */
export function svgAround(png: {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}): SvgWithPlan {
  const size = `width="${png.width}" height="${png.height}"`;
  const root = `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${png.width} ${png.height}">`;
  const image = `<image ${size} href="data:image/png;base64,${base64(png.bytes)}"/>`;
  const bytes = new TextEncoder().encode(`${root}${image}</svg>`);
  return {
    bytes,
    plan: {
      fileBytes: bytes.length,
      rootName: "svg",
      rootStart: 0,
      rootNameEnd: "<svg".length,
      rootTagEnd: root.length,
      selfClosing: false,
      prefixNamespace: undefined,
      prefixInUse: false,
      carriers: [],
    },
  };
}
