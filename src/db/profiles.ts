// Pages that people choose to have about themselves: the address, the name it gives, and who may find it.
import { and, eq, sql } from "drizzle-orm";
import { index, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { createdAt, flag, time } from "./columns.ts";
import type { Database } from "./database.ts";
import { users } from "./organizations.ts";

export const profiles = sqliteTable(
  "profiles",
  {
    user_id: text()
      .primaryKey()
      .notNull()
      .references(() => users.id),
    /** Names the page in its address: /p/<slug>. */
    slug: text().notNull(),
    /** What the person calls themselves there; no organization's name for them. */
    name: text().notNull(),
    /** Whether the page is there for others at all. */
    is_public: flag().notNull().default(false),
    /** Whether search engines may keep it. */
    is_indexed: flag().notNull().default(false),
    /** Whether the pages of issuers whose badges the person shows may name them, with a link here. */
    is_listed: flag().notNull().default(false),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_profiles_slug").on(t.slug),
    index("idx_profiles_listed").on(t.user_id).where(sql`is_listed and is_public`),
  ],
);

/** Every slug that was ever somebody's: a link that was given out never leads to another person. */
export const profileSlugs = sqliteTable(
  "profile_slugs",
  {
    slug: text().primaryKey().notNull(),
    user_id: text()
      .notNull()
      .references(() => users.id),
    created_at: createdAt(),
  },
  (t) => [index("idx_profile_slugs_user").on(t.user_id)],
);

export type Profile = typeof profiles.$inferSelect;

/** A person's own, public or not; null while they never made one. */
export async function findProfileOf(db: Database, userId: string): Promise<Profile | null> {
  const rows = await db.orm.select().from(profiles).where(eq(profiles.user_id, userId)).limit(1);
  return rows[0] ?? null;
}

/** The page that others may see; null for one that is switched off, as for none. */
export async function findPublicProfile(db: Database, slug: string): Promise<Profile | null> {
  const rows = await db.orm
    .select({ profile: profiles })
    .from(profiles)
    .innerJoin(users, eq(users.id, profiles.user_id))
    .where(and(eq(profiles.slug, slug), eq(profiles.is_public, true), eq(users.status, "active")))
    .limit(1);
  return rows[0]?.profile ?? null;
}

/** Whose a slug is, or once was; null for one that nobody had. */
export async function holderOfSlug(db: Database, slug: string): Promise<string | null> {
  const rows = await db.orm
    .select({ userId: profileSlugs.user_id })
    .from(profileSlugs)
    .where(eq(profileSlugs.slug, slug))
    .limit(1);
  return rows[0]?.userId ?? null;
}

/** How many slugs a person has taken so far. */
export async function slugsOf(db: Database, userId: string): Promise<readonly string[]> {
  const rows = await db.orm
    .select({ slug: profileSlugs.slug })
    .from(profileSlugs)
    .where(eq(profileSlugs.user_id, userId));
  return rows.map(({ slug }) => slug);
}
