// Fifty people claim at once from two processes on one file: exactly as many get the badge as may.
import { expect, it } from "vitest";
import { post, stored } from "../durability/issuing.ts";
import { givenTwoServers } from "../durability/two-servers.ts";
import { givenPerson } from "../given.ts";
import type { Server } from "../setup/process.ts";

const CLAIMERS = 50;
const PLACES = 17;

async function world(code: Record<string, unknown>) {
  const { installation, servers, env, organization, signedInAt } = await givenTwoServers();
  const made = await post(
    servers[0],
    installation.key,
    `/api/v1/badges/${installation.badge}/claim-codes`,
    code,
  );
  const path = `/claim/${String(made.body.code)}`;
  const claimer = async (email: string) => {
    const { user, identity } = await givenPerson(env, organization, { email });
    const at = (server: Server) => signedInAt(server, user.id);
    return { at, fields: { identity: identity.id } };
  };
  const codes = async () => {
    const { rows } = await env.db.read({
      sql: "select claims, (select count(*) from claims), (select count(*) from badge_issues) from claim_codes",
      params: [],
    });
    return rows[0];
  };
  return { installation, servers, path, claimer, codes };
}

it("fifty claimers of seventeen places: seventeen badges, thirty-three pages in words", async () => {
  const { installation, servers, path, claimer, codes } = await world({ max_claims: PLACES });
  const ready = [];
  for (let i = 0; i < CLAIMERS; i++) {
    const { at, fields } = await claimer(`claimer-${i}@example.org`);
    ready.push({ browser: await at(servers[i % 2 === 0 ? 0 : 1]), fields });
  }
  const answers = await Promise.all(ready.map(({ browser, fields }) => browser.post(path, fields)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 303)).toHaveLength(PLACES);
  expect(statuses.filter((status) => status === 410)).toHaveLength(CLAIMERS - PLACES);
  expect(await codes()).toEqual([PLACES, PLACES, PLACES]);
  expect(stored(installation).broken).toEqual({});
}, 120_000);

it("one person in twenty windows of two servers claims once", async () => {
  const { installation, servers, path, claimer, codes } = await world({ max_claims: 5 });
  const { at, fields } = await claimer("one@example.org");
  const browsers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => at(servers[i % 2 === 0 ? 0 : 1])),
  );
  const answers = await Promise.all(browsers.map((browser) => browser.post(path, fields)));
  expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
  expect(await codes()).toEqual([1, 1, 1]);
  expect(stored(installation).broken).toEqual({});
}, 120_000);
