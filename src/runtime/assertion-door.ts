// The shortest way to a hosted assertion on Node: one look-up, one write, nothing between.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Engine } from "../db/database.ts";
import { type Answer, answerHosted, type StoredAssertion } from "../obv2/hosted.ts";
import type { Urls } from "../urls.ts";
import type { FileEngine } from "./libsql-file.ts";

const PATH = "/ob/v2/assertions/";
const HASH_LENGTH = 40;
/** A query, an image or a malformed hash is not for this door. */
const HASH = /^[0-9a-f]{40}$/;

const LOOK_UP = "SELECT base, etag, body FROM hosted_assertions WHERE unique_hash = ?";

type LookUp = (hash: string) => StoredAssertion | null;

function isFileEngine(engine: Engine): engine is FileEngine {
  return "prepareGet" in engine;
}

function storedAssertions(engine: FileEngine): LookUp {
  const get = engine.prepareGet(LOOK_UP);
  return (hash) => {
    const row = get([hash]);
    return row ? { base: String(row[0]), etag: String(row[1]), body: String(row[2]) } : null;
  };
}

/**
 * Answers what `answerHosted` can answer from the stored document, exactly as the app's own route
 * does, and hands every other request on: other addresses, revoked, unknown and not yet stored
 * awards, other methods. Only an embedded database can be asked without waiting, so a remote one
 * gets `rest` back.
 */
export function assertionDoor(engine: Engine, urls: Urls, rest: RequestListener): RequestListener {
  if (!isFileEngine(engine)) return rest;
  const lookUp = storedAssertions(engine);
  return (request, response) => {
    const answer = answerStored(request, lookUp, urls);
    if (answer === null) rest(request, response);
    else send(response, answer);
  };
}

function answerStored(request: IncomingMessage, lookUp: LookUp, urls: Urls): Answer | null {
  const { url, headers } = request;
  if (url?.length !== PATH.length + HASH_LENGTH || !url.startsWith(PATH)) return null;
  const hash = url.slice(PATH.length);
  if (!HASH.test(hash)) return null;
  let stored: StoredAssertion | null;
  try {
    stored = lookUp(hash);
  } catch {
    // The app's own way to the database says what is wrong with it.
    return null;
  }
  return answerHosted(
    {
      method: request.method ?? "",
      accept: headers.accept,
      ifNoneMatch: headers["if-none-match"],
    },
    hash,
    stored,
    urls,
  );
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (body === null) {
    response.writeHead(status, { ...headers });
    response.end();
    return;
  }
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}
