// One badge for an administrator: its tabs besides the awards, and what is done with it as a whole.
import { type Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import { answerProblem, answerUnknown, wrongMethod } from "../../../answer.ts";
import { wasAwarded } from "../../../db/awards.ts";
import { findEndorsement } from "../../../db/badge-parts.ts";
import { badgeFunnel, versionsOf } from "../../../db/badges-desk.ts";
import { findPublicBadge, findPublicBadgeParts } from "../../../db/published.ts";
import type { Env } from "../../../env.ts";
import { badgeClassDocument } from "../../../obv2/badge-class.ts";
import { privatePage, seeOther } from "../../../page-answer.ts";
import { BADGE_ENDS, type BadgeEnd, badgeEndPage } from "../../../pages/badge-end.tsx";
import { BADGE_DONE, type BadgeTab, badgeFrame, doneWordsOf } from "../../../pages/badge-one.tsx";
import { EndorsementTab, FunnelTab, JsonTab, VersionsTab } from "../../../pages/badge-tabs.tsx";
import { BADGES_PATH, badgePath } from "../../../pages/badges-paths.ts";
import { type Faults, faultsOf } from "../../../pages/form.tsx";
import type { FormFault } from "../../../pages/form-outcome.tsx";
import { WATCHED_HEADERS } from "../../../pages/headers.ts";
import { Problem } from "../../../problem.ts";
import { type Desk, deskForm, requireDesk } from "../../../signin/desk.ts";
import { badgeOf, type FoundBadge, foresightOf } from "./badge.ts";
import { BADGE_DEEDS, type Deed, isBadgeDeed } from "./deeds.ts";

/** Awards of a badge that its funnel looks at: the newest ones. */
export const MOST_IN_FUNNEL = 10_000;
/** Holders of a version are counted so far and no further. */
const MOST_HOLDERS = 1_000;

const ONE = `${BADGES_PATH}/:id`;
const TABS = ["funnel", "versions", "endorsements", "json"] as const;
type Tab = (typeof TABS)[number];

export function badgeRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  for (const tab of TABS) app.get(`${ONE}/${tab}`, (c) => show(env, c, tab));
  for (const end of BADGE_ENDS) {
    app.get(`${ONE}/${end}`, async (c) => {
      const desk = await requireDesk(env, c.req.raw, "administrator");
      return answerEnd(env, desk, await found(env, c, desk), end, []);
    });
  }
  app.post(`${ONE}/:deed`, (c) => act(env, c));
  for (const tab of [...TABS]) refuse(app, `${ONE}/${tab}`, "GET, HEAD");
  for (const end of BADGE_ENDS) refuse(app, `${ONE}/${end}`, "GET, HEAD, POST");
  refuse(app, `${ONE}/:deed`, "POST", (c) => isBadgeDeed(c.req.param("deed") ?? ""));
  return app;
}

/** The method is wrong only where the address is right. */
function refuse(app: Hono, path: string, allow: string, isThere?: (c: Context) => boolean): void {
  app.all(path, (c) => {
    if (isThere && !isThere(c)) {
      throw new Problem("not-found", "There is nothing at this address.");
    }
    throw wrongMethod(allow);
  });
}

function found(env: Env, c: Context, desk: Desk): Promise<FoundBadge> {
  return badgeOf(env, c.req.raw, desk, c.req.param("id") ?? "");
}

async function show(env: Env, c: Context, tab: Tab): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, "administrator");
  const one = await found(env, c, desk);
  return answer(env, c, desk, one, {
    tab,
    fault: null,
    children: await tabOf(env, desk, one, tab),
  });
}

async function tabOf(env: Env, desk: Desk, { shown, badge }: FoundBadge, tab: Tab): Promise<Child> {
  const { account, organization } = desk;
  switch (tab) {
    case "funnel": {
      const funnel = await badgeFunnel(env.db, badge.id, MOST_IN_FUNNEL, env.now());
      return FunnelTab({ account, funnel, most: MOST_IN_FUNNEL });
    }
    case "versions": {
      const versions = await versionsOf(env.db, organization.id, badge.id, MOST_HOLDERS + 1);
      return VersionsTab({ account, versions, current: badge.id, mostHolders: MOST_HOLDERS });
    }
    case "endorsements": {
      const said = await findEndorsement(env.db, organization.id, badge.id);
      const isLocked = badge.status.endsWith("_locked");
      return EndorsementTab({
        account,
        badge: { id: badge.id, isLocked, isArchived: badge.status === "archived" },
        endorsement: said?.revoked_at === null ? said : null,
      });
    }
    case "json": {
      const published = await findPublicBadge(env.db, badge.id);
      const document =
        published === null
          ? null
          : badgeClassDocument(published, await findPublicBadgeParts(env.db, published), env.urls);
      return JsonTab({ account, document, shown, address: env.urls.badgeClass(badge.id) });
    }
  }
}

interface Shown {
  readonly tab: BadgeTab;
  readonly fault: FormFault | null;
  readonly children: Child;
}

async function answer(
  env: Env,
  c: Context,
  desk: Desk,
  { badge }: FoundBadge,
  { tab, fault, children }: Shown,
): Promise<Response> {
  const { account } = desk;
  const word = c.req.query("done") ?? "";
  const done = BADGE_DONE.find((one) => one === `done-${word}`) ?? null;
  const page = badgeFrame({
    account,
    badge,
    tab,
    foresight: await foresightOf(env, c.req.raw, desk, badge.id),
    done: done === null || fault !== null ? null : doneWordsOf(done, account.language),
    fault,
    children,
  });
  return privatePage(page, { status: fault === null ? 200 : 422, headers: WATCHED_HEADERS });
}

async function answerEnd(
  env: Env,
  { account, organization }: Desk,
  { badge }: FoundBadge,
  end: BadgeEnd,
  faults: Faults,
): Promise<Response> {
  const page = badgeEndPage({
    account,
    badge,
    end,
    wasAwarded: await wasAwarded(env.db, organization.id, badge.id),
    faults,
  });
  return privatePage(page, { status: faults.length === 0 ? 200 : 422 });
}

function locationOf({ badgeId, tab, query }: Extract<Deed, { ok: true }>): string {
  const path = badgeId === null ? BADGES_PATH : badgePath(badgeId);
  const text = new URLSearchParams(query).toString();
  return `${path}${tab === undefined ? "" : `/${tab}`}${text === "" ? "" : `?${text}`}`;
}

async function act(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const { desk } = sent;
  const word = c.req.param("deed") ?? "";
  if (!isBadgeDeed(word)) throw new Problem("not-found", "There is nothing at this address.");
  const end = BADGE_ENDS.find((each) => each === word);
  // What the first press of a button has ended is not there for the second.
  if (end === undefined) await found(env, c, desk);
  const wanted = { env, request: c.req.raw, sent, badgeId: c.req.param("id") ?? "" };
  const deed = await BADGE_DEEDS[word](wanted);
  if (deed.ok) return seeOther(locationOf(deed));
  const one = await found(env, c, desk);
  const faults = faultsOf(deed.problem, { "/confirm": "confirm" }, desk.account.language);
  if (end !== undefined) return answerEnd(env, desk, one, end, faults);
  const [first] = faults;
  const fault = { detail: first?.detail ?? deed.problem.detail, fix: first?.fix ?? "" };
  const children = await tabOf(env, desk, one, "versions");
  return answer(env, c, desk, one, { tab: "versions", fault, children });
}
