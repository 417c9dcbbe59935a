// The database here, opened for one verb: for what has no API, because only the operator may do it.
import type { Env } from "../env.ts";
import { createLog } from "../log.ts";
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
  );
}

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
