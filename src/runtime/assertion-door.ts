// The shortest way to a hosted assertion on Node: requests that arrive together, one look-up, one write each.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Engine } from "../db/database.ts";
import { type Answer, type Ask, answerHosted, type StoredAssertion } from "../obv2/hosted.ts";
import type { Urls } from "../urls.ts";
import { isFileEngine } from "./open.ts";
import { StoredAssertions } from "./stored-assertions.ts";

const PATH = "/ob/v2/assertions/";
const HASH = /^[0-9a-f]{40}$/;
const HASH_LENGTH = 40;

interface Waiting {
  /** As it stands in the address, and not looked at yet: what is remembered is remembered of hashes. */
  readonly hash: string;
  readonly ask: Ask;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
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
    const asked: Waiting[] = [];
    for (const one of stillAsked(waiting)) {
      if (HASH.test(one.hash)) asked.push(one);
      else rest(one.request, one.response);
    }
    const stored = storedFor(asked);
    for (let i = 0; i < asked.length; i++) {
      const one = asked[i];
      if (one && !sendFound(one, stored[i] ?? null, store, urls)) rest(one.request, one.response);
    }
  }

  /** All but those who have a copy that still stands, who are told so. */
  function stillAsked(waiting: readonly Waiting[]): readonly Waiting[] {
    try {
      return waiting.filter((one) => !sendKnown(one, store, urls));
    } catch {
      return waiting.filter(({ response }) => !response.headersSent);
    }
  }

  function storedFor(asked: readonly Waiting[]): readonly (StoredAssertion | null)[] {
    try {
      return store.find(asked);
    } catch {
      // The app's own way to the database says what is wrong with it.
      return [];
    }
  }

  return (request, response) => {
    const { url = "" } = request;
    if (url.length !== PATH.length + HASH_LENGTH || !url.startsWith(PATH)) {
      rest(request, response);
      return;
    }
    if (queue.length === 0) setImmediate(flush);
    queue.push({ hash: url.slice(PATH.length), ask: askOf(request), request, response });
  };
}

function askOf({ method, headers }: IncomingMessage): Ask {
  return { method: method ?? "", accept: headers.accept, ifNoneMatch: headers["if-none-match"] };
}

/** Answers who has a copy that still stands, from the entity tag alone; false for anybody else. */
function sendKnown(one: Waiting, store: StoredAssertions, urls: Urls): boolean {
  const { ask, hash, response } = one;
  if (ask.ifNoneMatch === undefined) return false;
  const remembered = store.remembered(hash);
  if (remembered === undefined) return false;
  const answer = answerHosted(ask, hash, remembered, urls);
  if (answer?.status !== 304) return false;
  send(response, answer);
  return true;
}

/** False where the app must answer. */
function sendFound(
  { ask, hash, response }: Waiting,
  stored: StoredAssertion | null,
  store: StoredAssertions,
  urls: Urls,
): boolean {
  const answer = answerHosted(ask, hash, stored, urls);
  if (answer === null) return false;
  if (answer.status === 304 && stored !== null) store.remember(hash, stored);
  send(response, answer);
  return true;
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  // They were made for this answer: no copy is needed to say one more thing.
  const head: Record<string, string | number> = headers;
  if (body === null) {
    response.writeHead(status, head);
    response.end();
    return;
  }
  const bytes = Buffer.byteLength(body);
  head["content-length"] = bytes;
  response.writeHead(status, head);
  // Pure ASCII, as most are, goes out as it lies in memory.
  response.end(body, bytes === body.length ? "latin1" : "utf8");
}
