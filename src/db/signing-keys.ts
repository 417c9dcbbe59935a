// Signing keys, and the badges that were signed with them; private halves are only ever stored sealed.
import { and, asc, desc, eq, isNull, lt, sql } from "drizzle-orm";
import { check, index, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { createdAt, id, json, time } from "./columns.ts";
import type { Database, Statement } from "./database.ts";
import { organizations } from "./organizations.ts";

/** RFC 7517 and RFC 7518, section 6.3.1: the public members of an RSA key and no others. */
export interface RsaPublicJwk {
  readonly kty: "RSA";
  /** Modulus, base64url. */
  readonly n: string;
  /** Exponent, base64url. */
  readonly e: string;
}

/** A key is current, then retired (what it signed goes on verifying) or revoked (nothing does). */
export const signingKeys = sqliteTable(
  "signing_keys",
  {
    /** The `kid`, and the last part of the key's address. */
    id: id(),
    /** Null: the installation's own. */
    organization_id: text().references(() => organizations.id),
    algorithm: text().$type<"RS256">().notNull(),
    public_jwk: json<RsaPublicJwk>().notNull(),
    /** SubjectPublicKeyInfo, lines of 64 characters, each ended by one line feed. */
    public_pem: text().notNull(),
    /** The private JWK, sealed; null once the key is retired or revoked and signs no more. */
    private_jwk_sealed: text(),
    created_at: createdAt(),
    activated_at: time().notNull(),
    retired_at: time(),
    revoked_at: time(),
    revocation_reason: text(),
  },
  (t) => [
    uniqueIndex("idx_signing_keys_current")
      .on(t.organization_id)
      .where(sql`retired_at is null and revoked_at is null`),
    // A unique index takes no two NULLs for the same.
    uniqueIndex("idx_signing_keys_current_of_installation")
      .on(t.algorithm)
      .where(sql`organization_id is null and retired_at is null and revoked_at is null`),
    index("idx_signing_keys_organization").on(t.organization_id, t.id),
    check("algorithm_valid_enum", sql`algorithm in ('RS256')`),
    check(
      "private_jwk_of_current_key_only",
      sql`private_jwk_sealed is null or (retired_at is null and revoked_at is null)`,
    ),
  ],
);

/**
 * The compact JWS of a valid award, so that an award is signed once and not with each request. A
 * trigger drops the row with any change to its award, and with the revocation of its key.
 */
export const signedAssertions = sqliteTable(
  "signed_assertions",
  {
    unique_hash: text().primaryKey().notNull(),
    key_id: text()
      .notNull()
      .references(() => signingKeys.id),
    /** The public address it was written for; another one makes it unusable. */
    base: text().notNull(),
    /** A strong entity tag, quotes included. */
    etag: text().notNull(),
    jws: text().notNull(),
  },
  (t) => [index("idx_signed_assertions_key").on(t.key_id)],
);

export type SigningKey = typeof signingKeys.$inferSelect;
export type SignedAssertion = typeof signedAssertions.$inferSelect;

/** A key as anyone may see it. */
export type PublicKey = Omit<SigningKey, "private_jwk_sealed">;

const PUBLIC = {
  id: signingKeys.id,
  organization_id: signingKeys.organization_id,
  algorithm: signingKeys.algorithm,
  public_jwk: signingKeys.public_jwk,
  public_pem: signingKeys.public_pem,
  created_at: signingKeys.created_at,
  activated_at: signingKeys.activated_at,
  retired_at: signingKeys.retired_at,
  revoked_at: signingKeys.revoked_at,
  revocation_reason: signingKeys.revocation_reason,
};

/** Null means the installation's own keys. */
function ownedBy(organizationId: string | null) {
  return organizationId === null
    ? isNull(signingKeys.organization_id)
    : eq(signingKeys.organization_id, organizationId);
}

const IS_CURRENT = and(isNull(signingKeys.retired_at), isNull(signingKeys.revoked_at));

/** The key new badges are signed with, its private half sealed; null where none was needed yet. */
export async function findCurrentKey(
  db: Database,
  organizationId: string | null,
): Promise<SigningKey | null> {
  const [row] = await db.orm
    .select()
    .from(signingKeys)
    .where(and(ownedBy(organizationId), IS_CURRENT))
    .limit(1);
  return row ?? null;
}

export async function findSigningKey(
  db: Database,
  organizationId: string | null,
  id: string,
): Promise<PublicKey | null> {
  const [row] = await db.orm
    .select(PUBLIC)
    .from(signingKeys)
    .where(and(ownedBy(organizationId), eq(signingKeys.id, id)))
    .limit(1);
  return row ?? null;
}

/** One row more than a page holds, newest first, below `cursor`. */
export function listSigningKeys(
  db: Database,
  organizationId: string | null,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<PublicKey[]> {
  return db.orm
    .select(PUBLIC)
    .from(signingKeys)
    .where(
      and(
        ownedBy(organizationId),
        page.cursor === undefined ? undefined : lt(signingKeys.id, page.cursor),
      ),
    )
    .orderBy(desc(signingKeys.id))
    .limit(page.limit + 1);
}

/** By its public id alone, also one that was retired or revoked. */
export async function findPublicKey(db: Database, id: string): Promise<PublicKey | null> {
  const [row] = await db.orm
    .select(PUBLIC)
    .from(signingKeys)
    .where(eq(signingKeys.id, id))
    .limit(1);
  return row ?? null;
}

/** The keys whose signatures count, the current one first: of one organization, or of everyone. */
export function listTrustedKeys(
  db: Database,
  organizationId: string | "all",
): Promise<Pick<PublicKey, "id" | "algorithm" | "public_jwk" | "retired_at">[]> {
  return db.orm
    .select({
      id: signingKeys.id,
      algorithm: signingKeys.algorithm,
      public_jwk: signingKeys.public_jwk,
      retired_at: signingKeys.retired_at,
    })
    .from(signingKeys)
    .where(
      and(
        organizationId === "all" ? undefined : ownedBy(organizationId),
        isNull(signingKeys.revoked_at),
      ),
    )
    .orderBy(sql`${signingKeys.retired_at} is not null`, asc(signingKeys.id));
}

const FIND_SIGNED = `
SELECT s.base, s.etag, s.jws FROM signed_assertions s JOIN signing_keys k ON k.id = s.key_id
WHERE s.unique_hash = ? AND k.retired_at IS NULL AND k.revoked_at IS NULL`;

/** The signed form of an award, where it was signed with what is still the current key. */
export async function findSignedAssertion(
  db: Database,
  hash: string,
): Promise<Pick<SignedAssertion, "base" | "etag" | "jws"> | null> {
  const { rows } = await db.read({ sql: FIND_SIGNED, params: [hash] });
  const row = rows[0];
  return row ? { base: String(row[0]), etag: String(row[1]), jws: String(row[2]) } : null;
}

const PUT_SIGNED = `
INSERT INTO signed_assertions (unique_hash, key_id, base, etag, jws)
SELECT a.unique_hash, k.id, ?, ?, ? FROM badge_issues a JOIN signing_keys k ON k.id = ?
WHERE a.unique_hash = ? AND a.revision = ? AND a.revoked_at IS NULL
  AND k.retired_at IS NULL AND k.revoked_at IS NULL
ON CONFLICT (unique_hash) DO UPDATE
SET key_id = excluded.key_id, base = excluded.base, etag = excluded.etag, jws = excluded.jws`;

/**
 * Stores what was signed for the award's `revision`: nothing happens if the award has changed or
 * was revoked since, or if its key is no longer the current one.
 */
export function putSignedAssertion(signed: SignedAssertion, revision: number): Statement {
  const { unique_hash, key_id, base, etag, jws } = signed;
  return { sql: PUT_SIGNED, params: [base, etag, jws, key_id, unique_hash, revision] };
}
