// Answers kept by Idempotency-Key, so that sending the same request again changes nothing.
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { createdAt, json, time } from "./columns.ts";

export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    /** The key that asked: two callers' keys never meet. */
    api_key_id: text().notNull(),
    key: text().notNull(),
    method: text().notNull(),
    path: text().notNull(),
    /** HMAC-SHA-256 of the request's body. */
    body_hash: text().notNull(),
    status: integer().notNull(),
    headers: json<Record<string, string>>().notNull(),
    body: text().notNull(),
    expires_at: time().notNull(),
    created_at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.api_key_id, t.key] }),
    index("idx_idempotency_keys_expires_at").on(t.expires_at),
  ],
);

export type IdempotencyKey = typeof idempotencyKeys.$inferSelect;
