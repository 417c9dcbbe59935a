// What people are told of by mail: written down in the batch of what they are told of.
import type { Writable } from "../db/database.ts";
import { insertNotification } from "../db/notifications.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueue, enqueueEach } from "../jobs/outbox.ts";

/** The job that sends an organization's mails; its payload names the organization. */
export const NOTIFY_JOB = "mail.notify";

/** Organizations share a mail server: few workers talk to it at once. */
const MAIL_LANE = "mail";

export interface Notice {
  /** `creator.award` tells who made a badge of one award of it. */
  readonly kind: "award.created" | "creator.award" | "nomination.created" | "nomination.decided";
  /** The award's or the nomination's id. */
  readonly subjectId: string;
  readonly organizationId: string;
}

type Sources = Pick<Env, "mail" | "now" | "random">;

/**
 * The writes that have somebody told, once however often they are repeated; they belong into the
 * batch of the deed. None where no mail can be sent: what happens then is never told of.
 */
export function notify(env: Sources, notice: Notice): Writable[] {
  if (env.mail === undefined) return [];
  return [insertNotice(notice, env.now()), sendSoon(env, notice.organizationId)];
}

const SEND_JOB = "SELECT ?, ?, ?, ?";

/** Has an organization's mails sent that are due; its SQL is the same each time. */
function sendSoon(env: Pick<Env, "now" | "random">, organizationId: string): Writable {
  const payload = JSON.stringify({ organization: organizationId });
  const params = [newId(env), organizationId, MAIL_LANE, payload];
  return enqueueEach(env, NOTIFY_JOB, { sql: SEND_JOB, params });
}

/** The same at a time, in milliseconds since 1970. */
export function sendAt(
  env: Pick<Env, "db" | "now" | "random">,
  organizationId: string,
  dueAt: number,
): Writable {
  return enqueue(env, {
    kind: NOTIFY_JOB,
    dedupeKey: organizationId,
    lane: MAIL_LANE,
    payload: { organization: organizationId },
    dueAt,
  });
}

function insertNotice({ kind, subjectId, organizationId }: Notice, now: number): Writable {
  const key = { kind, subject_id: subjectId, organization_id: organizationId };
  const { sql, params } = insertNotification(key, now);
  return { toSQL: () => ({ sql, params: [...params] }) };
}
