// Signing keys over the API: list, read, rotate, revoke. No answer holds anything private.
import { z } from "@hono/zod-openapi";
import { findSigningKey, listSigningKeys, type PublicKey } from "../db/signing-keys.ts";
import type { Env } from "../env.ts";
import { revokeSigningKey, rotateSigningKey } from "../issuer/signing-key.ts";
import { Problem } from "../problem.ts";
import { newRevocation } from "./award-schema.ts";
import { idParam, instant, instantOrNull, time } from "./fields.ts";
import { type Operation, siteOperation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";

const STATUSES = ["current", "retired", "revoked"] as const;

const shown = z
  .object({
    id: z.string().openapi({ description: "The `kid` in signatures and in the JWK set" }),
    organization: z
      .string()
      .nullable()
      .openapi({ description: "Null: the installation's own, for its own statements" }),
    status: z.enum(STATUSES),
    algorithm: z.literal("RS256"),
    url: z.string().nullable().openapi({ description: "The public document of the key" }),
    public_jwk: z.object({ kty: z.literal("RSA"), n: z.string(), e: z.string() }),
    public_pem: z.string(),
    created_at: time(),
    retired_at: time().nullable(),
    revoked_at: time().nullable(),
    revocation_reason: z.string().nullable(),
  })
  .openapi("SigningKey");

function statusOf(key: PublicKey): (typeof STATUSES)[number] {
  if (key.revoked_at !== null) return "revoked";
  return key.retired_at === null ? "current" : "retired";
}

function show(env: Env, key: PublicKey): z.input<typeof shown> {
  const { kty, n, e } = key.public_jwk;
  return {
    id: key.id,
    organization: key.organization_id,
    status: statusOf(key),
    algorithm: key.algorithm,
    url: key.organization_id === null ? null : env.urls.key(key.id),
    public_jwk: { kty, n, e },
    public_pem: key.public_pem,
    created_at: instant(key.created_at),
    retired_at: instantOrNull(key.retired_at),
    revoked_at: instantOrNull(key.revoked_at),
    revocation_reason: key.revocation_reason,
  };
}

async function visible(env: Env, organizationId: string | null, id: string): Promise<PublicKey> {
  const key = await findSigningKey(env.db, organizationId, id);
  if (key === null) throw new Problem("not-found", "There is no such signing key.");
  return key;
}

const TAG = "Signing keys";

export const signingKeyOperations: readonly Operation[] = [
  siteOperation({
    id: "listSigningKeys",
    method: "get",
    path: "/signing-keys",
    tag: TAG,
    summary: "List signing keys",
    description:
      "Retired and revoked ones too. A key of the site that names no organization sees the installation's own.",
    scope: "keys:read",
    query: pageQuery,
    answers: [{ status: 200, description: "A page of keys.", schema: pageOf(shown) }],
    async handle(call) {
      const rows = await listSigningKeys(call.env.db, call.organizationId, call.query);
      return pageAnswer(
        call,
        rows,
        ({ id }) => id,
        (row) => show(call.env, row),
      );
    },
  }),
  siteOperation({
    id: "rotateSigningKey",
    method: "post",
    path: "/signing-keys",
    tag: TAG,
    summary: "Make a new signing key, and retire the one before",
    description:
      "Badges signed before go on verifying: a retired key stays at its address and in the JWK set, and signs no more. Asked for again, a badge is signed with the new key. The first key is made by itself when the first signed badge is asked for.",
    scope: "keys:write",
    answers: [{ status: 201, description: "The key that is current now.", schema: shown }],
    async handle({ env, organizationId, principal }) {
      const { result, writes } = await rotateSigningKey(env, organizationId, principal);
      return {
        status: 201,
        body: show(env, result),
        headers: { location: `/api/v1/signing-keys/${result.id}` },
        writes,
      };
    },
  }),
  siteOperation({
    id: "getSigningKey",
    method: "get",
    path: "/signing-keys/{id}",
    tag: TAG,
    summary: "Read a signing key's public half",
    scope: "keys:read",
    params: idParam,
    answers: [{ status: 200, description: "The key.", schema: shown }],
    async handle({ env, organizationId, params }) {
      const key = await visible(env, organizationId, params.id);
      return { status: 200, body: show(env, key), tagged: true };
    },
  }),
  siteOperation({
    id: "revokeSigningKey",
    method: "post",
    path: "/signing-keys/{id}/revoke",
    tag: TAG,
    summary: "Revoke a signing key that others may know",
    description:
      "Every badge signed with it stops verifying, wherever it is; hosted badges are not affected. People who hold a signed file must be given a new one: asked for again, a badge is signed with another key. The reason is public. Repeating it changes nothing. To change keys as a precaution, rotate instead.",
    scope: "keys:write",
    params: idParam,
    body: newRevocation,
    example: { reason: "A backup that held the secret was stolen." },
    answers: [{ status: 200, description: "The revoked key.", schema: shown }],
    async handle({ env, organizationId, params, body, principal, expectUnchanged }) {
      await expectUnchanged(show(env, await visible(env, organizationId, params.id)));
      const { id } = params;
      const { reason } = body;
      const { result, writes } = await revokeSigningKey(env, organizationId, id, reason, principal);
      return { status: 200, body: show(env, result), tagged: true, writes };
    },
  }),
];
