// How a failure becomes an answer: one place, for every room, in HTML or JSON by what is asked for.
import type { Context, Hono } from "hono";
import { DatabaseError } from "./db/errors.ts";
import type { Env } from "./env.ts";
import { newId } from "./ids.ts";
import { languageOf } from "./language.ts";
import { negotiate, type Offers } from "./obv2/negotiate.ts";
import { Problem } from "./problem.ts";
import { problemDocument } from "./problem-document.ts";

/** HTML comes last: a browser gets it for liking it more than JSON; everything else gets JSON. */
const FAILURE: Offers = [
  "application/problem+json",
  "application/json",
  "application/ld+json",
  "text/html",
];

function prefersHtml(accept: string | undefined): boolean {
  return negotiate(accept, FAILURE) === "text/html";
}

/** The error beneath a query builder's, whose own message prints people's data. */
function databaseErrorIn(error: unknown): DatabaseError | null {
  for (
    let node = error, depth = 0;
    node instanceof Error && depth < 5;
    node = node.cause, depth++
  ) {
    if (node instanceof DatabaseError) return node;
  }
  return null;
}

/** Any error as a Problem; what is not one of ours says nothing of itself to the caller. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const database = databaseErrorIn(error);
  if (database?.code === "busy" || database?.code === "unreachable") {
    return new Problem("temporarily-unavailable", "The database did not take this in time.", {
      headers: { "retry-after": "5" },
      cause: error,
    });
  }
  if (database?.code === "full") {
    return new Problem("storage-full", "There is no room left to store this.", { cause: error });
  }
  return new Problem("internal-error", "The request could not be completed.", { cause: error });
}

/** Answers with the problem that an error is; one of ours is logged, without its message. */
export async function answerProblem(env: Env, c: Context, error: unknown): Promise<Response> {
  const problem = toProblem(error);
  const requestId = newId(env);
  if (problem.status >= 500) logFailure(env, c, problem, error, requestId);
  const headers = {
    ...problem.headers,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    vary: "Accept",
  };
  if (prefersHtml(c.req.header("accept")) && !c.req.path.startsWith("/api/")) {
    if (problem.code === "sign-in-required") {
      return c.body(null, 303, { ...headers, location: loginAddress(env, c) });
    }
    const { PAGE_HEADERS, problemPage, spoken } = await import("./pages/problem.tsx");
    const language = languageOf(c.req.raw);
    const sent = c.req.method === "POST";
    const page = await problemPage({ problem, requestId, sent, urls: env.urls, language });
    const shown = { ...headers, ...spoken(PAGE_HEADERS, language) };
    return c.body(String(page), problem.status, shown);
  }
  const document = problemDocument(problem, env.urls.problem(problem.code), requestId);
  return c.body(JSON.stringify(document), problem.status, {
    ...headers,
    "content-type": "application/problem+json",
  });
}

/** Where to sign in, and come back to: the page itself, or the one whose form was sent. */
function loginAddress(env: Env, c: Context): string {
  const request = new URL(c.req.url);
  const reading = c.req.method === "GET" || c.req.method === "HEAD";
  const referer = c.req.header("referer") ?? "";
  const page = reading ? request : URL.canParse(referer) ? new URL(referer) : null;
  if (page === null || ![request.origin, env.config.publicUrl].includes(page.origin)) {
    return "/login";
  }
  return `/login?next=${encodeURIComponent(page.pathname + page.search)}`;
}

/** Codes and places, not messages: a driver's message can hold what somebody typed. */
function logFailure(env: Env, c: Context, problem: Problem, error: unknown, requestId: string) {
  const database = databaseErrorIn(error);
  const origin = database?.cause ?? (error instanceof Problem ? error.cause : error);
  env.log.error("request.failed", {
    request_id: requestId,
    code: problem.code,
    method: c.req.method,
    route: c.req.routePath,
    database: database?.code,
    error: origin instanceof Error ? origin.name : undefined,
    at: origin instanceof Error ? firstFrame(origin) : undefined,
  });
}

function firstFrame(error: Error): string | undefined {
  return error.stack
    ?.split("\n")
    .find((line) => line.startsWith("    at "))
    ?.trim();
}

/** 404 for an address that no route has. */
export function answerUnknown(env: Env, c: Context): Promise<Response> {
  return answerProblem(env, c, new Problem("not-found", "There is nothing at this address."));
}

/** To be thrown where an address is known and the method is not; `allow` as the header has it. */
export function wrongMethod(allow: string): Problem {
  const detail = "This address does not answer that method.";
  return new Problem("method-not-allowed", detail, { headers: { allow } });
}

/**
 * Answers 405 where an address of `methods` is asked with a method that it has no route for: to be
 * called when all routes are there. `allow` as the header has it.
 */
export function refuseOtherMethods(
  app: Hono,
  methods: readonly (readonly [path: string, allow: string])[],
): void {
  for (const [path, allow] of methods) {
    app.all(path, () => {
      throw wrongMethod(allow);
    });
  }
}
