// Answers kept by Idempotency-Key, so that sending the same request again changes nothing.
import { and, eq, lte } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { createdAt, json, time } from "./columns.ts";
import type { Database, Writable } from "./database.ts";

export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    /** The API key or the person that asked: two callers' keys never meet. */
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

/** The kept answer of a caller's key, also when it has expired; null where there is none. */
export async function findIdempotencyKey(
  db: Database,
  apiKeyId: string,
  key: string,
): Promise<IdempotencyKey | null> {
  const rows = await db.orm
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.api_key_id, apiKeyId), eq(idempotencyKeys.key, key)))
    .limit(1);
  return rows[0] ?? null;
}

/** Forgets the answers that need no longer be kept; `now` in milliseconds. */
export function sweepIdempotencyKeys(db: Database, now: number): Writable {
  return db.orm.delete(idempotencyKeys).where(lte(idempotencyKeys.expires_at, now));
}

/** Forgets one key's answer if it has expired. */
export function sweepIdempotencyKey(
  db: Database,
  apiKeyId: string,
  key: string,
  now: number,
): Writable {
  return db.orm
    .delete(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.api_key_id, apiKeyId),
        eq(idempotencyKeys.key, key),
        lte(idempotencyKeys.expires_at, now),
      ),
    );
}
