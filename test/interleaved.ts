// Somebody else's deed in the middle of a piece of work: before each of the steps it takes with the database.
import { createApp } from "../src/app.ts";
import { createDatabase } from "../src/db/database.ts";
import type { Env } from "../src/env.ts";
import type { TestApp } from "./app.ts";

export interface Meanwhile {
  /** The environment of the work that is interrupted; the deed is done through the other one. */
  env(env: Env, deed: () => Promise<unknown>): Env;
  /** Whether the work came so far that the deed was done. */
  happened(): boolean;
}

/**
 * Plays the work once for each of its steps, a read or a batch, with the deed right before that one,
 * and a last time undisturbed. Returns how many steps it takes undisturbed.
 */
export async function beforeEachStep(play: (meanwhile: Meanwhile) => Promise<void>) {
  for (let step = 0; ; step++) {
    let steps = 0;
    await play({
      env(env, deed) {
        let last: Promise<unknown> = Promise.resolve();
        /** One after the other, so that nothing of the work goes on while the deed is done. */
        const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
          const done = last.then(async () => {
            if (steps++ === step) await deed();
            return work();
          });
          last = done.catch(() => {});
          return done;
        };
        const db = createDatabase({
          read: (statement) => inTurn(() => env.db.read(statement)),
          write: (statements) => inTurn(() => env.db.batch(statements)),
          close: async () => undefined,
        });
        return { ...env, db };
      },
      happened: () => steps > step,
    });
    if (steps <= step) return steps;
  }
}

/** The same app on that environment. */
export function appOn(t: TestApp, env: Env): TestApp {
  const app = createApp(env);
  const { publicUrl } = env.config;
  return {
    ...t,
    env,
    app,
    request: async (path, init) => app.request(new URL(path, publicUrl).href, init),
  };
}
