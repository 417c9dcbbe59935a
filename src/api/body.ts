// Reads a request's JSON body: one document that is not in doubt.
import { Problem } from "../problem.ts";
import { type JsonFault, MAX_DEPTH, parseStrictJson } from "../strict-json.ts";

/** Throws a 400 Problem that says where the first fault is. */
export function parseJsonBody(bytes: Uint8Array<ArrayBuffer>): unknown {
  if (bytes.byteLength === 0) {
    throw new Problem("invalid-json", "The body is empty.", {
      fix: "Send one JSON object, at least {}.",
    });
  }
  const text = decodeUtf8(bytes);
  const parsed = parseStrictJson(text);
  if (parsed.ok) return parsed.value;
  const { detail, fix } = FAULTS[parsed.fault];
  const name =
    parsed.name === undefined ? "" : ` Its name is ${JSON.stringify(parsed.name.slice(0, 100))}.`;
  const place = parsed.at === null ? "" : ` It begins at ${lineAndColumn(text, parsed.at)}.`;
  throw new Problem("invalid-json", `${detail}${name}${place}`, { fix });
}

function decodeUtf8(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem("invalid-json", "The body is not UTF-8.", {
      fix: "Encode the JSON as UTF-8 (RFC 8259, section 8.1).",
      cause,
    });
  }
}

const FAULTS: Record<JsonFault, { detail: string; fix: string }> = {
  syntax: { detail: "The body is not one JSON document.", fix: "Send one JSON object." },
  too_deep: {
    detail: `Objects and arrays are nested more than ${MAX_DEPTH} levels deep.`,
    fix: `Nest at most ${MAX_DEPTH} levels.`,
  },
  duplicate_name: {
    detail: "One object has two members of the same name.",
    fix: "Give each name once: of two, nobody can say which one was meant.",
  },
  unsafe_name: { detail: "A member has a name that is not accepted.", fix: "Leave it out." },
  lone_surrogate: {
    detail: "A string holds half a character: an unpaired surrogate.",
    fix: "Escape characters beyond U+FFFF as a pair, or send them as they are.",
  },
  number_out_of_range: {
    detail: "A number is too large to be kept.",
    fix: "Send numbers within IEEE 754 double precision.",
  },
};

function lineAndColumn(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  return `line ${line}, column ${at - before.lastIndexOf("\n")}`;
}
