// Words of several people for a person, at a desk: /award/nominations/vouches.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../../answer.ts";
import { type OpenVouch, openVouches } from "../../../db/nomination-desk.ts";
import type { Env } from "../../../env.ts";
import { doneWords, privatePage, seeOther } from "../../../page-answer.ts";
import { awardFault, awardFaults } from "../../../pages/award-faults.ts";
import type { Faults } from "../../../pages/form.tsx";
import { WATCHED_HEADERS } from "../../../pages/headers.ts";
import { VOUCHES_PATH } from "../../../pages/nominations.tsx";
import { NOBODY } from "../../../pages/person-field.tsx";
import { type VouchValues, vouchesPage } from "../../../pages/vouches.tsx";
import { NOMINATIONS } from "../../../pages/words/nominations.ts";
import { speaker } from "../../../pages/words/speak.tsx";
import { Problem } from "../../../problem.ts";
import { type Desk, deskForm, requireDesk } from "../../../signin/desk.ts";
import { askOnce } from "../../asked.ts";
import { badgeOf, choicesOf } from "../choices.ts";
import { type Named, personByAddress, personNamed, personValue, textField } from "../person.ts";

/** Whoever has a role that a badge asks for gives their word, be they coordinators or not. */
const NEED = "member";
const DONE = ["vouched", "vouched-awarded", "vouched-before", "vouch-withdrawn"] as const;

export function vouchRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(VOUCHES_PATH, async (c) => {
    const desk = await requireDesk(env, c.req.raw, NEED);
    const t = speaker(desk.account.language, NOMINATIONS);
    const words = Object.fromEntries(DONE.map((done) => [done, t(`done-${done}`)]));
    const notice = doneWords(words, c.req.raw);
    return answer(env, desk, { ...NOBODY, badge: "", role: "" }, { notice });
  });
  app.post(VOUCHES_PATH, (c) => give(env, c));
  app.post(`${VOUCHES_PATH}/withdraw`, (c) => withdraw(env, c));
  app.all(VOUCHES_PATH, () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  app.all(`${VOUCHES_PATH}/withdraw`, () => {
    throw wrongMethod("POST");
  });
  return app;
}

interface State {
  readonly faults?: Faults;
  readonly notice?: string | null;
  readonly status?: number;
}

async function answer(
  env: Env,
  desk: Desk,
  values: VouchValues,
  { faults = [], notice = null, status = 200 }: State,
): Promise<Response> {
  const { vouchable } = await choicesOf(env, desk);
  const ids = vouchable.map(({ id }) => id);
  const { administer, award } = desk.account.may;
  if (!award && ids.length === 0) {
    throw new Problem("role-required", "No badge asks for the word of somebody with your role.");
  }
  const open = ids.length === 0 ? [] : await openVouches(env.db, desk.organization.id, ids);
  const asked = [...new Set(vouchable.flatMap(({ manual }) => manual?.roles ?? []))];
  const page = vouchesPage({
    account: desk.account,
    organizationId: desk.organization.id,
    badges: vouchable,
    roles: asked.filter((role) => administer || desk.roles.includes(role)).sort(),
    // Who is no coordinator sees what they said themselves.
    open: award ? open : open.flatMap((one) => ownWords(desk, one)),
    isCoordinator: award,
    mayWithdraw: (by) => administer || (by !== null && desk.memberIds.includes(by)),
    values,
    faults,
    notice,
  });
  return privatePage(page, { status, headers: WATCHED_HEADERS });
}

function ownWords({ memberIds }: Desk, vouch: OpenVouch): OpenVouch[] {
  const words = vouch.words.filter(({ by }) => by !== null && memberIds.includes(by));
  return words.length === 0 ? [] : [{ ...vouch, words }];
}

/** Whom the request to the API names; null for nobody it could. */
function recipientIn(named: Named): Record<string, unknown> | null {
  if (named.is === "member") return { user: named.person.id };
  return named.is === "new" ? { recipient: { type: "email", identity: named.email } } : null;
}

async function give(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, NEED);
  const { desk, form } = sent;
  const { organization, account } = desk;
  const values: VouchValues = {
    ...personValue(form),
    among: [],
    badge: textField(form, "badge"),
    role: textField(form, "role"),
  };
  const named = account.may.award
    ? await personNamed(env, c.req.raw, organization.id, values)
    : personByAddress(values);
  const recipient = recipientIn(named);
  if (recipient === null) {
    const faults =
      named.is === "several"
        ? awardFault("user", "person-which-help", account.language)
        : awardFault(
            "person",
            named.is === "empty" ? "person-empty" : "person-unknown-nominate",
            account.language,
          );
    const among = named.is === "several" ? named.among : [];
    return answer(env, desk, { ...values, among }, { faults, status: 422 });
  }
  const { id, tier } = badgeOf(values.badge);
  const asked = await askOnce<{ award: unknown }>(env, c.req.raw, sent, {
    method: "POST",
    path: `/badges/${encodeURIComponent(id)}/vouches`,
    body: {
      ...recipient,
      ...(values.role === "" ? {} : { role: values.role }),
      ...(tier === null ? {} : { tier_level: tier }),
    },
  });
  if (!asked.ok) {
    const faults = awardFaults(asked.problem, account.language);
    return answer(env, desk, values, { faults, status: asked.status });
  }
  const isNew = asked.status === 201;
  const done = asked.data.award ? "vouched-awarded" : isNew ? "vouched" : "vouched-before";
  return seeOther(`${VOUCHES_PATH}?done=${done}`);
}

async function withdraw(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, NEED);
  const { desk, form } = sent;
  const badge = encodeURIComponent(textField(form, "badge"));
  const vouch = encodeURIComponent(textField(form, "vouch"));
  const asked = await askOnce(env, c.req.raw, sent, {
    method: "DELETE",
    path: `/badges/${badge}/vouches/${vouch}`,
  });
  if (asked.ok) return seeOther(`${VOUCHES_PATH}?done=vouch-withdrawn`);
  const faults = awardFaults(asked.problem, desk.account.language);
  const values = { ...NOBODY, badge: "", role: "" };
  return answer(env, desk, values, { faults, status: asked.status });
}
