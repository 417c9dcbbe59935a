// What was pulled from backpacks, read and written: rows of one connection, and all a person holds.
import { and, asc, desc, eq, inArray } from "drizzle-orm";
import { awards } from "./awards.ts";
import { backpacks, connections } from "./backpacks.ts";
import type { Database, Statement } from "./database.ts";
import { type ExternalBadge, externalBadges, externalIds } from "./externals.ts";

/** What a pull needs to know of what is there, without the documents. */
export type KnownExternal = Pick<
  ExternalBadge,
  | "id"
  | "collection_id"
  | "collection_name"
  | "entity_id"
  | "canonical_id"
  | "jws"
  | "verdict"
  | "is_theirs"
  | "checked_at"
> & {
  /** When a pull met it last. */
  readonly updated_at: number;
};

/** Every badge of a connection, the one checked longest ago first. */
export function listPulled(db: Database, connectionId: string): Promise<KnownExternal[]> {
  return db.orm
    .select({
      id: externalBadges.id,
      collection_id: externalBadges.collection_id,
      collection_name: externalBadges.collection_name,
      entity_id: externalBadges.entity_id,
      canonical_id: externalBadges.canonical_id,
      jws: externalBadges.jws,
      verdict: externalBadges.verdict,
      is_theirs: externalBadges.is_theirs,
      checked_at: externalBadges.checked_at,
      updated_at: externalBadges.updated_at,
    })
    .from(externalBadges)
    .where(eq(externalBadges.backpack_id, connectionId))
    .orderBy(asc(externalBadges.checked_at), asc(externalBadges.id));
}

const COLUMNS = [
  "id",
  "backpack_id",
  "collection_id",
  "collection_name",
  "entity_id",
  "assertion",
  "jws",
  "canonical_id",
  "name",
  "issuer_name",
  "image_url",
  "issued_on",
  "verdict",
  "verdict_detail",
  "is_theirs",
  "checked_at",
  "updated_at",
] as const satisfies readonly (keyof ExternalBadge)[];

const KEY: ReadonlySet<string> = new Set(["id", "backpack_id", "collection_id", "entity_id"]);
const OVER = `ON CONFLICT (backpack_id, collection_id, entity_id) DO UPDATE SET
    ${COLUMNS.filter((column) => !KEY.has(column))
      .map((column) => `${column} = excluded.${column}`)
      .join(", ")}`;
const PUT = `INSERT INTO badge_externals (${COLUMNS.join(", ")})
  SELECT ${COLUMNS.map(() => "?").join(", ")}
  WHERE EXISTS (SELECT 1 FROM badge_backpacks WHERE id = ?)
  ${OVER}`;

/**
 * Writes a badge as it was judged, over what was known of it under the same id of the same
 * collection. Nothing is written where the connection is gone: a pull may outlive it.
 */
export function putExternal(row: Omit<ExternalBadge, "created_at">): Statement {
  const values = {
    ...row,
    assertion: JSON.stringify(row.assertion),
    is_theirs: Number(row.is_theirs),
  };
  return { sql: PUT, params: [...COLUMNS.map((column) => values[column]), row.backpack_id] };
}

const ELSEWHERE: Readonly<Record<string, string>> = {
  id: "?",
  collection_id: "?",
  collection_name: "?",
  updated_at: "?",
};
const COPY = `INSERT INTO badge_externals (${COLUMNS.join(", ")})
  SELECT ${COLUMNS.map((column) => ELSEWHERE[column] ?? column).join(", ")}
  FROM badge_externals WHERE id = ?
  ${OVER}`;

/** The same badge in one more collection of its backpack. */
export function copyExternal(
  from: string,
  to: Pick<ExternalBadge, "id" | "collection_id" | "collection_name" | "updated_at">,
): Statement {
  return {
    sql: COPY,
    params: [to.id, to.collection_id, to.collection_name, to.updated_at, from],
  };
}

/** Writes a new verdict over the last one, where nothing else of the badge can be read any more. */
export function putVerdict(
  row: Pick<ExternalBadge, "id" | "verdict" | "verdict_detail" | "checked_at" | "updated_at">,
): Statement {
  return {
    sql: `UPDATE badge_externals SET verdict = ?, verdict_detail = ?, checked_at = ?, updated_at = ?
      WHERE id = ?`,
    params: [row.verdict, row.verdict_detail, row.checked_at, row.updated_at, row.id],
  };
}

/** Notes that a pull has met these rows, whatever was found out about them. */
export function markSeen(ids: readonly string[], now: number): Statement {
  return {
    sql: `UPDATE badge_externals SET updated_at = max(updated_at, ?)
      WHERE id IN (SELECT value FROM json_each(?))`,
    params: [now, JSON.stringify(ids)],
  };
}

/** Takes one badge away, which goes by another name from now on. */
export function dropExternal(id: string): Statement {
  return { sql: "DELETE FROM badge_externals WHERE id = ?", params: [id] };
}

/** Takes away what no pull has met since then. */
export function dropUnseen(connectionId: string, since: number): Statement {
  return {
    sql: "DELETE FROM badge_externals WHERE backpack_id = ? AND updated_at < ?",
    params: [connectionId, since],
  };
}

/** One badge in one collection of one backpack, as a person's page needs it. */
export interface HeldExternal {
  readonly id: string;
  readonly connectionId: string;
  readonly backpackId: string;
  readonly backpackName: string;
  readonly collectionId: string;
  readonly collectionName: string | null;
  readonly canonicalId: string;
  readonly name: string | null;
  readonly issuerName: string | null;
  readonly imageUrl: string | null;
  readonly issuedOn: number | null;
  readonly verdict: string;
  readonly verdictDetail: string | null;
  readonly isTheirs: boolean;
  readonly checkedAt: number;
}

/** All that a person's backpacks hold, in the backpacks' order, the newest badge of each first. */
export function listHeldExternals(
  db: Database,
  userId: string,
  only: { readonly connectionId?: string; readonly limit: number },
): Promise<HeldExternal[]> {
  return db.orm
    .select({
      id: externalBadges.id,
      connectionId: connections.id,
      backpackId: backpacks.id,
      backpackName: backpacks.name,
      collectionId: externalBadges.collection_id,
      collectionName: externalBadges.collection_name,
      canonicalId: externalBadges.canonical_id,
      name: externalBadges.name,
      issuerName: externalBadges.issuer_name,
      imageUrl: externalBadges.image_url,
      issuedOn: externalBadges.issued_on,
      verdict: externalBadges.verdict,
      verdictDetail: externalBadges.verdict_detail,
      isTheirs: externalBadges.is_theirs,
      checkedAt: externalBadges.checked_at,
    })
    .from(externalBadges)
    .innerJoin(connections, eq(connections.id, externalBadges.backpack_id))
    .innerJoin(backpacks, eq(backpacks.id, connections.external_backpack_id))
    .where(
      and(
        eq(connections.user_id, userId),
        only.connectionId === undefined ? undefined : eq(connections.id, only.connectionId),
      ),
    )
    .orderBy(asc(backpacks.sort_order), desc(externalBadges.issued_on), asc(externalBadges.id))
    .limit(only.limit);
}

/** Which of these are awards of ours: the hashes that exist. */
export async function ourHashes(db: Database, hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const rows = await db.orm
    .select({ hash: awards.unique_hash })
    .from(awards)
    .where(inArray(awards.unique_hash, [...new Set(hashes)]));
  return new Set(rows.map(({ hash }) => hash));
}

/** What something of ours is, where a backpack has an id of its own for it. */
export type ExternalIdType = "assertion" | "badge" | "issuer";

/** Longest id that has a place in the table. */
export const MAX_EXTERNAL_ID_LENGTH = 128;

/** Keeps what a backpack calls an award of ours; null where that is too long to be kept. */
export function putExternalId(
  id: string,
  backpackId: string,
  type: ExternalIdType,
  internalId: string,
  externalId: string,
): Statement | null {
  if (internalId.length > MAX_EXTERNAL_ID_LENGTH || externalId.length > MAX_EXTERNAL_ID_LENGTH) {
    return null;
  }
  return {
    sql: `INSERT INTO badge_external_identifiers
        (id, site_backpack_id, internal_id, external_id, type)
      SELECT ?, id, ?, ?, ? FROM badge_external_backpacks WHERE id = ?
      ON CONFLICT DO NOTHING`,
    params: [id, internalId, externalId, type, backpackId],
  };
}

/** Which of a backpack's own ids stand for awards of ours. */
export async function oursByExternalId(
  db: Database,
  backpackId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.orm
    .select({ external: externalIds.external_id })
    .from(externalIds)
    .where(
      and(
        eq(externalIds.site_backpack_id, backpackId),
        eq(externalIds.type, "assertion" satisfies ExternalIdType),
        inArray(externalIds.external_id, [...new Set(ids)]),
      ),
    );
  return new Set(rows.map(({ external }) => external));
}
