// One of several processes that want the same token: `node rival-process.ts FILE ORIGIN`. Each line it
// reads asks for something, and is answered by one line.
import { createInterface } from "node:readline";
import { createDatabase } from "../../src/db/database.ts";
import type { Env } from "../../src/env.ts";
import { createLog } from "../../src/log.ts";
import { ensureRegistered } from "../../src/oauth/registration.ts";
import { freshToken } from "../../src/oauth/token.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";
import { openPublicFetch } from "../../src/runtime/public-fetch.ts";
import { urls } from "../../src/urls.ts";
import { testConfig } from "../runtime/config.ts";

/** What a line asks for. */
export interface Wish {
  readonly what: "token" | "client";
  /** A connection's id, or a server's. */
  readonly id: string;
  /** That many callers at once. */
  readonly callers: number;
  /** This process's clock is so far ahead, in milliseconds. */
  readonly ahead?: number;
  /** It never gets to write what the host answered. */
  readonly dies?: boolean;
}

/** What each caller got: a token or a client's id, or the reason why not. */
export type Got = readonly string[];

const [path = "", origin = ""] = process.argv.slice(2);
const config = await testConfig({ publicUrl: "https://badges.example.org", dataDir: "." });
const { publicFetch, loopbackOrigins } = openPublicFetch(config, [origin]);
const db = createDatabase(openFile(path, Math.random, Date.now));

function envOf({ ahead = 0, dies = false }: Wish): Env {
  let writes = 0;
  return {
    config,
    db: dies
      ? {
          ...db,
          async batch(statements) {
            // The lease is the first thing it writes; what the host gave would be the second.
            if (++writes === 1) return db.batch(statements);
            console.log(JSON.stringify(["answered"]));
            return new Promise(() => {});
          },
        }
      : db,
    urls: urls(config.publicUrl),
    images: { available: false, rasterise: async () => ({ ok: false, reason: "unavailable" }) },
    log: createLog("error", () => {}, Date.now),
    publicFetch,
    loopbackOrigins,
    now: () => Date.now() + ahead,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    background: () => {},
    readiness: async () => null,
  };
}

async function granted(wish: Wish): Promise<Got> {
  const env = envOf(wish);
  const callers = Array.from({ length: wish.callers });
  if (wish.what === "token") {
    const all = await Promise.all(callers.map(() => freshToken(env, wish.id)));
    return all.map((one) => (one.ok ? one.token : one.reason));
  }
  const all = await Promise.all(callers.map(() => ensureRegistered(env, wish.id)));
  return all.map((one) => (one.ok ? one.client.clientId : one.reason));
}

console.log(JSON.stringify(["ready"]));
for await (const line of createInterface({ input: process.stdin })) {
  const got = await granted(JSON.parse(line) as Wish);
  console.log(JSON.stringify(got));
}
process.exit();
