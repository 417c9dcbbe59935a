// Reads what is sent to the API: one JSON object that is not in doubt, within its bounds.
import type { Env } from "../env.ts";
import { mediaTypeOf, readBytes } from "../request-body.ts";
import { parseStrictJson } from "../strict-json.ts";
import { Refusal } from "./envelope.ts";

/** Some clients name the media type of JSON-LD. */
const JSON_TYPES = ["application/json", "application/ld+json"];

/**
 * The members of the body. Throws a Refusal for what is no JSON object, and a `body-too-large`
 * Problem past the site's own limit.
 */
export async function readMembers(
  env: Env,
  request: Request,
): Promise<Readonly<Record<string, unknown>>> {
  if (!JSON_TYPES.includes(mediaTypeOf(request) ?? "")) {
    throw invalid("The body must be sent as application/json.");
  }
  const bytes = await readBytes(request, env.config.maxBodyBytes);
  const parsed = parseStrictJson(decoded(bytes));
  if (!parsed.ok) {
    throw invalid(`The body is not one JSON document that is clear (${parsed.fault}).`);
  }
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("The body must be one JSON object.");
  }
  return value as Readonly<Record<string, unknown>>;
}

function decoded(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalid("The body is not UTF-8.");
  }
}

function invalid(words: string): Refusal {
  return new Refusal(400, "REQUEST_VALIDATION_ERROR", words);
}
