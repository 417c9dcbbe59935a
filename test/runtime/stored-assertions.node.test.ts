import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { putHostedAssertion } from "../../src/db/published.ts";
import { hostedAssertion } from "../../src/obv2/hosted.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";
import { MAX_FORMS, MAX_TOGETHER, StoredAssertions } from "../../src/runtime/stored-assertions.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";

function opened(test: TestApp): StoredAssertions {
  const engine = openFile(join(test.env.config.dataDir, "rosette.db"), Math.random, Date.now);
  onTestFinished(() => engine.close());
  return new StoredAssertions(engine);
}

const asked = (hashes: readonly string[]) => hashes.map((hash) => ({ hash }));
/** A hash whose first 52 bits are the number, as SQL makes it below. */
const numbered = (n: number) => n.toString(16).padStart(13, "0") + "0".repeat(27);

/** Assertions of numbered hashes, each of a form of its own. */
async function givenForms(test: TestApp, count: number): Promise<void> {
  const numbers = `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})`;
  await test.env.db.batch([
    {
      sql: `INSERT INTO assertion_forms (id, base, pieces) ${numbers} SELECT n, 'https://a.example', '["' || n || ' ",0," ",-1]' FROM numbers`,
      params: [],
    },
    {
      sql: `INSERT INTO hosted_assertions (key, unique_hash, form_id, etag, own) ${numbers} SELECT n, printf('%013x', n) || printf('%027d', 0), n, '"e"', 'own ' || n FROM numbers`,
      params: [],
    },
  ]);
}

describe("stored assertions", () => {
  it.each([1, MAX_TOGETHER, MAX_TOGETHER + 1])("%i are found, each in its place", async (count) => {
    const test = await testApp();
    const organization = await givenOrganization(test.env);
    const badge = await givenBadge(test.env, organization);
    const given = [];
    for (let i = 0; i < count; i++) {
      const narrative = i % 3 === 0 ? `Zürich ${i}, 三 ✓` : `${i}`;
      const person = await givenPerson(test.env, organization);
      const award = await givenAward(test.env, badge, person, { narrative });
      const hosted = await hostedAssertion(award, { urls: test.env.urls, bakedImage: "svg" });
      await test.env.db.batch(putHostedAssertion(hosted, award.revision));
      given.push(hosted);
    }
    const store = opened(test);
    const hashes = given.map(({ unique_hash }) => unique_hash);
    const all = given.map(({ base, etag, body }) => ({ base, etag, body }));
    expect(store.find(asked(hashes))).toEqual(all);
    expect(store.find(asked(hashes.toReversed()))).toEqual(all.toReversed());
    expect(store.find([])).toEqual([]);
  });

  it("leaves the place empty of one that is not there, and of one whose hash only begins alike", async () => {
    const test = await testApp();
    await givenForms(test, 3);
    const alike = `${numbered(2).slice(0, 13)}${"f".repeat(27)}`;
    const unknown = "e".repeat(40);
    const found = opened(test).find(
      asked([unknown, numbered(1), alike, numbered(3), numbered(3), unknown]),
    );
    expect(found.map((one) => one?.body ?? null)).toEqual([
      null,
      `1 ${numbered(1)} own 1`,
      null,
      `3 ${numbered(3)} own 3`,
      `3 ${numbered(3)} own 3`,
      null,
    ]);
  });

  it("puts every text together in its own form when there are more forms than are remembered", async () => {
    const test = await testApp();
    await givenForms(test, MAX_FORMS + 1);
    const store = opened(test);
    const ordinals = Array.from({ length: MAX_FORMS + 1 }, (_, i) => i + 1);
    for (let time = 0; time < 2; time++) {
      const found = store.find(asked(ordinals.map(numbered)));
      expect(found.map((one) => one?.body)).toEqual(
        ordinals.map((n) => `${n} ${numbered(n)} own ${n}`),
      );
    }
  });
});
