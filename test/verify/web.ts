// A web of documents in memory, to verify against: what answers where, and what was asked for.
import type { Fetched, PublicFetch } from "../../src/net/public-fetch.ts";

export interface Page {
  readonly status?: number;
  readonly contentType?: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** Where redirects led. */
  readonly url?: string;
}

export interface Web {
  readonly fetchPublic: PublicFetch;
  readonly asked: string[];
}

/** Looks each address up; `undefined` for a host that does not answer. */
export function webOf(lookUp: (url: string) => Page | undefined): Web {
  const asked: string[] = [];
  return {
    asked,
    fetchPublic: async (url): Promise<Fetched> => {
      asked.push(url);
      const page = lookUp(url);
      if (!page) return { ok: false, reason: "name-not-found", detail: "The host is not known." };
      const { body, status = 200, contentType = "application/ld+json" } = page;
      const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
      return { ok: true, url: page.url ?? url, status, contentType, bytes, redirects: [] };
    },
  };
}

/** The app itself as the web. */
export function webOfApp(request: (url: string, init?: RequestInit) => Promise<Response>): Web {
  const asked: string[] = [];
  return {
    asked,
    fetchPublic: async (url, options): Promise<Fetched> => {
      asked.push(url);
      const response = await request(url, { headers: { accept: options?.accept ?? "*/*" } });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const contentType = response.headers.get("content-type");
      return { ok: true, url, status: response.status, contentType, bytes, redirects: [] };
    },
  };
}
