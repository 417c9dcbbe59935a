// Reads a request's body: what kind it is, and no more bytes than allowed.
import { Problem } from "./problem.ts";

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
