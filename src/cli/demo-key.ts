// The demo's API key: the same at every start, so that it can be printed, and good for nothing elsewhere.
import { and, eq, isNull } from "drizzle-orm";
import { KEY_PREFIX, keyHash } from "../auth.ts";
import { DatabaseError } from "../db/errors.ts";
import { apiKeys, organizations } from "../db/organizations.ts";
import { DEMO_ORGANIZATION } from "../demo-organization.ts";
import { derivedKey } from "../derived-key.ts";
import type { Env } from "../env.ts";
import { toBase64url } from "../ids.ts";
import { createApiKey } from "../issuer/api-key.ts";
import { OPERATOR } from "./installation.ts";

/**
 * A key of the demo's organization, made from the installation's own secret; null where there is no
 * such organization, or somebody has revoked the key.
 */
export async function demoKey(env: Env): Promise<string | null> {
  const { slug, url } = DEMO_ORGANIZATION;
  const [organization] = await env.db.orm
    .select({ id: organizations.id })
    .from(organizations)
    .where(and(eq(organizations.slug, slug), eq(organizations.url, url)));
  if (organization === undefined) return null;
  const bytes = await derivedKey(env.config.secretKey, "demo api key");
  const key = `${KEY_PREFIX}${toBase64url(bytes)}`;
  await makeKnown(env, organization.id, bytes);
  const [standing] = await env.db.orm
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(eq(apiKeys.key_hash, await keyHash(key)), isNull(apiKeys.revoked_at)));
  return standing === undefined ? null : key;
}

/** Does nothing where it is known, revoked or not. */
async function makeKnown(
  env: Env,
  organizationId: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const random: Env["random"] = (length) => (length === bytes.length ? bytes : env.random(length));
  const input = { name: "Demo", scopes: ["*"], expiresAt: null } as const;
  const { writes } = await createApiKey({ ...env, random }, organizationId, input, OPERATOR);
  try {
    await env.db.batch([...writes]);
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === "unique")) throw error;
  }
}
