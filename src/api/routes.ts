// The JSON API: every resource mounted, its OpenAPI document and the page that shows it.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown } from "../answer.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { API_PATH, type OpenApiDocument, openApiDocument } from "./document.ts";
import { answer } from "./edge.ts";
import { idempotency } from "./idempotency.ts";
import type { Operation } from "./operation.ts";
import { OPERATIONS } from "./resources.ts";

export function apiRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  const repeats = idempotency(env);
  for (const operation of OPERATIONS) {
    app.on(operation.method.toUpperCase(), pattern(operation.path), (c) =>
      answer(env, repeats, operation, c),
    );
  }
  for (const [path, methods] of methodsByPath(OPERATIONS)) {
    app.all(pattern(path), () => {
      throw new Problem("method-not-allowed", "This address does not answer that method.", {
        headers: { allow: methods.join(", ") },
      });
    });
  }

  let document: OpenApiDocument | undefined;
  app.get("/openapi.json", (c: Context) => {
    document ??= openApiDocument(env, OPERATIONS);
    return c.json(document, 200, { "cache-control": "public, max-age=300" });
  });
  return app;
}

/** As Hono writes it: `/organizations/{id}` is `/api/v1/organizations/:id`. */
function pattern(path: string): string {
  return `${API_PATH}${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
}

function methodsByPath(operations: readonly Operation[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { path, method } of operations) {
    const methods = method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()];
    found.set(path, [...(found.get(path) ?? []), ...methods]);
  }
  return found;
}
