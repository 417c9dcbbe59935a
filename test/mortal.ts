// A process that dies: at any of its steps out of memory, to the database, to other hosts, or asleep.
import type { Env } from "../src/env.ts";

export interface Mortal {
  readonly env: Env;
  /** Resolves when it dies. */
  readonly died: Promise<void>;
  /** How many steps it took. */
  steps(): number;
}

/** The environment of a process that dies at its step number `fatal`, before it or after its deed. */
export function mortal(env: Env, fatal: number, when: "before" | "after"): Mortal {
  let step = 0;
  let dead = false;
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = () => {
      dead = true;
      resolve();
    };
  });
  // Of a process that is dead nothing is heard any more, not even an error.
  const silence = new Promise<never>(() => {});
  const living =
    <A extends unknown[], R>(deed: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      if (dead) return silence;
      const isLast = ++step === fatal;
      if (isLast && when === "before") die();
      if (dead) return silence;
      const result = await deed(...given);
      if (isLast) die();
      return dead ? silence : result;
    };
  const { db, mail } = env;
  return {
    env: {
      ...env,
      db: { ...db, batch: living(db.batch), read: living(db.read) },
      publicFetch: living(env.publicFetch),
      pause: living(env.pause),
      ...(mail === undefined ? {} : { mail: { send: living(mail.send.bind(mail)) } }),
    },
    died,
    steps: () => step,
  };
}
