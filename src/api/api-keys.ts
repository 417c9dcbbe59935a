// API keys over the API: a key is shown when it is made, and never again.
import { z } from "@hono/zod-openapi";
import { SCOPES } from "../auth.ts";
import { findApiKey, listApiKeys } from "../db/api-keys.ts";
import type { ApiKey } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import { createApiKey, revokeApiKey } from "../issuer/api-key.ts";
import { Problem } from "../problem.ts";
import { idParam, instant, instantOrNull, line, moment, time } from "./fields.ts";
import { type Operation, siteOperation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";

const scope = z.enum(["*", ...SCOPES]);

const creation = z
  .strictObject({
    name: line(100),
    scopes: z.array(scope).min(1).max(SCOPES.length),
    expires_at: moment().optional(),
  })
  .openapi("NewApiKey");

const shown = z
  .object({
    id: z.string(),
    organization: z.string().nullable().openapi({ description: "Null: the whole site" }),
    name: z.string(),
    prefix: z.string().openapi({ description: "How the key begins" }),
    scopes: z.array(z.string()),
    created_at: time(),
    expires_at: time().nullable(),
    last_used_at: time()
      .nullable()
      .openapi({ description: "Within some minutes; null for a key that was never used" }),
    revoked_at: time().nullable(),
  })
  .openapi("ApiKey");

const made = shown.extend({ key: z.string() }).openapi("MadeApiKey");

function show(row: ApiKey): z.input<typeof shown> {
  return {
    id: row.id,
    organization: row.organization_id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    created_at: instant(row.created_at),
    expires_at: instantOrNull(row.expires_at),
    last_used_at: instantOrNull(row.last_used_at),
    revoked_at: instantOrNull(row.revoked_at),
  };
}

async function visible(env: Env, organizationId: string | null, id: string): Promise<ApiKey> {
  const row = await findApiKey(env.db, organizationId, id);
  if (!row) throw new Problem("not-found", "There is no such API key.");
  return row;
}

export const apiKeyOperations: readonly Operation[] = [
  siteOperation({
    id: "listApiKeys",
    method: "get",
    path: "/api-keys",
    tag: "API keys",
    summary: "List API keys",
    description: "Revoked ones too. A key of the site sees all keys, or one organization's.",
    scope: "keys:read",
    query: pageQuery,
    answers: [{ status: 200, description: "A page of keys.", schema: pageOf(shown) }],
    async handle(call) {
      const rows = await listApiKeys(call.env.db, call.organizationId, call.query);
      return pageAnswer(call, rows, ({ id }) => id, show);
    },
  }),
  siteOperation({
    id: "createApiKey",
    method: "post",
    path: "/api-keys",
    tag: "API keys",
    summary: "Make an API key",
    description:
      "The answer is the only place the key is ever shown. It has at most the scopes of the key that makes it, and expires no later. A key of the site that names no organization makes another key of the site.",
    scope: "keys:write",
    secret: true,
    body: creation,
    example: { name: "Course platform", scopes: ["awards:write", "badges:read"] },
    answers: [{ status: 201, description: "The key, and what is stored of it.", schema: made }],
    async handle({ env, organizationId, principal, body }) {
      const input = { ...body, expiresAt: body.expires_at ?? null };
      const { row, key, writes } = await createApiKey(env, organizationId, input, principal);
      return {
        status: 201,
        body: { ...show(row), key } satisfies z.input<typeof made>,
        headers: { location: `/api/v1/api-keys/${row.id}` },
        writes,
      };
    },
  }),
  siteOperation({
    id: "getApiKey",
    method: "get",
    path: "/api-keys/{id}",
    tag: "API keys",
    summary: "Read what is stored of an API key",
    scope: "keys:read",
    params: idParam,
    answers: [{ status: 200, description: "The key without its secret.", schema: shown }],
    async handle({ env, organizationId, params }) {
      const row = await visible(env, organizationId, params.id);
      return { status: 200, body: show(row), tagged: true };
    },
  }),
  siteOperation({
    id: "revokeApiKey",
    method: "delete",
    path: "/api-keys/{id}",
    tag: "API keys",
    summary: "Revoke an API key",
    description: "It stays in the list, and opens nothing any more.",
    scope: "keys:write",
    params: idParam,
    answers: [{ status: 204, description: "It is revoked." }],
    async handle({ env, organizationId, principal, params, expectUnchanged }) {
      const row = await visible(env, organizationId, params.id);
      await expectUnchanged(show(row));
      return { status: 204, writes: revokeApiKey(env, row, principal) };
    },
  }),
];
