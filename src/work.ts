// Which work there is: every kind of job with the handler that does it.
import { connected, sweep } from "./backpack/ledger.ts";
import { pullBackpack } from "./backpack/pull.ts";
import { planPulls } from "./backpack/pull-plan.ts";
import { pushing } from "./backpack/push.ts";
import { removeHandler } from "./backpack/site-remove.ts";
import { DEFAULT_WIDTH } from "./issuer/image-variants.ts";
import { housekeeping } from "./jobs/housekeeping.ts";
import type { Handlers } from "./jobs/outbox.ts";
import { recurring } from "./jobs/schedule.ts";
import { SCHEDULE } from "./recurring-work.ts";

export const HANDLERS: Handlers = {
  "oauth.revoke": async (env, job) => (await import("./oauth/revoke.ts")).revokeHandler(env, job),
  "mail.sign_in": async (env, job) => (await import("./signin/mail-job.ts")).mailLink(env, job),
  "award.import": async (env, job) => (await import("./api/import-job.ts")).importHandler(env, job),
  "award.lapse": recurring("award.lapse", SCHEDULE["award.lapse"], async (env) =>
    (await import("./issuer/lapse.ts")).lapse(env),
  ),
  housekeeping: recurring("housekeeping", SCHEDULE.housekeeping, housekeeping),
  "backpack.connected": connected,
  "backpack.push": pushing(DEFAULT_WIDTH),
  "backpack.sweep": recurring("backpack.sweep", SCHEDULE["backpack.sweep"], sweep),
  "backpack.pull": pullBackpack,
  "backpack.remove": removeHandler,
  "backpack.pulls": recurring("backpack.pulls", SCHEDULE["backpack.pulls"], planPulls),
  "webhook.deliver": async (env, job) =>
    (await import("./webhooks/deliver.ts")).deliverWebhooks(env, job),
  "webhook.sweep": async (env, job) =>
    (await import("./webhooks/sweep.ts")).sweepWebhooks(SCHEDULE["webhook.sweep"])(env, job),
};
