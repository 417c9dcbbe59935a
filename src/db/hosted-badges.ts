// Rosette as a backpack: badges other issuers put here for a person, and the authorization server's records.
import { index, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { createdAt, flag, id, json, time } from "./columns.ts";
import { identities, users } from "./organizations.ts";

/** A badge kept for a person: verified before it was kept, one row a person and assertion id. */
export const hostedBadges = sqliteTable(
  "hosted_badges",
  {
    id: id(),
    user_id: text()
      .notNull()
      .references(() => users.id),
    /** The assertion's id in normal form. */
    assertion_id: text().notNull(),
    /** As the issuer serves it, or as signed; with its badge class and issuer where these were loaded. */
    document: json<Record<string, unknown>>().notNull(),
    /** The compact JWS of a signed badge; null for a hosted one. */
    jws: text(),
    name: text(),
    issuer_name: text(),
    verdict: text().notNull(),
    verdict_detail: text(),
    /** The verified identity it is made out to. */
    identity_id: text()
      .notNull()
      .references(() => identities.id),
    /** Which client put it here. */
    client_id: text().notNull(),
    checked_at: time().notNull(),
    created_at: createdAt(),
    /** Newest first is the order of a list (OB 2.1, GET /assertions). */
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_hosted_badges_user_assertion").on(t.user_id, t.assertion_id),
    index("idx_hosted_badges_order").on(t.user_id, t.updated_at, t.id),
  ],
);

/** What the authorization server remembers: clients, codes, grants, tokens; ids as SHA-256 where they are secrets. */
export const authorizationRecords = sqliteTable(
  "authorization_records",
  {
    kind: text().notNull(),
    id: text().notNull(),
    payload: json<Record<string, unknown>>().notNull(),
    /** Sealed parts of the payload, a client's secret among them. */
    sealed: text(),
    grant_id: text(),
    uid: text(),
    user_id: text(),
    client_id: text(),
    consumed_at: time(),
    /** Set when a record was taken out of use before its end. */
    revoked: flag().notNull().default(false),
    expires_at: time(),
    created_at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.kind, t.id] }),
    index("idx_authorization_records_grant").on(t.grant_id),
    index("idx_authorization_records_uid").on(t.kind, t.uid),
    index("idx_authorization_records_user").on(t.user_id, t.kind),
    index("idx_authorization_records_expires").on(t.expires_at),
  ],
);

export type HostedBadge = typeof hostedBadges.$inferSelect;
export type AuthorizationRecord = typeof authorizationRecords.$inferSelect;
