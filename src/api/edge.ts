// Between HTTP and an operation: who asks, for which organization, with what, and only once.
import type { Context } from "hono";
import { type Principal, requireScope } from "../auth.ts";
import { DatabaseError } from "../db/errors.ts";
import type { Env } from "../env.ts";
import { isOvertaken } from "../issuer/audit.ts";
import { languageOf } from "../language.ts";
import { remoteAddress } from "../net/caller.ts";
import { entityTag, isKnown } from "../obv2/entity-tag.ts";
import { streamOf } from "../piece-stream.ts";
import { Problem } from "../problem.ts";
import { readBytes, requireMediaType } from "../request-body.ts";
import { parseJsonBody } from "./body.ts";
import { expectTag } from "./entity-tag.ts";
import {
  type GivenAnswer,
  type Idempotency,
  isRepeat,
  type KeptAnswer,
  type Repeatable,
  readIdempotencyKey,
} from "./idempotency.ts";
import type {
  Answer,
  AnswerFile,
  OpenOperation,
  Operation,
  SignedOperation,
  UncheckedCall,
  Upload,
} from "./operation.ts";
import { ORGANIZATION_HEADER, organizationNamed, principalOf } from "./principal.ts";

export const REPLAYED_HEADER = "Idempotent-Replayed";

/** What boundaries and part headers may add to a file. */
const MULTIPART_OVERHEAD_BYTES = 16_384;

/** How often a handler is run again when what it read was changed before it wrote. */
const MAX_ATTEMPTS = 5;

const JSON_TYPES: Readonly<Record<string, readonly string[]>> = {
  post: ["application/json"],
  patch: ["application/json", "application/merge-patch+json"],
};

const HEADERS = {
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
} as const;

/** Answers one request to one operation. Throws Problems, and DatabaseErrors that stand. */
export async function answer(
  env: Env,
  repeats: Idempotency,
  operation: Operation,
  c: Context,
): Promise<Response> {
  const principal = await principalOf(env, c);
  const isForThem = principal.kind === "user" && operation.forMembers === true;
  if (!isForThem) requireScope(principal, operation.scope);
  const request = c.req.raw;
  const organizationId = await organizationOf(
    env,
    principal,
    request.headers.get(ORGANIZATION_HEADER),
  );
  if (operation.withinOrganization && organizationId === null) throw organizationRequired();
  const url = new URL(request.url);
  const path = `${url.pathname}${url.search}`;
  const received = await readRequest(env, operation, request);
  const call: UncheckedCall = {
    env,
    principal,
    organizationId,
    params: c.req.param(),
    query: queryOf(url.searchParams),
    path,
    language: languageOf(request),
    ...received,
    expectUnchanged: (current) => expectTag(request.headers.get("if-match"), current),
  };
  const repeatable = await repeatableOf(repeats, operation, call, request, received.bytes);
  const kept = repeatable && (await repeats.replay(repeatable));
  if (kept) return replayed(kept);
  const done = await perform(env, repeats, operation, call, repeatable);
  if ("replay" in done) return replayed(done.replay);
  return respond(done.answer, done.body, request);
}

/** Answers one request that needs no key; a key that comes with it is not looked at. */
export async function answerOpen(
  env: Env,
  operation: OpenOperation,
  c: Context,
): Promise<Response> {
  const request = c.req.raw;
  const mediaType = requireMediaType(request, ["application/json", ...operation.uploads]);
  const call = { env, remoteAddress: remoteAddress(c.env, request.headers) };
  const {
    body = null,
    status,
    headers,
  } = await operation.run(
    mediaType === "application/json"
      ? { ...call, body: await readJson(env, request), upload: null }
      : { ...call, body: undefined, upload: await readUpload(env, request, mediaType) },
  );
  return json(JSON.stringify(body), status, { ...HEADERS, ...headers });
}

/** Answers one request that is signed by its sender; nothing of it is read before that is known. */
export async function answerSigned(
  env: Env,
  operation: SignedOperation,
  c: Context,
): Promise<Response> {
  const request = c.req.raw;
  requireMediaType(request, ["application/json"]);
  const bytes = await readBytes(request, env.config.maxBodyBytes);
  const { headers } = request;
  const { body, status } = await operation.run({ env, params: c.req.param(), headers, bytes });
  return json(JSON.stringify(body), status, HEADERS);
}

/** A person acts for the organization they named, a key for its own, a key of the site for the one it names or for none. */
async function organizationOf(
  env: Env,
  principal: Principal,
  named: string | null,
): Promise<string | null> {
  const own = principal.organizationId;
  if (principal.kind === "user" || named === null || named === own) return own;
  const found = await organizationNamed(env, named);
  if (found && (own === null || found.id === own)) return found.id;
  throw new Problem("not-found", `${ORGANIZATION_HEADER} names no organization of this key's.`);
}

function organizationRequired(): Problem {
  return new Problem(
    "organization-required",
    `This key belongs to the whole site, and ${ORGANIZATION_HEADER} is missing.`,
  );
}

/** A parameter given twice is an array, which no schema takes for one value. */
function queryOf(parameters: URLSearchParams): Record<string, string | string[]> {
  // From entries: assigning a parameter called __proto__ would change the object's prototype.
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}

interface Received {
  readonly body: unknown;
  readonly upload: Upload | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

async function readRequest(env: Env, operation: Operation, request: Request): Promise<Received> {
  if (operation.uploads) {
    const mediaType = requireMediaType(request, operation.uploads);
    const upload = await readUpload(env, request, mediaType, operation.maxUploadBytes);
    return { body: undefined, bytes: upload.bytes, upload };
  }
  if (!operation.body) return { body: undefined, upload: null, bytes: new Uint8Array(0) };
  requireMediaType(request, JSON_TYPES[operation.method] ?? ["application/json"]);
  const bytes = await readBytes(request, env.config.maxBodyBytes);
  return { body: parseJsonBody(bytes), upload: null, bytes };
}

async function readUpload(
  { config }: Env,
  request: Request,
  mediaType: string,
  most = config.maxUploadBytes,
): Promise<Upload> {
  const contentType = request.headers.get("content-type") ?? mediaType;
  const around = mediaType === "multipart/form-data" ? MULTIPART_OVERHEAD_BYTES : 0;
  const bytes = await readBytes(request, most + around);
  return { mediaType, contentType, bytes };
}

async function readJson(env: Env, request: Request): Promise<unknown> {
  return parseJsonBody(await readBytes(request, env.config.maxBodyBytes));
}

async function repeatableOf(
  repeats: Idempotency,
  operation: Operation,
  call: UncheckedCall,
  request: Request,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Repeatable | null> {
  if (operation.method === "get") return null;
  const key = readIdempotencyKey(request.headers.get("idempotency-key"));
  if (key === null) return null;
  return {
    callerId: call.principal.id,
    key,
    method: request.method,
    path: call.path,
    bodyHash: await repeats.hash(call.organizationId, bytes),
    secret: operation.secret === true,
  };
}

type Performed =
  | { readonly replay: GivenAnswer }
  | { readonly answer: Answer; readonly body: string };

/** Runs the handler and writes what it wants written; again when the ground moved under it. */
async function perform(
  env: Env,
  repeats: Idempotency,
  operation: Operation,
  call: UncheckedCall,
  repeatable: Repeatable | null,
): Promise<Performed> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const decided = await decide(repeats, operation, call, repeatable);
    if ("replay" in decided) return decided;
    let wanted: Answer | "again" | null = decided;
    while (wanted !== null && wanted !== "again") {
      const body = wanted.body === undefined ? "" : JSON.stringify(wanted.body);
      const error = await commit(env, repeats, repeatable, wanted, body);
      if (error === null) return { answer: wanted, body };
      if (repeatable && isRepeat(error)) return { replay: await winner(repeats, repeatable) };
      if (isOvertaken(error)) break;
      wanted = (await wanted.refused?.(error)) ?? null;
      if (wanted === null) throw error;
    }
  }
  throw new Problem("edit-conflict", "What this is based on kept changing while it was made.");
}

/** What the handler wants answered; or, where it refuses what its own twin has just done, the twin's answer. */
async function decide(
  repeats: Idempotency,
  operation: Operation,
  call: UncheckedCall,
  repeatable: Repeatable | null,
): Promise<Answer | { readonly replay: GivenAnswer }> {
  try {
    return await operation.run(call);
  } catch (error) {
    const kept = repeatable && (await repeats.replay(repeatable));
    if (kept) return { replay: kept };
    throw error;
  }
}

/** Null once everything is on disk; the database's refusal, when nothing is. */
async function commit(
  env: Env,
  repeats: Idempotency,
  repeatable: Repeatable | null,
  wanted: Answer,
  body: string,
): Promise<DatabaseError | null> {
  const { writes = [] } = wanted;
  // First, so that of two equal requests the later one fails on its key and on nothing else.
  const keep = repeatable ? await repeats.keep(repeatable, await keptOf(wanted, body)) : [];
  if (keep.length + writes.length === 0) return null;
  try {
    await env.db.batch([...keep, ...writes]);
    return null;
  } catch (error) {
    if (error instanceof DatabaseError) return error;
    throw error;
  }
}

/** What is given again, its entity tag included: who asks twice goes on from there as well. */
async function keptOf(
  { status, headers = {}, tagged = false }: Answer,
  body: string,
): Promise<KeptAnswer> {
  return { status, headers: tagged ? { ...headers, etag: await entityTag(body) } : headers, body };
}

async function winner(repeats: Idempotency, repeatable: Repeatable): Promise<GivenAnswer> {
  const kept = await repeats.replay(repeatable);
  if (kept) return kept;
  // A replica that has not heard of the winner yet.
  throw new Problem("temporarily-unavailable", "The same request is being answered just now.", {
    headers: { "retry-after": "1" },
  });
}

function replayed(kept: GivenAnswer): Response {
  // RFC 9111, section 5.1: whole seconds since the answer was made.
  const age = String(Math.floor(kept.age / 1_000));
  const headers = { ...HEADERS, ...kept.headers, age, [REPLAYED_HEADER]: "true" };
  return json(kept.body, kept.status, headers);
}

async function respond(wanted: Answer, body: string, request: Request): Promise<Response> {
  const headers: Record<string, string> = { ...HEADERS, ...wanted.headers };
  if (wanted.file) return fileResponse(wanted.file, headers);
  if (wanted.tagged) {
    const tag = await entityTag(body);
    headers.etag = tag;
    // RFC 9110, section 13.1.2: of a method that changes something, the condition is another one.
    const reads = request.method === "GET" || request.method === "HEAD";
    const known = reads ? request.headers.get("if-none-match") : null;
    if (isKnown(known, tag)) return new Response(null, { status: 304, headers });
  }
  return json(body, wanted.status, headers);
}

function json(body: string, status: number, headers: Record<string, string>): Response {
  if (status === 204) return new Response(null, { status, headers });
  return new Response(body, {
    status,
    headers: { ...headers, "content-type": "application/json" },
  });
}

/** As it is read from the database, so that no answer is ever held whole. */
function fileResponse(
  { mediaType, name, pieces }: AnswerFile,
  headers: Readonly<Record<string, string>>,
): Response {
  return new Response(streamOf(pieces), {
    headers: {
      ...headers,
      "content-type": mediaType,
      "content-disposition": `attachment; filename="${name}"`,
    },
  });
}
