// Tells by its form what a baked file carries: assertion JSON, a compact JWS, or a URL.

import { type PayloadReason, type Refusal, refusePayload } from "./refusal.ts";

/** What was found inside. Nothing here has been verified: it is a stranger's text. */
export type Payload =
  | { kind: "json"; text: string }
  | { kind: "jws"; text: string }
  | { kind: "url"; text: string };

/** Three non-empty base64url parts without padding (RFC 7515, sections 2 and 7.1). */
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** An absolute http or https URL, as the legacy baking put in (OB20-PNG-07, OB20-SVG-09). */
function isWebUrl(text: string): boolean {
  return /^https?:\/\/[^\s\p{Cc}]+$/iu.test(text) && URL.canParse(text);
}

/**
 * Names the form of a payload. Blanks and a byte order mark around a JWS or a URL are dropped; JSON
 * is handed on as it is, since a proof may cover it. JSON is known by its braces and not parsed.
 */
export function classifyPayload(
  text: string,
): { ok: true; payload: Payload } | Refusal<PayloadReason> {
  const trimmed = text.trim();
  if (trimmed.startsWith("{") && trimmed.endsWith("}")) {
    return { ok: true, payload: { kind: "json", text } };
  }
  if (COMPACT_JWS.test(trimmed)) return { ok: true, payload: { kind: "jws", text: trimmed } };
  if (isWebUrl(trimmed)) return { ok: true, payload: { kind: "url", text: trimmed } };
  const detail = "The text inside is neither assertion JSON, nor a compact JWS, nor a web address.";
  return refusePayload("payload-unrecognized", detail);
}
