// What the runtime does for public-fetch: one request to one address, no redirect followed.

/** Sends one request and resolves with the head of the answer. Rejects with DialFailure. */
export type Dial = (request: DialRequest) => Promise<Answer>;

export interface DialRequest {
  /** Already judged; without credentials or fragment. */
  readonly url: URL;
  readonly method: "GET" | "POST";
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  /** Ends the request, and the reading of its body, wherever it is. */
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** The value of a header by its name in lower case; the first where there are several. */
  header(name: string): string | null;
  /** Decoded bytes, as they come. Throws DialFailure; ending it early drops the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** For a body that nobody will read. */
  discard(): void;
}

export type DialFailureCode =
  | "address-not-public"
  | "name-not-found"
  | "unreachable"
  | "tls"
  | "connection-lost"
  | "headers-too-large"
  | "bad-answer"
  | "bad-encoding"
  | "truncated";

/** What the other side, or the guard before it, did to a request. */
export class DialFailure extends Error {
  override readonly name = "DialFailure";
  readonly code: DialFailureCode;

  constructor(code: DialFailureCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}
