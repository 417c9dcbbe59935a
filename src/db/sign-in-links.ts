// Reads and writes of links by mail and of counters: each that uses something up says so in its condition.
import { and, desc, eq, gt, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { Database, Statement, Writable } from "./database.ts";
import { type LinkPurpose, rateLimits, type SignInLink, signInLinks } from "./sessions.ts";

export function insertLink(db: Database, row: SignInLink): Writable {
  return db.orm.insert(signInLinks).values(row);
}

export async function findLink(db: Database, id: string): Promise<SignInLink | null> {
  const rows = await db.orm.select().from(signInLinks).where(eq(signInLinks.id, id)).limit(1);
  return rows[0] ?? null;
}

/** By the SHA-256 of its token; a used or expired one is found too. */
export async function findLinkByToken(db: Database, tokenHash: string): Promise<SignInLink | null> {
  const rows = await db.orm
    .select()
    .from(signInLinks)
    .where(eq(signInLinks.token_hash, tokenHash))
    .limit(1);
  return rows[0] ?? null;
}

/** Rows lie in the order they were written in; ids of one millisecond have none. */
const WRITTEN = sql`${signInLinks}.rowid`;

/** What a browser asked for last, whether or not it was used or has expired. */
export async function findLastLink(
  db: Database,
  browserHash: string,
  purpose: LinkPurpose,
): Promise<SignInLink | null> {
  const rows = await db.orm
    .select()
    .from(signInLinks)
    .where(and(eq(signInLinks.browser_hash, browserHash), eq(signInLinks.purpose, purpose)))
    .orderBy(desc(WRITTEN))
    .limit(1);
  return rows[0] ?? null;
}

/** True, in SQL, while a link can be used. */
export function isOpen(linkId: string, now: number): SQL {
  return sql`exists (select 1 from ${signInLinks} where ${signInLinks.id} = ${linkId}
    and ${signInLinks.consumed_at} is null and ${signInLinks.expires_at} > ${now})`;
}

export function consumeLink(db: Database, linkId: string, now: number): Writable {
  return db.orm.update(signInLinks).set({ consumed_at: now }).where(eq(signInLinks.id, linkId));
}

/** Counts a try before it is looked at; changes no row where none is left. */
export function countTry(db: Database, linkId: string, most: number, now: number): Writable {
  return db.orm
    .update(signInLinks)
    .set({ attempts: sql`${signInLinks.attempts} + 1` })
    .where(
      and(
        eq(signInLinks.id, linkId),
        lt(signInLinks.attempts, most),
        isNull(signInLinks.consumed_at),
        gt(signInLinks.expires_at, now),
      ),
    );
}

/** Counts one more within a window that begins with the first; returns `count` and `resets_at`. */
export function countOneMore(key: string, windowMs: number, now: number): Statement {
  return {
    sql: `INSERT INTO rate_limits (key, count, resets_at) VALUES (?, 1, ?)
      ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN resets_at <= ? THEN 1 ELSE count + 1 END,
        resets_at = CASE WHEN resets_at <= ? THEN excluded.resets_at ELSE resets_at END
      RETURNING count, resets_at`,
    params: [key, now + windowMs, now, now],
  };
}

/** A counter as it stands; null where nothing was counted. */
export async function findCounter(
  db: Database,
  key: string,
): Promise<{ count: number; resets_at: number } | null> {
  const rows = await db.orm
    .select({ count: rateLimits.count, resets_at: rateLimits.resets_at })
    .from(rateLimits)
    .where(eq(rateLimits.key, key))
    .limit(1);
  return rows[0] ?? null;
}
