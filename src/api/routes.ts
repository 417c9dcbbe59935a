// The JSON API: every resource mounted, its OpenAPI document and the page that shows it.
import { Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../answer.ts";
import type { Env } from "../env.ts";
import { languageOf } from "../language.ts";
import { API_PATH, type OpenApiDocument, openApiDocument } from "./document.ts";
import { answer, answerOpen, answerSigned } from "./edge.ts";
import { idempotency } from "./idempotency.ts";
import type { OpenOperation, Operation, SignedOperation } from "./operation.ts";
import { OPEN_OPERATIONS, OPERATIONS, SIGNED_OPERATIONS } from "./resources.ts";

/** They change with a new version of the program only. */
const FOR_A_WHILE = { "cache-control": "public, max-age=300" };

const ALL = [...OPERATIONS, ...OPEN_OPERATIONS, ...SIGNED_OPERATIONS];

const READING = ["GET", "HEAD"] as const;

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
  for (const operation of OPEN_OPERATIONS) {
    app.post(pattern(operation.path), (c) => answerOpen(env, operation, c));
  }
  for (const operation of SIGNED_OPERATIONS) {
    app.post(pattern(operation.path), (c) => answerSigned(env, operation, c));
  }
  const answersOnly = (path: string, methods: readonly string[]) =>
    app.all(path, () => {
      throw wrongMethod(methods.join(", "));
    });
  for (const [path, methods] of methodsByPath(ALL)) {
    answersOnly(pattern(path), methods);
  }

  let document: OpenApiDocument | undefined;
  const made = () => {
    document ??= openApiDocument(env, ALL);
    return document;
  };
  app.get("/openapi.json", (c) => c.json(made(), 200, FOR_A_WHILE));
  app.get("/docs", async (c) => {
    const [{ ApiDocs }, { docsPage }, { PAGE_HEADERS, spoken }] = await Promise.all([
      import("./docs.tsx"),
      import("../pages/docs-frame.tsx"),
      import("../pages/headers.ts"),
    ]);
    const language = languageOf(c.req.raw);
    const page = await docsPage({ language, children: ApiDocs({ document: made() }) });
    return c.body(String(page), 200, { ...spoken(PAGE_HEADERS, language), ...FOR_A_WHILE });
  });
  for (const path of ["/openapi.json", "/docs"]) answersOnly(path, READING);
  return app;
}

/** As Hono writes it: `/organizations/{id}` is `/api/v1/organizations/:id`. */
function pattern(path: string): string {
  return `${API_PATH}${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
}

function methodsByPath(
  operations: readonly Pick<Operation | OpenOperation | SignedOperation, "path" | "method">[],
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { path, method } of operations) {
    const methods = method === "get" ? READING : [method.toUpperCase()];
    found.set(path, [...(found.get(path) ?? []), ...methods]);
  }
  return found;
}
