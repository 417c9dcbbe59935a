// Claim codes at a desk: /award/codes, where they are made, listed and ended.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../../answer.ts";
import { cursorAfter, readCursor } from "../../../api/page.ts";
import { findBadge } from "../../../db/badges.ts";
import { type ListedCode, listCodesOf } from "../../../db/claim-codes.ts";
import type { Env } from "../../../env.ts";
import { MIN_CHOSEN_LENGTH, stateOfCode } from "../../../issuer/claim-code.ts";
import { badgePicture } from "../../../issuer/images.ts";
import { doneWords, privatePage, seeOther } from "../../../page-answer.ts";
import {
  CODES_PATH,
  type CodeValues,
  type CodeView,
  codeFaults,
  codeMadePage,
  codeShownPage,
  codesPage,
} from "../../../pages/codes.tsx";
import type { Faults } from "../../../pages/form.tsx";
import { CODES } from "../../../pages/words/codes.ts";
import { speaker } from "../../../pages/words/speak.tsx";
import { Problem } from "../../../problem.ts";
import { type Desk, deskForm, requireDesk } from "../../../signin/desk.ts";
import { askOnce, shownOnce } from "../../asked.ts";
import { endOfDay } from "../award-values.ts";
import { choicesOf } from "../choices.ts";
import { textField } from "../person.ts";

const NEED = "coordinator";
const PAGE_ROWS = 25;
const EMPTY: CodeValues = { badge: "", label: "", most: "", until: "", code: "" };

export function codeRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(CODES_PATH, async (c) => {
    const desk = await requireDesk(env, c.req.raw, NEED);
    const t = speaker(desk.account.language, CODES);
    const notice = doneWords({ ended: t("done-ended") }, c.req.raw);
    return answer(env, c, desk, { notice });
  });
  app.post(CODES_PATH, (c) => make(env, c));
  app.post(`${CODES_PATH}/:id/end`, (c) => end(env, c, c.req.param("id")));
  app.all(CODES_PATH, () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  app.all(`${CODES_PATH}/:id/end`, () => {
    throw wrongMethod("POST");
  });
  return app;
}

interface State {
  readonly notice?: string | null;
  readonly values?: CodeValues;
  readonly faults?: Faults;
  readonly status?: number;
}

async function answer(env: Env, c: Context, desk: Desk, state: State): Promise<Response> {
  const { notice = null, values = EMPTY, faults = [], status = 200 } = state;
  const filter = c.req.query("of") ?? "";
  const cursor = readCursor(c.req.query("cursor") ?? "") ?? undefined;
  const { given } = await choicesOf(env, desk);
  const badges = given.filter(({ tiers }) => tiers.length === 0);
  const rows = await listCodesOf(env.db, desk.organization.id, filter || undefined, {
    limit: PAGE_ROWS,
    cursor,
  });
  const shown = rows.slice(0, PAGE_ROWS);
  const last = shown.at(-1);
  const first = `${CODES_PATH}?of=${encodeURIComponent(filter)}`;
  const page = codesPage({
    account: desk.account,
    badges,
    filter,
    codes: shown.map((row) => viewOf(env, desk, row, given)),
    first: cursor === undefined ? null : first,
    next:
      rows.length > shown.length && last ? `${first}&cursor=${cursorAfter(last.code.id)}` : null,
    values,
    least: MIN_CHOSEN_LENGTH,
    faults,
    notice,
  });
  return privatePage(page, { status });
}

function viewOf(
  env: Env,
  { session }: Desk,
  { code, badgeName, badgeLanguage }: ListedCode,
  given: readonly { readonly id: string }[],
): CodeView {
  return {
    id: code.id,
    badgeId: code.badge_id,
    badgeName,
    badgeLanguage,
    label: code.label,
    hint: code.hint,
    state: stateOfCode(code, env.now()),
    claims: code.claims,
    max: code.max_claims,
    until: code.expires_at,
    mayEnd: code.created_by_id === session.user.id || given.some(({ id }) => id === code.badge_id),
  };
}

interface Made {
  readonly code: string;
  readonly url: string;
  readonly max_claims: number | null;
  readonly expires_at: string | null;
}

async function make(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, NEED);
  const { desk, form } = sent;
  const { organization, account } = desk;
  const t = speaker(account.language, CODES);
  const values: CodeValues = {
    badge: textField(form, "badge"),
    label: textField(form, "label"),
    most: textField(form, "most"),
    until: textField(form, "until"),
    code: textField(form, "code"),
  };
  const until = endOfDay(values.until);
  const badge = await findBadge(env.db, organization.id, values.badge);
  if (until === null || badge === null) {
    const [field, word] =
      badge === null
        ? (["badge", "rule-badge"] as const)
        : (["until", "rule-until-wrong"] as const);
    const faults = [{ field, detail: t(word), fix: "", language: account.language }];
    return answer(env, c, desk, { values, faults, status: 422 });
  }
  const asked = await askOnce<Made>(env, c.req.raw, sent, {
    method: "POST",
    path: `/badges/${encodeURIComponent(badge.id)}/claim-codes`,
    body: {
      ...(values.label === "" ? {} : { label: values.label }),
      ...(values.most === ""
        ? {}
        : { max_claims: /^\d{1,9}$/.test(values.most) ? Number(values.most) : values.most }),
      ...(until === undefined ? {} : { expires_at: until }),
      ...(values.code === "" ? {} : { code: values.code }),
    },
  });
  if (!asked.ok) {
    const faults = codeFaults(asked.problem, account.language);
    return answer(env, c, desk, { values, faults, status: asked.status });
  }
  const { url, max_claims, expires_at } = asked.data;
  const code = shownOnce(asked, (made) => made.code);
  if (code === null) return privatePage(codeShownPage({ account, badge }));
  const page = codeMadePage({
    account,
    badge,
    picture: await badgePicture(env.db, badge),
    organizationName: organization.name,
    urls: env.urls,
    code,
    address: url,
    max: max_claims,
    until: expires_at === null ? null : Date.parse(expires_at),
  });
  return privatePage(page, { status: 201 });
}

async function end(env: Env, c: Context, id: string): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, NEED);
  const { desk, form } = sent;
  const badge = encodeURIComponent(textField(form, "badge"));
  const asked = await askOnce(env, c.req.raw, sent, {
    method: "DELETE",
    path: `/badges/${badge}/claim-codes/${encodeURIComponent(id)}`,
  });
  if (asked.ok) return seeOther(`${CODES_PATH}?done=ended`);
  if (asked.status === 404) throw new Problem("not-found", "There is no such code here.");
  const faults = codeFaults(asked.problem, desk.account.language);
  return answer(env, c, desk, { faults, status: asked.status });
}
