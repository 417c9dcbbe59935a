// Mails over the API: what people were to be told, what became of it, and having it sent again.
import { z } from "@hono/zod-openapi";
import { findAward } from "../db/awards.ts";
import type { Notification } from "../db/notifications.ts";
import {
  countParked,
  findNotification,
  listNotifications,
  sendAgain,
  sendParkedAgain,
} from "../db/notifications-list.ts";
import { SENDING } from "../db/notifications-send.ts";
import type { Env } from "../env.ts";
import { notify, sendAt } from "../issuer/notify.ts";
import { Problem } from "../problem.ts";
import { idParam, instant, instantOrNull, time } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQueryBy } from "./page.ts";

const TAG = "Mail";
const STATES = ["waiting", "sent", "parked", "cancelled"] as const;

/** A row's place in the list: when it was written, its kind and its subject. */
const PLACE = /^(\d{1,15})~([a-z_.]{1,40})~([0-9a-zA-Z.-]{1,100})$/;

const filters = pageQueryBy(PLACE).extend({ state: z.enum(STATES).optional() });

export const shownNotification = z
  .object({
    id: z.string(),
    kind: z.string().openapi({ example: "award.created" }),
    subject: z.string().openapi({
      description: "The id of the award or nomination; of a digest, its badge's.",
    }),
    state: z.enum(STATES).openapi({
      description:
        "`parked` waits for somebody to have it sent again; `cancelled` had nobody to tell.",
    }),
    attempts: z.int(),
    due_at: time().nullable(),
    sent_at: time().nullable(),
    reason: z.string().nullable().openapi({
      description: "A code: why it was not sent, or not yet.",
      example: "mail-server-unreachable",
    }),
    created_at: time(),
  })
  .openapi("Notification");

function idOf({ kind, subject_id }: Pick<Notification, "kind" | "subject_id">): string {
  return `${kind}.${subject_id}`;
}

export function showNotification(row: Notification): z.input<typeof shownNotification> {
  return {
    id: idOf(row),
    kind: row.kind,
    subject: row.subject_id.split(".")[0] ?? "",
    state: row.state,
    attempts: row.attempts,
    due_at: row.state === "waiting" ? instant(row.due_at) : null,
    sent_at: instantOrNull(row.sent_at),
    reason: row.last_error,
    created_at: instant(row.created_at),
  };
}

const ID = /^([a-z]+\.[a-z]+)\.(.+)$/;

async function notificationOf(env: Env, organizationId: string, id: string): Promise<Notification> {
  const [, kind = "", subject_id = ""] = ID.exec(id) ?? [];
  const key = { organization_id: organizationId, kind, subject_id };
  const row = await findNotification(env.db, key);
  if (row !== null) return row;
  throw new Problem("not-found", "This organization has no notification with this id.");
}

function requireMail(env: Env): void {
  if (env.mail === undefined) {
    throw new Problem("mail-not-set-up", "This installation can send no mail.");
  }
}

/** What was sent, or is being sent, stays as it is: nobody is told twice. */
function again(env: Env, row: Notification) {
  const now = env.now();
  const isUnderWay = row.state === "waiting" && row.last_error === SENDING && row.due_at > now;
  if (row.state === "sent" || isUnderWay)
    return { status: 200, body: showNotification(row) } as const;
  const waiting: Notification = {
    ...row,
    state: "waiting",
    attempts: 0,
    due_at: now,
    created_at: now,
    last_error: null,
  };
  return {
    status: 200,
    body: showNotification(waiting),
    writes: [sendAgain(row, now), sendAt(env, row.organization_id, now)],
  } as const;
}

export const notificationOperations: readonly Operation[] = [
  operation({
    id: "listNotifications",
    method: "get",
    path: "/notifications",
    tag: TAG,
    summary: "List what people were to be told by mail",
    scope: "awards:read",
    query: filters,
    answers: [
      { status: 200, description: "A page of notifications.", schema: pageOf(shownNotification) },
    ],
    async handle(call) {
      const { env, organizationId, query } = call;
      const [, at, kind = "", subject_id = ""] = PLACE.exec(query.cursor ?? "") ?? [];
      const after = at === undefined ? undefined : { created_at: Number(at), kind, subject_id };
      const { state, limit } = query;
      const rows = await listNotifications(env.db, organizationId, { state, limit, after });
      return pageAnswer(
        call,
        rows,
        (row) => `${row.created_at}~${row.kind}~${row.subject_id}`,
        showNotification,
      );
    },
  }),
  operation({
    id: "getNotification",
    method: "get",
    path: "/notifications/{id}",
    tag: TAG,
    summary: "Read what became of a mail",
    scope: "awards:read",
    params: idParam.extend({ id: z.string().min(1).max(150) }),
    answers: [{ status: 200, description: "The notification.", schema: shownNotification }],
    async handle({ env, organizationId, params }) {
      return {
        status: 200,
        body: showNotification(await notificationOf(env, organizationId, params.id)),
      };
    },
  }),
  operation({
    id: "resendNotification",
    method: "post",
    path: "/notifications/{id}/resend",
    tag: TAG,
    summary: "Send a mail again that was not sent",
    description:
      "Its tries begin anew. One that was cancelled is looked at again, and sent if the reason is gone. One that was sent stays as it is.",
    scope: "awards:write",
    params: idParam.extend({ id: z.string().min(1).max(150) }),
    problems: ["mail-not-set-up"],
    answers: [{ status: 200, description: "The notification.", schema: shownNotification }],
    async handle({ env, organizationId, params }) {
      const row = await notificationOf(env, organizationId, params.id);
      requireMail(env);
      return again(env, row);
    },
  }),
  operation({
    id: "resendParkedNotifications",
    method: "post",
    path: "/notifications/resend",
    tag: TAG,
    summary: "Send all mails again that were given up",
    scope: "awards:write",
    problems: ["mail-not-set-up"],
    answers: [
      {
        status: 200,
        description: "How many there were.",
        schema: z.object({ resent: z.int() }).openapi("ResentNotifications"),
      },
    ],
    async handle({ env, organizationId }) {
      requireMail(env);
      const resent = await countParked(env.db, organizationId);
      if (resent === 0) return { status: 200, body: { resent } };
      const now = env.now();
      const writes = [sendParkedAgain(organizationId, now), sendAt(env, organizationId, now)];
      return { status: 200, body: { resent }, writes };
    },
  }),
  operation({
    id: "resendAwardNotification",
    method: "post",
    path: "/awards/{id}/resend-notification",
    tag: TAG,
    summary: "Tell a recipient of an award who was not told",
    description:
      "By the award's id or its hash. Also where nobody was to be told, because no mail could be sent when it was awarded. Who was told already is not told again.",
    scope: "awards:write",
    params: idParam,
    problems: ["mail-not-set-up"],
    answers: [{ status: 200, description: "The notification.", schema: shownNotification }],
    async handle({ env, organizationId, params }) {
      const award = await findAward(env.db, organizationId, params.id);
      if (award === null) {
        throw new Problem("not-found", "This organization has no award with this id or hash.");
      }
      requireMail(env);
      const key = {
        organization_id: organizationId,
        kind: "award.created",
        subject_id: award.id,
      } as const;
      const row = await findNotification(env.db, key);
      if (row !== null) return again(env, row);
      const now = env.now();
      const made: Notification = {
        ...key,
        state: "waiting",
        due_at: now,
        attempts: 0,
        sent_at: null,
        last_error: null,
        created_at: now,
      };
      const { kind } = key;
      return {
        status: 200,
        body: showNotification(made),
        writes: notify(env, { kind, subjectId: award.id, organizationId }),
      };
    },
  }),
];
