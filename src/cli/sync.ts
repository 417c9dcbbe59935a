// `rosette sync`: sends what has not arrived in people's backpacks, and looks what they hold there.
import { sendNow } from "../backpack/connection.ts";
import { pullJob } from "../backpack/pull.ts";
import { listConnections, type WorkingConnection } from "../db/backpack-ledger.ts";
import { countDeliveries, countUnsent } from "../db/backpack-shelf.ts";
import { findProvenHolder } from "../db/people.ts";
import { normalisedEmail } from "../email-address.ts";
import type { Env } from "../env.ts";
import { drain } from "../jobs/drain.ts";
import type { Handlers } from "../jobs/outbox.ts";
import { enqueue } from "../jobs/outbox.ts";
import { HANDLERS } from "../work.ts";
import { withEnv } from "./here.ts";
import { printTable } from "./listing.ts";
import { printable } from "./printable.ts";
import { unknownAddress } from "./site-failure.ts";
import { EXIT, type Out, type Verb } from "./verb.ts";

/** Jobs taken between two looks at how far it is. */
const AT_A_TIME = 10;

export const sync: Verb = {
  operands: "",
  summary: "Send what has not arrived in people's backpacks, and fetch what is there",
  about:
    "Everything that was not sent, was refused or was given up is tried once more. What a backpack\nasks to be sent later stays waiting, and a running server sends it then.",
  options: {
    user: { type: "string", value: "EMAIL", help: "Only this person's backpacks" },
    "dry-run": { type: "boolean", help: "Say what would be sent, and send nothing" },
  },
  exitCodes:
    "Exit codes: 0 all of it arrived, 1 it failed or something did not arrive, 2 the command line was\nnot understood.",
  examples: ["sync --dry-run", "sync --user noor@example.org"],
  remote: false,
  run: (call) =>
    withEnv(call, async (env) => {
      const { options, out } = call;
      const userId = await personOf(env, options.text("user"));
      const connected = await listConnections(env.db, userId);
      if (options.flag("dry-run")) return foresee(env, connected, out);
      return work(env, connected, out);
    }),
};

async function personOf(env: Env, email: string | undefined): Promise<string | null> {
  if (email === undefined) return null;
  const holder = await findProvenHolder(env.db, "email", normalisedEmail(email));
  if (holder !== null) return holder.user.id;
  throw unknownAddress(email);
}

async function rowsOf(env: Env, connected: readonly WorkingConnection[]) {
  const counts = await countDeliveries(
    env.db,
    connected.map(({ connection }) => connection.id),
  );
  const rows = [];
  for (const { connection, backpack, person } of connected) {
    const { delivered, pending, sending, unknown, refused, parked } = counts(connection.id);
    rows.push({
      backpack: printable(backpack.name),
      person: printable(person ?? ""),
      status: connection.status,
      sent: delivered,
      waiting: pending + sending + unknown,
      not_accepted: refused + parked,
      not_sent: await countUnsent(env.db, connection.user_id, connection.id),
      connection: connection.id,
    });
  }
  return rows;
}

const COLUMNS = ["backpack", "person", "status", "sent", "waiting", "not_accepted", "not_sent"];

async function foresee(env: Env, connected: readonly WorkingConnection[], out: Out) {
  const rows = await rowsOf(env, connected);
  printTable(out, rows, COLUMNS);
  const open = rows
    .filter(({ status }) => status === "connected")
    .reduce((sum, row) => sum + row.waiting + row.not_accepted + row.not_sent, 0);
  out.line(`\n${open} would be sent. Nothing was.`);
  return EXIT.done;
}

async function work(env: Env, connected: readonly WorkingConnection[], out: Out) {
  const usable = connected.filter(({ connection }) => connection.status === "connected");
  for (const { connection } of usable) {
    await sendNow(env, connection.user_id, connection.id, "all");
    await env.db.batch([enqueue(env, pullJob(connection.id, connection.external_backpack_id))]);
  }
  const handlers: Handlers = Object.fromEntries(
    Object.entries(HANDLERS).filter(([kind]) => ["backpack.push", "backpack.pull"].includes(kind)),
  );
  for (let done = 0; ; ) {
    const drained = await drain(env, handlers, { limit: AT_A_TIME });
    const taken = drained.done + drained.failed + drained.parked;
    if (taken === 0) break;
    done += taken;
    out.progress(`working, ${done} done …`);
  }
  out.progressDone();
  const rows = await rowsOf(env, connected);
  printTable(out, rows, COLUMNS);
  const arrived = rows.every(
    (row) => row.status === "connected" && row.waiting + row.not_accepted + row.not_sent === 0,
  );
  return arrived ? EXIT.done : EXIT.failed;
}
