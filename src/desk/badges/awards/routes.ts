// The awards of a badge for an administrator: the table, what is done with those selected, corrections, and the CSV file.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../../answer.ts";
import { ask } from "../../../api/ask.ts";
import { awardsCsv } from "../../../api/award-export.ts";
import { AWARD_STATUSES, type Award } from "../../../db/awards.ts";
import { awardsOfBadge, listBadgeAwards, replacementsOf } from "../../../db/badge-awards.ts";
import { findMemberByIdentity } from "../../../db/people.ts";
import type { Env } from "../../../env.ts";
import { csvFile, privatePage, seeOther } from "../../../page-answer.ts";
import { correctPage, revokePage } from "../../../pages/badge-award-forms.tsx";
import {
  AWARD_DEEDS,
  type AwardDeed,
  AwardsTab,
  type FailedAward,
  type ListedAward,
  recipientOf,
} from "../../../pages/badge-awards.tsx";
import { BADGE_DONE, badgeFrame, doneWordsOf, isActive } from "../../../pages/badge-one.tsx";
import { BADGES_PATH, badgePath } from "../../../pages/badges-paths.ts";
import { type Faults, faultsOf } from "../../../pages/form.tsx";
import type { FormFault } from "../../../pages/form-outcome.tsx";
import { WATCHED_HEADERS } from "../../../pages/headers.ts";
import { BADGE_AWARDS } from "../../../pages/words/badge-awards.ts";
import { speaker } from "../../../pages/words/speak.tsx";
import { Problem } from "../../../problem.ts";
import { type Desk, deskForm, requireDesk } from "../../../signin/desk.ts";
import { standingOf } from "../../../standing.ts";
import { askOnce } from "../../asked.ts";
import { badgeOf, type FoundBadge, foresightOf } from "../one/badge.ts";
import { CORRECTION_FIELDS, correctionBody, correctionOf, readCorrection } from "./correction.ts";
import { MOST_SELECTED, selectedIn, workOn } from "./selection.ts";

/** Awards on one page. */
export const AWARDS_LISTED = 25;
/** People whose awards are shown for a name that several have. */
const PEOPLE_SOUGHT = 20;
const MAX_WHO = 200;

const ONE = `${BADGES_PATH}/:id`;
const CSV = `${ONE}/awards.csv`;
const DEED = `${ONE}/awards/:deed`;
const CORRECT = `${ONE}/awards/:award/correct`;

export function badgeAwardRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(ONE, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    return answerTable(env, c, desk, await found(env, c, desk), {});
  });
  app.get(CSV, (c) => file(env, c));
  app.post(DEED, (c) => work(env, c));
  app.get(CORRECT, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    const one = await found(env, c, desk);
    const award = await awardOf(env, c, one);
    return answerCorrection(desk, one, award, correctionOf(award), []);
  });
  app.post(CORRECT, (c) => correct(env, c));
  for (const [path, allow] of ALLOWED) {
    app.all(path, () => {
      throw wrongMethod(allow);
    });
  }
  return app;
}

const ALLOWED = [
  [ONE, "GET, HEAD"],
  [CSV, "GET, HEAD"],
  [DEED, "POST"],
  [CORRECT, "GET, HEAD, POST"],
] as const;

function found(env: Env, c: Context, desk: Desk): Promise<FoundBadge> {
  return badgeOf(env, c.req.raw, desk, c.req.param("id") ?? "");
}

async function awardOf(env: Env, c: Context, { badge }: FoundBadge): Promise<Award> {
  const [award] = await awardsOfBadge(env.db, badge.id, [c.req.param("award") ?? ""]);
  if (award) return award;
  throw new Problem("not-found", "This badge has no award with this id.");
}

interface Outcome {
  readonly fault?: FormFault;
  readonly failed?: readonly FailedAward[];
}

async function answerTable(
  env: Env,
  c: Context,
  desk: Desk,
  one: FoundBadge,
  { fault, failed = [] }: Outcome,
): Promise<Response> {
  const { account } = desk;
  const { badge } = one;
  const who = (c.req.query("who") ?? "").trim().slice(0, MAX_WHO);
  const status = AWARD_STATUSES.find((each) => each === c.req.query("status")) ?? null;
  const after = c.req.query("after") ?? null;
  const users = who === "" ? null : await peopleNamed(env, c.req.raw, desk, who);
  const page = { limit: AWARDS_LISTED, cursor: after, now: env.now() };
  // What leaves somebody out must say so: who is looked for may be among them.
  const isVague = users !== null && users.length > PEOPLE_SOUGHT;
  const rows = await listBadgeAwards(env.db, badge.id, { status, users }, page);
  const shown = rows.slice(0, AWARDS_LISTED);
  const filter = new URLSearchParams(
    Object.entries({ who, status: status ?? "" }).filter(([, value]) => value !== ""),
  );
  const isWell = fault === undefined && failed.length === 0;
  const tab = AwardsTab({
    account,
    badge: { id: badge.id, name: badge.name, isActive: isActive(badge.status) },
    isVague,
    awards: await listed(env, shown),
    filter: { who, status: status ?? "" },
    isFiltered: filter.size > 0,
    failed,
    first: after === null ? null : address(badge.id, filter, null),
    next: rows.length > AWARDS_LISTED ? address(badge.id, filter, shown.at(-1)?.id ?? null) : null,
    urls: env.urls,
  });
  return privatePage(
    badgeFrame({
      account,
      badge,
      tab: "awards",
      foresight: await foresightOf(env, c.req.raw, desk, badge.id),
      done: isWell ? doneIn(c, desk) : null,
      fault: fault ?? null,
      children: tab,
    }),
    { status: isWell ? 200 : 422, headers: WATCHED_HEADERS },
  );
}

async function listed(env: Env, shown: readonly Award[]): Promise<ListedAward[]> {
  const { replacedBy, replaces } = await replacementsOf(env.db, shown);
  const now = env.now();
  return shown.map((award) => ({
    award,
    standing: standingOf(award, now),
    replacedBy: replacedBy.get(award.id) ?? null,
    replaces: replaces.get(award.id) ?? null,
  }));
}

function address(badgeId: string, filter: URLSearchParams, after: string | null): string {
  const query = new URLSearchParams(filter);
  if (after !== null) query.set("after", after);
  return query.size === 0 ? badgePath(badgeId) : `${badgePath(badgeId)}?${query}`;
}

/** Ids of the people an address or part of a name stands for; nobody's where it stands for none. */
async function peopleNamed(
  env: Env,
  request: Request,
  { organization }: Desk,
  who: string,
): Promise<string[]> {
  if (who.includes("@")) {
    const known = await findMemberByIdentity(env.db, organization.id, "email", who.toLowerCase());
    return known === null ? [] : [known.user.id];
  }
  const query = new URLSearchParams({ q: who, limit: String(PEOPLE_SOUGHT + 1) });
  const asked = await ask<{ readonly data: readonly { readonly id: string }[] }>(
    env,
    request,
    organization.id,
    { method: "GET", path: `/users?${query}` },
  );
  return asked.ok ? asked.data.data.map(({ id }) => id) : [];
}

/** `?done=revoke&n=3` after awards were worked on; else a word about the badge. */
function doneIn(c: Context, { account }: Desk): string | null {
  const { language } = account;
  const word = c.req.query("done") ?? "";
  const count = /^[1-9]\d{0,2}$/.test(c.req.query("n") ?? "") ? Number(c.req.query("n")) : 1;
  const t = speaker(language, BADGE_AWARDS);
  if (isDeed(word)) return t(`done-${word}`, { count });
  if (word === "correct") return t("done-correct");
  const known = BADGE_DONE.find((one) => one === `done-${word}` || one === `made-${word}`);
  return known === undefined ? null : doneWordsOf(known, language);
}

function isDeed(word: string): word is AwardDeed {
  return AWARD_DEEDS.some((deed) => deed === word);
}

async function file(env: Env, c: Context): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, "administrator");
  const { badge } = await found(env, c, desk);
  const status = AWARD_STATUSES.find((each) => each === c.req.query("status"));
  const filter = { badge: badge.id, ...(status === undefined ? {} : { status }) };
  return csvFile(awardsCsv(env, desk.organization.id, filter), `awards-${badge.id}.csv`);
}

async function work(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const { desk, form } = sent;
  const deed = c.req.param("deed") ?? "";
  if (!isDeed(deed)) throw new Problem("not-found", "There is nothing at this address.");
  const one = await found(env, c, desk);
  const ids = selectedIn(form);
  const { language } = desk.account;
  const t = speaker(language, BADGE_AWARDS);
  if (ids.length === 0 || ids.length > MOST_SELECTED) {
    const detail =
      ids.length === 0 ? t("nothing-selected") : t("too-many", { count: MOST_SELECTED });
    return answerTable(env, c, desk, one, { fault: { detail, fix: "" } });
  }
  const awards = await awardsOfBadge(env.db, one.badge.id, ids);
  if (awards.length < ids.length) {
    throw new Problem("not-found", "This badge has no award with this id.");
  }
  const reason = String(form.get("reason") ?? "").replaceAll("\r\n", "\n");
  if (deed === "revoke" && form.get("confirmed") !== "yes") {
    return answerRevocation(desk, one, awards, reason, []);
  }
  const reset = form.get("reset") === "yes";
  const { done, failed, problem } = await workOn(
    { env, request: c.req.raw, sent, language, awards, deed, reason, reset },
    recipientOf,
    (each) => faultsOf(each, {}, language)[0] ?? { detail: each.detail, language: "en" },
  );
  if (deed === "revoke" && problem !== null && problem.errors !== undefined) {
    const faults = faultsOf(problem, { "/reason": "reason" }, language);
    return answerRevocation(desk, one, awards, reason, faults);
  }
  if (failed.length > 0) return answerTable(env, c, desk, one, { failed });
  return seeOther(`${badgePath(one.badge.id)}?done=${deed}&n=${done}`);
}

function answerRevocation(
  { account }: Desk,
  { badge }: FoundBadge,
  awards: readonly Award[],
  reason: string,
  faults: Faults,
): Promise<Response> {
  const page = revokePage({ account, badge, awards, reason, faults });
  return privatePage(page, { status: faults.length === 0 ? 200 : 422 });
}

function answerCorrection(
  { account }: Desk,
  { badge, shown }: FoundBadge,
  award: Award,
  draft: ReturnType<typeof correctionOf>,
  faults: Faults,
): Promise<Response> {
  const { tiers } = shown;
  const page = correctPage({ account, badge, award, tiers, draft, faults });
  return privatePage(page, { status: faults.length === 0 ? 200 : 422 });
}

/** Why is asked of whoever corrects: it is what the page of the former award says. */
async function correct(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const { desk, form } = sent;
  const one = await found(env, c, desk);
  const award = await awardOf(env, c, one);
  const draft = readCorrection(form);
  const { language } = desk.account;
  const asked = await askOnce(env, c.req.raw, sent, {
    method: "POST",
    path: `/awards/${award.id}/reissue`,
    body: { reason: "", ...correctionBody(award, draft) },
  });
  if (asked.ok) return seeOther(`${badgePath(one.badge.id)}?done=correct`);
  const faults = faultsOf(asked.problem, CORRECTION_FIELDS, language);
  return answerCorrection(desk, one, award, draft, faults);
}
