// Organizations (tenants and issuers) and the people in them.
import { and, desc, eq, lt, sql } from "drizzle-orm";
import { index, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { createdAt, flag, id, json, time } from "./columns.ts";
import type { Database } from "./database.ts";

export const organizations = sqliteTable(
  "organizations",
  {
    id: id(),
    /** Names the organization in addresses people read; unique, lower case. */
    slug: text().notNull(),
    name: text().notNull(),
    description: text(),
    url: text().notNull(),
    email: text().notNull(),
    telephone: text(),
    /** BCP 47. */
    language: text().notNull().default("en"),
    /** In the image registry; null means no picture. */
    image_id: text(),
    /** OB 2.0 VerificationObject: at most one prefix, ending in a slash. */
    verification_starts_with: text(),
    /** OB 2.0 VerificationObject: host names. */
    verification_allowed_origins: json<string[]>(),
    /** Whether it wants to be found in the catalogue, with the badges it awards. */
    is_listed: flag().notNull().default(false),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [uniqueIndex("idx_organizations_slug").on(t.slug)],
);

export type UserStatus = "active" | "suspended" | "deactivated";

export const users = sqliteTable(
  "users",
  {
    id: id(),
    name: text(),
    status: text().$type<UserStatus>().notNull().default("active"),
    /** BCP 47; null means the organization's. */
    language: text(),
    /** IANA name; null means UTC. */
    time_zone: text(),
    /** Looks after what all organizations share: backpacks, health. */
    is_site_administrator: flag().notNull().default(false),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  // Which zones there are is found by a step for each.
  (t) => [
    index("idx_users_time_zone").on(t.time_zone).where(sql`time_zone is not null`),
    index("idx_users_site_administrator")
      .on(t.is_site_administrator)
      .where(sql`is_site_administrator = 1`),
  ],
);

export type IdentityType = "email" | "url" | "telephone" | "did";

/** What a person is known by. Anyone may be recorded under an address; one person has proven it. */
export const identities = sqliteTable(
  "identities",
  {
    id: id(),
    user_id: text()
      .notNull()
      .references(() => users.id),
    type: text().$type<IdentityType>().notNull(),
    /** As it was typed. */
    identity: text().notNull(),
    /** Trimmed, and lower-cased for email. */
    normalised: text().notNull(),
    verified_at: time(),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex("idx_identities_user").on(t.user_id, t.type, t.normalised),
    index("idx_identities_normalised").on(t.type, t.normalised),
    uniqueIndex("idx_identities_proven")
      .on(t.type, t.normalised)
      .where(sql`verified_at is not null`),
  ],
);

/** A person in an organization. The name is the organization's own: it is shown to no other. */
export const memberships = sqliteTable(
  "memberships",
  {
    id: id(),
    organization_id: text()
      .notNull()
      .references(() => organizations.id),
    user_id: text()
      .notNull()
      .references(() => users.id),
    name: text(),
    /** Free strings; `organization_administrator` and `coordinator` have meaning here. */
    roles: json<string[]>().notNull(),
    status: text().$type<UserStatus>().notNull().default("active"),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_memberships_organization_user").on(t.organization_id, t.user_id),
    index("idx_memberships_user").on(t.user_id),
    // Lists of members go by id, a page at a time.
    index("idx_memberships_organization").on(t.organization_id, t.id),
    // The few who are more than members, and those who may not come in, are found among many.
    index("idx_memberships_staff").on(t.organization_id, t.id).where(sql`roles <> '["member"]'`),
    index("idx_memberships_not_active").on(t.organization_id, t.id).where(sql`status <> 'active'`),
  ],
);

/** Keys for the API: 256 random bits, stored as their SHA-256. */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: id(),
    /** Null for a key of the whole site, which alone can make organizations. */
    organization_id: text().references(() => organizations.id),
    name: text().notNull(),
    /** The first characters, so that a person can tell keys apart. */
    prefix: text().notNull(),
    key_hash: text().notNull(),
    /** Verbs on resources, as `awards:write`; `*` is all of them. */
    scopes: json<string[]>().notNull(),
    created_at: createdAt(),
    expires_at: time(),
    last_used_at: time(),
    revoked_at: time(),
  },
  (t) => [
    uniqueIndex("idx_api_keys_hash").on(t.key_hash),
    index("idx_api_keys_organization").on(t.organization_id),
  ],
);

export type Organization = typeof organizations.$inferSelect;
export type User = typeof users.$inferSelect;
export type Identity = typeof identities.$inferSelect;
export type Membership = typeof memberships.$inferSelect;
export type ApiKey = typeof apiKeys.$inferSelect;

export async function findOrganization(db: Database, id: string): Promise<Organization | null> {
  const rows = await db.orm.select().from(organizations).where(eq(organizations.id, id)).limit(1);
  return rows[0] ?? null;
}

/** One row more than a page holds, newest first, below `cursor`; of one organization or of all. */
export function listOrganizations(
  db: Database,
  only: string | null,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Organization[]> {
  return db.orm
    .select()
    .from(organizations)
    .where(
      and(
        only === null ? undefined : eq(organizations.id, only),
        page.cursor === undefined ? undefined : lt(organizations.id, page.cursor),
      ),
    )
    .orderBy(desc(organizations.id))
    .limit(page.limit + 1);
}

export async function findOrganizationBySlug(
  db: Database,
  slug: string,
): Promise<Organization | null> {
  const rows = await db.orm
    .select()
    .from(organizations)
    .where(eq(organizations.slug, slug))
    .limit(1);
  return rows[0] ?? null;
}

export async function findMembership(
  db: Database,
  organizationId: string,
  userId: string,
): Promise<Membership | null> {
  const rows = await db.orm
    .select()
    .from(memberships)
    .where(and(eq(memberships.organization_id, organizationId), eq(memberships.user_id, userId)))
    .limit(1);
  return rows[0] ?? null;
}

/** Whether anybody could have issued anything here yet. */
export async function hasOrganizations(db: Database): Promise<boolean> {
  const rows = await db.orm.select({ id: organizations.id }).from(organizations).limit(1);
  return rows.length > 0;
}
