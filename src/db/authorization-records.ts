// What the authorization server remembers, row by row: found, stored, used up and taken back.
import type { Database, Statement } from "./database.ts";

/** The kinds there are rows of. The first three live and die with the grant they belong to. */
export type RecordKind =
  | "AccessToken"
  | "AuthorizationCode"
  | "RefreshToken"
  | "Grant"
  | "Client"
  | "Interaction";

export interface StoredRecord {
  readonly payload: Record<string, unknown>;
  readonly sealed: string | null;
  readonly consumedAt: number | null;
  /** Of a refresh token: another one that came later, or beside it, was used. */
  readonly superseded: boolean;
}

/** A row to be written; an id that is a secret comes as its SHA-256. Times in milliseconds. */
export interface NewRecord {
  readonly kind: RecordKind;
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly sealed: string | null;
  readonly grantId: string | null;
  readonly userId: string | null;
  readonly clientId: string | null;
  readonly expiresAt: number | null;
  readonly createdAt: number;
}

/** Used refresh tokens of a grant that are remembered, to know a stolen one by. */
const KEPT_USED = 50;
/** Refresh tokens of a grant that nobody used yet: answers that were lost leave one each. */
const KEPT_UNUSED = 100;

/**
 * Whether a token of the same grant was used that this one's use would contradict: a later one, or
 * another one of the same generation. `r` is the row of this one.
 */
const SUPERSEDED = `EXISTS (SELECT 1 FROM authorization_records other
  WHERE other.grant_id = r.grant_id AND other.kind = 'RefreshToken' AND other.id <> r.id
    AND other.consumed_at IS NOT NULL
    AND json_extract(other.payload, '$.rotations') >= json_extract(r.payload, '$.rotations'))`;

/** Null for one that there is not, or that has expired by `now`. */
export async function findRecord(
  db: Database,
  kind: RecordKind,
  id: string,
  now: number,
): Promise<StoredRecord | null> {
  const superseded = kind === "RefreshToken" ? SUPERSEDED : "0";
  const { rows } = await db.read({
    sql: `SELECT r.payload, r.sealed, r.consumed_at, ${superseded} FROM authorization_records r
      WHERE r.kind = ? AND r.id = ? AND (r.expires_at IS NULL OR r.expires_at > ?)`,
    params: [kind, id, now],
  });
  const [row] = rows;
  if (!row) return null;
  const [payload, sealed, consumedAt, later] = row;
  return {
    payload: JSON.parse(String(payload)),
    sealed: sealed === null ? null : String(sealed),
    consumedAt: consumedAt === null ? null : Number(consumedAt),
    superseded: Number(later) === 1,
  };
}

/**
 * Stores a row, or its new state. What belongs to a grant is stored only while the grant stands:
 * no row is affected once it was revoked, however late a request that began before comes.
 */
export function storeRecord(record: NewRecord): Statement {
  const { kind, id, grantId } = record;
  const params = [
    kind,
    id,
    JSON.stringify(record.payload),
    record.sealed,
    grantId,
    record.userId,
    record.clientId,
    record.expiresAt,
    record.createdAt,
  ];
  const standing =
    grantId === null
      ? "true"
      : "EXISTS (SELECT 1 FROM authorization_records g WHERE g.kind = 'Grant' AND g.id = ?)";
  return {
    sql: `INSERT INTO authorization_records
        (kind, id, payload, sealed, grant_id, user_id, client_id, expires_at, created_at)
      SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE ${standing}
      ON CONFLICT (kind, id) DO UPDATE SET payload = excluded.payload, sealed = excluded.sealed,
        expires_at = excluded.expires_at`,
    params: grantId === null ? params : [...params, grantId],
  };
}

/** Affects one row for the first who uses a code up, and none for anybody after. */
export function consumeOnce(kind: RecordKind, id: string, now: number): Statement {
  return {
    sql: `UPDATE authorization_records SET consumed_at = ?
      WHERE kind = ? AND id = ? AND consumed_at IS NULL`,
    params: [now, kind, id],
  };
}

/** Writes that what was given for a code is all there: its use from then on is a second one. */
export function noteRedeemed(id: string): Statement {
  return {
    sql: `UPDATE authorization_records SET payload = json_set(payload, '$.redeemed', 1)
      WHERE kind = 'AuthorizationCode' AND id = ?`,
    params: [id],
  };
}

/**
 * Uses a refresh token: from then on those before it, and those given out beside it, are good for
 * nothing. Affects no row where it is itself one of those. Using it again affects its row again, as
 * long as none that came after it was used.
 */
export function useRefreshToken(id: string, now: number): Statement {
  return {
    sql: `UPDATE authorization_records AS r SET consumed_at = coalesce(r.consumed_at, ?)
      WHERE r.kind = 'RefreshToken' AND r.id = ? AND NOT ${SUPERSEDED}`,
    params: [now, id],
  };
}

/** Keeps a grant's refresh tokens to a number, however often an answer is lost. */
export function forgetOldRefreshTokens(grantId: string): Statement[] {
  const kept: readonly (readonly [string, number])[] = [
    ["IS NULL", KEPT_UNUSED],
    ["IS NOT NULL", KEPT_USED],
  ];
  return kept.map(([used, count]) => ({
    sql: `DELETE FROM authorization_records WHERE rowid IN (
      SELECT rowid FROM authorization_records
      WHERE grant_id = ? AND kind = 'RefreshToken' AND consumed_at ${used}
      ORDER BY rowid DESC LIMIT -1 OFFSET ${count})`,
    params: [grantId],
  }));
}

export function deleteRecord(kind: RecordKind, id: string): Statement {
  return {
    sql: "DELETE FROM authorization_records WHERE kind = ? AND id = ?",
    params: [kind, id],
  };
}

/** Everything that was given out under a grant: tokens and codes. The grant itself stays. */
export function deleteGrantMembers(grantId: string): Statement {
  return { sql: "DELETE FROM authorization_records WHERE grant_id = ?", params: [grantId] };
}

/** A token that stands, under a grant that stands, of a person who may use it. */
export interface LivingToken {
  readonly userId: string;
  readonly clientId: string;
  readonly grantId: string;
  readonly scope: string;
  /** When the grant was last used, as far as that was written down. */
  readonly lastUsedAt: number | null;
}

/** `id` is the SHA-256 of the token. */
export async function findAccessToken(
  db: Database,
  id: string,
  now: number,
): Promise<LivingToken | null> {
  const { rows } = await db.read({
    sql: `SELECT t.user_id, t.client_id, t.grant_id, json_extract(t.payload, '$.scope'),
        json_extract(g.payload, '$.lastUsedAt')
      FROM authorization_records t
      JOIN authorization_records g ON g.kind = 'Grant' AND g.id = t.grant_id
      JOIN users u ON u.id = t.user_id AND u.status = 'active'
      WHERE t.kind = 'AccessToken' AND t.id = ? AND t.expires_at > ?`,
    params: [id, now],
  });
  const [row] = rows;
  if (!row) return null;
  const [userId, clientId, grantId, scope, lastUsedAt] = row;
  return {
    userId: String(userId),
    clientId: String(clientId),
    grantId: String(grantId),
    scope: String(scope ?? ""),
    lastUsedAt: lastUsedAt === null || lastUsedAt === undefined ? null : Number(lastUsedAt),
  };
}

export function noteGrantUsed(grantId: string, now: number): Statement {
  return {
    sql: `UPDATE authorization_records SET payload = json_set(payload, '$.lastUsedAt', ?)
      WHERE kind = 'Grant' AND id = ?`,
    params: [now, grantId],
  };
}

/** An app somebody let in, with all it was ever allowed taken together. */
export interface AuthorizedClient {
  readonly clientId: string;
  /** The metadata it registered with. */
  readonly client: Readonly<Record<string, unknown>>;
  readonly scopes: readonly string[];
  readonly since: number;
  readonly lastUsedAt: number | null;
}

/** Most grants that are looked at for one person. */
const MAX_GRANTS = 500;

/**
 * The clients of a person with a grant that still gives access: a token that stands, or a refresh
 * token to get one with. The last one let in first.
 */
export async function listAuthorizedClients(
  db: Database,
  userId: string,
  now: number,
): Promise<AuthorizedClient[]> {
  const { rows } = await db.read({
    sql: `SELECT g.client_id, c.payload, json_extract(g.payload, '$.openid.scope'), g.created_at,
        json_extract(g.payload, '$.lastUsedAt')
      FROM authorization_records g
      JOIN authorization_records c ON c.kind = 'Client' AND c.id = g.client_id
      WHERE g.user_id = ? AND g.kind = 'Grant' AND EXISTS (
        SELECT 1 FROM authorization_records t WHERE t.grant_id = g.id AND t.expires_at > ?)
      ORDER BY g.created_at DESC, g.id LIMIT ${MAX_GRANTS}`,
    params: [userId, now],
  });
  const clients = new Map<string, AuthorizedClient>();
  for (const [id, metadata, scope, createdAt, used] of rows) {
    const clientId = String(id);
    const before = clients.get(clientId);
    const scopes = [...(before?.scopes ?? []), ...String(scope ?? "").split(" ")];
    const lastUsedAt = Math.max(before?.lastUsedAt ?? 0, Number(used ?? 0));
    clients.set(clientId, {
      clientId,
      client: JSON.parse(String(metadata)),
      scopes: [...new Set(scopes)],
      since: Math.min(before?.since ?? Number.POSITIVE_INFINITY, Number(createdAt)),
      lastUsedAt: lastUsedAt === 0 ? null : lastUsedAt,
    });
  }
  return [...clients.values()];
}

/** The metadata that clients registered with, by their ids; those that are forgotten are not in it. */
export async function clientsOf(
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AuthorizedClient["client"]>> {
  const { rows } = await db.read({
    sql: `SELECT id, payload FROM authorization_records
      WHERE kind = 'Client' AND id IN (SELECT value FROM json_each(?))`,
    params: [JSON.stringify(ids)],
  });
  return new Map(rows.map(([id, metadata]) => [String(id), JSON.parse(String(metadata))]));
}

/** Takes back everything one client was given by one person, in one go. */
export function revokeClient(userId: string, clientId: string): Statement[] {
  return [
    {
      sql: `DELETE FROM authorization_records WHERE grant_id IN (SELECT id FROM authorization_records
        WHERE kind = 'Grant' AND user_id = ? AND client_id = ?)`,
      params: [userId, clientId],
    },
    {
      sql: `DELETE FROM authorization_records
        WHERE kind = 'Grant' AND user_id = ? AND client_id = ?`,
      params: [userId, clientId],
    },
  ];
}
