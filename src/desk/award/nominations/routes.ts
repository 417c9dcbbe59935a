// Nominations at a desk: the queue, one with its decision, and the words of several people for a person.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../../answer.ts";
import { cursorAfter, readCursor } from "../../../api/page.ts";
import { findAward } from "../../../db/awards.ts";
import { countDeclined } from "../../../db/declined.ts";
import { type NamedNomination, namedNominations } from "../../../db/nomination-desk.ts";
import type { NominationState } from "../../../db/nominations.ts";
import type { Env } from "../../../env.ts";
import { doneWords, privatePage, seeOther } from "../../../page-answer.ts";
import { awardFaults } from "../../../pages/award-faults.ts";
import type { Faults } from "../../../pages/form.tsx";
import { type Barred, nominationPage } from "../../../pages/nomination.tsx";
import {
  NOMINATIONS_PATH,
  nominationsPage,
  SHOWN,
  type Shown,
} from "../../../pages/nominations.tsx";
import { NOMINATIONS } from "../../../pages/words/nominations.ts";
import { speaker } from "../../../pages/words/speak.tsx";
import { Problem } from "../../../problem.ts";
import { type Desk, deskForm, requireDesk } from "../../../signin/desk.ts";
import { askOnce } from "../../asked.ts";
import { type Choices, choicesOf } from "../choices.ts";
import { textField } from "../person.ts";

const NEED = "coordinator";
const PAGE_ROWS = 25;
/** Awards that are said to be somebody else's: more than so many are not counted. */
const MOST_COUNTED = 1_000;
const DONE = ["nominated", "approved", "declined", "withdrawn"] as const;

export function nominationRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(NOMINATIONS_PATH, (c) => list(env, c));
  app.get(`${NOMINATIONS_PATH}/:id`, (c) => show(env, c, c.req.param("id")));
  app.post(`${NOMINATIONS_PATH}/:id`, (c) => decide(env, c, c.req.param("id")));
  app.all(NOMINATIONS_PATH, () => {
    throw wrongMethod("GET, HEAD");
  });
  app.all(`${NOMINATIONS_PATH}/:id`, () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  return app;
}

async function list(env: Env, c: Context): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, NEED);
  const show: Shown = SHOWN.find((one) => one === c.req.query("show")) ?? "pending";
  const badge = c.req.query("badge") ?? "";
  const cursor = readCursor(c.req.query("cursor") ?? "") ?? undefined;
  const [{ all }, rows] = await Promise.all([
    choicesOf(env, desk),
    namedNominations(
      env.db,
      desk.organization.id,
      {
        ...(show === "own" ? { by: desk.memberIds } : { state: show }),
        ...(badge === "" ? {} : { badge }),
      },
      { limit: PAGE_ROWS, cursor },
    ),
  ]);
  const shown = rows.slice(0, PAGE_ROWS);
  const last = shown.at(-1);
  const query = new URLSearchParams({ show, ...(badge === "" ? {} : { badge }) });
  const first = `${NOMINATIONS_PATH}?${query}`;
  const page = nominationsPage({
    account: desk.account,
    show,
    badge,
    badges: all.filter(({ manual }) => manual !== null),
    rows: shown,
    first: cursor === undefined ? null : first,
    next:
      rows.length > shown.length && last
        ? `${first}&cursor=${cursorAfter(last.nomination.id)}`
        : null,
    notice: null,
    declined: await countDeclined(env.db, desk.organization.id, MOST_COUNTED),
  });
  return privatePage(page);
}

async function show(env: Env, c: Context, id: string): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, NEED);
  const t = speaker(desk.account.language, NOMINATIONS);
  const words = Object.fromEntries(DONE.map((done) => [done, t(`done-${done}`)]));
  return answerOne(env, desk, id, { notice: doneWords(words, c.req.raw) });
}

interface OneState {
  readonly notice?: string | null;
  readonly faults?: Faults;
  readonly note?: string;
  readonly tier?: string;
  readonly status?: number;
}

async function answerOne(env: Env, desk: Desk, id: string, state: OneState): Promise<Response> {
  const [named] = await namedNominations(env.db, desk.organization.id, { id }, { limit: 1 });
  if (named === undefined) throw new Problem("not-found", "There is no such nomination here.");
  const { nomination } = named;
  const choices = await choicesOf(env, desk);
  const awardId = nomination.award_id;
  const award =
    awardId === null ? null : await findAward(env.db, nomination.organization_id, awardId);
  const { faults = [], note = "", tier = "", notice = null, status = 200 } = state;
  const page = nominationPage({
    account: desk.account,
    named,
    tiers: choices.all.find((one) => one.id === nomination.badge_id)?.tiers ?? [],
    barred: barredFrom(desk, named, choices),
    mayWithdraw: desk.account.may.administer || isOwn(desk, nomination.nominator_id),
    awardPage: award && env.urls.badgePage(award.unique_hash),
    criteriaPage: env.urls.badgeCriteria(nomination.badge_id),
    faults,
    values: { note, tier },
    notice,
  });
  return privatePage(page, { status });
}

function isOwn({ memberIds }: Desk, userId: string | null): boolean {
  return userId !== null && memberIds.includes(userId);
}

/** As `issuer/nomination-decision` decides it, which is asked again when it is done. */
function barredFrom(desk: Desk, { nomination }: NamedNomination, { given }: Choices): Barred {
  if (desk.account.may.administer) return null;
  if (isOwn(desk, nomination.nominator_id)) return "own-made";
  if (isOwn(desk, nomination.nominee_id)) return "own-nominee";
  return given.some(({ id }) => id === nomination.badge_id) ? null : "not-yours";
}

const DEEDS = {
  approve: "approved",
  decline: "declined",
  withdraw: "withdrawn",
} as const satisfies Readonly<Record<string, NominationState>>;

async function decide(env: Env, c: Context, id: string): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, NEED);
  const { desk, form } = sent;
  const { language } = desk.account;
  const t = speaker(language, NOMINATIONS);
  const deed = textField(form, "deed");
  if (deed !== "approve" && deed !== "decline" && deed !== "withdraw") {
    throw new Problem("invalid-request", "What is to be done is not said.");
  }
  const note = textField(form, "note");
  const tier = textField(form, "tier");
  if (deed === "decline" && note === "") {
    const faults = [{ field: "note", detail: t("note-empty"), fix: "", language }];
    return answerOne(env, desk, id, { faults, tier, status: 422 });
  }
  const asked = await askOnce(env, c.req.raw, sent, {
    method: "POST",
    path: `/nominations/${encodeURIComponent(id)}/${deed}`,
    body: {
      ...(deed === "withdraw" || note === "" ? {} : { note }),
      ...(deed === "approve" && tier !== "" ? { tier: Number(tier) } : {}),
    },
  });
  if (asked.ok) return seeOther(`${NOMINATIONS_PATH}/${id}?done=${DEEDS[deed]}`);
  const faults =
    asked.problem.code === "nomination-decided"
      ? [{ field: "", detail: t("rule-decided"), fix: "", language }]
      : awardFaults(asked.problem, language);
  return answerOne(env, desk, id, { faults, note, tier, status: asked.status });
}
