// The mail to an organization whose webhook endpoint was disabled by itself: why, and how to go on.
import type { Writable } from "../db/database.ts";
import { findOrganization } from "../db/organizations.ts";
import { findEndpoint } from "../db/webhook-endpoints.ts";
import type { WebhookEndpoint } from "../db/webhooks.ts";
import type { Env } from "../env.ts";
import { enqueue, type Handler, JobFailure } from "../jobs/outbox.ts";
import { composed } from "../mail/compose.ts";

const JOB = "webhook.disabled_mail";

const WORDS = {
  subject: "Webhooks to %host% are disabled",
  body: `%organization% has its webhooks sent to

%url%

That endpoint is disabled since %since%: %reason% Nothing more is sent to it, and what happens
meanwhile is not kept for it.

To go on, put the receiver right, enable the endpoint and have sent again what failed:

%page%

A program enables the endpoint %id% with \`enabled: true\` over the API, and sends again what is parked.`,
} as const;

const REASONS = {
  gone: "it answered 410 Gone, which says that it wants no more messages.",
  failing: "it accepted nothing for five days.",
} as const;

/** The job of it, for the batch that disables the endpoint; none where no mail can be sent. */
export function tellDisabled(env: Env, { id, organization_id }: WebhookEndpoint): Writable[] {
  if (env.mail === undefined) return [];
  const payload = { endpoint_id: id, organization_id };
  return [enqueue(env, { kind: JOB, dedupeKey: id, lane: "mail", payload })];
}

/** Job `webhook.disabled_mail`. Nothing is said of what somebody enabled or deleted meanwhile. */
export const mailDisabled: Handler = async (env, job) => {
  const organizationId = String(job.payload.organization_id);
  const endpoint = await findEndpoint(env.db, organizationId, String(job.payload.endpoint_id));
  const organization = await findOrganization(env.db, organizationId);
  if (endpoint === null || organization === null || env.mail === undefined) return [];
  const { disabled_at: at, disabled_reason: reason } = endpoint;
  if (at === null || reason === null || reason === "by_hand") return [];
  const values = {
    host: new URL(endpoint.url).host,
    url: endpoint.url,
    organization: organization.name,
    since: new Date(at).toISOString(),
    reason: REASONS[reason],
    id: endpoint.id,
    page: { href: `${env.urls.base}/admin/webhooks/${endpoint.id}` },
  };
  const { subject, text, html, language } = composed(WORDS, values, "en");
  const message = { id: job.id, to: organization.email, subject, text, html, language };
  const sent = await env.mail.send(message);
  if (!sent.ok) throw new JobFailure(sent.reason, { permanent: sent.permanent });
  return [];
};
