// Awards badges and delivers webhooks in a process of its own, to be killed: `node webhook-process.ts FILE ORIGIN AHEAD_MS ORGANIZATION BADGE AWARDS`.
import { awardBadge } from "../../src/issuer/award.ts";
import { drain } from "../../src/jobs/drain.ts";
import { deliverWebhooks } from "../../src/webhooks/deliver.ts";
import { processEnv } from "../process-env.ts";

const [path = "", origin = "", ahead = "0", organization = "", badge = "", count = "0"] =
  process.argv.slice(2);

const env = await processEnv(path, origin, Number(ahead));

const deliver = () => drain(env, { "webhook.deliver": deliverWebhooks }, { limit: 1_000 });

/** Says the award's id once it is on disk. */
async function award(): Promise<void> {
  const identity = `${crypto.randomUUID()}@example.org`;
  const recipient = { type: "email", identity, name: "Durable Person" } as const;
  const actor = { kind: "operator", id: null } as const;
  const decision = await awardBadge(env, organization, { badge, recipient }, actor);
  await env.db.batch(decision.writes);
  console.log(decision.result.award.id);
}

const awarding = (async () => {
  for (let i = 0; i < Number(count); i++) await award();
})();
await Promise.all([awarding, deliver()]);
await deliver();
await env.db.close();
process.exit();
