// One drainer of pushes in a process of its own, to be stopped and killed: `node push-process.ts FILE ORIGIN AHEAD_MS`.
import { connected } from "../../src/backpack/ledger.ts";
import { pushing } from "../../src/backpack/push.ts";
import { drain } from "../../src/jobs/drain.ts";
import { processEnv } from "../process-env.ts";

const [path = "", origin = "", ahead = "0"] = process.argv.slice(2);

const env = await processEnv(path, origin, Number(ahead));

const handlers = { "backpack.push": pushing(512), "backpack.connected": connected };
const drained = await drain(env, handlers, { limit: 1_000 });
console.log(JSON.stringify(drained));
await env.db.close();
process.exit();
