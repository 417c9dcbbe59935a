// A page that is one person's, or one browser's: kept by no cache.
import { PAGE_HEADERS } from "./pages/headers.ts";
import { streamOf } from "./piece-stream.ts";

export interface PageAnswer {
  readonly status?: number;
  /** A Set-Cookie header's value. */
  readonly cookie?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a page function made, as a Response. */
export async function privatePage(page: unknown, answer: PageAnswer = {}): Promise<Response> {
  const { status = 200, cookie = null, headers = {} } = answer;
  return new Response(String(await page), {
    status,
    headers: {
      ...PAGE_HEADERS,
      ...headers,
      "cache-control": "no-store",
      ...(cookie === null ? {} : { "set-cookie": cookie }),
    },
  });
}

/** A table that a browser saves under `name`, sent as it is read. */
export function csvFile(pieces: AsyncIterable<string>, name: string): Response {
  return new Response(streamOf(pieces), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

/** After a form: 303, so that loading the next page again sends nothing again. */
export function seeOther(path: string, cookie: string | null = null): Response {
  return new Response(null, {
    status: 303,
    headers: {
      location: path,
      "cache-control": "no-store",
      ...(cookie === null ? {} : { "set-cookie": cookie }),
    },
  });
}

/**
 * What a form did, for the page that it led to with `?done=`; null for no word, or one that stands for
 * nothing here: whoever writes an address chooses among our sentences and adds none.
 */
export function doneWords(
  words: Readonly<Record<string, string>>,
  request: Request,
): string | null {
  const word = new URL(request.url).searchParams.get("done") ?? "";
  return Object.hasOwn(words, word) ? (words[word] ?? null) : null;
}

/** The same by its word alone, where the page itself has a sentence for each of `words`. */
export function doneWord<const W extends string>(words: readonly W[], request: Request): W | null {
  const word = new URL(request.url).searchParams.get("done");
  return words.find((one) => one === word) ?? null;
}
