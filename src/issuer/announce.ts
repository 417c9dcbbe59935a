// Tells the organization's webhooks of what happened, in the batch of the deed itself.
import type { Writable } from "../db/database.ts";
import { DELIVER, jobsOfMessage, planMessage } from "../db/webhook-plan.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { enqueueEach } from "../jobs/outbox.ts";

/** Every type that is sent. `ping` and the two of time come from the webhooks themselves. */
export const WEBHOOK_EVENTS = [
  "badge.created",
  "badge.updated",
  "badge.archived",
  "badge.deleted",
  "award.created",
  "award.claimed",
  "award.declined",
  "award.revoked",
  "award.reissued",
  "award.renewed",
  "award.visibility_changed",
  "award.expiring",
  "award.expired",
  "nomination.created",
  "nomination.approved",
  "nomination.declined",
  "import.completed",
  "evaluation.completed",
  "ping",
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface Announcement {
  readonly organizationId: string;
  readonly type: WebhookEvent;
  /** Ids only, by what they are the id of: no names, no addresses, no text. */
  readonly data: Readonly<Record<string, string>>;
}

/**
 * The writes that tell every endpoint of the organization that listens. They find nothing and write
 * nothing where none does; put them behind the write that may undo the batch.
 */
export function announce(
  env: Pick<Env, "now" | "random">,
  { organizationId, type, data }: Announcement,
): Writable[] {
  const message = {
    id: newId(env),
    organizationId,
    type,
    data: JSON.stringify({ organization: organizationId, ...data }),
    at: env.now(),
  };
  const { sql, params } = planMessage(message);
  const planned: Writable = { toSQL: () => ({ sql, params: [...params] }) };
  return [planned, enqueueEach(env, DELIVER, jobsOfMessage(message))];
}
