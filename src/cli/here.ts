// The database here, opened for one verb: for what has no API, because only the operator may do it.
import type { Config } from "../config.ts";
import type { Engine } from "../db/database.ts";
import type { Env } from "../env.ts";
import { createLog } from "../log.ts";
import { isLoopbackHost } from "../net/public-url.ts";
import { createEnv, type Running } from "../runtime/env.ts";
import { issuedAddress, keepingAddress } from "../runtime/issued-address.ts";
import { openDatabase, readSettings, type Variables } from "../runtime/open.ts";
import type { Call } from "./verb.ts";

/** Under the address that badges were issued under. What fails is said by the verb, not by the log. */
export async function openHere(variables: Variables): Promise<Running> {
  const { engine } = await openDatabase(await readSettings(variables));
  const issued = await issuedAddress(engine);
  const config = await readSettings(keepingAddress(variables, issued));
  return createEnv(
    config,
    engine,
    createLog("error", () => {}, Date.now),
    undefined,
    await neighboursOf(config, engine),
  );
}

/** The demo's own backpack is on this machine: it is asked as the running demo asks it. */
async function neighboursOf(config: Config, engine: Engine): Promise<string[]> {
  if (!config.demo || !config.publicUrlIsLocal) return [];
  const { rows } = await engine.read({
    sql: "SELECT backpack_web_url FROM badge_external_backpacks WHERE added_by_user_id IS NULL",
    params: [],
  });
  return rows
    .map((row) => new URL(String(row[0])))
    .filter(({ hostname }) => isLoopbackHost(hostname))
    .map(({ origin }) => origin);
}

/** Opens the database here for one piece of work, and closes it whatever comes of that. */
export async function withEnv(
  { variables }: Call,
  work: (env: Env) => Promise<number>,
): Promise<number> {
  const { env, close } = await openHere(variables);
  try {
    return await work(env);
  } finally {
    await close();
  }
}
