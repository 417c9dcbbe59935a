// Where whoever has a claim code takes the badge: /claim/:code.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../answer.ts";
import { type Claimable, findClaimable, findClaimed } from "../db/claim-codes.ts";
import type { Identity } from "../db/organizations.ts";
import { findMemberByIdentity, provenIdentities } from "../db/people.ts";
import type { Env } from "../env.ts";
import { isActive } from "../issuer/badge-change.ts";
import { claimBadge } from "../issuer/claim.ts";
import { claimCodeHash, stateOfCode } from "../issuer/claim-code.ts";
import { type Language, languageOf } from "../language.ts";
import { callerOf, remoteAddress } from "../net/caller.ts";
import { privatePage, seeOther } from "../page-answer.ts";
import { claimedPage, claimPage, noClaimPage } from "../pages/claim.tsx";
import type { NoClaim } from "../pages/words/claim.ts";
import { Problem } from "../problem.ts";
import { type Limit, takeShares, whenFree } from "../signin/rate-limit.ts";
import {
  accountOf,
  findSession,
  readForm,
  requireSession,
  type Session,
} from "../signin/session.ts";
import { minutesUntil } from "../signin/wording.ts";
import { NO_CLAIM_STATUS, noClaimFor } from "./words.ts";

/** Codes that lead nowhere, from one address: a class that mistypes, and no more guesses than that. */
export const UNKNOWN_CODES: Limit = { name: "unknown-codes", most: 60, windowMs: 3_600_000 };

/** Longer than any code, with room for blanks between. */
const MAX_TYPED_LENGTH = 200;

export function claimRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get("/claim/:code", (c) => show(env, c));
  app.post("/claim/:code", (c) => claim(env, c));
  app.all("/claim/:code", () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  return app;
}

/** Changes nothing, whoever opens it and however often. */
async function show(env: Env, c: Context): Promise<Response> {
  const session = await findSession(env, c.req.raw);
  const claimable = await claimableOf(env, c);
  if (claimable === null) return answerNoClaim(env, c, session, "unknown");
  const { code, badge } = claimable;
  const before = session && (await findClaimed(env.db, code.id, session.user.id));
  if (before && before.revoked_at !== null) return answerNoClaim(env, c, session, "award-revoked");
  if (session && before) {
    return answerClaimed(env, c, session, claimable, before.unique_hash, false);
  }
  const state = stateOfCode(code, env.now());
  if (state !== "open")
    return answerNoClaim(env, c, session, state === "revoked" ? "unknown" : state);
  if (!isActive(badge.status)) return answerNoClaim(env, c, session, "badge-inactive");
  const page = claimPage({
    account: session && (await accountOf(env, session)),
    language: spoken(c, session),
    claimable,
    urls: env.urls,
    path: c.req.path,
    addresses: session ? await addressesOf(env, badge.organization_id, session) : [],
  });
  return privatePage(page);
}

async function claim(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const form = await readForm(env, session, c.req.raw);
  const claimable = await claimableOf(env, c);
  if (claimable === null) return answerNoClaim(env, c, session, "unknown");
  const proven = await provenEmails(env, session);
  const identity = proven.find(({ id }) => id === form.get("identity"));
  // Removed in another window, or none was proven: the page says what there is.
  if (identity === undefined) return show(env, c);
  const claimed = await claimBadge(env, claimable.code.code_hash, {
    userId: session.user.id,
    identity,
    name: session.user.name,
  });
  if (!claimed.ok) {
    const { reason } = claimed;
    if (reason === "refused") return answerNoClaim(env, c, session, noClaimFor(claimed.code));
    return answerNoClaim(env, c, session, reason === "revoked" ? "unknown" : reason);
  }
  if (!claimed.already) return seeOther(c.req.path);
  const before = await findClaimed(env.db, claimable.code.id, session.user.id);
  const isElse = before?.id !== claimed.award.id;
  return answerClaimed(env, c, session, claimable, claimed.award.unique_hash, isElse);
}

/** What a code leads to, be it closed; null for none. Throws a 429 Problem to those who guess. */
async function claimableOf(env: Env, c: Context): Promise<Claimable | null> {
  const caller = callerOf(remoteAddress(c.env, c.req.raw.headers));
  const until = caller === null ? null : await whenFree(env, UNKNOWN_CODES, caller);
  if (until !== null) throw tooMany(env, until);
  const typed = c.req.param("code") ?? "";
  const found =
    typed.length > MAX_TYPED_LENGTH
      ? null
      : await findClaimable(env.db, await claimCodeHash(typed));
  if (found === null || found.code.revoked_at !== null) {
    await takeShares(env, [[UNKNOWN_CODES, caller]]);
  }
  return found;
}

function tooMany(env: Env, until: number): Problem {
  const seconds = Math.ceil((until - env.now()) / 1_000);
  return new Problem("too-many-claims", "Too many codes that do not exist were tried.", {
    headers: { "retry-after": String(seconds) },
    fix: `Try again in ${minutesUntil(until, env.now())}, with the code as it was given to you.`,
  });
}

async function provenEmails(env: Env, { user }: Session): Promise<Identity[]> {
  const proven = await provenIdentities(env.db, user.id);
  return proven.filter(({ type }) => type === "email");
}

/** The one that the organization knows first: a badge is best made out to what it has on its list. */
async function addressesOf(env: Env, organizationId: string, session: Session) {
  const proven = await provenEmails(env, session);
  const known = await Promise.all(
    proven.map(({ type, normalised }) =>
      findMemberByIdentity(env.db, organizationId, type, normalised),
    ),
  );
  const isKnown = (i: number) => known[i] !== null;
  return proven
    .map(({ id, identity }, i) => ({ id, address: identity, rank: isKnown(i) ? 0 : 1 }))
    .sort((a, b) => a.rank - b.rank);
}

async function answerClaimed(
  env: Env,
  c: Context,
  session: Session,
  claimable: Claimable,
  hash: string,
  isElse: boolean,
): Promise<Response> {
  const page = claimedPage({
    account: await accountOf(env, session),
    language: spoken(c, session),
    claimable,
    urls: env.urls,
    path: c.req.path,
    awardUrl: env.urls.badgePage(hash),
    isElse,
  });
  return privatePage(page);
}

async function answerNoClaim(
  env: Env,
  c: Context,
  session: Session | null,
  why: NoClaim,
): Promise<Response> {
  const account = session && (await accountOf(env, session));
  const page = noClaimPage({ account, language: spoken(c, session), why });
  return privatePage(page, { status: NO_CLAIM_STATUS[why] });
}

/** Theirs, where somebody is signed in. */
function spoken(c: Context, session: Session | null): Language {
  return session?.language ?? languageOf(c.req.raw);
}
