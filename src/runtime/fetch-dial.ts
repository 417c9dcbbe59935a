// The dial on Workers: the platform's fetch, which `global_fetch_strictly_public` keeps to the Internet.
import { type Answer, type Dial, DialFailure } from "../net/dial.ts";

/** As Node has it: what all headers of an answer may take together, in characters. */
export const MAX_HEADER_CHARACTERS = 16 * 1024;

/** A dial over a `fetch` that decodes bodies itself, as every standard one does. */
export function fetchDial(fetcher: typeof fetch): Dial {
  return async ({ url, method, headers, body, signal }): Promise<Answer> => {
    let response: Response;
    try {
      response = await fetcher(url.href, {
        method,
        headers,
        body,
        redirect: "manual",
        signal,
        // A copy in the data centre's cache may be of before a badge was revoked.
        cache: "no-store",
      });
    } catch (cause) {
      throw new DialFailure("unreachable", { cause });
    }
    if (headerCharacters(response.headers) > MAX_HEADER_CHARACTERS) {
      drop(response);
      throw new DialFailure("headers-too-large");
    }
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      body: chunks(response),
      discard: () => drop(response),
    };
  };
}

function headerCharacters(headers: Headers): number {
  let characters = 0;
  headers.forEach((value, name) => {
    characters += name.length + value.length;
  });
  return characters;
}

function drop(response: Response): void {
  void response.body?.cancel().catch(() => {});
}

/** Cancelled when its reader stops early, which ends the connection. */
async function* chunks(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw new DialFailure("truncated", { cause });
  } finally {
    void reader.cancel().catch(() => {});
  }
}
