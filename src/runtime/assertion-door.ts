// The shortest way to a hosted assertion on Node: requests that arrive together, one look-up, one write each.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Engine } from "../db/database.ts";
import { hostedKey } from "../db/hosted-key.ts";
import { type Answer, type Ask, answerHosted, type StoredAssertion } from "../obv2/hosted.ts";
import type { Urls } from "../urls.ts";
import type { FileEngine } from "./libsql-file.ts";

const PATH = "/ob/v2/assertions/";
const HASH_LENGTH = 40;

/** How many entity tags are remembered between two changes to the database. */
const MAX_REMEMBERED = 10_000;

interface Waiting {
  readonly hash: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function isFileEngine(engine: Engine): engine is FileEngine {
  return "prepareAll" in engine;
}

/**
 * Answers what `answerHosted` can answer from the stored document, exactly as the app's own route
 * does, and hands every other request on: other addresses, revoked, unknown and not yet stored
 * awards, other methods. Only an embedded database can be asked without waiting, so a remote one
 * gets `rest` back.
 *
 * Requests of one turn of the event loop are looked up together: alternating between HTTP and SQLite
 * costs a processor's caches more than either does.
 */
export function assertionDoor(engine: Engine, urls: Urls, rest: RequestListener): RequestListener {
  if (!isFileEngine(engine)) return rest;
  const store = new StoredAssertions(engine);
  let queue: Waiting[] = [];

  function flush(): void {
    const waiting = queue;
    queue = [];
    const answers = answerAll(waiting, store, urls);
    for (const [i, { request, response }] of waiting.entries()) {
      const answer = answers[i];
      if (answer) send(response, answer);
      else rest(request, response);
    }
  }

  return (request, response) => {
    const hash = hashOf(request.url);
    if (hash === null) {
      rest(request, response);
      return;
    }
    if (queue.length === 0) setImmediate(flush);
    queue.push({ hash, request, response });
  };
}

/** What stands where a hash does; what is none is found nowhere, and so handed on. */
function hashOf(url: string | undefined): string | null {
  if (url?.length !== PATH.length + HASH_LENGTH || !url.startsWith(PATH)) return null;
  return url.slice(PATH.length);
}

/** An answer for each that waits, in their order; null where the app must answer. */
function answerAll(
  waiting: readonly Waiting[],
  store: StoredAssertions,
  urls: Urls,
): (Answer | null)[] {
  const asks = waiting.map(({ request }) => askOf(request));
  try {
    const answers = waiting.map(({ hash }, i) => {
      const ask = asks[i];
      return ask?.ifNoneMatch === undefined ? null : answerKnown(ask, hash, store, urls);
    });
    const stored = store.find(waiting.filter((_, i) => !answers[i]).map(({ hash }) => hash));
    return waiting.map(({ hash }, i) => {
      const ask = asks[i];
      const known = answers[i];
      if (known || !ask) return known ?? null;
      const answer = answerHosted(ask, hash, stored.get(hash) ?? null, urls);
      if (answer?.status === 304) store.remember(hash, stored.get(hash));
      return answer;
    });
  } catch {
    // The app's own way to the database says what is wrong with it.
    return waiting.map(() => null);
  }
}

/** Whether the reader's copy still stands, from the entity tag alone. */
function answerKnown(ask: Ask, hash: string, store: StoredAssertions, urls: Urls): Answer | null {
  const remembered = store.remembered(hash);
  if (remembered === undefined) return null;
  const answer = answerHosted(ask, hash, { ...remembered, body: "" }, urls);
  return answer?.status === 304 ? answer : null;
}

function askOf({ method, headers }: IncomingMessage): Ask {
  return { method: method ?? "", accept: headers.accept, ifNoneMatch: headers["if-none-match"] };
}

/** Looks stored assertions up, and remembers entity tags for as long as nothing is written. */
class StoredAssertions {
  readonly #findOne: (params: readonly (string | number)[]) => readonly unknown[] | undefined;
  readonly #findAll: (params: readonly string[]) => readonly (readonly unknown[])[];
  readonly #dataVersion: (params: readonly string[]) => readonly unknown[] | undefined;
  readonly #known = new Map<string, Pick<StoredAssertion, "base" | "etag">>();
  #version: unknown;
  #isChecked = false;

  constructor(engine: FileEngine) {
    const columns = "unique_hash, base, etag, body";
    this.#findOne = engine.prepareGet(
      `SELECT ${columns} FROM hosted_assertions WHERE key = ? AND unique_hash = ?`,
    );
    this.#findAll = engine.prepareAll(
      `SELECT ${columns} FROM json_each(?) asked JOIN hosted_assertions ON hosted_assertions.key = asked.value`,
    );
    // Changes with every commit of any other connection, in this process or another.
    this.#dataVersion = engine.prepareGet("PRAGMA data_version");
  }

  /** The entity tag as of now: what is remembered falls with any write to the database. */
  remembered(hash: string): Pick<StoredAssertion, "base" | "etag"> | undefined {
    if (!this.#isChecked) {
      const version = this.#dataVersion([])?.[0];
      if (version !== this.#version) this.#known.clear();
      this.#version = version;
      this.#isChecked = true;
    }
    return this.#known.get(hash);
  }

  /** Only after `remembered` was asked in the same turn: the version is older than what was read. */
  remember(hash: string, stored: StoredAssertion | undefined): void {
    if (!stored) return;
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(hash, { base: stored.base, etag: stored.etag });
  }

  /** Ends the turn: the next one checks the version anew. */
  find(hashes: readonly string[]): Map<string, StoredAssertion> {
    this.#isChecked = false;
    const found = new Map<string, StoredAssertion>();
    if (hashes.length === 0) return found;
    for (const row of this.#rows(hashes)) {
      const [hash, base, etag, body] = row as [string, string, string, string];
      found.set(hash, { base, etag, body });
    }
    return found;
  }

  #rows(hashes: readonly string[]): readonly (readonly unknown[])[] {
    const [only] = hashes;
    if (hashes.length > 1 || only === undefined)
      return this.#findAll([JSON.stringify(hashes.map(hostedKey))]);
    const row = this.#findOne([hostedKey(only), only]);
    return row ? [row] : [];
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (body === null) {
    response.writeHead(status, { ...headers });
    response.end();
    return;
  }
  const bytes = Buffer.byteLength(body);
  // The headers were made for this answer: no copy is needed to say one more thing.
  const head: Record<string, string | number> = headers;
  head["content-length"] = bytes;
  response.writeHead(status, head);
  // Pure ASCII, as most are, goes out as it lies in memory.
  response.end(body, bytes === body.length ? "latin1" : "utf8");
}
