// What an operation of the API is: its address, its schemas, and a function from a call to an answer.
import type { z } from "@hono/zod-openapi";
import type { Principal, Scope } from "../auth.ts";
import type { Statement, Writable } from "../db/database.ts";
import type { DatabaseError } from "../db/errors.ts";
import type { Env } from "../env.ts";
import type { Language } from "../language.ts";
import type { ProblemCode } from "../problem.ts";
import { parsed } from "./faults.ts";

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** One request, checked: who asks, and values of the declared types. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  readonly env: Env;
  readonly principal: Principal;
  /** The organization the caller acts for; null for a site key that named none, for a person never. */
  readonly organizationId: string | null;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Path and query as they were asked for, below the public origin. */
  readonly path: string;
  /** Of Accept-Language: for words that are shown to people as they are. Faults are in English. */
  readonly language: Language;
  /**
   * Throws a 412 Problem when the caller sent If-Match and the object, as GET shows it now, is
   * another. Says nothing where there is no If-Match.
   */
  expectUnchanged(current: unknown): Promise<void>;
}

/** A call within one organization: the key's own, or the one a site key named. */
export interface OrganizationCall<P = unknown, Q = unknown, B = unknown> extends Call<P, Q, B> {
  readonly organizationId: string;
}

export interface Upload {
  readonly mediaType: string;
  /** The whole header, with its parameters. */
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Answer {
  readonly status: 200 | 201 | 202 | 204;
  /** Sent as JSON; must be absent with 204. */
  readonly body?: unknown;
  /** Sent in place of `body`, piece by piece as it is read. */
  readonly file?: AnswerFile;
  readonly headers?: Readonly<Record<string, string>>;
  /** True where `body` is one object as GET shows it: it is then sent with its entity tag. */
  readonly tagged?: boolean;
  /** Written in one transaction, together with the answer where there is an Idempotency-Key. */
  readonly writes?: readonly (Writable | Statement)[];
  /**
   * What to answer when the database refused `writes`: another answer, with writes of its own or
   * none; `again` to run the handler once more on what is stored now; or throw a Problem.
   * Without it, or when it returns null, the database's error stands.
   */
  readonly refused?: (
    error: DatabaseError,
  ) => Answer | "again" | null | Promise<Answer | "again" | null>;
}

export interface AnswerFile {
  readonly mediaType: string;
  /** What a browser saves it as. */
  readonly name: string;
  readonly pieces: AsyncIterable<string>;
}

/** One way an operation can end well, for the OpenAPI document. */
export interface AnswerDescription {
  readonly status: 200 | 201 | 202 | 204;
  readonly description: string;
  /** Of an answer that is a file. */
  readonly mediaType?: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
}

interface Description {
  /** The operationId, as `createOrganization`. */
  readonly id: string;
  readonly method: Method;
  /** Below /api/v1, parameters in braces: `/organizations/{id}`. */
  readonly path: string;
  readonly tag: string;
  /** An imperative sentence without a full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly scope: Scope;
  /**
   * Every member of the organization who is signed in may call it, with no role that gives the scope:
   * what it shows them, and what they may do to whom, is for the handler to decide.
   */
  readonly forMembers?: true;
  readonly answers: readonly AnswerDescription[];
  /** Problems beyond those that any call of its kind can meet. */
  readonly problems?: readonly ProblemCode[];
  /** The request body's example. */
  readonly example?: unknown;
  /** The answer holds a secret: what is kept of it for a repeated request is sealed. */
  readonly secret?: boolean;
}

/** An operation as the edge serves it: schemas applied, types no longer needed. */
export interface Operation extends Description {
  /** Whether an organization must be named, by the key or by a header. */
  readonly withinOrganization: boolean;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Media types of a body that is not JSON. */
  readonly uploads?: readonly string[];
  /** Bytes of an upload that are read at most; `config.maxUploadBytes` where not given. */
  readonly maxUploadBytes?: number;
  run(call: UncheckedCall): Promise<Answer>;
}

export interface UncheckedCall extends Call {
  readonly upload: Upload | null;
}

/** What anyone may ask without a key. It writes nothing: what strangers send is not kept. */
export interface OpenOperation extends Omit<Description, "scope"> {
  readonly method: "post";
  /** Of a body of `application/json`; `uploads` are read as they are. */
  readonly body: z.ZodType;
  readonly uploads: readonly string[];
  run(call: OpenCall): Promise<Answer>;
}

/** What a sender may ask that proves itself by a signature over the body, in place of a key. */
export interface SignedOperation extends Omit<Description, "scope"> {
  readonly method: "post";
  readonly params: z.ZodType;
  /** For the documentation: it is read once the signature is known to be right. */
  readonly body: z.ZodType;
  run(call: SignedCall): Promise<Answer>;
}

export interface SignedCall {
  readonly env: Env;
  /** Of the path, as they were asked for. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Pick<Headers, "get">;
  /** The body as it was sent, `application/json`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface OpenCall {
  readonly env: Env;
  /** The parsed body of `application/json`, not checked yet; undefined where there is an upload. */
  readonly body: unknown;
  readonly upload: Upload | null;
  /** The address at the other end of the connection, where the runtime tells. */
  readonly remoteAddress: string | null;
}

interface Schemas<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
}

/** An operation on what an organization owns. */
export function operation<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  spec: Description &
    Schemas<P, Q, B> & {
      handle(call: OrganizationCall<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer>;
    },
): Operation {
  const { handle, ...described } = spec;
  return {
    ...described,
    withinOrganization: true,
    run: async (call) => handle({ ...checked(spec, call), organizationId: ownedBy(call) }),
  };
}

/** An operation that no organization need be named for. */
export function siteOperation<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  spec: Description &
    Schemas<P, Q, B> & {
      handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer>;
    },
): Operation {
  const { handle, ...described } = spec;
  return {
    ...described,
    withinOrganization: false,
    run: async (call) => handle(checked(spec, call)),
  };
}

/** An operation whose body is a file. */
export function uploadOperation<P extends z.ZodType, Q extends z.ZodType>(
  spec: Description &
    Pick<Schemas<P, Q, z.ZodType>, "params" | "query"> &
    Pick<Operation, "maxUploadBytes"> & {
      readonly uploads: readonly string[];
      handle(
        call: OrganizationCall<z.output<P>, z.output<Q>> & { readonly upload: Upload },
      ): Promise<Answer>;
    },
): Operation {
  const { handle, ...described } = spec;
  return {
    ...described,
    withinOrganization: true,
    async run(call) {
      if (!call.upload) throw new TypeError(`${spec.id} was called without an upload`);
      const { params, query } = checked(spec, call);
      return handle({ ...call, params, query, organizationId: ownedBy(call), upload: call.upload });
    },
  };
}

function ownedBy(call: UncheckedCall): string {
  if (call.organizationId === null) throw new TypeError("a call without its organization");
  return call.organizationId;
}

function checked<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  schemas: Schemas<P, Q, B>,
  call: UncheckedCall,
): Call<z.output<P>, z.output<Q>, z.output<B>> {
  const { env, principal, organizationId, path, language } = call;
  return {
    env,
    principal,
    organizationId,
    path,
    language,
    expectUnchanged: call.expectUnchanged,
    ...parsed(schemas, call),
  };
}
