// The audit entry of a deed, and the condition under which the whole deed happens.
import { type Placeholder, type SQL, sql } from "drizzle-orm";
import { type AuditEntry, auditLog } from "../db/audit.ts";
import type { Database, Writable } from "../db/database.ts";
import { DatabaseError, isBreach } from "../db/errors.ts";
import { built, filled, prepared } from "../db/prepared.ts";
import { statement } from "../db/statement.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";

/** Who acts. A `Principal` is one. */
export interface Actor {
  readonly kind: AuditEntry["actor_kind"];
  readonly id: string | null;
  /** Of the person who acts, or for whom a program does; absent where none is named. */
  readonly roles?: readonly string[];
  /** That person's users rows in the organization, the one to write down first. */
  readonly memberIds?: readonly string[];
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
  readonly provided?: SQL | Condition;
}

/** A condition with placeholders, the same object each time, so that its SQL is built once. */
export interface Condition {
  readonly sql: SQL;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The row that says who did what, to be written in the same batch as the deed. */
export function audited(env: Env, deed: Deed): Writable {
  const [object_kind, object_id] = deed.object;
  const { provided } = deed;
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
  if (provided !== undefined && !("values" in provided)) {
    const action = sql<string>`case when ${provided} then ${deed.action} end`;
    return env.db.orm.insert(auditLog).values({ ...entry, action });
  }
  const detail = entry.detail === null ? null : JSON.stringify(entry.detail);
  const insert = provided === undefined ? unconditional : conditional(provided.sql);
  return filled(insert(env.db), { ...entry, detail, ...provided?.values });
}

const unconditional = prepared((db) => entryInsert(db, sql.placeholder("action")));

const conditionals = new WeakMap<SQL, (db: Database) => Writable>();

function conditional(condition: SQL): (db: Database) => Writable {
  const known = conditionals.get(condition);
  if (known) return known;
  const action = sql<string>`case when ${condition} then ${sql.placeholder("action")} end`;
  const made = prepared((db) => entryInsert(db, action));
  conditionals.set(condition, made);
  return made;
}

function entryInsert({ orm }: Database, action: SQL<string> | Placeholder): Writable {
  return built(
    orm.insert(auditLog).values({
      id: sql.placeholder("id"),
      organization_id: sql.placeholder("organization_id"),
      at: sql.placeholder("at"),
      actor_kind: sql.placeholder("actor_kind"),
      actor_id: sql.placeholder("actor_id"),
      action,
      object_kind: sql.placeholder("object_kind"),
      object_id: sql.placeholder("object_id"),
      // Within SQL of its own a placeholder is not encoded, so that NULL stays NULL.
      detail: sql`${sql.placeholder("detail")}`,
    }),
  );
}

/**
 * Undoes its batch (`isOvertaken`) unless this is true of the stored rows when it is written, for
 * deeds that rest on more than what they write to. It writes nothing; first in its batch, before the
 * batch itself changes what it asks about.
 */
export function onlyIf(condition: SQL): Writable {
  const { sql: text, params } = statement(sql`insert into ${auditLog}
    (id, at, actor_kind, action, object_kind, object_id)
    select '', 0, 'system', null, '', '' where not (${condition})`);
  return { toSQL: () => ({ sql: text, params: [...params] }) };
}

/** Columns that are NULL, and so refuse the whole batch, when a condition no longer holds. */
const CONDITIONS = [
  "audit_log.action",
  "badge_issues.award_slot",
  "badge_criteria_mets.organization_id",
  "evaluations.step",
];

/** Whether a batch was undone because its condition no longer held: read again, decide again. */
export function isOvertaken(error: unknown): boolean {
  return CONDITIONS.some((column) => isBreach(error, "not_null", column));
}

/**
 * Whether a batch was undone because its condition no longer held, its own one on this column among
 * them, because somebody was faster, or because what it belongs to is gone. Anything else is a fault.
 */
export function isRefusal(error: unknown, column: string): boolean {
  if (!(error instanceof DatabaseError)) return false;
  if (error.code === "unique" || error.code === "foreign_key") return true;
  return isOvertaken(error) || isBreach(error, "not_null", column);
}
