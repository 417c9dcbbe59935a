// Reads a request's body: what kind it is, no more bytes than allowed, and JSON that is not in doubt.
import { Problem } from "../problem.ts";
import { type JsonFault, MAX_DEPTH, parseStrictJson } from "../strict-json.ts";

/** The media type without its parameters, lower case; null where there is none. */
export function mediaTypeOf(request: Request): string | null {
  const header = request.headers.get("content-type");
  const essence = header?.split(";")[0]?.trim().toLowerCase();
  return essence === undefined || essence === "" ? null : essence;
}

/** Throws a 415 Problem unless the body is declared as one of these. */
export function requireMediaType(request: Request, accepted: readonly string[]): string {
  const given = mediaTypeOf(request);
  if (given !== null && accepted.includes(given)) return given;
  const what = accepted.join(" or ");
  throw new Problem(
    "unsupported-media-type",
    given === null
      ? `The request has no Content-Type; this address reads ${what}.`
      : `This address reads ${what}, not ${given.slice(0, 100)}.`,
    { headers: { accept: accepted.join(", ") }, fix: `Send \`Content-Type: ${accepted[0]}\`.` },
  );
}

/**
 * Throws a 413 Problem as soon as the body is known to be longer, also when it is sent in chunks, and
 * a 400 Problem when it breaks off.
 */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > limit) throw tooLarge(limit);
  if (request.body === null) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      // The sender's fault, not ours: nothing else lies beneath this stream.
      throw new Problem("body-incomplete", "The body ended before all of it arrived.", { cause });
    });
    if (done) break;
    size += value.byteLength;
    if (size > limit) {
      // The sender may go on for ever; whether it hears that nobody listens is not ours to await.
      reader.cancel().catch(() => {});
      throw tooLarge(limit);
    }
    chunks.push(value);
  }
  return joined(chunks, size);
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(limit: number): Problem {
  return new Problem("body-too-large", `The body is longer than ${limit} bytes.`, {
    fix: `Send at most ${limit} bytes.`,
    // What is left of the body is not read, so the connection cannot be used again.
    headers: { connection: "close" },
  });
}

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

/** Throws a 400 Problem for bytes that are not the form their Content-Type says. */
export async function formOf(upload: {
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}): Promise<FormData> {
  try {
    return await new Response(upload.bytes, {
      headers: { "content-type": upload.contentType },
    }).formData();
  } catch (cause) {
    throw new Problem("form-malformed", "The body is not the form its Content-Type says.", {
      cause,
    });
  }
}
