// The one door to addresses we did not write: bounded in time, bytes and redirects, never to a private address.
import { type Answer, type Dial, DialFailure, type DialFailureCode } from "./dial.ts";
import { judgeUrl, type UrlFault } from "./public-url.ts";

/** In all: names, connections, redirects and the whole body. */
export const DEFAULT_TIMEOUT_MS = 10_000;
/** Counted after decompression. */
export const DEFAULT_MAX_BYTES = 512 * 1024;
export const DEFAULT_MAX_REDIRECTS = 3;
/** One process asks no more at once; connections and memory are bounded by it. */
export const MAX_UNDER_WAY = 256;

export type FetchFault =
  | UrlFault
  | DialFailureCode
  | "deadline"
  | "cancelled"
  | "busy"
  | "too-large"
  | "bad-redirect"
  | "insecure-redirect"
  | "redirect-loop"
  | "redirect-not-followed"
  | "too-many-redirects";

/** What a caller may need to know of an answer besides its body: when to come back, where it goes on. */
export const KEPT_HEADERS = [
  "age",
  "cache-control",
  "date",
  "expires",
  "link",
  "retry-after",
  "www-authenticate",
  "x-total-count",
] as const;
export type KeptHeader = (typeof KEPT_HEADERS)[number];

/** What came of it. A status of any kind is an answer; only what is no answer is a fault. */
export type Fetched =
  | {
      readonly ok: true;
      /** Where the answer came from, after redirects and without a fragment. */
      readonly url: string;
      readonly status: number;
      /** The header as sent; null where there is none. */
      readonly contentType: string | null;
      readonly etag?: string;
      /** Of KEPT_HEADERS those that were sent, by their name in lower case. */
      readonly headers?: Readonly<Partial<Record<KeptHeader, string>>>;
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** The addresses that redirected, in their order. */
      readonly redirects: readonly string[];
    }
  | {
      readonly ok: false;
      readonly reason: FetchFault;
      /** One sentence for a person; names the host, never an address it resolved to. */
      readonly detail: string;
    };

export interface FetchOptions {
  /** The Accept header; anything, where not given. */
  readonly accept?: string;
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  readonly maxRedirects?: number;
  /** A redirected POST is not followed: its body is for the one it was sent to. */
  readonly method?: "GET" | "POST";
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Sent to the first origin only. TypeError for those that are malformed or not a caller's. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Never rejects for what the other side does: see FetchFault for all that it may do. */
export type PublicFetch = (url: string, options?: FetchOptions) => Promise<Fetched>;

export interface Deadline {
  /** Aborts when the time is over. */
  readonly signal: AbortSignal;
  /** Lets the timer go: an answer is there, or nobody wants one. */
  forget(): void;
}

export interface PublicFetchParts {
  readonly dial: Dial;
  /** Starts to run when asked for. */
  readonly deadline: (milliseconds: number) => Deadline;
  /** As `userAgent` makes it: the other side's operator must know whom to ask. */
  readonly userAgent: string;
  /** Origins on this machine that may be asked too, over http and at any port. */
  readonly loopbackOrigins: readonly string[];
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** They say who asks, or belong to the connection. */
const NOT_FOR_CALLERS =
  /^(accept|accept-encoding|connection|content-length|cookie|expect|host|keep-alive|origin|proxy-.*|referer|te|trailer|transfer-encoding|upgrade|user-agent)$/;

class Refusal extends Error {
  readonly reason: FetchFault;
  /** Where it is not the address that was asked last. */
  readonly address: string | null;

  constructor(reason: FetchFault, address: string | null = null) {
    super(reason);
    this.reason = reason;
    this.address = address;
  }
}

/** `{ok: false}` with the sentence that belongs to the reason; for whoever stands in for a fetch. */
export function refused(reason: FetchFault, address: string): Fetched {
  return { ok: false, reason, detail: DETAILS[reason](hostOf(address)) };
}

/** Names the program and where its operator is found. */
export function userAgent(publicUrl: string): string {
  return `Rosette (+${publicUrl})`;
}

export function createPublicFetch(parts: PublicFetchParts): PublicFetch {
  let underWay = 0;
  return async (address, options = {}) => {
    const headers = callersHeaders(options.headers);
    if (underWay >= MAX_UNDER_WAY) return refused("busy", address);
    underWay++;
    try {
      return await withinDeadline(parts, address, options, headers);
    } finally {
      underWay--;
    }
  };
}

function callersHeaders(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  const headers: Record<string, string> = {};
  // `Headers` throws for what no header may hold, and names them in lower case.
  for (const [name, value] of new Headers(given)) {
    if (NOT_FOR_CALLERS.test(name)) throw new TypeError(`${name} is not a header to be given`);
    headers[name] = value;
  }
  return headers;
}

/** Ends at the deadline even where a dial or a body does not heed its signal. */
async function withinDeadline(
  parts: PublicFetchParts,
  address: string,
  options: FetchOptions,
  headers: Readonly<Record<string, string>>,
): Promise<Fetched> {
  const deadline = parts.deadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = options.signal
    ? AbortSignal.any([deadline.signal, options.signal])
    : deadline.signal;
  const trail: string[] = [];
  let stop = () => {};
  const over = new Promise<never>((_, reject) => {
    stop = () => reject(new Refusal("deadline"));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([over, follow(parts, address, options, headers, signal, trail)]);
  } catch (error) {
    const at = trail.at(-1) ?? address;
    if (options.signal?.aborted && !deadline.signal.aborted) return refused("cancelled", at);
    if (deadline.signal.aborted) return refused("deadline", at);
    if (error instanceof Refusal) return refused(error.reason, error.address ?? at);
    if (error instanceof DialFailure) return refused(error.code, at);
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    deadline.forget();
  }
}

/** Each address on the way is judged anew; `trail` gets each as it is tried. */
async function follow(
  parts: PublicFetchParts,
  first: string,
  options: FetchOptions,
  callers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  trail: string[],
): Promise<Fetched> {
  const method = options.method ?? "GET";
  let url = judged(first, parts.loopbackOrigins);
  const origin = url.origin;
  for (;;) {
    trail.push(url.href);
    const answer = await parts.dial({
      url,
      method,
      headers: {
        ...(url.origin === origin ? callers : {}),
        accept: options.accept ?? "*/*",
        "user-agent": parts.userAgent,
      },
      body: options.body ?? null,
      signal,
    });
    if (!REDIRECTS.has(answer.status)) return await toFetched(answer, options, trail);
    answer.discard();
    if (method !== "GET") throw new Refusal("redirect-not-followed");
    if (trail.length > (options.maxRedirects ?? DEFAULT_MAX_REDIRECTS)) {
      throw new Refusal("too-many-redirects");
    }
    url = nextHop(answer.header("location"), url, parts.loopbackOrigins);
    if (trail.includes(url.href)) throw new Refusal("redirect-loop");
  }
}

function judged(address: string, loopbackOrigins: readonly string[], base?: URL): URL {
  const verdict = judgeUrl(address, loopbackOrigins, base);
  if (!verdict.ok) throw new Refusal(verdict.reason, absolute(address, base));
  return verdict.url;
}

function nextHop(location: string | null, from: URL, loopbackOrigins: readonly string[]): URL {
  if (location === null || !URL.canParse(location, from)) throw new Refusal("bad-redirect");
  if (from.protocol === "https:" && new URL(location, from).protocol === "http:") {
    throw new Refusal("insecure-redirect");
  }
  // A page on the Internet may not lead its readers to a service on this machine.
  const fromHere = loopbackOrigins.includes(from.origin);
  return judged(location, fromHere ? loopbackOrigins : [], from);
}

async function toFetched(
  answer: Answer,
  options: FetchOptions,
  trail: readonly string[],
): Promise<Fetched> {
  const etag = answer.header("etag");
  return {
    ok: true,
    url: trail.at(-1) ?? "",
    status: answer.status,
    contentType: answer.header("content-type"),
    ...(etag === null ? {} : { etag }),
    ...keptHeaders(answer),
    bytes: await readAll(answer, options.maxBytes ?? DEFAULT_MAX_BYTES),
    redirects: trail.slice(0, -1),
  };
}

function keptHeaders(answer: Answer): { headers?: Partial<Record<KeptHeader, string>> } {
  let kept: Partial<Record<KeptHeader, string>> | undefined;
  for (const name of KEPT_HEADERS) {
    const value = answer.header(name);
    if (value !== null) kept = { ...kept, [name]: value };
  }
  return kept === undefined ? {} : { headers: kept };
}

/** Room for most documents, where an answer does not say its length; it doubles when it is full. */
const FIRST_ROOM = 8 * 1024;
/** However much is announced: what is announced need not come. */
const MOST_FIRST_ROOM = 64 * 1024;

/**
 * Copies the chunks into one buffer as they come: a body of a million one-byte chunks would take
 * far more memory kept as such than the bytes it is allowed.
 */
async function readAll(answer: Answer, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const declared = declaredLength(answer);
  if (declared > maxBytes) {
    answer.discard();
    throw new Refusal("too-large");
  }
  let room = new Uint8Array(Math.min(declared || FIRST_ROOM, MOST_FIRST_ROOM, maxBytes));
  let length = 0;
  for await (const chunk of answer.body) {
    const end = length + chunk.length;
    if (end > maxBytes) throw new Refusal("too-large");
    if (end > room.length) {
      const larger = new Uint8Array(Math.min(maxBytes, Math.max(end, 2 * room.length)));
      larger.set(room.subarray(0, length));
      room = larger;
    }
    room.set(chunk, length);
    length = end;
  }
  return length === room.length ? room : room.slice(0, length);
}

/** What the answer says of itself; of a compressed body it says nothing about what is counted. */
function declaredLength(answer: Answer): number {
  const encoded = /^(|identity)$/i.test(answer.header("content-encoding") ?? "") === false;
  const length = answer.header("content-length");
  return !encoded && length !== null && /^\d+$/.test(length) ? Number(length) : 0;
}

function absolute(address: string, base?: URL): string {
  return URL.canParse(address, base) ? new URL(address, base).href : address;
}

function hostOf(address: string): string {
  const host = URL.canParse(address) ? new URL(address).host : "";
  return host === "" ? "this address" : host.slice(0, 255);
}

const DETAILS: Readonly<Record<FetchFault, (host: string) => string>> = {
  "bad-url": () => "This is not a web address.",
  "not-https": (host) => `What leads to ${host} does not begin with https://.`,
  "credentials-in-url": (host) => `The address of ${host} has a user name or a password in it.`,
  "port-not-allowed": (host) => `${host} names a port; only 443 is asked.`,
  "address-not-public": (host) => `${host} is not on the public Internet.`,
  "name-not-found": (host) => `No address is known for the name ${host}.`,
  unreachable: (host) => `No connection to ${host} could be made.`,
  tls: (host) => `${host} has no certificate that proves it is ${host}.`,
  "connection-lost": (host) => `${host} ended the connection before it answered.`,
  "headers-too-large": (host) => `The headers that ${host} sent are too long.`,
  "bad-answer": (host) => `What ${host} sent is not HTTP.`,
  "bad-encoding": (host) => `What ${host} sent could not be decompressed.`,
  truncated: (host) => `${host} ended the connection in the middle of its answer.`,
  deadline: (host) => `${host} did not finish its answer in time.`,
  cancelled: (host) => `The request to ${host} was cancelled.`,
  busy: () => "Too many addresses are being asked at the moment; try again in a few seconds.",
  "too-large": (host) => `The answer of ${host} is larger than is accepted.`,
  "bad-redirect": (host) => `${host} redirects without saying where to.`,
  "insecure-redirect": (host) => `${host} redirects to an address without https://.`,
  "redirect-loop": (host) => `${host} redirects in a circle.`,
  "redirect-not-followed": (host) => `${host} redirects what is sent to it; that is not followed.`,
  "too-many-redirects": (host) => `${host} redirects once more than is followed.`,
};
