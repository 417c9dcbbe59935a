// The OpenAPI 3.1 document, made of the same operations that are served.
import { OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import { COORDINATOR, scopesOf } from "../auth.ts";
import type { Env } from "../env.ts";
import { PROBLEMS, type ProblemCode } from "../problem.ts";
import { cookieName } from "../signin/cookies.ts";
import { SESSION_COOKIE } from "../signin/session.ts";
import { WEBHOOK_HEADERS } from "../standard-webhooks.ts";
import { REPLAYED_HEADER } from "./edge.ts";
import { MAX_KEY_LENGTH } from "./idempotency.ts";
import type { AnswerDescription, OpenOperation, Operation, SignedOperation } from "./operation.ts";
import { ORGANIZATION_HEADER } from "./principal.ts";

export const API_PATH = "/api/v1";
const VERSION = "1.0.0";

const words = (codes: readonly string[]) => codes.map((code) => `\`${code}\``).join(", ");

const INTRODUCTION = `Define badges, award them and manage the people who earn them.

Send \`Authorization: Bearer ros_…\` with every request; only verifying badges needs no key. A key belongs to one organization and sees nothing else; a key of the whole site names the organization it means with \`${ORGANIZATION_HEADER}\`.

People who are signed in use the same addresses from pages of this site, without a key: they name the organization with \`${ORGANIZATION_HEADER}\`, and their roles in it say what they may do. An \`organization_administrator\` has all its scopes, a \`coordinator\` ${words(scopesOf([COORDINATOR]))}, and every member what is their own.

Repeat a request that changes something safely by sending the same \`Idempotency-Key\`: the first answer is given again, with \`${REPLAYED_HEADER}: true\`. Lists come in pages: pass \`next_cursor\` as \`cursor\`. Objects have an \`ETag\`; send it as \`If-Match\` with a change to be told (412) when somebody else was faster. Every fault is a problem document (RFC 9457) whose \`type\` opens a page that says what to do. Times are ISO 8601 in UTC.`;

const problemSchema = z
  .object({
    type: z.string().openapi({ format: "uri" }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    fix: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional().openapi({ description: "RFC 6901, into the body" }),
          parameter: z.string().optional(),
          code: z.string(),
          detail: z.string(),
          fix: z.string(),
        }),
      )
      .optional(),
    request_id: z.string(),
  })
  .openapi("Problem");

const OPEN_PROBLEMS = [
  "invalid-request",
  "invalid-json",
  "body-too-large",
  "unsupported-media-type",
  "internal-error",
] as const satisfies readonly ProblemCode[];

/** Methods that change an object the caller has read: they heed If-Match. */
const CONDITIONAL: ReadonlySet<string> = new Set(["put", "patch", "delete"]);

type AnyOperation = Operation | OpenOperation | SignedOperation;

function isOpen(operation: AnyOperation): operation is OpenOperation | SignedOperation {
  return !("scope" in operation);
}

function isSigned(operation: AnyOperation): operation is SignedOperation {
  return isOpen(operation) && "params" in operation;
}

/** Problems any call of an operation's kind can meet, besides its own. */
function problemsOf(operation: AnyOperation): ProblemCode[] {
  if (isOpen(operation)) return [...OPEN_PROBLEMS, ...(operation.problems ?? [])];
  const codes = new Set<ProblemCode>([
    "missing-credentials",
    "invalid-credentials",
    "insufficient-scope",
    "organization-required",
    "role-required",
    "not-found",
    "invalid-request",
    "internal-error",
    "temporarily-unavailable",
  ]);
  const add = (...more: ProblemCode[]) => {
    for (const code of more) codes.add(code);
  };
  if (operation.body) add("invalid-json", "body-too-large", "unsupported-media-type");
  if (operation.uploads) add("body-too-large", "unsupported-media-type");
  if (operation.method !== "get") {
    add("storage-full", "cross-site-request", "idempotency-key-invalid", "idempotency-key-reused");
  }
  if (CONDITIONAL.has(operation.method)) {
    add("precondition-failed", "edit-conflict");
  }
  add(...(operation.problems ?? []));
  return [...codes];
}

function problemAnswers(env: Env, operation: AnyOperation): RouteConfig["responses"] {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(operation)) {
    const status = PROBLEMS[code].status;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(" "),
        content: {
          "application/problem+json": {
            schema: problemSchema,
            examples: Object.fromEntries(
              codes.map((code) => [code, { value: example(env, code) }]),
            ),
          },
        },
      },
    ]),
  );
}

function example(env: Env, code: ProblemCode) {
  const { title, status, what, fix } = PROBLEMS[code];
  return {
    type: env.urls.problem(code),
    title,
    status,
    detail: what,
    code,
    fix,
    request_id: "0197a5d2-7c41-7e02-9f6b-1a2b3c4d5e6f",
  };
}

function goodAnswer(answer: AnswerDescription): RouteConfig["responses"][string] {
  const { schema, description, example: value, mediaType } = answer;
  if (mediaType !== undefined) {
    return { description, content: { [mediaType]: { schema: z.string() } } };
  }
  if (!schema) return { description };
  const shown = value === undefined ? {} : { example: value };
  return { description, content: { "application/json": { schema, ...shown } } };
}

const SIGNATURE_HEADERS = {
  [WEBHOOK_HEADERS.id]: z.string().openapi({ description: "The same when it is sent again" }),
  [WEBHOOK_HEADERS.timestamp]: z.string().openapi({ description: "Seconds since 1970" }),
  [WEBHOOK_HEADERS.signature]: z.string().openapi({ description: "`v1,` and base64" }),
};

/** Headers that mean something to an operation. */
function headersOf(operation: AnyOperation): z.ZodObject {
  if (isSigned(operation)) return z.object(SIGNATURE_HEADERS);
  if (isOpen(operation)) return z.object({});
  const shape: Record<string, z.ZodType> = {};
  shape[ORGANIZATION_HEADER] = z
    .string()
    .optional()
    .openapi({
      description: operation.withinOrganization
        ? "Id or slug; needed by people and with a key of the whole site."
        : "Id or slug; needed by people, and to act for one organization with a key of the whole site.",
    });
  if (operation.method !== "get") {
    shape["Idempotency-Key"] = z.string().min(1).max(MAX_KEY_LENGTH).optional().openapi({
      description: "Visible ASCII; the same key with the same request gives the same answer.",
    });
  }
  if (operation.method === "get" && operation.params) {
    shape["If-None-Match"] = z.string().optional();
  }
  if (CONDITIONAL.has(operation.method)) {
    shape["If-Match"] = z.string().optional().openapi({
      description: "The ETag of the object as you read it.",
    });
  }
  return z.object(shape);
}

function bodyOf(operation: AnyOperation): Pick<NonNullable<RouteConfig["request"]>, "body"> {
  const { body, example: given } = operation;
  const uploads = "uploads" in operation ? operation.uploads : undefined;
  if (!body && !uploads) return {};
  const shown = given === undefined ? {} : { example: given };
  const binary = z.string().openapi({ format: "binary" });
  const content = {
    ...(body ? { "application/json": { schema: body, ...shown } } : {}),
    ...Object.fromEntries(
      (uploads ?? []).map((type) => [
        type,
        { schema: type === "multipart/form-data" ? z.object({ file: binary }) : binary },
      ]),
    ),
  };
  return { body: { required: true, content } };
}

function routeOf(env: Env, operation: AnyOperation): RouteConfig {
  const params = "params" in operation ? operation.params : undefined;
  const query = "query" in operation ? operation.query : undefined;
  return {
    method: operation.method,
    path: `${API_PATH}${operation.path}`,
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    tags: [operation.tag],
    security: isOpen(operation) ? [] : [{ key: [operation.scope] }, { session: [] }],
    request: {
      ...(params instanceof z.ZodObject ? { params } : {}),
      ...(query instanceof z.ZodObject ? { query } : {}),
      headers: headersOf(operation),
      ...bodyOf(operation),
    },
    responses: {
      ...Object.fromEntries(operation.answers.map((a) => [a.status, goodAnswer(a)])),
      ...(operation.method === "get" && params
        ? { 304: { description: "Unchanged since the ETag in If-None-Match." } }
        : {}),
      ...problemAnswers(env, operation),
    },
  };
}

/** The whole document, with this installation's own addresses. */
export function openApiDocument(env: Env, operations: readonly AnyOperation[]) {
  const generator = new OpenAPIHono();
  generator.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "An API key, made by `rosette keys create` or `POST /api/v1/api-keys`.",
  });
  generator.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: cookieName(env, SESSION_COOKIE),
    description:
      "The session of somebody who signed in at /login. What changes something must come from a page of this site (`Origin`).",
  });
  for (const operation of operations) {
    generator.openAPIRegistry.registerPath(routeOf(env, operation));
  }
  return generator.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Rosette", version: VERSION, description: INTRODUCTION },
    servers: [{ url: env.urls.base }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
  });
}

export type OpenApiDocument = ReturnType<typeof openApiDocument>;
