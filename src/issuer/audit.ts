// The audit entry of a deed, and the condition under which the whole deed happens.
import { type SQL, sql } from "drizzle-orm";
import { type AuditEntry, auditLog } from "../db/audit.ts";
import type { Writable } from "../db/database.ts";
import { DatabaseError } from "../db/errors.ts";
import { filled, prepared } from "../db/prepared.ts";
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
  const [object_kind, object_id] = deed.object;
  const entry = {
    id: newId(env),
    organization_id: deed.organizationId,
    at: env.now(),
    actor_kind: deed.actor.kind,
    actor_id: deed.actor.id,
    action: deed.action,
    object_kind,
    object_id,
    detail: deed.detail ?? null,
  };
  if (deed.provided === undefined) {
    const detail = entry.detail === null ? null : JSON.stringify(entry.detail);
    return filled(unconditional(env.db), { ...entry, detail });
  }
  const action = sql<string>`case when ${deed.provided} then ${deed.action} end`;
  return env.db.orm.insert(auditLog).values({ ...entry, action });
}

const unconditional = prepared((db) => {
  const built = db.orm
    .insert(auditLog)
    .values({
      id: sql.placeholder("id"),
      organization_id: sql.placeholder("organization_id"),
      at: sql.placeholder("at"),
      actor_kind: sql.placeholder("actor_kind"),
      actor_id: sql.placeholder("actor_id"),
      action: sql.placeholder("action"),
      object_kind: sql.placeholder("object_kind"),
      object_id: sql.placeholder("object_id"),
      // Within SQL of its own a placeholder is not encoded, so that NULL stays NULL.
      detail: sql`${sql.placeholder("detail")}`,
    })
    .toSQL();
  return { toSQL: () => built };
});

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
