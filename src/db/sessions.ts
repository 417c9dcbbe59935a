// Who is signed in, and the ways in that were begun: links, codes and sign-ins at an OpenID provider.
import { and, desc, eq, gt, isNull, ne, type SQL, sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { createdAt, id, json, time } from "./columns.ts";
import type { Database, Writable } from "./database.ts";
import { isBreach } from "./errors.ts";
import { type User, users } from "./organizations.ts";
import { prepared } from "./prepared.ts";

/** How a session began; `demo` is a link of the demo's own, on a local address only. */
export type SignInMethod = "link" | "code" | "oidc" | "demo";

export const sessions = sqliteTable(
  "sessions",
  {
    id: id(),
    /** SHA-256 of the cookie's 256 random bits, in hexadecimal. */
    token_hash: text().notNull(),
    user_id: text()
      .notNull()
      .references(() => users.id),
    method: text().$type<SignInMethod>().notNull(),
    /** A browser's name for itself, shortened, so that a person can tell sessions apart. */
    user_agent: text(),
    created_at: createdAt(),
    /** Written at most once in a few minutes. */
    last_seen_at: time().notNull(),
    expires_at: time().notNull(),
    ended_at: time(),
  },
  (t) => [
    uniqueIndex("idx_sessions_token").on(t.token_hash),
    index("idx_sessions_user").on(t.user_id, t.created_at),
    index("idx_sessions_expires").on(t.expires_at),
  ],
);

/** What a link proves: that its mail arrived, to sign in with or to add to who is signed in. */
export type LinkPurpose = "sign_in" | "confirm_identity";

/** One-time links by mail, each with the six-digit code beside it. Neither is stored in clear. */
export const signInLinks = sqliteTable(
  "sign_in_links",
  {
    id: id(),
    token_hash: text().notNull(),
    code_hash: text().notNull(),
    purpose: text().$type<LinkPurpose>().notNull(),
    /** As it was typed. */
    email: text().notNull(),
    normalised: text().notNull(),
    /** Whose address is being confirmed; null for a sign-in. */
    user_id: text().references(() => users.id),
    /** The code counts only in the browser that asked for it. */
    browser_hash: text().notNull(),
    /** A path of ours to go on to. */
    next: text(),
    /** Wrong codes so far. */
    attempts: integer().notNull().default(0),
    created_at: createdAt(),
    expires_at: time().notNull(),
    consumed_at: time(),
  },
  (t) => [
    uniqueIndex("idx_sign_in_links_token").on(t.token_hash),
    index("idx_sign_in_links_browser").on(t.browser_hash),
    index("idx_sign_in_links_expires").on(t.expires_at),
  ],
);

/** Sign-ins that went to an OpenID provider and are not back yet. */
export const oidcSignIns = sqliteTable(
  "oidc_sign_ins",
  {
    id: id(),
    state_hash: text().notNull(),
    browser_hash: text().notNull(),
    /** Sealed: the nonce and the PKCE verifier. */
    secrets_sealed: text().notNull(),
    next: text(),
    created_at: createdAt(),
    expires_at: time().notNull(),
    consumed_at: time(),
  },
  (t) => [
    uniqueIndex("idx_oidc_sign_ins_state").on(t.state_hash),
    index("idx_oidc_sign_ins_expires").on(t.expires_at),
  ],
);

/** Who a provider's subject is here (OpenID Connect Core 1.0, section 2: `iss` and `sub` together). */
export const oidcSubjects = sqliteTable(
  "oidc_subjects",
  {
    issuer: text().notNull(),
    subject: text().notNull(),
    user_id: text()
      .notNull()
      .references(() => users.id),
    created_at: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.issuer, t.subject] }),
    index("idx_oidc_subjects_user").on(t.user_id),
  ],
);

/** Counters with an end, for what anybody may ask without being known; in the database so that all processes count together. */
export const rateLimits = sqliteTable(
  "rate_limits",
  {
    /** What is counted and for whom; never an address in clear. */
    key: text().primaryKey().notNull(),
    count: integer().notNull(),
    resets_at: time().notNull(),
  },
  (t) => [index("idx_rate_limits_resets").on(t.resets_at)],
);

/** What was sent, kept for the demo's mailbox only. */
export const demoMails = sqliteTable("demo_mails", {
  id: id(),
  to: text("to_address").notNull(),
  subject: text().notNull(),
  text: text().notNull(),
  html: text(),
  attachments: json<
    { readonly name: string; readonly mediaType: string; readonly base64: string }[]
  >()
    .notNull()
    .default(sql`'[]'`),
  created_at: createdAt(),
});

export type SessionRow = typeof sessions.$inferSelect;
export type SignInLink = typeof signInLinks.$inferSelect;
export type OidcSignIn = typeof oidcSignIns.$inferSelect;
export type DemoMail = typeof demoMails.$inferSelect;

/** The session of a cookie's hash and its person, while it stands; `now` in milliseconds. */
export async function findSessionByToken(
  db: Database,
  tokenHash: string,
  now: number,
): Promise<{ session: SessionRow; user: User } | null> {
  const rows = await sessionByToken(db).all({ tokenHash, now });
  return rows[0] ?? null;
}

const sessionByToken = prepared((db) =>
  db.orm
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.user_id))
    .where(
      and(
        eq(sessions.token_hash, sql.placeholder("tokenHash")),
        isNull(sessions.ended_at),
        gt(sessions.expires_at, sql.placeholder("now")),
      ),
    )
    .limit(1)
    .prepare(),
);

/**
 * Writes a session. Where a condition is given and does not hold, whose session it is becomes NULL,
 * which its column refuses: the whole batch is undone (`isSessionRefused`).
 */
export function insertSession(db: Database, row: SessionRow, provided?: SQL): Writable {
  const user_id =
    provided === undefined
      ? row.user_id
      : sql<string>`case when ${provided} then ${row.user_id} end`;
  return db.orm.insert(sessions).values({ ...row, user_id });
}

/** Whether a batch was undone because the condition of its session did not hold. */
export function isSessionRefused(error: unknown): boolean {
  return isBreach(error, "not_null", "sessions.user_id");
}

/** Ends the session of a cookie's hash, if there is one. */
export function endSessionByToken(db: Database, tokenHash: string, now: number): Writable {
  return db.orm
    .update(sessions)
    .set({ ended_at: now })
    .where(and(eq(sessions.token_hash, tokenHash), isNull(sessions.ended_at)));
}

/** Ends one session of a person. */
export function endSession(db: Database, userId: string, id: string, now: number): Writable {
  return db.orm
    .update(sessions)
    .set({ ended_at: now })
    .where(and(eq(sessions.id, id), eq(sessions.user_id, userId), isNull(sessions.ended_at)));
}

/** Ends all sessions of a person but one; all of them where `except` is null. */
export function endSessions(
  db: Database,
  userId: string,
  except: string | null,
  now: number,
): Writable {
  return db.orm
    .update(sessions)
    .set({ ended_at: now })
    .where(
      and(
        eq(sessions.user_id, userId),
        isNull(sessions.ended_at),
        except === null ? undefined : ne(sessions.id, except),
      ),
    );
}

/** Of one person, shown at once; nobody looks through more. */
const MAX_SESSIONS_LISTED = 100;

/** A person's sessions that stand, the newest first. */
export function listSessions(db: Database, userId: string, now: number): Promise<SessionRow[]> {
  return db.orm
    .select()
    .from(sessions)
    .where(
      and(eq(sessions.user_id, userId), isNull(sessions.ended_at), gt(sessions.expires_at, now)),
    )
    .orderBy(desc(sessions.created_at), desc(sessions.id))
    .limit(MAX_SESSIONS_LISTED);
}

/** Writes that a session was used, unless somebody wrote so since it was read, or ended it. */
export function touchSession(
  db: Database,
  read: Pick<SessionRow, "id" | "last_seen_at">,
  now: number,
  expiresAt: number,
): Writable {
  return db.orm
    .update(sessions)
    .set({ last_seen_at: now, expires_at: expiresAt })
    .where(
      and(
        eq(sessions.id, read.id),
        eq(sessions.last_seen_at, read.last_seen_at),
        isNull(sessions.ended_at),
      ),
    );
}
