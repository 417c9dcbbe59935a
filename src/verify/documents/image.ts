// Image: an address or a data URI of a PNG or SVG, alone or with a caption.
import { detectKind } from "../../bakery/detect.ts";
import type { Reader } from "./reader.ts";

export interface ImageReference {
  /** An http(s) address or a data URI. */
  readonly id: string;
  readonly caption: string | null;
}

/** Reads `image`; a fault where it is neither an address nor a data URI (OB20-I-01). */
export function readImage(outer: Reader, required: boolean): ImageReference | null {
  const node = outer.reference("image", required);
  if (node === null) return null;
  const reader = outer.inside(node, "image");
  if (node.id === null || !/^(?:https?:\/\/|data:)/i.test(node.id)) {
    outer.invalid("image", "the address or data URI of a picture", node);
    return null;
  }
  return { id: node.id, caption: reader.text("caption") };
}

/** What a data URI holds, if it is a PNG or SVG in name and in content (OB20-B-03). */
export function dataUriKind(uri: string): "png" | "svg" | null {
  const match = /^data:(image\/png|image\/svg\+xml)((?:;[^;,]*)*),/i.exec(uri);
  if (!match) return null;
  const declared = match[1]?.toLowerCase() === "image/png" ? "png" : "svg";
  const bytes = decode(uri.slice(match[0].length), /;base64$/i.test(match[2] ?? ""));
  return bytes !== null && detectKind(bytes) === declared ? declared : null;
}

function decode(data: string, base64: boolean): Uint8Array | null {
  try {
    if (!base64) return new TextEncoder().encode(decodeURIComponent(data));
    return Uint8Array.from(atob(data), (unit) => unit.charCodeAt(0));
  } catch {
    return null;
  }
}
