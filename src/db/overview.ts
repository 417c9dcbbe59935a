// What an administrator looks at first: what waits for somebody, how awards fare, what happened last.
import type { Database, Value } from "./database.ts";

/** A count goes no further: how many more there are changes nothing about what to do. */
export const MOST_COUNTED = 1_000;
/** Awards that expire so soon want to be looked at. */
export const EXPIRING_WITHIN_MS = 30 * 86_400_000;

export const TO_DO_KINDS = [
  "nominations",
  "not-mine",
  "mails",
  "not-sent",
  "expiring",
  "webhooks",
] as const;
export type ToDoKind = (typeof TO_DO_KINDS)[number];

/** Each by an index that holds what waits and nothing else. */
const WAITING: Readonly<Record<ToDoKind, string>> = {
  nominations: "nominations WHERE organization_id = ? AND state = 'pending'",
  "not-mine":
    "badge_issues WHERE organization_id = ? AND claim_state = 'declined' AND revoked_at IS NULL",
  mails: "notifications WHERE organization_id = ? AND state = 'parked'",
  "not-sent": "deliveries WHERE organization_id = ? AND state IN ('parked', 'refused')",
  expiring: `badge_issues WHERE organization_id = ? AND date_expire IS NOT NULL
    AND revoked_at IS NULL AND superseded_by IS NULL AND date_expire > ? AND date_expire <= ?`,
  webhooks: `webhook_endpoints WHERE organization_id = ? AND deleted_at IS NULL
    AND disabled_at IS NOT NULL AND disabled_reason IS NOT 'by_hand'`,
};

export interface Count {
  readonly count: number;
  /** There are more than were counted. */
  readonly isMore: boolean;
}

export async function countToDo(
  db: Database,
  organizationId: string,
  kind: ToDoKind,
  now: number,
): Promise<Count> {
  const { rows } = await db.read({
    sql: `SELECT count(*) FROM (SELECT 1 FROM ${WAITING[kind]} LIMIT ${MOST_COUNTED + 1})`,
    params:
      kind === "expiring" ? [organizationId, now, now + EXPIRING_WITHIN_MS] : [organizationId],
  });
  const found = Number(rows[0]?.[0] ?? 0);
  return { count: Math.min(found, MOST_COUNTED), isMore: found > MOST_COUNTED };
}

/** How far awards came that are not revoked; each number is part of the first. */
export interface Funnel {
  readonly awarded: number;
  /** The recipient was told by mail. */
  readonly mailed: number;
  readonly accepted: number;
  /** Accepted, and not hidden. */
  readonly shown: number;
  /** At least one backpack has it. */
  readonly carried: number;
}

const STEPS = `sum(revoked_at IS NULL), sum(revoked_at IS NULL AND notification_sent),
  sum(revoked_at IS NULL AND claim_state = 'claimed'),
  sum(revoked_at IS NULL AND claim_state = 'claimed' AND visible),
  sum(revoked_at IS NULL AND EXISTS (SELECT 1 FROM deliveries sent
    WHERE sent.award_id = award AND +sent.state = 'delivered'))`;

const COLUMNS =
  "rowid AS at, id AS award, badge_id, revoked_at, notification_sent, claim_state, visible";

function toFunnel(row: readonly Value[]): Funnel {
  const [awarded = 0, mailed = 0, accepted = 0, shown = 0, carried = 0] = row.map((value) =>
    Number(value ?? 0),
  );
  return { awarded, mailed, accepted, shown, carried };
}

/** Of the newest MOST_COUNTED awards. */
export async function newestFunnel(db: Database, organizationId: string): Promise<Funnel> {
  const { rows } = await db.read({
    sql: `SELECT ${STEPS} FROM (SELECT ${COLUMNS} FROM badge_issues
      WHERE organization_id = ? ORDER BY rowid DESC LIMIT ${MOST_COUNTED}) looked`,
    params: [organizationId],
  });
  return toFunnel(rows[0] ?? []);
}

export interface BadgeFunnel extends Funnel {
  readonly badgeId: string;
  readonly name: string;
  readonly status: string;
  readonly revoked: number;
}

/** Awards that one statement looks at, so that nobody waits long for it. */
const SLICE = 1_000;

/** Of every badge that was awarded, over all its awards; read a slice at a time. */
export async function funnelsByBadge(
  db: Database,
  organizationId: string,
): Promise<readonly BadgeFunnel[]> {
  const found = new Map<string, BadgeFunnel>();
  for (let after: Value | null = 0; after !== null; ) {
    const { rows } = await db.read({
      sql: `SELECT badge_id, name, status, max(at), count(*), sum(revoked_at IS NOT NULL), ${STEPS}
        FROM (SELECT ${COLUMNS} FROM badge_issues WHERE organization_id = ? AND rowid > ?
          ORDER BY rowid LIMIT ${SLICE}) looked
        JOIN badges ON badges.id = badge_id GROUP BY badge_id`,
      params: [organizationId, after],
    });
    let looked = 0;
    let last = 0;
    for (const [id, name, status, at, count, revoked, ...steps] of rows) {
      const badgeId = String(id);
      looked += Number(count);
      last = Math.max(last, Number(at));
      const named = { badgeId, name: String(name), status: String(status) };
      const more = { ...named, revoked: Number(revoked), ...toFunnel(steps) };
      found.set(badgeId, sum(found.get(badgeId), more));
    }
    after = looked === SLICE ? last : null;
  }
  return [...found.values()];
}

function sum(one: BadgeFunnel | undefined, other: BadgeFunnel): BadgeFunnel {
  if (one === undefined) return other;
  return {
    ...other,
    revoked: one.revoked + other.revoked,
    awarded: one.awarded + other.awarded,
    mailed: one.mailed + other.mailed,
    accepted: one.accepted + other.accepted,
    shown: one.shown + other.shown,
    carried: one.carried + other.carried,
  };
}

export interface FirstSteps {
  readonly profile: boolean;
  readonly badge: boolean;
  readonly people: boolean;
  readonly award: boolean;
}

/** Which of the first steps were taken: each is one look at an index. */
export async function firstSteps(db: Database, organizationId: string): Promise<FirstSteps> {
  const { rows } = await db.read({
    sql: `SELECT
      EXISTS (SELECT 1 FROM organizations
        WHERE id = ?1 AND (description IS NOT NULL OR image_id IS NOT NULL)),
      EXISTS (SELECT 1 FROM badges WHERE organization_id = ?1),
      (SELECT count(*) FROM (SELECT 1 FROM memberships WHERE organization_id = ?1 LIMIT 2)) > 1,
      EXISTS (SELECT 1 FROM badge_issues WHERE organization_id = ?1)`,
    params: [organizationId],
  });
  const [profile, badge, people, award] = (rows[0] ?? []).map((value) => Number(value) === 1);
  return {
    profile: profile === true,
    badge: badge === true,
    people: people === true,
    award: award === true,
  };
}

export interface Activity {
  readonly id: string;
  readonly at: number;
  readonly action: string;
  readonly actorKind: string;
  /** Null for somebody who is no member here, and for what is no person. */
  readonly actorName: string | null;
  readonly objectKind: string;
  readonly objectId: string;
  /** The name of the badge or the person it is about. */
  readonly objectName: string | null;
}

/** Kept for other reasons than to be read: they go with what is told already. */
const ASIDE = "('identity.recorded')";

/** The last deeds, the newest first. */
export async function recentActivity(
  db: Database,
  organizationId: string,
  limit: number,
): Promise<Activity[]> {
  const { rows } = await db.read({
    sql: `SELECT entry.id, entry.at, entry.action, entry.actor_kind, entry.object_kind,
        entry.object_id, actor.name,
        CASE entry.object_kind
          WHEN 'badge' THEN (SELECT name FROM badges
            WHERE id = entry.object_id AND +organization_id = entry.organization_id)
          WHEN 'user' THEN (SELECT name FROM memberships
            WHERE organization_id = entry.organization_id AND user_id = entry.object_id)
          WHEN 'award' THEN (SELECT badges.name FROM badge_issues
            JOIN badges ON badges.id = badge_id
            WHERE badge_issues.id = entry.object_id
              AND +badge_issues.organization_id = entry.organization_id)
        END
      FROM (SELECT * FROM audit_log WHERE organization_id = ? AND action NOT IN ${ASIDE}
        ORDER BY id DESC LIMIT ?) entry
      LEFT JOIN memberships actor ON actor.organization_id = entry.organization_id
        AND actor.user_id = entry.actor_id AND entry.actor_kind = 'user'
      ORDER BY entry.id DESC`,
    params: [organizationId, limit],
  });
  const text = (value: Value | undefined) =>
    value === null || value === undefined ? null : String(value);
  return rows.map(([id, at, action, actorKind, objectKind, objectId, actor, object]) => ({
    id: String(id),
    at: Number(at),
    action: String(action),
    actorKind: String(actorKind),
    actorName: text(actor),
    objectKind: String(objectKind),
    objectId: String(objectId),
    objectName: text(object),
  }));
}
