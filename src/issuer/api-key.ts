// API keys: made once, shown once, never wider than the key that made them and never outliving it.
import { eq } from "drizzle-orm";
import { KEY_PREFIX, keyHash, type Principal, type Scope } from "../auth.ts";
import type { Writable } from "../db/database.ts";
import { type ApiKey, apiKeys } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import { newId, toBase64url } from "../ids.ts";
import { type FieldError, Problem } from "../problem.ts";
import { audited } from "./audit.ts";

/** 256 random bits. */
const KEY_BYTES = 32;
/** Enough to tell keys apart, too little to guess the rest from. */
const SHOWN_PREFIX_LENGTH = KEY_PREFIX.length + 6;

export interface KeyInput {
  readonly name: string;
  readonly scopes: readonly (Scope | "*")[];
  /** Milliseconds since 1970; null for a key that does not expire. */
  readonly expiresAt: number | null;
}

export interface MadeKey {
  readonly row: ApiKey;
  /** The key itself, which is stored nowhere. */
  readonly key: string;
  readonly writes: readonly Writable[];
}

/**
 * A new key for an organization, or with null for the whole site. Throws Problems:
 * `insufficient-scope` when the maker lacks one of the scopes, or expires before the key would;
 * `invalid-request` when the key would have expired already.
 */
export async function createApiKey(
  env: Env,
  organizationId: string | null,
  input: KeyInput,
  maker: Principal,
): Promise<MadeKey> {
  requireHeld(maker, input.scopes);
  const now = env.now();
  if (input.expiresAt !== null && input.expiresAt <= now) throw expired();
  requireOutlived(maker, input.expiresAt);
  const key = `${KEY_PREFIX}${toBase64url(env.random(KEY_BYTES))}`;
  const row: ApiKey = {
    id: newId(env),
    organization_id: organizationId,
    name: input.name,
    prefix: key.slice(0, SHOWN_PREFIX_LENGTH),
    key_hash: await keyHash(key),
    scopes: [...new Set(input.scopes)],
    created_at: now,
    expires_at: input.expiresAt,
    last_used_at: null,
    revoked_at: null,
  };
  const entry = audited(env, {
    organizationId,
    actor: maker,
    action: "api_key.created",
    object: ["api_key", row.id],
    detail: { scopes: row.scopes },
  });
  return { row, key, writes: [entry, env.db.orm.insert(apiKeys).values(row)] };
}

/** From the moment this is written the key opens nothing. Nothing to write for a revoked one. */
export function revokeApiKey(env: Env, row: ApiKey, actor: Principal): readonly Writable[] {
  if (row.revoked_at !== null) return [];
  return [
    audited(env, {
      organizationId: row.organization_id,
      actor,
      action: "api_key.revoked",
      object: ["api_key", row.id],
    }),
    env.db.orm.update(apiKeys).set({ revoked_at: env.now() }).where(eq(apiKeys.id, row.id)),
  ];
}

/** A key that could make a wider one would be as wide itself. */
function requireHeld(maker: Principal, scopes: KeyInput["scopes"]): void {
  if (maker.scopes.includes("*")) return;
  const errors: FieldError[] = scopes.flatMap((scope, i) =>
    maker.scopes.includes(scope)
      ? []
      : [
          {
            pointer: `/scopes/${i}`,
            code: "scope_not_held",
            detail: `The key that makes this one does not have ${scope} itself.`,
            fix: "Leave the scope out, or make the key with one that has it.",
          },
        ],
  );
  if (errors.length === 0) return;
  throw new Problem("insufficient-scope", "A key cannot make a key wider than itself.", { errors });
}

/** A key that could make a longer-lived one would never expire itself. */
function requireOutlived({ expiresAt }: Principal, wanted: KeyInput["expiresAt"]): void {
  if (expiresAt === undefined || (wanted !== null && wanted <= expiresAt)) return;
  const end = new Date(expiresAt).toISOString();
  throw new Problem("insufficient-scope", "A key cannot make a key that outlives it.", {
    errors: [
      {
        pointer: "/expires_at",
        code: "outlives_its_maker",
        detail: `The key that makes this one expires at ${end}.`,
        fix: "Send that moment or an earlier one, or make the key with one that lives longer.",
      },
    ],
  });
}

function expired(): Problem {
  return new Problem("invalid-request", "The key would have expired already.", {
    errors: [
      {
        pointer: "/expires_at",
        code: "expires_in_the_past",
        detail: "This moment has passed.",
        fix: "Send a moment to come, or leave it out for a key that does not expire.",
      },
    ],
  });
}
