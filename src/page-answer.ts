// A page that is one person's, or one browser's: kept by no cache.
import { PAGE_HEADERS } from "./pages/headers.ts";

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
