// What the authorization server wrote goes when it has ended, and nothing that stands goes with it.
import { expect, it } from "vitest";
import { authorizationRecords } from "../../src/db/hosted-badges.ts";
import { ACCESS_TOKEN_TTL, REFRESH_TOKEN_TTL } from "../../src/host/provider.ts";
import { READ_ASSERTIONS } from "../../src/host/scopes.ts";
import { drain } from "../../src/jobs/drain.ts";
import { housekeeping } from "../../src/jobs/housekeeping.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { backpack } from "./backpack.ts";
import { askAccess, codeFor, pkce, refresh, tokensFor } from "./client.ts";

const DAY_MS = 86_400_000;

it("sweeps requests, codes and tokens that have ended, and grants that nothing is left of", async () => {
  const { app, browser, client } = await backpack({ wholeWay: true });
  const kinds = async () => {
    await app.env.db.batch([enqueue(app.env, { kind: "housekeeping", dedupeKey: "now" })]);
    await drain(app.env, { housekeeping }, { limit: 1 });
    const rows = await app.env.db.orm.select().from(authorizationRecords);
    return rows.map(({ kind }) => kind).sort();
  };
  await askAccess(app, { client, challenge: (await pkce(app)).challenge });
  await codeFor(app, browser, client);
  await tokensFor(app, browser, client, { scope: READ_ASSERTIONS });
  app.clock.advance(ACCESS_TOKEN_TTL * 1_000);
  expect(await kinds()).toEqual(["Client", "Grant", "Grant", "Grant", "RefreshToken"]);
  app.clock.advance(DAY_MS);
  expect(await kinds()).toEqual(["Client", "Grant", "RefreshToken"]);
  app.clock.advance(REFRESH_TOKEN_TTL * 1_000);
  expect(await kinds()).toEqual(["Client"]);
});

it("leaves a refresh token that can be used", async () => {
  const { app, browser, client } = await backpack({ wholeWay: true });
  const { refresh_token } = await tokensFor(app, browser, client);
  app.clock.advance(REFRESH_TOKEN_TTL * 1_000 - 1);
  await app.env.db.batch([enqueue(app.env, { kind: "housekeeping", dedupeKey: "now" })]);
  await drain(app.env, { housekeeping }, { limit: 1 });
  expect((await refresh(app, client, refresh_token)).status).toBe(200);
});
