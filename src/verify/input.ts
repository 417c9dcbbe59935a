// What was given to verify: named by its content, opened where it is a file, and never trusted.
import { unbakePng } from "../bakery/bake-png.ts";
import { detectKind } from "../bakery/detect.ts";
import { MAX_FILE_BYTES } from "../bakery/limits.ts";
import type { Payload } from "../bakery/payload.ts";
import { OB3_KEYWORD } from "../bakery/png-carrier.ts";
import { unbakeSvg } from "../bakery/unbake-svg.ts";
import { assertionAddress } from "./provider-pages.ts";
import type { InputKind, Reason } from "./result.ts";

/** Most octets of anything given; no badge is larger than the picture it is baked into. */
export const MAX_INPUT_BYTES = MAX_FILE_BYTES;
/** Longest address, in characters; browsers and servers stop at about as much. */
export const MAX_ADDRESS_LENGTH = 2_048;

export type Input =
  | { readonly ok: true; readonly kind: InputKind; readonly payload: Payload }
  | {
      readonly ok: false;
      readonly kind: InputKind;
      readonly reason: Reason;
      readonly words: string;
    };

const refuse = (kind: InputKind, reason: Reason, words: string): Input => ({
  ok: false,
  kind,
  reason,
  words,
});

const PICTURE_WORDS =
  "This is a picture with no badge inside. Ask for the badge's link, or for the file as it was downloaded.";

/** What nothing but a signed badge starts with; whether it is one, its own reader says. */
const TOKEN = /^ey[\w-]*[.=]/;

/**
 * Reads what was typed, pasted or dropped: an address, a badge's JSON, a compact JWS, or a file
 * with one of them inside. Nothing of it has been verified then. Never rejects.
 */
export async function readInput(given: string | Uint8Array): Promise<Input> {
  // As `fromText` has it; a batch holds thousands of them.
  if (typeof given === "string" && given.length <= MAX_INPUT_BYTES && TOKEN.test(given)) {
    return { ok: true, kind: "jws", payload: { kind: "jws", text: given.trim() } };
  }
  const bytes = typeof given === "string" ? new TextEncoder().encode(given.trim()) : given;
  if (bytes.length === 0) return refuse("nothing", "input-empty", "Nothing was given to check.");
  if (bytes.length > MAX_INPUT_BYTES) {
    const words = `More was given than a badge can be: ${bytes.length} bytes. The limit is ${MAX_INPUT_BYTES}.`;
    return refuse("nothing", "input-too-large", words);
  }
  const kind = detectKind(bytes);
  if (kind === "png") return fromPng(bytes);
  if (kind === "svg") return fromSvg(bytes);
  if (kind === "jpeg" || kind === "gif" || kind === "webp" || kind === "pdf") {
    return refuse("picture", "picture-without-badge", PICTURE_WORDS);
  }
  return fromText(bytes);
}

async function fromPng(bytes: Uint8Array): Promise<Input> {
  const unbaked = await unbakePng(bytes);
  if (!unbaked.ok) return refuse("png", "file-damaged", unbaked.detail);
  if (unbaked.payload) return fromPayload("png", unbaked.payload);
  const newer = await unbakePng(bytes, OB3_KEYWORD);
  if (newer.ok && newer.payload) return refuse("png", "version-unsupported", NEWER_WORDS);
  return refuse("png", "picture-without-badge", PICTURE_WORDS);
}

const NEWER_WORDS =
  "This is an Open Badges 3.0 credential. Only badges of version 2.0 and older are checked here.";

function fromSvg(bytes: Uint8Array): Input {
  const unbaked = unbakeSvg(bytes);
  if (!unbaked.ok) return refuse("svg", "file-damaged", unbaked.detail);
  if (unbaked.payload) return fromPayload("svg", unbaked.payload);
  return refuse("svg", "picture-without-badge", PICTURE_WORDS);
}

function fromText(bytes: Uint8Array): Input {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes).trim();
  } catch {
    return refuse("nothing", "input-unrecognized", UNRECOGNIZED_WORDS);
  }
  if (text === "") return refuse("nothing", "input-empty", "Nothing was given to check.");
  if (/^[{[]/.test(text)) return { ok: true, kind: "json", payload: { kind: "json", text } };
  if (/^https?:\/\//i.test(text)) return fromPayload("url", { kind: "url", text });
  // Looser than a JWS is, so that a damaged one is called damaged and not something else.
  if (TOKEN.test(text) || /^[\w-]+\.[\w-]*\.[\w-]*$/.test(text)) {
    return { ok: true, kind: "jws", payload: { kind: "jws", text } };
  }
  return refuse("nothing", "input-unrecognized", UNRECOGNIZED_WORDS);
}

const UNRECOGNIZED_WORDS =
  "This is neither a web address, nor a badge's JSON or signed text, nor a PNG or SVG file.";

/** An address, wherever it was found, is made the one that the badge's document answers at. */
function fromPayload(kind: InputKind, payload: Payload): Input {
  if (payload.kind !== "url") return { ok: true, kind, payload };
  if (payload.text.length > MAX_ADDRESS_LENGTH || !URL.canParse(payload.text)) {
    const words = "This web address cannot be used. Copy it again, whole.";
    return refuse(kind, "address-unusable", words);
  }
  const text = assertionAddress(new URL(payload.text)) ?? payload.text;
  return { ok: true, kind, payload: { kind: "url", text } };
}
