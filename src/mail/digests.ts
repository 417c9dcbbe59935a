// The recurring job that plans digests, and has mails sent that no job would send.
import { type DigestBadge, dueDigests, moveDigest, withoutNextDigest } from "../db/digests.ts";
import { hasUntold } from "../db/mail-facts.ts";
import { insertNotification } from "../db/notifications.ts";
import { organizationsLeftWaiting } from "../db/notifications-send.ts";
import type { Env } from "../env.ts";
import { digestStart, nextDigest } from "../issuer/digest-time.ts";
import { NOTIFY_JOB, sendAt } from "../issuer/notify.ts";
import type { Handler } from "../jobs/outbox.ts";
import { digestSubject } from "./creator-mail.ts";

/** An award of that time has been written down by then, however long its writer waited. */
export const SETTLE_MS = 60_000;
/** Badges looked at in one go. */
const PAGE = 100;

/** Where no mail can be sent nothing is planned: the first digest after that tells of it all. */
export const planDigests: Handler = async (env) => {
  if (env.mail === undefined) return [];
  await begin(env);
  for (;;) {
    const due = await dueDigests(env.db, env.now() - SETTLE_MS, PAGE);
    for (const badge of due) await plan(env, badge);
    if (due.length < PAGE) break;
  }
  await wake(env);
  return [];
};

/** Badges whose makers wish for digests and that have none planned: the first one begins now. */
async function begin(env: Env): Promise<void> {
  for (const badge of await withoutNextDigest(env.db)) {
    const first = nextDigest(badge, env.now());
    if (first !== null) await env.db.batch([moveDigest(badge.id, null, first)]);
  }
}

/**
 * One digest for all that fell due since the last one, where there is anything to tell; and the next
 * time, in the same batch. Two processes may plan the same: it is the same row.
 */
async function plan(env: Env, badge: DigestBadge): Promise<void> {
  const { end, next } = lastDue(badge, env.now() - SETTLE_MS);
  const period = { badgeId: badge.id, start: digestStart(badge, badge.next_cron), end };
  const tells = await hasUntold(env.db, period);
  const organizationId = badge.organization_id;
  await env.db.batch([
    ...(tells
      ? [
          insertNotification(
            {
              kind: "creator.digest",
              subject_id: digestSubject(period),
              organization_id: organizationId,
            },
            env.now(),
          ),
          sendAt(env, organizationId, env.now()),
        ]
      : []),
    moveDigest(badge.id, badge.next_cron, next),
  ]);
}

/** The last time that has come by then, and the one after it. */
function lastDue(badge: DigestBadge, by: number): { end: number; next: number | null } {
  let end = badge.next_cron;
  let next = nextDigest(badge, end);
  while (next !== null && next <= by) {
    end = next;
    next = nextDigest(badge, end);
  }
  return { end, next };
}

/** A job was parked, or found no mail server: what it left is taken up again. */
async function wake(env: Env): Promise<void> {
  const found = await organizationsLeftWaiting(env.db, {
    kind: NOTIFY_JOB,
    now: env.now(),
    limit: PAGE,
  });
  if (found.length === 0) return;
  await env.db.batch(found.map((organizationId) => sendAt(env, organizationId, env.now())));
}
