// The audit entry of a deed, and the condition under which the whole deed happens.
import { type SQL, sql } from "drizzle-orm";
import { type AuditEntry, auditLog } from "../db/audit.ts";
import type { Writable } from "../db/database.ts";
import { DatabaseError } from "../db/errors.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";

/** Who acts. A `Principal` is one. */
export interface Actor {
  readonly kind: AuditEntry["actor_kind"];
  readonly id: string | null;
}

export interface Deed {
  readonly organizationId: string | null;
  readonly actor: Actor;
  /** As `badge.created`. */
  readonly action: string;
  readonly object: readonly [kind: string, id: string];
  /** Ids and codes; no personal data. */
  readonly detail?: Record<string, unknown>;
  /**
   * What must be true of the stored rows for the deed to happen, when it is written. If it is not,
   * the action is NULL, its column refuses that, and the batch as a whole is undone: also the rows
   * that know nothing of the condition, such as a kept answer. Put the entry first in its batch.
   */
  readonly provided?: SQL;
}

/** The row that says who did what, to be written in the same batch as the deed. */
export function audited(env: Env, deed: Deed): Writable {
  const [kind, id] = deed.object;
  return env.db.orm.insert(auditLog).values({
    id: newId(env),
    organization_id: deed.organizationId,
    at: env.now(),
    actor_kind: deed.actor.kind,
    actor_id: deed.actor.id,
    action:
      deed.provided === undefined
        ? deed.action
        : sql<string>`case when ${deed.provided} then ${deed.action} end`,
    object_kind: kind,
    object_id: id,
    detail: deed.detail ?? null,
  });
}

/** Columns that are NULL, and so refuse the whole batch, when a condition no longer holds. */
const CONDITIONS = ["audit_log.action", "badge_issues.award_slot"];

/** Whether a batch was undone because its condition no longer held: read again, decide again. */
export function isOvertaken(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    error.code === "not_null" &&
    error.columns.some((column) => CONDITIONS.includes(column))
  );
}
