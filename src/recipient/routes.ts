// A person's own badges: /me, what they say of them there, and all of them as one file.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../answer.ts";
import { type Award, findAwardById } from "../db/awards.ts";
import { BADGE_CATEGORIES } from "../db/badges.ts";
import { ownMemberships } from "../db/own-memberships.ts";
import {
  countOwn,
  holdsAny,
  lastEvaluated,
  listLocked,
  listOwnAwardsOf,
  listOwnBadges,
  listUnaccepted,
  type OwnBadge,
} from "../db/own-shelf.ts";
import { findProfileOf } from "../db/profiles.ts";
import { isTheirs } from "../db/theirs.ts";
import type { Env } from "../env.ts";
import { acceptAward, declineAward } from "../issuer/acceptance.ts";
import { doWithAward } from "../issuer/award-deed.ts";
import type { Decision } from "../issuer/badge.ts";
import { setVisibility as showOrHide } from "../issuer/visibility.ts";
import { doneWord, privatePage, seeOther } from "../page-answer.ts";
import type { Account } from "../pages/account.tsx";
import { type Faults, faultsOf } from "../pages/form.tsx";
import { ME_DONE, type MeView, mePage, SHOWN } from "../pages/me.tsx";
import { MAX_NAME_PART } from "../pages/me-filter.tsx";
import { streamOf } from "../piece-stream.ts";
import { Problem } from "../problem.ts";
import { accountOf, readForm, requireSession, type Session } from "../signin/session.ts";
import { closestOf, type NextUp } from "./next-up.ts";
import { takeoutOf } from "./takeout.ts";
import { isAskedForWord } from "./vouching.ts";
import { zipPieces } from "./zip.ts";

/** Cards of one page of what is held; a page weighs what it weighs for anybody. */
export const OWN_PAGE = 60;
/** Cards of what is still to earn; more are found by name. */
export const MAX_LOCKED = 120;
/** Rows of what waits to be accepted. */
const MAX_WAITING = 3;
/** Awards that one press of a button shows, hides or accepts. */
export const MAX_PRESSED = 100;
/** Pages of cards that can be asked for; nobody holds more. */
const MAX_PAGE = 1_000;
/** What was looked at longer ago is said to be. */
export const STALE_MS = 24 * 3_600_000;

export function recipientRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get("/me", async (c) => {
    const session = await requireSession(env, c.req.raw);
    return show(env, c, session, []);
  });
  app.get("/me/badges.zip", (c) => download(env, c));
  app.post("/me/visibility", (c) => setVisibility(env, c));
  app.post("/me/accept", (c) => accept(env, c));
  app.post("/me/decline", (c) => decline(env, c));
  for (const path of ["/me", "/me/badges.zip"]) {
    app.all(path, () => {
      throw wrongMethod("GET, HEAD");
    });
  }
  for (const path of ["/me/visibility", "/me/accept", "/me/decline"]) {
    app.all(path, () => {
      throw wrongMethod("POST");
    });
  }
  return app;
}

async function show(env: Env, c: Context, session: Session, faults: Faults): Promise<Response> {
  const { id: userId } = session.user;
  const account = await accountAt(env, c, session);
  const view = viewOf(c);
  const page = pageOf(c);
  const filter = { namePart: view.name || undefined, category: view.category ?? undefined };
  const [counts, earned, { locked, next, evaluatedAt }, some, profile, asked] = await Promise.all([
    countOwn(env.db, userId),
    view.which === "locked"
      ? []
      : listOwnBadges(
          env.db,
          userId,
          { ...filter, seen: view.which === "hidden" ? "hidden" : "owner" },
          { limit: OWN_PAGE, offset: page * OWN_PAGE },
        ),
    earnable(env, session, account, view),
    listUnaccepted(env.db, userId, MAX_WAITING),
    findProfileOf(env.db, userId),
    isAskedForWord(env, session, account),
  ]);
  const shown = mePage({
    account,
    urls: env.urls,
    now: env.now(),
    view,
    held: counts.badges,
    earned: earned.slice(0, OWN_PAGE),
    pages: {
      first: page === 0 ? null : addressOf(c, 0),
      next: earned.length > OWN_PAGE ? addressOf(c, page + 1) : null,
    },
    locked: page > 0 ? [] : locked.slice(0, MAX_LOCKED),
    hasMoreLocked: locked.length > MAX_LOCKED,
    next,
    evaluatedAt,
    waiting: { some, count: counts.unaccepted },
    isAskedForWord: asked,
    profileUrl: profile?.is_public ? env.urls.profile(profile.slug) : null,
    done: doneWord(ME_DONE, c.req.raw),
    faults,
  });
  return privatePage(shown, { status: faults.length === 0 ? 200 : 409 });
}

/** In the organization that the address names, else in the one they looked at last. */
async function accountAt(env: Env, c: Context, session: Session): Promise<Account> {
  const account = await accountOf(env, session);
  const named = account.organizations.find(({ slug }) => slug === c.req.query("at"));
  if (named === undefined || named.id === account.organization?.id) return account;
  return accountOf(env, { ...session, organizationChoice: named.id });
}

interface Earnable {
  readonly locked: Awaited<ReturnType<typeof listLocked>>;
  readonly next: readonly NextUp[];
  readonly evaluatedAt: number | null;
}

const NOTHING: Earnable = { locked: [], next: [], evaluatedAt: null };

/** What the person could still earn in the organization, and how far they are. */
async function earnable(
  env: Env,
  session: Session,
  { organization }: Account,
  view: MeView,
): Promise<Earnable> {
  if (organization === null || view.which === "earned" || view.which === "hidden") return NOTHING;
  const { id: userId } = session.user;
  const known = await ownMemberships(env.db, organization.id, userId);
  const memberIds = known.map((one) => one.userId);
  const who = { userId, memberIds };
  const filter = { namePart: view.name || undefined, category: view.category ?? undefined };
  const [locked, evaluated, held] = await Promise.all([
    listLocked(env.db, organization.id, who, filter, MAX_LOCKED),
    lastEvaluated(env.db, organization.id),
    view.which === "all" ? tieredAt(env, userId, organization.id) : [],
  ]);
  const among = [...held.map(({ badge }) => badge), ...locked];
  const { language } = session;
  const next = await closestOf(env, organization.id, { memberIds, among, language });
  return { locked, next, evaluatedAt: longAgo(env.now(), next, evaluated) };
}

/** When it was last looked how far the person is, if that is longer ago than is to be expected. */
function longAgo(now: number, next: readonly NextUp[], evaluated: number | null): number | null {
  const counted = next.flatMap(({ steps }) => steps.map(({ countedAt }) => countedAt ?? 0));
  const last = Math.max(evaluated ?? 0, ...counted);
  return last > 0 && now - last > STALE_MS ? last : null;
}

/** Badges of several tiers that are held: the next tier is still to be earned. */
async function tieredAt(env: Env, userId: string, organizationId: string): Promise<OwnBadge[]> {
  const first = { limit: OWN_PAGE, offset: 0 };
  const held = await listOwnBadges(env.db, userId, { seen: "owner" }, first);
  return held.filter(
    ({ badge, award }) =>
      award.tier_level !== null && badge.organization_id === organizationId && badge.is_active,
  );
}

function viewOf(c: Context): MeView {
  const category = c.req.query("category");
  const which = c.req.query("show");
  return {
    which: SHOWN.find((one) => one === which) ?? "all",
    category: BADGE_CATEGORIES.find((one) => one === category) ?? null,
    name: (c.req.query("name") ?? "").trim().slice(0, MAX_NAME_PART),
  };
}

/** From 0. */
function pageOf(c: Context): number {
  const page = Number(c.req.query("page") ?? "1") - 1;
  return Number.isInteger(page) && page >= 0 && page < MAX_PAGE ? page : 0;
}

function addressOf(c: Context, page: number): string {
  const { searchParams } = new URL(c.req.url);
  searchParams.delete("done");
  if (page === 0) searchParams.delete("page");
  else searchParams.set("page", String(page + 1));
  const query = String(searchParams);
  return query === "" ? "/me" : `/me?${query}`;
}

/** Every award of the badge, since the card stands for all of them, however many. */
async function setVisibility(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const form = await readForm(env, session, c.req.raw);
  const visible = form.get("visible") === "true";
  const badge = String(form.get("badge") ?? "");
  const { id } = session.user;
  const holds = await holdsAny(env.db, id, badge);
  if (!holds) throw new Problem("not-found", "You hold no such badge.");
  const change = (award: Award) => showOrHide(env, award, visible, { kind: "user", id, roles: [] });
  const next = () => listOwnAwardsOf(env.db, id, badge, { visible: !visible }, MAX_PRESSED);
  const done = visible ? "shown" : "hidden";
  return pressed(env, c, session, done, doWithAll(env, next, change));
}

/** One award, or all that wait. */
async function accept(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const form = await readForm(env, session, c.req.raw);
  const { id } = session.user;
  const change = (award: Award) => acceptAward(env, award, { kind: "user", id }, "account");
  if (form.get("all") === "yes") {
    const next = async () =>
      (await listUnaccepted(env.db, id, MAX_PRESSED)).map(({ award }) => award);
    return pressed(env, c, session, "accepted", doWithAll(env, next, change));
  }
  const award = await ownAward(env, id, String(form.get("award") ?? ""));
  return pressed(env, c, session, "accepted", doWithAward(env, award.id, change));
}

async function decline(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const form = await readForm(env, session, c.req.raw);
  const { id } = session.user;
  const award = await ownAward(env, id, String(form.get("award") ?? ""));
  const change = (one: Award) => declineAward(env, one, { kind: "user", id }, "account");
  return pressed(env, c, session, "declined", doWithAward(env, award.id, change));
}

/** Does one thing with all awards there are, a part after another: `next` lists those still to do. */
async function doWithAll(
  env: Env,
  next: () => Promise<readonly Award[]>,
  change: (award: Award) => Promise<Decision<Award>>,
): Promise<void> {
  for (let part = await next(); part.length > 0; part = await next()) {
    for (const { id } of part) await doWithAward(env, id, change);
  }
}

/** Where it could not be done, or not with all, the page says why. */
async function pressed(
  env: Env,
  c: Context,
  session: Session,
  done: string,
  work: Promise<void>,
): Promise<Response> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 404) throw error;
    const { code, message: detail, fix } = error;
    return show(env, c, session, faultsOf({ code, detail, fix }, {}, session.language));
  }
  return seeOther(`/me?done=${done}`);
}

/** Throws 404 for another's award as for none. */
async function ownAward(env: Env, userId: string, awardId: string) {
  const award = await findAwardById(env.db, awardId);
  if (award !== null && (await isTheirs(env.db, userId, award.id))) return award;
  throw new Problem("not-found", "You hold no such badge.");
}

/** Sent as it is made: no more of it is in memory than one badge. */
async function download(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const headers = {
    "content-type": "application/zip",
    "content-disposition": 'attachment; filename="badges.zip"',
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  if (c.req.method === "HEAD") return new Response(null, { headers });
  return new Response(streamOf(zipPieces(takeoutOf(env, session.user.id))), { headers });
}
