// One request through undici and its answer: the head when it is there, the body no faster than it is read.
import type { Dispatcher } from "undici";
import { toDialFailure } from "./dial-errors.ts";

/** Octets that wait to be read; with more, the other side is kept waiting. */
export const MAX_WAITING_BYTES = 64 * 1024;
/** In milliseconds; a body that nobody reads and that takes longer is not worth its connection. */
export const MAX_DISCARD_MS = 1_000;

export interface Head {
  readonly status: number;
  /** By names in lower case; a list where a header was sent several times. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

/** The chunks of a body as they come. Throws DialFailure; ending it early drops the connection. */
export interface Body extends AsyncIterableIterator<Uint8Array, undefined> {
  return(): Promise<IteratorResult<Uint8Array, undefined>>;
  /**
   * Lets what is left go by, up to so many octets and within `MAX_DISCARD_MS`, so that the
   * connection can be used again. The signal has no part in it: what it is for may be over.
   */
  discard(most: number): void;
}

/**
 * Asks, and resolves with the head. The `signal` ends it wherever it is. Rejects with what undici
 * says went wrong before the head was there.
 */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<Head> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    dispatcher.dispatch(options, new Exchange(signal, resolve, reject));
  });
}

interface Reader {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
  readonly reject: (reason: unknown) => void;
}

const END: IteratorResult<Uint8Array, undefined> = { done: true, value: undefined };

class Exchange implements Dispatcher.DispatchHandler, Body {
  private readonly signal: AbortSignal;
  private readonly begun: (head: Head) => void;
  private readonly failed: (reason: unknown) => void;
  private controller: Dispatcher.DispatchController | null = null;
  private chunks: Uint8Array[] = [];
  private waiting = 0;
  private reader: Reader | null = null;
  private over = false;
  private failure: unknown = null;
  /** Octets that are still let go by unread; null while the body is read. */
  private unread: number | null = null;
  private discarding: NodeJS.Timeout | undefined;

  constructor(signal: AbortSignal, begun: (head: Head) => void, failed: (reason: unknown) => void) {
    this.signal = signal;
    this.begun = begun;
    this.failed = failed;
    signal.addEventListener("abort", this.stop, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.over) this.stop();
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Head["headers"],
  ): void {
    // What comes before the answer: early hints and the like.
    if (status >= 200) this.begun({ status, headers, body: this });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.unread !== null) {
      this.unread -= chunk.length;
      if (this.unread < 0) this.stop();
    } else if (this.reader) {
      const { resolve } = this.reader;
      this.reader = null;
      resolve({ done: false, value: chunk });
    } else {
      this.chunks.push(chunk);
      this.waiting += chunk.length;
      if (this.waiting > MAX_WAITING_BYTES) controller.pause();
    }
  }

  onResponseEnd(): void {
    this.finish();
    this.reader?.resolve(END);
    this.reader = null;
  }

  onResponseError(_: Dispatcher.DispatchController, error: unknown): void {
    this.fail(error);
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const value = this.chunks.shift();
    if (value !== undefined) {
      this.waiting -= value.length;
      if (this.controller?.paused && this.waiting <= MAX_WAITING_BYTES) this.controller.resume();
      return Promise.resolve({ done: false, value });
    }
    const { failure } = this;
    if (failure !== null) {
      this.failure = null;
      return Promise.reject(failure);
    }
    if (this.over) return Promise.resolve(END);
    return new Promise((resolve, reject) => {
      this.reader = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.chunks = [];
    this.stop();
    this.failure = null;
    return Promise.resolve(END);
  }

  discard(most: number): void {
    if (this.over) return;
    this.unread = most - this.waiting;
    this.chunks = [];
    if (this.unread < 0) {
      this.stop();
      return;
    }
    this.discarding = setTimeout(this.stop, MAX_DISCARD_MS).unref();
    if (this.controller?.paused) this.controller.resume();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private readonly stop = (): void => {
    const reason = new Error("nobody waits for the answer any more");
    this.controller?.abort(reason);
    this.fail(reason);
  };

  private fail(error: unknown): void {
    if (this.over) return;
    this.finish();
    this.failure = toDialFailure(error, "truncated");
    this.failed(error);
    const { reader } = this;
    this.reader = null;
    if (reader) {
      reader.reject(this.failure);
      this.failure = null;
    }
  }

  private finish(): void {
    this.over = true;
    clearTimeout(this.discarding);
    this.signal.removeEventListener("abort", this.stop);
  }
}
