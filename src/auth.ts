// Who is asking: a program with an API key, a person who is signed in, or the operator at this machine's own command line.
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Context } from "hono";
import type { Statement } from "./db/database.ts";
import { apiKeys } from "./db/organizations.ts";
import { prepared } from "./db/prepared.ts";
import type { Env } from "./env.ts";
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
  "nominations:read",
  "nominations:write",
  "events:write",
  "keys:read",
  "keys:write",
  "webhooks:read",
  "webhooks:write",
  "audit:read",
] as const;
export type Scope = (typeof SCOPES)[number];

/** A program with a key, or the operator. */
export interface Program {
  readonly kind: "api_key" | "operator";
  readonly id: string;
  /** Null: the whole site. Such a principal names the organization it acts for. */
  readonly organizationId: string | null;
  readonly scopes: readonly (Scope | "*")[];
  /** When the key expires, in milliseconds since 1970; absent where that never happens. */
  readonly expiresAt?: number;
}

/** Somebody who is signed in, in one organization that knows them. */
export interface Person {
  readonly kind: "user";
  /** The account: who has proven the addresses. */
  readonly id: string;
  /** The one the request names; a person acts for no site. */
  readonly organizationId: string;
  /** Of their roles; none for a member without any that has meaning here. */
  readonly scopes: readonly (Scope | "*")[];
  /** Of their memberships in the organization, as they are now. */
  readonly roles: readonly string[];
  /** Users rows under which the organization knows them, their account's own first; never empty. */
  readonly memberIds: readonly [string, ...string[]];
  readonly expiresAt?: undefined;
}

export type Principal = Program | Person;

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

/** That a key is used is written down no more often. */
export const USED_EVERY_MS = 5 * 60_000;

/** Reads the program that makes a request. Throws a 401 Problem where it shows none. */
export async function authenticate(
  c: Context,
  env: Pick<Env, "db" | "now" | "background">,
): Promise<Program> {
  const local: unknown = (c.env as { [LOCAL_PRINCIPAL]?: Program } | undefined)?.[LOCAL_PRINCIPAL];
  if (local !== undefined) return local as Program;
  const header = c.req.header("authorization");
  if (header === undefined) {
    throw new Problem("missing-credentials", "The request has no Authorization header.", {
      headers: { "www-authenticate": 'Bearer realm="rosette"' },
    });
  }
  const key = BEARER.exec(header)?.[1];
  const principal = key !== undefined && KEY_FORM.test(key) ? await findPrincipal(env, key) : null;
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

async function findPrincipal(
  { db, now, background }: Pick<Env, "db" | "now" | "background">,
  key: string,
): Promise<Program | null> {
  const row = await keyByHash(db).get({ hash: await keyHash(key) });
  const at = now();
  if (!row || (row.expires_at !== null && row.expires_at <= at)) return null;
  // Nobody waits for it, and no request is refused because it could not be written.
  if (at - (row.last_used_at ?? 0) >= USED_EVERY_MS) background(db.batch([used(row.id, at)]));
  return {
    kind: "api_key",
    id: row.id,
    organizationId: row.organization_id,
    scopes: row.scopes as (Scope | "*")[],
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  };
}

function used(id: string, at: number): Statement {
  const sql = "UPDATE api_keys SET last_used_at = ? WHERE id = ? AND coalesce(last_used_at, 0) < ?";
  return { sql, params: [at, id, at] };
}

export const ADMINISTRATOR = "organization_administrator";
export const COORDINATOR = "coordinator";

/** What a coordinator may do; which awards and badges it may be done to, the rules say. */
const COORDINATORS: readonly Scope[] = [
  "badges:read",
  "users:read",
  "awards:read",
  "awards:write",
  "nominations:read",
  "nominations:write",
];

/** What roles in an organization allow there. An administrator may do all, but for what is the site's. */
export function scopesOf(roles: readonly string[]): readonly (Scope | "*")[] {
  if (roles.includes(ADMINISTRATOR)) return ["*"];
  return roles.includes(COORDINATOR) ? COORDINATORS : [];
}

/** Whether the principal was given the scope. */
export function hasScope({ scopes }: Pick<Principal, "scopes">, scope: Scope): boolean {
  return scopes.includes("*") || scopes.includes(scope);
}

/** The roles that come with a scope, for who may not do what it allows. */
export function rolesWith(scope: Scope): readonly string[] {
  return [ADMINISTRATOR, COORDINATOR].filter((role) =>
    hasScope({ scopes: scopesOf([role]) }, scope),
  );
}

/** Throws a 403 Problem unless the principal was given the scope. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (hasScope(principal, scope)) return;
  if (principal.kind === "user") {
    const roles = rolesWith(scope).join(" or ");
    throw new Problem("role-required", `This is for the role ${roles} of the organization.`);
  }
  throw new Problem("insufficient-scope", `This needs the scope ${scope}.`, {
    headers: {
      "www-authenticate": `Bearer realm="rosette", error="insufficient_scope", scope="${scope}"`,
    },
  });
}

/**
 * Throws a 403 Problem where roles allow what the principal itself may not do: who could give them,
 * or add an address of their own to somebody who has them, would be as mighty as those who do.
 */
export function requireMayGrant(
  principal: Principal,
  roles: readonly string[],
  pointer = "/roles",
): void {
  const { scopes } = principal;
  if (scopes.includes("*") || scopesOf(roles).every((scope) => scopes.includes(scope))) return;
  const wide = roles.filter((role) => !scopesOf([role]).every((scope) => scopes.includes(scope)));
  const detail = `The role ${wide.join(" and ")} allows more than this key does.`;
  throw new Problem("insufficient-scope", detail, {
    errors: [
      {
        pointer,
        code: "scope_not_held",
        detail,
        fix: "Do it with a key that has the scopes of the role, or as an administrator.",
      },
    ],
  });
}
