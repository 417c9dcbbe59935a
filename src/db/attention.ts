// Awards that want somebody's attention, as lists: those that expire soon, and those that reach no backpack.
import type { Database, Statement, Value } from "./database.ts";
import { EXPIRING_WITHIN_MS } from "./overview.ts";

export const ATTENTION = ["expiring", "not-sent"] as const;
export type Attention = (typeof ATTENTION)[number];

export interface AttentionRow {
  /** What the next page begins after. */
  readonly cursor: string;
  readonly awardId: string;
  readonly hash: string;
  readonly badge: { readonly id: string; readonly name: string; readonly language: string };
  readonly person: { readonly id: string; readonly name: string | null };
  readonly awardedAt: number;
  readonly expiresAt: number | null;
  /** Of what was not sent: the backpack refused it, or it was given up for now. */
  readonly outcome: "refused" | "parked" | null;
}

export interface AttentionPage {
  readonly limit: number;
  readonly after: string | null;
}

const COLUMNS = `award.id, award.unique_hash, badge.id, badge.name, badge.language, award.user_id,
  coalesce(member.name, award.recipient_name), award.awarded_at, award.date_expire`;
const NAMED = `JOIN badges badge ON badge.id = award.badge_id
  LEFT JOIN memberships member ON member.organization_id = award.organization_id
    AND member.user_id = award.user_id`;

/** What cursors look like: an id, or a time and an id. */
const EXPIRING_CURSOR = /^(\d{1,16})\.([0-9a-f-]{36})$/;
const ID_CURSOR = /^[0-9a-f-]{36}$/;

/** Whether a list gave this cursor out. */
export function isCursor(kind: Attention, text: string): boolean {
  return (kind === "expiring" ? EXPIRING_CURSOR : ID_CURSOR).test(text);
}

/**
 * One row more than a page holds: what expires first; of the others the newest. A cursor that is
 * none begins anew.
 */
export async function listAttention(
  db: Database,
  organizationId: string,
  kind: Attention,
  page: AttentionPage,
  now: number,
): Promise<AttentionRow[]> {
  const after = page.after !== null && isCursor(kind, page.after) ? page.after : null;
  const { rows } = await db.read(LISTS[kind](organizationId, { ...page, after }, now));
  return rows.map((row) => toRow(kind, row));
}

const LISTS: Readonly<
  Record<Attention, (organizationId: string, page: AttentionPage, now: number) => Statement>
> = {
  expiring(organizationId, { limit, after }, now) {
    const [, at = "", id = ""] = EXPIRING_CURSOR.exec(after ?? "") ?? [];
    const from: [number, string] = after === null ? [now, "~"] : [Number(at), id];
    return {
      sql: `SELECT ${COLUMNS}, NULL, NULL FROM badge_issues award ${NAMED}
        WHERE award.organization_id = ? AND award.date_expire IS NOT NULL
          AND award.revoked_at IS NULL AND award.superseded_by IS NULL
          AND (award.date_expire, award.id) > (?, ?) AND award.date_expire <= ?
        ORDER BY award.date_expire, award.id LIMIT ?`,
      params: [organizationId, ...from, now + EXPIRING_WITHIN_MS, limit + 1],
    };
  },
  "not-sent": (organizationId, { limit, after }) => ({
    sql: `SELECT ${COLUMNS}, delivery.state, delivery.id FROM deliveries delivery
      JOIN badge_issues award ON award.id = delivery.award_id ${NAMED}
      WHERE delivery.organization_id = ? AND delivery.state IN ('parked', 'refused')
        ${after === null ? "" : "AND delivery.id < ?"}
      ORDER BY delivery.id DESC LIMIT ?`,
    params: [organizationId, ...(after === null ? [] : [after]), limit + 1],
  }),
};

function toRow(kind: Attention, row: readonly Value[]): AttentionRow {
  const [awardId, hash, badgeId, name, language, userId, person, at, expires, state, id] = row;
  const own = { expiring: `${expires}.${awardId}`, "not-sent": id }[kind];
  return {
    cursor: String(own),
    awardId: String(awardId),
    hash: String(hash),
    badge: { id: String(badgeId), name: String(name), language: String(language) },
    person: { id: String(userId), name: textOf(person) },
    awardedAt: Number(at),
    expiresAt: expires === null ? null : Number(expires),
    outcome: state === "refused" || state === "parked" ? state : null,
  };
}

function textOf(value: Value | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
