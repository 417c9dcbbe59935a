// The way to an authorization server: the public fetch in the shape that oauth4webapi calls.
import type { Env } from "../env.ts";
import type { FetchFault } from "../net/public-fetch.ts";

/** An answer of an authorization server is a few hundred bytes. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** No answer came; `reason` says how far the request got. */
export class TransportFault extends Error {
  override readonly name = "TransportFault";
  readonly reason: FetchFault;
  /** One sentence for a person. */
  readonly detail: string;

  constructor(reason: FetchFault, detail: string) {
    super(reason);
    this.reason = reason;
    this.detail = detail;
  }
}

/** What the public fetch says by itself. */
const NOT_OURS = new Set(["accept", "user-agent"]);
/** A Response may not have a body with these. */
const BODILESS = new Set([204, 205, 304]);

/**
 * `env.publicFetch` as a `fetch`, for `customFetch`: bounded in time and bytes, to public addresses,
 * and a redirected POST is not followed. Rejects with TransportFault.
 */
export function oauthFetch({ publicFetch }: Pick<Env, "publicFetch">): typeof fetch {
  return async (input, init = {}) => {
    const address = input instanceof Request ? input.url : String(input);
    const headers = new Headers(init.headers);
    const accept = headers.get("accept");
    for (const name of NOT_OURS) headers.delete(name);
    const answer = await publicFetch(address, {
      method: init.method === "POST" ? "POST" : "GET",
      headers: Object.fromEntries(headers),
      maxBytes: MAX_ANSWER_BYTES,
      ...(accept === null ? {} : { accept }),
      ...(init.body === undefined || init.body === null ? {} : { body: String(init.body) }),
      ...(init.signal ? { signal: init.signal } : {}),
    });
    if (!answer.ok) throw new TransportFault(answer.reason, answer.detail);
    if (answer.status < 200 || answer.status > 599) {
      throw new TransportFault("bad-answer", "The answer has a status that means nothing.");
    }
    const told = new Headers(answer.headers);
    if (answer.contentType !== null) told.set("content-type", answer.contentType);
    const body = BODILESS.has(answer.status) ? null : answer.bytes;
    return new Response(body, { status: answer.status, headers: told });
  };
}
