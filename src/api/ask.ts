// A page's own use of the API: the same operation, with the rights of whoever is signed in, and no network between.
import type { Env } from "../env.ts";
import type { Language } from "../language.ts";
import type { ProblemDocument } from "../problem-document.ts";
import { API_PATH } from "./document.ts";
import { REPLAYED_HEADER } from "./edge.ts";
import { ORGANIZATION_HEADER } from "./principal.ts";
import { apiRoutes } from "./routes.ts";

export interface Question {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below /api/v1, with its query: `/badges?status=active`. */
  readonly path: string;
  readonly body?: unknown;
  /** In place of `body`: a file and its media type. */
  readonly upload?: { readonly mediaType: string; readonly bytes: Uint8Array<ArrayBuffer> };
  readonly ifMatch?: string;
  readonly idempotencyKey?: string;
  /** Of the page that shows what the answer says to people; English unless given. */
  readonly language?: Language;
}

export type Asked<T> =
  | {
      readonly ok: true;
      readonly status: number;
      readonly data: T;
      readonly etag: string | null;
      readonly location: string | null;
      /**
       * Seconds since the same question was answered, of which this is the answer: see
       * `idempotencyKey`. Null for an answer that was not given before.
       */
      readonly repeatedAfter: number | null;
    }
  | { readonly ok: false; readonly status: number; readonly problem: ProblemDocument };

const ROUTES = new WeakMap<Env, ReturnType<typeof apiRoutes>>();

/**
 * Asks one operation as the person whose session `request` brings, in an organization. A page can do
 * nothing this way that its reader could not do with the API. `T` is the operation's answer as its
 * schema describes it; null for one without a body. A form must have been checked before: to the
 * API the question comes from a page of ours.
 */
export async function ask<T = unknown>(
  env: Env,
  request: Request,
  organizationId: string,
  question: Question,
): Promise<Asked<T>> {
  const answer = await answerTo(env, request, organizationId, question);
  const text = await answer.text();
  const data: unknown = text === "" ? null : JSON.parse(text);
  const { status } = answer;
  // Both shapes are the API's own, held by its schemas and tests.
  if (!answer.ok) return { ok: false, status, problem: data as ProblemDocument };
  return {
    ok: true,
    status,
    data: data as T,
    etag: answer.headers.get("etag"),
    location: answer.headers.get("location"),
    repeatedAfter: answer.headers.has(REPLAYED_HEADER) ? Number(answer.headers.get("age")) : null,
  };
}

/** Asks for a file, which is sent on as it comes; what is no file is a problem, as `ask` tells it. */
export async function askFile(
  env: Env,
  request: Request,
  organizationId: string,
  path: string,
): Promise<Response | ProblemDocument> {
  const answer = await answerTo(env, request, organizationId, { method: "GET", path });
  // The API's own shape, held by its schemas and tests.
  return answer.ok ? answer : ((await answer.json()) as ProblemDocument);
}

function answerTo(
  env: Env,
  request: Request,
  organizationId: string,
  question: Question,
): Response | Promise<Response> {
  const { method, path, body, upload, ifMatch, idempotencyKey, language } = question;
  const headers = new Headers({ [ORGANIZATION_HEADER]: organizationId });
  headers.set("cookie", request.headers.get("cookie") ?? "");
  headers.set("origin", env.config.publicUrl);
  if (language !== undefined) headers.set("accept-language", language);
  if (ifMatch !== undefined) headers.set("if-match", ifMatch);
  if (idempotencyKey !== undefined) headers.set("idempotency-key", idempotencyKey);
  if (upload !== undefined) headers.set("content-type", upload.mediaType);
  if (body !== undefined) headers.set("content-type", "application/json");
  const routes = ROUTES.get(env) ?? apiRoutes(env);
  ROUTES.set(env, routes);
  return routes.fetch(
    new Request(`${env.config.publicUrl}${API_PATH}${path}`, {
      method,
      headers,
      ...(upload === undefined ? {} : { body: upload.bytes }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
}
