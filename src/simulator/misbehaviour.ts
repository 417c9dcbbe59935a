// A backpack that misbehaves when it is told to: faults around the real one, for trying out recovery.
import { type Fault, type Place, placeOf } from "./faults.ts";

/** Answers a request; `bindings` is what the runtime hands along with it. */
export type Answering = (request: Request, bindings?: unknown) => Response | Promise<Response>;

/** Which fault strikes where, and how often. */
export interface Mischief {
  /** One of them is chosen for each request it strikes. */
  readonly faults: readonly Fault[];
  readonly place: Place;
  /** Of all requests there, from 0 to 1. */
  readonly share: number;
  /** How many requests it strikes at most; null is no end. */
  readonly times: number | null;
  /** For `slow`, and between the bytes of `slow-loris`. */
  readonly delayMs: number;
  /** For `rate-limited`. */
  readonly retryAfterSeconds: number;
}

/** One request, as the page shows it. */
export interface Seen {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** Null where there was no answer. */
  readonly status: number | null;
  readonly fault: Fault | null;
}

/** Of the requests the page shows. */
const SEEN_KEPT = 20;

export interface MisbehaviourParts {
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly chance: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Ends a request without an answer, where there is no socket to end. */
export class ConnectionDropped extends Error {
  override readonly name = "ConnectionDropped";
}

/** Held by one process and gone with it: it is a toy for trying things out, and a double in tests. */
export class Misbehaviour {
  mischief: Mischief | null = null;
  /** Newest first. */
  readonly seen: Seen[] = [];
  readonly #parts: MisbehaviourParts;
  #struck = 0;

  constructor(parts: MisbehaviourParts) {
    this.#parts = parts;
  }

  /** Replaces the mischief; null is good behaviour. */
  set(mischief: Mischief | null): void {
    this.mischief = mischief;
    this.#struck = 0;
  }

  /** The same backpack, with the faults that are set. */
  around(answering: Answering): Answering {
    return async (request, bindings) => {
      const { pathname } = new URL(request.url);
      const place = placeOf(pathname);
      const grants = pathname.startsWith(DECISIONS) && request.method === "POST";
      if (place === null && pathname !== "/oauth/authorize" && !grants) {
        return answering(request, bindings);
      }
      const fault = this.#faultFor(place, grants);
      const note = (status: number | null) => {
        const at = this.#parts.now();
        this.seen.unshift({ at, method: request.method, path: pathname, status, fault });
        this.seen.length = Math.min(this.seen.length, SEEN_KEPT);
      };
      const answer = await this.#answer(fault, request, bindings, answering).catch((error) => {
        note(null);
        throw error;
      });
      note(answer.headers.has(ALREADY_SENT) ? null : answer.status);
      return answer;
    };
  }

  #faultFor(place: Place | null, grants: boolean): Fault | null {
    const { mischief } = this;
    if (mischief === null) return null;
    // Scopes are granted where the person decides, not at any of the places.
    const possible = mischief.faults.filter((fault) => (fault === "fewer-scopes") === grants);
    const here = grants || place === mischief.place;
    const spent = mischief.times !== null && this.#struck >= mischief.times;
    if (!here || spent || possible.length === 0) return null;
    if (this.#parts.chance() >= mischief.share) return null;
    this.#struck++;
    return possible[Math.floor(this.#parts.chance() * possible.length)] ?? null;
  }

  async #answer(
    fault: Fault | null,
    request: Request,
    bindings: unknown,
    answering: Answering,
  ): Promise<Response> {
    const { retryAfterSeconds = 0, delayMs = 0 } = this.mischief ?? {};
    switch (fault) {
      case null:
        return answering(request, bindings);
      case "unauthorized":
        return refusal(request, 401, "UNAUTHENTICATED");
      case "rate-limited":
        return refusal(request, 429, null, { "retry-after": String(retryAfterSeconds) });
      case "server-error":
        return refusal(request, 500, null);
      case "html":
        return new Response("<!doctype html><title>Sign in</title><h1>Please sign in</h1>", {
          headers: { "content-type": "text/html; charset=utf-8" },
        });
      case "slow":
        await this.#parts.wait(delayMs);
        return answering(request, bindings);
      case "slow-loris":
        return drip(() => this.#parts.wait(delayMs));
      case "truncated-json":
        return halved(await answering(request, bindings));
      case "dropped-answer":
        await answering(request, bindings);
        return dropped(bindings);
      case "fewer-scopes":
        return answering(await withFewerScopes(request), bindings);
    }
  }
}

/** In the shape of the place: a status object of the API, or an error of OAuth 2. */
function refusal(
  request: Request,
  status: number,
  statusText: string | null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { pathname } = new URL(request.url);
  const error = "This backpack was told to misbehave.";
  const body = pathname.startsWith("/oauth/")
    ? { error: status === 401 ? "invalid_client" : "temporarily_unavailable" }
    : { status: { error, statusCode: status, ...(statusText === null ? {} : { statusText }) } };
  return Response.json(body, { status, headers: { ...headers, "cache-control": "no-store" } });
}

/** A byte that means nothing in JSON, again and again. */
function drip(wait: () => Promise<void>): Response {
  const space = new TextEncoder().encode(" ");
  let ended = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await wait();
      if (!ended) controller.enqueue(space);
    },
    cancel() {
      ended = true;
    },
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

async function halved(answer: Response): Promise<Response> {
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  headers.delete("content-length");
  return new Response(text.slice(0, Math.floor(text.length / 2)), {
    status: answer.status,
    headers,
  });
}

/** Tells the HTTP server of Node that there is nothing left for it to send. */
const ALREADY_SENT = "x-hono-already-sent";

function dropped(bindings: unknown): Response {
  const socket = socketOf(bindings);
  if (socket === null) throw new ConnectionDropped("the connection was dropped");
  socket.destroy();
  return new Response(null, { headers: { [ALREADY_SENT]: "true" } });
}

function socketOf(bindings: unknown): { destroy(): void } | null {
  if (typeof bindings !== "object" || bindings === null || !("outgoing" in bindings)) return null;
  const { outgoing } = bindings;
  if (typeof outgoing !== "object" || outgoing === null || !("destroy" in outgoing)) return null;
  const { destroy } = outgoing;
  return typeof destroy === "function" ? { destroy: () => destroy.call(outgoing) } : null;
}

/** Where a person's decision about an app is sent to. */
const DECISIONS = "/oauth/consent/";
const READ_ONLY = "https://purl.imsglobal.org/spec/ob/v2p1/scope/assertion.readonly";

/** What the person allowed, but for all that is more than reading: the host grants it in silence. */
async function withFewerScopes(request: Request): Promise<Request> {
  const form = new URLSearchParams(await request.text());
  if (form.has("scope")) form.set("scope", READ_ONLY);
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  return new Request(request.url, { method: request.method, headers, body: form.toString() });
}
