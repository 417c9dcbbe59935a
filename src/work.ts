// Which work there is: every kind of job with the handler that does it.
import { pullBackpack } from "./backpack/pull.ts";
import { planPulls } from "./backpack/pull-plan.ts";
import { housekeeping } from "./jobs/housekeeping.ts";
import type { Handlers } from "./jobs/outbox.ts";
import { recurring } from "./jobs/schedule.ts";
import { SCHEDULE } from "./recurring-work.ts";

export const HANDLERS: Handlers = {
  "oauth.revoke": async (env, job) => (await import("./oauth/revoke.ts")).revokeHandler(env, job),
  housekeeping: recurring("housekeeping", SCHEDULE.housekeeping, housekeeping),
  "backpack.pull": pullBackpack,
  "backpack.pulls": recurring("backpack.pulls", SCHEDULE["backpack.pulls"], planPulls),
};
