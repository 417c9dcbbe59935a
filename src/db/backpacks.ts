// Backpacks the site knows, people's connections to them, and the tokens and registrations these need.
import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { createdAt, flag, id, json, time } from "./columns.ts";
import { users } from "./organizations.ts";
import { sessions } from "./sessions.ts";

/** How a client came to be known at an authorization server. */
export type RegistrationKind = "dynamic" | "entered";

/** AuthorizationServer: discovered endpoints, and our registration there. */
export const authorizationServers = sqliteTable(
  "oauth2_issuers",
  {
    id: id(),
    name: text().notNull(),
    /** OB 2.1 manifest, or null where an administrator entered the endpoints. */
    manifest_url: text(),
    /** As fetched, so that 304 can be answered with it. */
    manifest: json<unknown>(),
    manifest_etag: text(),
    manifest_fetched_at: time(),
    /** Till when the manifest need not be asked for again; null is at once. */
    manifest_fresh_until: time(),
    authorization_url: text().notNull(),
    token_url: text().notNull(),
    registration_url: text(),
    revocation_url: text(),
    /** RFC 8414 `issuer`, where the host has such metadata. */
    issuer: text(),
    /** RFC 9207: the host promised `iss` in its answers. */
    iss_promised: flag().notNull().default(false),
    scopes_offered: json<string[]>().notNull(),
    terms_url: text(),
    policy_url: text(),
    registration: text().$type<RegistrationKind>(),
    client_id: text(),
    client_secret_sealed: text(),
    client_secret_expires_at: time(),
    redirect_uri: text(),
    scopes_registered: json<string[]>(),
    registered_at: time(),
    /** Goes up with every registration: two writers cannot both store theirs. */
    registration_version: integer().notNull().default(0),
    registration_lease_until: time(),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [uniqueIndex("idx_oauth2_issuers_manifest").on(t.manifest_url)],
);

export const API_VERSIONS = ["v2p1", "v2", "v1"] as const;
/** `v2p1` is Badge Connect 2.1, `v2` is Badgr's, `v1` is the displayer's. */
export type ApiVersion = (typeof API_VERSIONS)[number];

/** Backpack: one that people here can connect to. */
export const backpacks = sqliteTable(
  "badge_external_backpacks",
  {
    id: id(),
    name: text().notNull(),
    api_version: text().$type<ApiVersion>().notNull(),
    backpack_api_url: text().notNull(),
    backpack_web_url: text().notNull(),
    oauth2_issuer_id: text().references(() => authorizationServers.id),
    /** The first is the primary one. */
    sort_order: integer().notNull().default(0),
    image_url: text(),
    /** Which known product it is, for what is known of its behaviour; null is an unknown one. */
    provider: text(),
    is_enabled: flag().notNull().default(true),
    auto_sync_default: flag().notNull().default(true),
    /** Who gave its address. Null: an administrator, or one has taken it over; only then is it offered to everybody. */
    added_by_user_id: text().references(() => users.id),
    /** What the last probe found: named checks with their outcome. */
    last_probe: json<unknown>(),
    last_probe_at: time(),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_badge_external_backpacks_api").on(t.backpack_api_url),
    uniqueIndex("idx_badge_external_backpacks_web").on(t.backpack_web_url),
    index("idx_badge_external_backpacks_order").on(t.sort_order),
    check("api_version_valid_enum", sql`api_version in ('v2p1', 'v2', 'v1')`),
  ],
);

/** `reconnect` is a grant that is gone: only the person can bring it back. */
export type ConnectionStatus = "connected" | "reconnect";

/** Connection: one person's link to one backpack. */
export const connections = sqliteTable(
  "badge_backpacks",
  {
    id: id(),
    user_id: text()
      .notNull()
      .references(() => users.id),
    external_backpack_id: text()
      .notNull()
      .references(() => backpacks.id),
    auto_sync: flag().notNull().default(false),
    /** The address the backpack knows the person by, where it said one. */
    email: text(),
    /** The backpack's own id of the person. */
    backpack_uid: text(),
    /** For reading old data; never written here. */
    password: text(),
    status: text().$type<ConnectionStatus>().notNull().default("connected"),
    /** A code, where `status` is `reconnect`. */
    problem: text(),
    connected_at: time().notNull(),
    /** Asked of `since`: when the last pull that went through began. */
    pulled_since: time(),
    last_pulled_at: time(),
    last_pull_problem: text(),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_badge_backpacks_user_backpack").on(t.user_id, t.external_backpack_id),
    index("idx_badge_backpacks_backpack").on(t.external_backpack_id),
    check("status_valid_enum", sql`status in ('connected', 'reconnect')`),
  ],
);

/** Token: what a connection may do, sealed; at most one row a connection. */
export const tokens = sqliteTable(
  "badge_backpack_oauth2s",
  {
    id: id(),
    user_id: text()
      .notNull()
      .references(() => users.id),
    external_backpack_id: text()
      .notNull()
      .references(() => backpacks.id),
    issuer_id: text()
      .notNull()
      .references(() => authorizationServers.id),
    connection_id: text()
      .notNull()
      .references(() => connections.id),
    /** Sealed. */
    token: text().notNull(),
    /** Sealed; empty where the backpack gave none. */
    refresh_token: text().notNull().default(""),
    /** Null where the backpack did not say. */
    expires: time(),
    /** Granted, space-separated; what was asked for may be more. */
    scope: text().notNull(),
    /** Goes up with each token stored: what was computed from an older one is not stored. */
    generation: integer().notNull().default(1),
    /** Whoever holds it refreshes; nobody else does meanwhile. */
    refresh_lease_until: time(),
    refresh_lease_holder: text(),
    created_at: createdAt(),
    updated_at: time().notNull(),
  },
  (t) => [
    uniqueIndex("idx_badge_backpack_oauth2s_connection").on(t.connection_id),
    uniqueIndex("idx_badge_backpack_oauth2s_user_backpack").on(t.user_id, t.external_backpack_id),
  ],
);

/** Authorization requests on their way: bound to the session that began them, good once. */
export const authorizations = sqliteTable(
  "oauth_authorizations",
  {
    id: id(),
    state_hash: text().notNull(),
    session_id: text()
      .notNull()
      .references(() => sessions.id),
    user_id: text()
      .notNull()
      .references(() => users.id),
    external_backpack_id: text()
      .notNull()
      .references(() => backpacks.id),
    issuer_id: text()
      .notNull()
      .references(() => authorizationServers.id),
    /** Sealed PKCE verifier. */
    verifier_sealed: text().notNull(),
    scopes: json<string[]>().notNull(),
    redirect_uri: text().notNull(),
    auto_sync: flag().notNull(),
    created_at: createdAt(),
    expires_at: time().notNull(),
    consumed_at: time(),
  },
  (t) => [
    uniqueIndex("idx_oauth_authorizations_state").on(t.state_hash),
    index("idx_oauth_authorizations_expires").on(t.expires_at),
  ],
);

export type AuthorizationServer = typeof authorizationServers.$inferSelect;
export type Backpack = typeof backpacks.$inferSelect;
export type Connection = typeof connections.$inferSelect;
export type Token = typeof tokens.$inferSelect;
export type Authorization = typeof authorizations.$inferSelect;
