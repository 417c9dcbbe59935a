// A browser's requests for pages, one after another, and what a page itself says can be asked next.
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { BENCH_ORIGIN } from "./fill.ts";

export interface Asking {
  readonly port: number;
  readonly path: string;
  /** The Cookie header; none for a stranger. */
  readonly cookie?: string | undefined;
  /** A form's fields, encoded; a GET where there are none. */
  readonly form?: string;
  /** Closes the connection after the first bytes: what a file of any length is asked with. */
  readonly firstOnly?: boolean;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds to the first byte of the body, and to its end. */
  readonly first: number;
  readonly whole: number;
  readonly bytes: number;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const { host } = new URL(BENCH_ORIGIN);

/** Of a body that is no text nothing is kept. */
export function ask({ port, path, cookie, form, firstOnly = false }: Asking): Promise<Answered> {
  const headers = {
    host,
    accept: "text/html,application/xhtml+xml,*/*;q=0.8",
    "accept-language": "en",
    ...(cookie === undefined ? {} : { cookie }),
    ...(form === undefined
      ? {}
      : { origin: BENCH_ORIGIN, "content-type": "application/x-www-form-urlencoded" }),
  };
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const method = form === undefined ? "GET" : "POST";
    const sent = request({ port, path, method, headers, agent, host: "127.0.0.1" }, (response) => {
      const isText = /^text\/html|xml/.test(response.headers["content-type"] ?? "");
      const kept: Buffer[] = [];
      let bytes = 0;
      let first = 0;
      const end = () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          first: first === 0 ? performance.now() - start : first,
          whole: performance.now() - start,
          bytes,
          text: Buffer.concat(kept).toString("utf8"),
        });
      response.on("data", (chunk: Buffer) => {
        if (first === 0) first = performance.now() - start;
        bytes += chunk.length;
        if (isText) kept.push(chunk);
        if (firstOnly && !isText) {
          end();
          response.destroy();
        }
      });
      response.on("end", end);
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(form);
  });
}

/** Words to look for: of many, of few, of none. */
const SEARCHED = ["an", "Ada Abara 77", "nobody at all"];
/** Choices of one field that are tried. */
const MOST_CHOICES = 8;

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll("&amp;", "&");
}

/**
 * The addresses that the forms of a page lead to when one field is filled in: every choice of a list,
 * words in a field for them. And where its tabs and filters lead that are links.
 */
export function furtherPaths(path: string, html: string): string[] {
  const [own = ""] = path.split("?");
  const found = new Set<string>();
  for (const [, opening = "", inside = ""] of html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
    if ((attribute(opening, "method") ?? "get").toLowerCase() !== "get") continue;
    const to = attribute(opening, "action") ?? own;
    for (const [, select = "", options = ""] of inside.matchAll(
      /<select\b([^>]*)>([\s\S]*?)<\/select>/g,
    )) {
      const values = [...options.matchAll(/<option\b[^>]*\bvalue="([^"]+)"/g)].map(
        ([, value]) => value,
      );
      for (const value of values.slice(0, MOST_CHOICES)) {
        found.add(
          `${to}?${new URLSearchParams({ [attribute(select, "name") ?? ""]: value ?? "" })}`,
        );
      }
    }
    for (const [input] of inside.matchAll(/<input\b[^>]*>/g)) {
      const name = attribute(input, "name");
      if (name === undefined) continue;
      const type = attribute(input, "type") ?? "text";
      const values =
        type === "text" || type === "search" ? SEARCHED : [attribute(input, "value") ?? ""];
      if (type === "date") values.splice(0, 1, "2026-01-15");
      for (const value of values) found.add(`${to}?${new URLSearchParams({ [name]: value })}`);
    }
  }
  for (const [, href = ""] of html.matchAll(/<a\b[^>]*\bhref="([^"]*)"/g)) {
    const to = href.replaceAll("&amp;", "&").split("#")[0] ?? "";
    if (to.startsWith(`${own}?`) || (to.startsWith("?") && to.length > 1)) {
      found.add(to.startsWith("?") ? own + to : to);
    }
  }
  return [...found].filter((to) => to.startsWith("/"));
}

/** Where a list's next page is; null on the last. */
export function nextPath(html: string): string | null {
  const [link] = /<a\b[^>]*\brel="next"[^>]*>/.exec(html) ?? [];
  return link === undefined ? null : (attribute(link, "href") ?? null);
}

/** The stylesheets and scripts that a page loads. */
export function assetPaths(html: string): string[] {
  const tags = html.match(/<(?:link\b[^>]*\brel="stylesheet"|script\b[^>]*\bsrc=)[^>]*>/g) ?? [];
  return tags.flatMap((tag) => attribute(tag, "href") ?? attribute(tag, "src") ?? []);
}
