// Who did what, for whoever looks it up: an organization's entries, or the installation's own.
import type { AuditEntry } from "./audit.ts";
import type { Database } from "./database.ts";

/**
 * Entries that one read looks through for those that are asked for. What is rarer than that is found
 * by reading on: an index for every question would be paid for with every award.
 */
export const AUDIT_WINDOW = 20_000;

export interface AuditFilter {
  /** Whole, as `badge.created`; or what stands before the dot. */
  readonly action?: string | undefined;
  readonly actorId?: string | undefined;
  readonly objectId?: string | undefined;
  /** The least id that counts. */
  readonly from?: string | undefined;
  /** The least id that counts no more. */
  readonly until?: string | undefined;
}

export interface AuditSlice {
  /** Newest first; at most as many as were asked for. */
  readonly entries: readonly AuditEntry[];
  /** Below which id to read on; null where there is nothing more. */
  readonly next: string | null;
}

const COLUMNS =
  "id, organization_id, at, actor_kind, actor_id, action, object_kind, object_id, detail";

/** Entries with an id below `cursor`; fewer than `limit` may come where more are still to be read. */
export async function listAudit(
  db: Database,
  organizationId: string | null,
  filter: AuditFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<AuditSlice> {
  const [where, params] = bounds(organizationId, filter, page.cursor);
  const window = `SELECT ${COLUMNS} FROM audit_log WHERE ${where} ORDER BY id DESC`;
  const [wanted, values] = conditions(filter);
  // What is asked of one object is found by its index, and is little.
  const isWhole = wanted === "" || filter.objectId !== undefined;
  const within = isWhole ? window : `${window} LIMIT ${AUDIT_WINDOW}`;
  const { rows } = await db.read({
    sql: `SELECT ${COLUMNS} FROM (${within}) WHERE true ${wanted} ORDER BY id DESC LIMIT ?`,
    params: [...params, ...values, page.limit + 1],
  });
  const entries = rows.slice(0, page.limit).map(toEntry);
  const last = entries.at(-1);
  if (rows.length > page.limit && last !== undefined) return { entries, next: last.id };
  if (isWhole) return { entries, next: null };
  const edge = await db.read({
    sql: `SELECT id FROM audit_log WHERE ${where} ORDER BY id DESC LIMIT 1 OFFSET ?`,
    params: [...params, AUDIT_WINDOW - 1],
  });
  return { entries, next: edge.rows[0] === undefined ? null : String(edge.rows[0][0]) };
}

/** Of objects, each found by one step along their index, of which it is the first column. */
const KINDS = `WITH RECURSIVE kinds (kind) AS (
    SELECT min(object_kind) FROM audit_log
    UNION ALL
    SELECT (SELECT object_kind FROM audit_log WHERE object_kind > kinds.kind
      ORDER BY object_kind LIMIT 1)
    FROM kinds WHERE kinds.kind IS NOT NULL
  )
  SELECT kind FROM kinds WHERE kind IS NOT NULL`;

type Condition = readonly [sql: string, params: readonly string[]];

function bounds(
  organizationId: string | null,
  { from, until, objectId }: AuditFilter,
  cursor: string | undefined,
): Condition {
  // The plus sign keeps the planner on the index of objects: one has few entries.
  const plus = objectId === undefined ? "" : "+";
  const parts: Condition[] = [
    organizationId === null
      ? [`${plus}organization_id IS NULL`, []]
      : [`${plus}organization_id = ?`, [organizationId]],
    ...(objectId === undefined
      ? []
      : [[`object_kind IN (${KINDS}) AND object_id = ?`, [objectId]] as const]),
    ...(from === undefined ? [] : [[`${plus}id >= ?`, [from]] as const]),
    ...(until === undefined ? [] : [[`${plus}id < ?`, [until]] as const]),
    ...(cursor === undefined ? [] : [[`${plus}id < ?`, [cursor]] as const]),
  ];
  return [parts.map(([sql]) => sql).join(" AND "), parts.flatMap(([, params]) => params)];
}

function conditions({ action, actorId }: AuditFilter): Condition {
  const parts: Condition[] = [
    ...(action === undefined ? [] : [actionIs(action)]),
    ...(actorId === undefined ? [] : [["AND actor_id = ?", [actorId]] as const]),
  ];
  return [parts.map(([sql]) => sql).join(" "), parts.flatMap(([, params]) => params)];
}

function actionIs(action: string): Condition {
  if (action.includes(".")) return ["AND action = ?", [action]];
  return ["AND substr(action, 1, length(?) + 1) = ? || '.'", [action, action]];
}

function toEntry(row: readonly unknown[]): AuditEntry {
  const [id, organization, at, actorKind, actorId, action, objectKind, objectId, detail] = row;
  return {
    id: String(id),
    organization_id: organization === null ? null : String(organization),
    at: Number(at),
    actor_kind: String(actorKind) as AuditEntry["actor_kind"],
    actor_id: actorId === null ? null : String(actorId),
    action: String(action),
    object_kind: String(objectKind),
    object_id: String(objectId),
    detail: detail === null ? null : (JSON.parse(String(detail)) as AuditEntry["detail"]),
    created_at: Number(at),
  };
}
