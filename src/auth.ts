// Who is asking: an API key, or the operator at this machine's own command line.
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Context } from "hono";
import type { Database } from "./db/database.ts";
import { apiKeys } from "./db/organizations.ts";
import { prepared } from "./db/prepared.ts";
import { sha256Hex } from "./ids.ts";
import { Problem } from "./problem.ts";

export const SCOPES = [
  "organizations:read",
  "organizations:write",
  "users:read",
  "users:write",
  "images:read",
  "images:write",
  "badges:read",
  "badges:write",
  "awards:read",
  "awards:write",
  "keys:read",
  "keys:write",
] as const;
export type Scope = (typeof SCOPES)[number];

export interface Principal {
  readonly kind: "api_key" | "operator";
  readonly id: string;
  /** Null: the whole site. Such a principal names the organization it acts for. */
  readonly organizationId: string | null;
  readonly scopes: readonly (Scope | "*")[];
  /** When the key expires, in milliseconds since 1970; absent where that never happens. */
  readonly expiresAt?: number;
}

/**
 * In-process callers hand their principal over under this symbol. Nothing that comes over the
 * network can name a symbol, so this is no door for anyone else.
 */
export const LOCAL_PRINCIPAL = Symbol("local principal");

export const KEY_PREFIX = "ros_";
const KEY_FORM = /^ros_[A-Za-z0-9_-]{43}$/;
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i;

/** What is stored of a key. */
export function keyHash(key: string): Promise<string> {
  return sha256Hex(key);
}

/** Reads the principal of a request. Throws a 401 Problem where there is none. */
export async function authenticate(c: Context, db: Database, now: number): Promise<Principal> {
  const local: unknown = (c.env as { [LOCAL_PRINCIPAL]?: Principal } | undefined)?.[
    LOCAL_PRINCIPAL
  ];
  if (local !== undefined) return local as Principal;
  const header = c.req.header("authorization");
  if (header === undefined) {
    throw new Problem("missing-credentials", "The request has no Authorization header.", {
      headers: { "www-authenticate": 'Bearer realm="rosette"' },
    });
  }
  const key = BEARER.exec(header)?.[1];
  const principal =
    key !== undefined && KEY_FORM.test(key) ? await findPrincipal(db, key, now) : null;
  if (!principal) {
    throw new Problem("invalid-credentials", "The API key is unknown, revoked or expired.", {
      headers: { "www-authenticate": 'Bearer realm="rosette", error="invalid_token"' },
    });
  }
  return principal;
}

const keyByHash = prepared((db) =>
  db.orm
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.key_hash, sql.placeholder("hash")), isNull(apiKeys.revoked_at)))
    .limit(1)
    .prepare(),
);

async function findPrincipal(db: Database, key: string, now: number): Promise<Principal | null> {
  const [row] = await keyByHash(db).all({ hash: await keyHash(key) });
  if (!row || (row.expires_at !== null && row.expires_at <= now)) return null;
  return {
    kind: "api_key",
    id: row.id,
    organizationId: row.organization_id,
    scopes: row.scopes as (Scope | "*")[],
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  };
}

/** Throws a 403 Problem unless the principal was given the scope. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (principal.scopes.includes("*") || principal.scopes.includes(scope)) return;
  throw new Problem("insufficient-scope", `This needs the scope ${scope}.`, {
    headers: {
      "www-authenticate": `Bearer realm="rosette", error="insufficient_scope", scope="${scope}"`,
    },
  });
}
