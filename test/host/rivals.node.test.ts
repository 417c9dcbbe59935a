// Several processes over one database, a file or a server: one redeems a code, and nobody is logged out.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { createDatabase, type Database } from "../../src/db/database.ts";
import { API_PATH } from "../../src/host/addresses.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";
import { openRemote } from "../../src/runtime/libsql-http.ts";
import { TEST_ORIGIN, type TestApp, testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { startServer, temporaryFolder, type Variables } from "../setup/process.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";
import {
  askAccess,
  askToken,
  codeFor,
  decide,
  METADATA,
  outcome,
  pkce,
  type RegisteredClient,
  redeem,
  refresh,
  registered,
  type Tokens,
  tokensFor,
} from "./client.ts";

const PROCESSES = 3;
const PATIENCE = 180_000;

interface Shared {
  readonly variables: Variables;
  readonly db: Database;
}

const SETTINGS = {
  PUBLIC_URL: TEST_ORIGIN,
  HOST: "127.0.0.1",
  PORT: "0",
  DEMO: "false",
  LOG_LEVEL: "info",
  SECRET_KEY: "a secret that only tests know, long enough",
};

function onFile(): Shared {
  const folder = temporaryFolder();
  const path = join(folder, "rosette.db");
  copyFileSync(inject("template"), path);
  const engine = openFile(path, Math.random, Date.now);
  onTestFinished(() => engine.close());
  return { variables: { ...SETTINGS, DATA_DIR: folder }, db: createDatabase(engine) };
}

function onServer(): Shared {
  const url = inject("hranaUrl");
  const authToken = crypto.randomUUID();
  onTestFinished(async () => {
    await fetch(url, { method: "DELETE", headers: { authorization: `Bearer ${authToken}` } });
  });
  return {
    variables: {
      ...SETTINGS,
      DATA_DIR: temporaryFolder(),
      DATABASE_URL: url,
      DATABASE_AUTH_TOKEN: authToken,
    },
    db: createDatabase(openRemote({ url, authToken }, fetch)),
  };
}

type Caller = Pick<TestApp, "request">;

/** The app itself beside the processes, for what a browser does; all over the one database. */
interface Rivals {
  readonly app: TestApp;
  readonly browser: SignedInBrowser;
  readonly client: RegisteredClient;
  readonly processes: readonly Caller[];
}

async function rivals({ variables, db }: Shared): Promise<Rivals> {
  const app = await testApp({ now: Date.now(), override: () => ({ db, now: Date.now }) });
  const person = await givenPerson(app.env, await givenOrganization(app.env));
  const browser = await signedIn(app, person.user.id);
  const servers = await Promise.all(
    Array.from({ length: PROCESSES }, () => startServer(variables)),
  );
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });
  const processes = servers.map(
    ({ origin }): Caller => ({
      request: (path, init) => fetch(new URL(path, origin), { redirect: "manual", ...init }),
    }),
  );
  return { app, browser, client: await registered(app), processes };
}

function nth({ processes }: Rivals, i: number): Caller {
  const found = processes[i % processes.length];
  if (!found) throw new Error("there are no processes");
  return found;
}

async function opens(caller: Caller, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  return (await caller.request(`${API_PATH}/assertions`, { headers })).status === 200;
}

describe.each([
  ["on one file", onFile],
  ["over one server", onServer],
])("three processes %s", (_where, shared) => {
  it(
    "OB21-Z-06 a code that six redeem at once goes to exactly one",
    async () => {
      const all = await rivals(shared());
      for (let round = 0; round < 10; round++) {
        const code = await codeFor(all.app, all.browser, all.client);
        const answers = await Promise.all(
          Array.from({ length: 6 }, (_, i) => redeem(nth(all, i), all.client, code)),
        );
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400]);
      }
    },
    PATIENCE,
  );

  it(
    "what one process begins another carries on, and a third ends",
    async () => {
      const all = await rivals(shared());
      const [first, second, third] = [nth(all, 0), nth(all, 1), nth(all, 2)];
      const { verifier, challenge } = await pkce(all.app);
      const asked = await askAccess({ ...all.app, ...first }, { client: all.client, challenge });
      const fields = [["decision", "allow"], ...scopesOf(all)] as const;
      const decided = await decide({ ...all.app, ...second }, all.browser, asked, fields);
      const back = await outcome({ ...all.app, ...third }, asked, decided);
      const code = back.searchParams.get("code") ?? "";
      const response = await redeem(first, all.client, { code, verifier });
      const tokens = (await response.json()) as Tokens;
      expect(await opens(second, tokens.access_token)).toBe(true);
      expect((await refresh(third, all.client, tokens.refresh_token)).status).toBe(200);
      expect(METADATA.redirect_uris[0]).toBe(back.origin + back.pathname);
    },
    PATIENCE,
  );

  it(
    "OB21-T-06 thirty that refresh at once all may, and the first use of what they got decides",
    async () => {
      const all = await rivals(shared());
      const first = await tokensFor(all.app, all.browser, all.client);
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, i) => refresh(nth(all, i), all.client, first.refresh_token)),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const tokens = await Promise.all(answers.map((one) => one.json() as Promise<Tokens>));
      const used = await Promise.all(
        tokens.map((one, i) => refresh(nth(all, i + 1), all.client, one.refresh_token)),
      );
      expect(used.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
      expect((await refresh(nth(all, 0), all.client, first.refresh_token)).status).toBe(400);
    },
    PATIENCE,
  );

  it(
    "revoking while tokens are being refreshed leaves none behind",
    async () => {
      const all = await rivals(shared());
      const first = await tokensFor(all.app, all.browser, all.client);
      const refreshing = Array.from({ length: 20 }, (_, i) =>
        refresh(nth(all, i), all.client, first.refresh_token),
      );
      const token = first.access_token;
      const revoked = askToken(nth(all, 1), all.client, { token }, "/oauth/revoke");
      const answers = await Promise.all(refreshing);
      expect((await revoked).status).toBe(200);
      const given = await Promise.all(
        answers.filter(({ status }) => status === 200).map((one) => one.json() as Promise<Tokens>),
      );
      for (const [i, one] of given.entries()) {
        expect(await opens(nth(all, i), one.access_token)).toBe(false);
        expect((await refresh(nth(all, i), all.client, one.refresh_token)).status).toBe(400);
      }
    },
    PATIENCE,
  );
});

function scopesOf({ client }: Rivals): (readonly [string, string])[] {
  const scope = (client as RegisteredClient & { scope: string }).scope;
  return [...scope.split(" "), "offline_access"].map((one) => ["scope", one] as const);
}

it(
  "a thousand refresh answers that are lost log nobody out; reuse after that ends the family",
  async () => {
    const all = await rivals(onFile());
    const FAMILIES = 10;
    const LOST_IN_EACH = 100;
    let lost = 0;
    const families = Array.from({ length: FAMILIES }, async (_, family) => {
      let { refresh_token } = await tokensFor(all.app, all.browser, all.client);
      let before = refresh_token;
      for (let time = 0; time < LOST_IN_EACH; time++) {
        const caller = nth(all, family + time);
        // The process answers, and nobody reads it.
        const answer = await refresh(caller, all.client, refresh_token);
        if (answer.status !== 200) throw new Error(`refresh ${time}: ${await answer.text()}`);
        await answer.body?.cancel();
        lost++;
        if (time % 5 !== 4) continue;
        const arrived = await refresh(caller, all.client, refresh_token);
        expect(arrived.status).toBe(200);
        before = refresh_token;
        ({ refresh_token } = (await arrived.json()) as Tokens);
      }
      expect((await refresh(nth(all, family), all.client, refresh_token)).status).toBe(200);
      expect((await refresh(nth(all, family), all.client, before)).status).toBe(400);
      expect((await refresh(nth(all, family), all.client, refresh_token)).status).toBe(400);
    });
    await Promise.all(families);
    expect(lost).toBe(1_000);
  },
  PATIENCE,
);
