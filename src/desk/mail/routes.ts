// What became of an organization's mails, for its administrators: /admin/mail.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods } from "../../answer.ts";
import type { NotificationState } from "../../db/notifications.ts";
import type { Env } from "../../env.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import { MAIL_PATH, MAIL_STATES, mailPage } from "../../pages/mail.tsx";
import { deskForm, requireDesk } from "../../signin/desk.ts";
import { askEachPress, doneOf, got, listAsked, timeOf } from "../asked.ts";
import { type MailSubject, subjectsOf } from "./subjects.ts";

const ONE_RESEND = `${MAIL_PATH}/:id/resend`;
const ALL_RESEND = `${MAIL_PATH}/resend`;

/** As the API shows what somebody was to be told; times in ISO 8601. */
interface ApiNotification extends MailSubject {
  readonly state: NotificationState;
  readonly attempts: number;
  readonly sent_at: string | null;
  readonly reason: string | null;
  readonly created_at: string;
}

export function mailPageRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get(MAIL_PATH, (c) => list(env, c));
  app.post(ALL_RESEND, async (c) => {
    const sent = await deskForm(env, c.req.raw, "administrator");
    const question = { method: "POST", path: "/notifications/resend" } as const;
    got(await askEachPress(env, c.req.raw, sent, question));
    return seeOther(`${MAIL_PATH}?state=parked&done=all-resent`);
  });
  app.post(ONE_RESEND, async (c) => {
    const sent = await deskForm(env, c.req.raw, "administrator");
    const path = `/notifications/${encodeURIComponent(c.req.param("id"))}/resend`;
    got(await askEachPress(env, c.req.raw, sent, { method: "POST", path }));
    return seeOther(`${MAIL_PATH}?done=resent`);
  });
  refuseOtherMethods(app, METHODS);
  return app;
}

const METHODS = [
  [MAIL_PATH, "GET, HEAD"],
  [ALL_RESEND, "POST"],
  [ONE_RESEND, "POST"],
] as const;

async function list(env: Env, c: Context): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, "administrator");
  const { account, organization } = desk;
  const state = MAIL_STATES.find((one) => one === c.req.query("state")) ?? null;
  const list = { path: "/notifications", page: MAIL_PATH, filters: { state } };
  const { data, first, next } = await listAsked<ApiNotification>(env, c.req.raw, desk, list);
  const subjects = await subjectsOf(env.db, organization.id, data);
  return privatePage(
    mailPage({
      account,
      canSend: env.mail !== undefined,
      state,
      rows: data.map((one) => ({
        id: one.id,
        kind: one.kind,
        ...(subjects.get(one.id) ?? { about: null, path: null }),
        state: one.state,
        attempts: one.attempts,
        createdAt: Date.parse(one.created_at),
        sentAt: timeOf(one.sent_at),
        reason: one.reason,
      })),
      first,
      next,
      done: doneOf(c.req.raw, ["resent", "all-resent"]),
    }),
  );
}
