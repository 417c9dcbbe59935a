// Awards said not to be their recipients', at a coordinator's desk: /award/declined, to uphold or revoke them.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../../answer.ts";
import { cursorAfter, readCursor } from "../../../api/page.ts";
import { listDeclined } from "../../../db/declined.ts";
import type { Env } from "../../../env.ts";
import { doneWord, privatePage, seeOther } from "../../../page-answer.ts";
import {
  DECLINED_DONE,
  DECLINED_PATH,
  type DeclinedPageProps,
  declinedPage,
} from "../../../pages/declined.tsx";
import { faultsOf } from "../../../pages/form.tsx";
import { Problem } from "../../../problem.ts";
import { type Desk, deskForm, requireDesk } from "../../../signin/desk.ts";
import { askOnce } from "../../asked.ts";

const NEED = "coordinator";
const PAGE_ROWS = 25;

export function declinedRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(DECLINED_PATH, async (c) => {
    const desk = await requireDesk(env, c.req.raw, NEED);
    return show(env, c, desk, { faults: [], sent: null });
  });
  app.post(DECLINED_PATH, (c) => act(env, c));
  app.all(DECLINED_PATH, () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  return app;
}

async function show(
  env: Env,
  c: Context,
  desk: Desk,
  state: Pick<DeclinedPageProps, "faults" | "sent">,
): Promise<Response> {
  const cursor = readCursor(c.req.query("cursor") ?? "") ?? undefined;
  const rows = await listDeclined(env.db, desk.organization.id, { limit: PAGE_ROWS, cursor });
  const shown = rows.slice(0, PAGE_ROWS);
  const last = shown.at(-1);
  const page = declinedPage({
    account: desk.account,
    urls: env.urls,
    rows: shown,
    first: cursor === undefined ? null : DECLINED_PATH,
    next:
      rows.length > PAGE_ROWS && last
        ? `${DECLINED_PATH}?cursor=${cursorAfter(last.award.id)}`
        : null,
    done: doneWord(DECLINED_DONE, c.req.raw),
    ...state,
  });
  return privatePage(page, { status: state.faults.length === 0 ? 200 : 422 });
}

async function act(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, NEED);
  const { desk, form } = sent;
  const award = String(form.get("award") ?? "");
  const revokes = form.get("act") === "revoke";
  const reason = String(form.get("reason") ?? form.get(`reason-${award}`) ?? "").trim();
  const path = `/awards/${encodeURIComponent(award)}`;
  const asked = await askOnce(env, c.req.raw, sent, {
    method: "POST",
    ...(revokes ? { path: `${path}/revoke`, body: { reason } } : { path: `${path}/uphold` }),
  });
  if (asked.ok) return seeOther(`${DECLINED_PATH}?done=${revokes ? "revoked" : "upheld"}`);
  if (asked.status === 404) throw new Problem("not-found", "There is no such award here.");
  const faults = faultsOf(asked.problem, { "/reason": "reason" }, desk.account.language);
  return show(env, c, desk, { faults, sent: { award, reason } });
}
