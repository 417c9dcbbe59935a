// Which work there is: every kind of job with the handler that does it.
import { connected, sweep } from "./backpack/ledger.ts";
import { pullBackpack } from "./backpack/pull.ts";
import { planPulls } from "./backpack/pull-plan.ts";
import { pushing } from "./backpack/push.ts";
import { removeHandler } from "./backpack/site-remove.ts";
import { DEFAULT_WIDTH } from "./issuer/image-variants.ts";
import { housekeeping } from "./jobs/housekeeping.ts";
import type { Handlers } from "./jobs/outbox.ts";
import { nightly, recurring } from "./jobs/schedule.ts";
import { SCHEDULE, SWEEP_HOUR } from "./recurring-work.ts";

export const HANDLERS: Handlers = {
  "oauth.revoke": async (env, job) => (await import("./oauth/revoke.ts")).revokeHandler(env, job),
  "mail.sign_in": async (env, job) => (await import("./signin/mail-job.ts")).mailLink(env, job),
  "mail.notify": async (env, job) => (await import("./mail/sender.ts")).sendMails(env, job),
  "mail.digests": recurring("mail.digests", SCHEDULE["mail.digests"], async (env, job) =>
    (await import("./mail/digests.ts")).planDigests(env, job),
  ),
  "award.import": async (env, job) => (await import("./api/import-job.ts")).importHandler(env, job),
  "award.evaluate": async (env, job) =>
    (await import("./issuer/evaluation-drain.ts")).evaluateDue(env, job),
  "award.sweep_organization": async (env, job) =>
    (await import("./issuer/evaluation-sweep.ts")).sweepOrganization(env, job),
  "award.sweep": nightly("award.sweep", SWEEP_HOUR, async (env, job) =>
    (await import("./issuer/evaluation-request.ts")).sweepEverywhere(env, job),
  ),
  "badge.purge": async (env, job) => (await import("./issuer/purge.ts")).purgeOn(env, job),
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
  "webhook.disabled_mail": async (env, job) =>
    (await import("./webhooks/disabled-mail.ts")).mailDisabled(env, job),
  "webhook.sweep": async (env, job) =>
    (await import("./webhooks/sweep.ts")).sweepWebhooks(SCHEDULE["webhook.sweep"])(env, job),
};
