// Who is signed in: the session of a request, and the forms that only its own pages can send.
import type { SQL } from "drizzle-orm";
import { hasScope, scopesOf } from "../auth.ts";
import { isLocalDemo } from "../config.ts";
import type { Writable } from "../db/database.ts";
import type { User } from "../db/organizations.ts";
import { type OwnOrganization, organizationsOf } from "../db/own-memberships.ts";
import { provenIdentities } from "../db/people.ts";
import {
  endSessionByToken,
  findSessionByToken,
  insertSession,
  type SessionRow,
  type SignInMethod,
  touchSession,
} from "../db/sessions.ts";
import type { Env } from "../env.ts";
import { newId, sha256Hex, toBase64url } from "../ids.ts";
import { type Language, languageOf } from "../language.ts";
import type { Account } from "../pages/account.tsx";
import { Problem } from "../problem.ts";
import { formOf, readBytes, requireMediaType } from "../request-body.ts";
import { readCookie, setCookie } from "./cookies.ts";
import { isSame, keyedHash } from "./keyed-hash.ts";

const DAY_MS = 86_400_000;
/** A session nobody uses ends after so long. */
export const IDLE_MS = 14 * DAY_MS;
/** Every session ends after so long. */
export const ABSOLUTE_MS = 90 * DAY_MS;
/** That it is used is written down no more often. */
export const SEEN_EVERY_MS = 5 * 60_000;
/** Of a browser's name for itself. */
const MAX_USER_AGENT_LENGTH = 200;

export const SESSION_COOKIE = "session";
/** 256 bits in base64url. */
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;

export interface Session {
  readonly id: string;
  readonly user: User;
  readonly method: SignInMethod;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** To answer this request in. */
  readonly language: Language;
  /** Id of the organization whose pages they went to last, as the browser says; null for none. */
  readonly organizationChoice: string | null;
}

/** Which of several organizations a person's pages are about: a choice of view, and no right. */
export const ORGANIZATION_COOKIE = "organization";

/** The session of a request; null where it brings none that stands, or the person is suspended. */
export async function findSession(env: Env, request: Request): Promise<Session | null> {
  const token = readCookie(env, request, SESSION_COOKIE);
  if (token === null || !TOKEN_FORM.test(token)) return null;
  const now = env.now();
  const found = await findSessionByToken(env.db, await sha256Hex(token), now);
  if (found === null || found.user.status !== "active") return null;
  const { session, user } = found;
  if (now - session.last_seen_at >= SEEN_EVERY_MS) seen(env, session, now);
  return {
    id: session.id,
    user,
    method: session.method,
    startedAt: session.created_at,
    language: languageOf(request, user.language),
    organizationChoice: readCookie(env, request, ORGANIZATION_COOKIE),
  };
}

/** Nobody waits for it, and a page is not refused because it could not be written. */
function seen(env: Env, session: SessionRow, now: number): void {
  const expiresAt = expiryOf(session.created_at, now);
  env.background(env.db.batch([touchSession(env.db, session, now, expiresAt)]));
}

function expiryOf(startedAt: number, now: number): number {
  return Math.min(now + IDLE_MS, startedAt + ABSOLUTE_MS);
}

/** Throws a `sign-in-required` Problem, which browsers get as a redirect to `/login`. */
export async function requireSession(env: Env, request: Request): Promise<Session> {
  const session = await findSession(env, request);
  if (session === null) throw new Problem("sign-in-required", "Nobody is signed in here.");
  return session;
}

/**
 * Throws `sign-in-required`, or 403 `administrator-required` for somebody else who is signed in.
 * Not 404: the addresses of these pages are no secret, and an administrator who signed in under
 * another address must be told so.
 */
export async function requireSiteAdministrator(env: Env, request: Request): Promise<Session> {
  const session = await requireSession(env, request);
  if (!session.user.is_site_administrator) {
    throw new Problem("administrator-required", "Only administrators of this site see this page.");
  }
  return session;
}

export interface NewSession {
  readonly session: SessionRow;
  /** To be written in the batch that uses up what the person signed in with. */
  readonly write: Writable;
  /** The Set-Cookie header's value. */
  readonly cookie: string;
}

/**
 * A session with a token of its own: what a browser brought before is never kept. `provided` is
 * what must hold in the database when it is written.
 */
export async function newSession(
  env: Env,
  userId: string,
  method: SignInMethod,
  request: Request,
  provided?: SQL,
): Promise<NewSession> {
  const token = toBase64url(env.random(32));
  const now = env.now();
  const session: SessionRow = {
    id: newId(env),
    token_hash: await sha256Hex(token),
    user_id: userId,
    method,
    user_agent: request.headers.get("user-agent")?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
    created_at: now,
    last_seen_at: now,
    expires_at: expiryOf(now, now),
    ended_at: null,
  };
  const cookie = setCookie(env, SESSION_COOKIE, token, ABSOLUTE_MS / 1_000);
  return { session, write: insertSession(env.db, session, provided), cookie };
}

/** The write that ends the session a request brings; none where it brings none. */
export async function endedSession(env: Env, request: Request): Promise<Writable[]> {
  const token = readCookie(env, request, SESSION_COOKIE);
  if (token === null || !TOKEN_FORM.test(token)) return [];
  return [endSessionByToken(env.db, await sha256Hex(token), env.now())];
}

/** The Set-Cookie header's value that has a browser forget its session. */
export function forgottenSession(env: Env): string {
  return setCookie(env, SESSION_COOKIE, "", 0);
}

/** What the frame of a signed-in page needs: the name they chose, else an address they proved. */
export async function accountOf(env: Env, session: Session): Promise<Account> {
  return accountAmong(env, session, await organizationsOf(env.db, session.user.id));
}

/** The same for whoever has asked already which organizations know them. */
export async function accountAmong(
  env: Env,
  session: Session,
  known: readonly OwnOrganization[],
): Promise<Account> {
  const { name, id, is_site_administrator: isSiteAdministrator } = session.user;
  const [identity] = name ? [] : await provenIdentities(env.db, id);
  const who = name ?? identity?.identity ?? null;
  const current = known.find((one) => one.id === session.organizationChoice) ?? known[0] ?? null;
  const scopes = current === null ? [] : scopesOf(current.roles);
  return {
    who,
    isSiteAdministrator,
    isDemo: isLocalDemo(env.config),
    formToken: await formToken(env, session),
    once: newId(env),
    language: session.language,
    organization: current,
    organizations: known,
    may: {
      award: hasScope({ scopes }, "awards:write"),
      administer: hasScope({ scopes }, "organizations:write"),
    },
  };
}

export const FORM_TOKEN = "form_token";
/** Text fields only; pictures and files have addresses of their own. */
export const MAX_FORM_BYTES = 64 * 1024;
const FORMS = ["application/x-www-form-urlencoded", "multipart/form-data"];

/** The value of the hidden field `form_token` of every form that changes something. */
export function formToken(env: Pick<Env, "config">, session: Pick<Session, "id">): Promise<string> {
  return keyedHash(env.config, "form", session.id);
}

/**
 * The fields of a form that one of the session's own pages sent. Throws a Problem: `form-expired`
 * (403) for a missing or foreign token or another site's page, 413 for more than `mostBytes`,
 * 415 and 400 for what is no form.
 */
export async function readForm(
  env: Pick<Env, "config">,
  session: Pick<Session, "id">,
  request: Request,
  mostBytes = MAX_FORM_BYTES,
): Promise<FormData> {
  return readFormWith(env, await formToken(env, session), request, mostBytes);
}

/** The same where a token stands for a browser and not yet for a session. */
export async function readFormWith(
  env: Pick<Env, "config">,
  expected: string,
  request: Request,
  mostBytes = MAX_FORM_BYTES,
): Promise<FormData> {
  refuseOtherSites(env, request);
  requireMediaType(request, FORMS);
  const contentType = request.headers.get("content-type") ?? "";
  const form = await formOf({ contentType, bytes: await readBytes(request, mostBytes) });
  const given = form.get(FORM_TOKEN);
  if (typeof given !== "string" || !isSame(given, expected)) {
    throw new Problem("form-expired", "This form is no longer valid.");
  }
  return form;
}

/**
 * Cross-site request forgery is refused by what browsers say of a request themselves, and by the
 * token. `Origin: null` is what frames without an origin send.
 */
function refuseOtherSites({ config }: Pick<Env, "config">, request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const own = [config.publicUrl, new URL(request.url).origin];
  const foreign =
    (site !== null && site !== "same-origin" && site !== "none") ||
    (origin !== null && !own.includes(origin));
  if (foreign) throw new Problem("form-expired", "Another site sent this form.");
}
