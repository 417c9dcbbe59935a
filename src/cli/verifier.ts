// The verifier at the command line: it needs no database, but finds the one here, whose badges may be local.
import { existsSync } from "node:fs";
import type { Config } from "../config.ts";
import { currentSigner } from "../issuer/signing-key.ts";
import { createLog } from "../log.ts";
import { createEnv, type Running } from "../runtime/env.ts";
import { issuedAddress, keepingAddress } from "../runtime/issued-address.ts";
import { openDatabase, openEngine, readSettings, type Variables } from "../runtime/open.ts";
import { ask } from "../verify/request.ts";
import { type Asker, type Asking, openAskerOf } from "./asker.ts";
import { writeOutput } from "./files.ts";
import { type Call, Failure } from "./verb.ts";

/** Of the badges on a command line, what is asked, and by whom. */
export interface OpenAsker extends Asker {
  /** For askers on other threads; null where each answer becomes a receipt here. */
  readonly asking: Asking | null;
}

export async function openAsker({ options, variables }: Call): Promise<OpenAsker> {
  const recipient = options.texts("recipient");
  const file = options.text("receipt");
  if (file === undefined) {
    const { publicUrl, oidc } = await settingsHere(variables);
    const neighbours = oidc ? [new URL(oidc.issuer).origin] : [];
    const asking = { publicUrl, neighbours, recipient };
    return { ...openAskerOf(asking), asking };
  }
  const { env, close } = await openInstallation(variables);
  return {
    asking: null,
    async ask(input) {
      const question = { input, recipient, receipt: true };
      const reply = await ask(env, question, null, () => currentSigner(env, null));
      writeOutput(file, new TextEncoder().encode(`${reply.receipt}\n`));
      return reply.verification;
    },
    close,
  };
}

/** Looking makes nothing: no folder, no secret, no database. */
export async function settingsHere(variables: Variables): Promise<Config> {
  const looking = withoutSecret(variables);
  const settings = await readSettings(looking);
  return readSettings(keepingAddress(looking, await issuedHere(settings)));
}

const UNUSED_SECRET = "-".repeat(32);

/** Settings are read without making a secret on the way. */
function withoutSecret(variables: Variables): Variables {
  return { ...variables, SECRET_KEY: variables.SECRET_KEY || UNUSED_SECRET };
}

/** Null where there is no database file, or none that can be read. */
async function issuedHere({ database, ...config }: Config) {
  if (database.kind !== "file" || !existsSync(database.path)) return null;
  try {
    const engine = await openEngine({ ...config, database });
    try {
      return await issuedAddress(engine);
    } finally {
      await engine.close();
    }
  } catch {
    return null;
  }
}

/** With its database and keys. Throws a Failure where there is none: keys made now nobody would know. */
export async function openInstallation(variables: Variables): Promise<Running> {
  const { database } = await readSettings(withoutSecret(variables));
  if (database.kind === "file" && !existsSync(database.path)) {
    throw new Failure(
      `There is no installation here, and so no key: ${database.path} does not exist.\n  Set DATA_DIR or DATABASE_URL; to check a receipt, name the keys with --jwks.`,
      { code: "no-installation", detail: "There is no installation here, and so no key." },
    );
  }
  const { engine } = await openDatabase(await readSettings(variables));
  const issued = await issuedAddress(engine);
  const config = await readSettings(keepingAddress(variables, issued));
  return createEnv(
    config,
    engine,
    createLog("error", () => {}, Date.now),
  );
}
