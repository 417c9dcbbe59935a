// Mails to be sent because something happened, each once; and the words an organization gave them.
import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { id, time } from "./columns.ts";
import type { Statement } from "./database.ts";
import { organizations } from "./organizations.ts";

export type NotificationState = "waiting" | "sent" | "parked" | "cancelled";

/** One row a mail; kept in the order of its key, which is why there can be no second one. */
export const notifications = sqliteTable(
  "notifications",
  {
    /** As `award.created`, `creator.digest`, `nomination.decided`. */
    kind: text().notNull(),
    /** The award, the nomination; of a digest the badge and the time it is for. */
    subject_id: text().notNull(),
    organization_id: text().notNull(),
    state: text().$type<NotificationState>().notNull().default("waiting"),
    due_at: time().notNull(),
    attempts: integer().notNull().default(0),
    sent_at: time(),
    /** A code of ours, never a server's words. */
    last_error: text(),
    created_at: time().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.subject_id] }),
    index("idx_notifications_due").on(t.organization_id, t.due_at).where(sql`state = 'waiting'`),
    index("idx_notifications_organization").on(t.organization_id, t.created_at),
    index("idx_notifications_cancelled")
      .on(t.organization_id, t.created_at)
      .where(sql`state = 'cancelled'`),
    index("idx_notifications_parked")
      .on(t.organization_id, t.created_at)
      .where(sql`state = 'parked'`),
  ],
);

export const mailTemplates = sqliteTable(
  "mail_templates",
  {
    id: id(),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    kind: text().notNull(),
    /** BCP 47. */
    language: text().notNull(),
    subject: text().notNull(),
    /** Markdown with placeholders. */
    body: text().notNull(),
    updated_at: time().notNull(),
  },
  (t) => [uniqueIndex("idx_mail_templates_organization").on(t.organization_id, t.kind, t.language)],
);

export type Notification = typeof notifications.$inferSelect;
export type MailTemplate = typeof mailTemplates.$inferSelect;

const INSERT = `INSERT INTO notifications
    (kind, subject_id, organization_id, state, due_at, attempts, created_at)
  VALUES (?, ?, ?, 'waiting', ?, 0, ?) ON CONFLICT DO NOTHING`;

/** To be told from now on; what was to be told already stays as it is. */
export function insertNotification(
  { kind, subject_id, organization_id }: NotificationKey,
  now: number,
): Statement {
  return { sql: INSERT, params: [kind, subject_id, organization_id, now, now] };
}

/** A mail about an award that its recipient was told of before; its subject names the award and a time. */
export const TOLD_AGAIN = "award.resent";

/**
 * The same mail once more, unless there is one since `notSince`, which may be on its way or gone:
 * whoever presses twice sends once. Times in milliseconds.
 */
export function insertOnceMore(
  { organization_id, award }: { readonly organization_id: string; readonly award: string },
  now: number,
  notSince: number,
): Statement {
  return {
    sql: `INSERT INTO notifications
        (kind, subject_id, organization_id, state, due_at, attempts, created_at)
      SELECT '${TOLD_AGAIN}', ?, ?, 'waiting', ?, 0, ? WHERE NOT EXISTS (
        SELECT 1 FROM notifications WHERE kind = '${TOLD_AGAIN}'
          AND subject_id > ? AND subject_id < ? AND created_at > ?)
      ON CONFLICT DO NOTHING`,
    params: [`${award}.${now}`, organization_id, now, now, `${award}.`, `${award}/`, notSince],
  };
}

/** What tells one from all others, and whose it is. */
export type NotificationKey = Pick<Notification, "organization_id" | "kind" | "subject_id">;
