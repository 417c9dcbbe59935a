// Badges people hold elsewhere, as pulled from their backpacks and judged here.
import { index, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { backpacks, connections } from "./backpacks.ts";
import { createdAt, flag, id, json, time } from "./columns.ts";

/** ExternalBadge: one badge in one collection of a backpack. */
export const externalBadges = sqliteTable(
  "badge_externals",
  {
    id: id(),
    /** The connection it was pulled through. */
    backpack_id: text()
      .notNull()
      .references(() => connections.id),
    /** The backpack's id of the collection; `-1` where it has none. */
    collection_id: text().notNull().default("-1"),
    collection_name: text(),
    /** The backpack's id of the badge; the assertion's id where it has no other. */
    entity_id: text().notNull(),
    /** As judged: the issuer's own copy of a hosted badge, not the backpack's. */
    assertion: json<Record<string, unknown>>().notNull(),
    /** The compact JWS of a signed badge. */
    jws: text(),
    /** The assertion's id in normal form: the same badge in two backpacks is one. */
    canonical_id: text().notNull(),
    name: text(),
    issuer_name: text(),
    image_url: text(),
    issued_on: time(),
    /** The verifier's word: `valid`, `expired`, `revoked`, … */
    verdict: text().notNull(),
    /** Why, in a sentence. */
    verdict_detail: text(),
    /** Whether it is made out to a verified identity of the person. */
    is_theirs: flag().notNull(),
    checked_at: time().notNull(),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_badge_externals_entity").on(t.backpack_id, t.collection_id, t.entity_id),
    index("idx_badge_externals_canonical").on(t.canonical_id),
  ],
);

/** ExternalId: what a backpack calls something of ours, so that nothing is created there twice. */
export const externalIds = sqliteTable(
  "badge_external_identifiers",
  {
    id: id(),
    site_backpack_id: text()
      .notNull()
      .references(() => backpacks.id),
    /** At most 128 characters. */
    internal_id: text().notNull(),
    /** At most 128 characters. */
    external_id: text().notNull(),
    /** `issuer`, `badge` or `assertion`; at most 16 characters. */
    type: text().notNull(),
    created_at: createdAt(),
  },
  (t) => [
    uniqueIndex("idx_badge_external_identifiers_unique").on(
      t.site_backpack_id,
      t.internal_id,
      t.external_id,
      t.type,
    ),
  ],
);

export type ExternalBadge = typeof externalBadges.$inferSelect;
export type ExternalId = typeof externalIds.$inferSelect;
