// Links by which an installation that nobody looks after yet gets its first administrator; printed where it runs.
import { eq, type SQL, sql } from "drizzle-orm";
import { sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { createdAt, id, time } from "./columns.ts";
import type { Database, Writable } from "./database.ts";

export const setupLinks = sqliteTable(
  "setup_links",
  {
    id: id(),
    /** SHA-256 of 256 random bits. */
    token_hash: text().notNull(),
    created_at: createdAt(),
    expires_at: time().notNull(),
    consumed_at: time(),
  },
  (t) => [uniqueIndex("idx_setup_links_token").on(t.token_hash)],
);

export type SetupLink = typeof setupLinks.$inferSelect;

export function insertSetupLink(db: Database, row: SetupLink): Writable {
  return db.orm.insert(setupLinks).values(row);
}

/** Every other one is of no use from then on. */
export function removeSetupLinks(db: Database): Writable {
  return db.orm.delete(setupLinks);
}

/** By the SHA-256 of its token; a used or expired one is found too. */
export async function findSetupLink(db: Database, tokenHash: string): Promise<SetupLink | null> {
  const rows = await db.orm
    .select()
    .from(setupLinks)
    .where(eq(setupLinks.token_hash, tokenHash))
    .limit(1);
  return rows[0] ?? null;
}

export function consumeSetupLink(db: Database, linkId: string, now: number): Writable {
  return db.orm.update(setupLinks).set({ consumed_at: now }).where(eq(setupLinks.id, linkId));
}

/** True, in SQL, while a link can be used. */
export function isSetupLinkOpen(linkId: string, now: number): SQL {
  return sql`exists (select 1 from ${setupLinks} where ${setupLinks.id} = ${linkId}
    and ${setupLinks.consumed_at} is null and ${setupLinks.expires_at} > ${now})`;
}

/** True, in SQL, while nobody looks after the site, nor after any organization of it. */
export const NOBODY_ADMINISTERS: SQL = sql`(not exists (
    select 1 from users where is_site_administrator = 1)
  and not exists (select 1 from memberships, json_each(memberships.roles) role
    where memberships.roles <> '["member"]' and role.value = 'organization_administrator'))`;

export async function isAdministered(db: Database): Promise<boolean> {
  const rows = await db.orm.all<{ nobody: number }>(sql`select ${NOBODY_ADMINISTERS} as nobody`);
  return Number(Object.values(rows[0] ?? {})[0]) !== 1;
}
