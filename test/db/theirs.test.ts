// Whose an award is: a table of who recorded what, and of who has proven it.
import { eq, sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Award } from "../../src/db/awards.ts";
import { identities, users } from "../../src/db/organizations.ts";
import { isTheirs, listAwardsOf, ownersOf, theirAwardIds } from "../../src/db/theirs.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson, type Person } from "../given.ts";

const ids = (awards: readonly Award[]) => awards.map(({ id }) => id);

async function unproven(env: Env, person: Person): Promise<void> {
  const { identity } = person;
  await env.db.batch([
    env.db.orm.update(identities).set({ verified_at: null }).where(eq(identities.id, identity.id)),
  ]);
}

/** Two organizations that each have a record of their own of one address, unproven. */
async function twoRecords(env: Env, email: string) {
  const made = [];
  for (const name of ["one", "other"]) {
    const organization = await givenOrganization(env, { name });
    const person = await givenPerson(env, organization, { email });
    await unproven(env, person);
    const award = await givenAward(env, await givenBadge(env, organization), person);
    made.push({ organization, person, award });
  }
  const [first, second] = made;
  if (!first || !second) throw new TypeError("two were made");
  return { first, second };
}

describe("an award belongs to who has proven its identity", () => {
  it("and to nobody while nobody has", async () => {
    const { env } = await testApp();
    const { first, second } = await twoRecords(env, "kim@example.org");
    for (const { person, award } of [first, second]) {
      expect(await ownersOf(env.db, award.id)).toEqual([]);
      expect(await listAwardsOf(env.db, person.user.id, { limit: 9 })).toEqual([]);
      expect(await isTheirs(env.db, person.user.id, award.id)).toBe(false);
    }
  });

  it("whichever organization's record it hangs on", async () => {
    const { env } = await testApp();
    const { first, second } = await twoRecords(env, "Kim@Example.org");
    const holder = first.person.user.id;
    await env.db.batch([
      env.db.orm
        .update(identities)
        .set({ verified_at: env.now() })
        .where(eq(identities.id, first.person.identity.id)),
    ]);
    expect(await ownersOf(env.db, first.award.id)).toEqual([holder]);
    expect(await ownersOf(env.db, second.award.id)).toEqual([holder]);
    expect(ids(await listAwardsOf(env.db, holder, { limit: 9 }))).toEqual([
      second.award.id,
      first.award.id,
    ]);
    expect(await listAwardsOf(env.db, second.person.user.id, { limit: 9 })).toEqual([]);
    expect(await isTheirs(env.db, holder, second.award.id)).toBe(true);
    expect(await isTheirs(env.db, second.person.user.id, second.award.id)).toBe(false);
  });

  it("not by a proven identity of another type with the same letters", async () => {
    const { env } = await testApp();
    const { first } = await twoRecords(env, "kim@example.org");
    await env.db.batch([
      env.db.orm.insert(identities).values({
        id: newId(env),
        user_id: first.person.user.id,
        type: "url",
        identity: "kim@example.org",
        normalised: "kim@example.org",
        verified_at: env.now(),
      }),
    ]);
    expect(await ownersOf(env.db, first.award.id)).toEqual([]);
    expect(await listAwardsOf(env.db, first.person.user.id, { limit: 9 })).toEqual([]);
  });

  it("nothing is sent for somebody who is suspended", async () => {
    const { env } = await testApp();
    const organization = await givenOrganization(env);
    const person = await givenPerson(env, organization);
    const award = await givenAward(env, await givenBadge(env, organization), person);
    expect(await ownersOf(env.db, award.id)).toEqual([person.user.id]);
    await env.db.batch([
      env.db.orm.update(users).set({ status: "suspended" }).where(eq(users.id, person.user.id)),
    ]);
    expect(await ownersOf(env.db, award.id)).toEqual([]);
  });

  it("an unknown award is nobody's", async () => {
    const { env } = await testApp();
    expect(await ownersOf(env.db, newId(env))).toEqual([]);
  });
});

describe("the list of a person's awards", () => {
  it("is paged without losing or doubling one, revoked and hidden ones included", async () => {
    const { env } = await testApp();
    const organization = await givenOrganization(env);
    const person = await givenPerson(env, organization);
    const made: string[] = [];
    for (const over of [{}, { visible: false }, { revoked_at: env.now() }, {}, {}]) {
      const badge = await givenBadge(env, organization);
      made.unshift((await givenAward(env, badge, person, over)).id);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const rows = await listAwardsOf(env.db, person.user.id, { limit: 2, cursor });
      const page = ids(rows.slice(0, 2));
      seen.push(...page);
      cursor = rows.length > 2 ? page.at(-1) : undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(made);
  });

  it("is found by indexes, whatever the number of awards", async () => {
    const { env } = await testApp();
    const { sql: text, params } = env.db.orm
      .select({ id: sql`1` })
      .from(sql`(select 1)`)
      .where(sql`1 in ${theirAwardIds("someone")}`)
      .toSQL();
    const { rows } = await env.db.read({
      sql: `EXPLAIN QUERY PLAN ${text}`,
      params: params as string[],
    });
    const steps = rows.map((row) => String(row.at(-1)));
    expect(steps.filter((step) => /^SEARCH/.test(step))).toHaveLength(3);
    expect(steps.filter((step) => /^SCAN (?!CONSTANT|\(subquery)/.test(step))).toEqual([]);
  });
});
