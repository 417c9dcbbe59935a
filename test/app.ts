// Builds the real app on a database of its own, with a clock and randomness the test holds.
import { onTestFinished } from "vitest";
import { type TestDatabase, testEnv } from "#runtime";
import { createApp } from "../src/app.ts";
import type { Env } from "../src/env.ts";

export interface TestApp {
  readonly env: Env;
  readonly app: ReturnType<typeof createApp>;
  /** Sends a request to the app itself, no socket between. Paths are completed with the public URL. */
  request(path: string, init?: RequestInit): Promise<Response>;
  readonly clock: Clock;
  /** Lines the app logged so far, parsed. */
  readonly logged: Record<string, unknown>[];
  /** Promises handed to `env.background`; awaits them all. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Frozen at the same instant in every test, moved by hand. */
export interface Clock {
  now: number;
  advance(milliseconds: number): void;
}

export const TEST_NOW = Date.UTC(2026, 9, 4, 14, 2, 0);
export const TEST_ORIGIN = "https://badges.example.org";

export interface TestOptions {
  readonly publicUrl?: string;
  readonly now?: number;
  /** For one app that several tests share: the caller closes it. */
  readonly shared?: boolean;
  /** Replaces parts of the environment, for the failure a test is about. */
  readonly override?: (env: Env) => Partial<Env>;
}

export async function testApp(options: TestOptions = {}): Promise<TestApp> {
  const clock: Clock = {
    now: options.now ?? TEST_NOW,
    advance(milliseconds) {
      this.now += milliseconds;
    },
  };
  const logged: Record<string, unknown>[] = [];
  const pending: Promise<unknown>[] = [];
  const publicUrl = options.publicUrl ?? TEST_ORIGIN;
  const built: { env: Env; database: TestDatabase } = await testEnv({
    publicUrl,
    now: () => clock.now,
    log: (line) => logged.push(JSON.parse(line)),
    background: (work) => pending.push(work.catch(() => {})),
  });
  const env = { ...built.env, ...options.override?.(built.env) };
  const app = createApp(env);
  const settle = async () => {
    while (pending.length > 0) await pending.shift();
  };
  const close = async () => {
    await settle();
    await built.database.close();
  };
  if (!options.shared) onTestFinished(close);
  return {
    env,
    app,
    clock,
    logged,
    request: async (path, init) => app.request(new URL(path, publicUrl).href, init),
    settle,
    close,
  };
}

/** Deterministic bytes for a test that asserts on ids; each call goes on where the last ended. */
export function countingRandom(seed = 1): Env["random"] {
  let state = seed;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      bytes[i] = state >>> 24;
    }
    return bytes;
  };
}
