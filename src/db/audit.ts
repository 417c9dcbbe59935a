// Who did what, when: written in the same transaction as the deed.
import { index, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { createdAt, id, json, time } from "./columns.ts";
import { organizations } from "./organizations.ts";

export const auditLog = sqliteTable(
  "audit_log",
  {
    id: id(),
    organization_id: text().references(() => organizations.id),
    at: time().notNull(),
    actor_kind: text().$type<"api_key" | "operator" | "system" | "user">().notNull(),
    actor_id: text(),
    /** As `award.created`. */
    action: text().notNull(),
    object_kind: text().notNull(),
    object_id: text().notNull(),
    /** Ids and codes; no personal data. */
    detail: json<Record<string, unknown>>(),
    created_at: createdAt(),
  },
  (t) => [
    index("idx_audit_log_organization").on(t.organization_id, t.id),
    index("idx_audit_log_object").on(t.object_kind, t.object_id),
  ],
);

export type AuditEntry = typeof auditLog.$inferSelect;
