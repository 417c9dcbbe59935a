// Words and rules together: what people vouch for and what is counted lead to one award, and none comes back by itself.
import { describe, expect, it } from "vitest";
import { ADMINISTRATOR, COORDINATOR } from "../../src/auth.ts";
import { drain } from "../../src/jobs/drain.ts";
import { HANDLERS } from "../../src/work.ts";
import { asPerson } from "../api/person.ts";
import { asProgram } from "../api/program.ts";
import { testApp } from "../app.ts";
import { givenApiKey, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenManualCriterion, givenMetricCriterion } from "../given-nominations.ts";

async function given(isCounted: boolean) {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const badge = await givenBadge(t.env, organization, { max_awards_per_user: null });
  await givenManualCriterion(t.env, badge);
  if (isCounted) await givenMetricCriterion(t.env, badge, 2);
  const recipient = await givenPerson(t.env, organization);
  const person = async (role: string) => {
    const { user } = await givenPerson(t.env, organization, { roles: [role] });
    return asPerson(t, user.id, organization.slug);
  };
  const key = asProgram(t, await givenApiKey(t.env, organization));
  const awards = async () => {
    const { rows } = await t.env.db.read({
      sql: "select awarded_by, revoked_at is not null from badge_issues order by rowid",
      params: [],
    });
    return rows;
  };
  return {
    t,
    awards,
    key,
    user: recipient.user.id,
    badge: badge.id,
    path: `/badges/${badge.id}/vouches`,
    coordinator: await person(COORDINATOR),
    other: await person(COORDINATOR),
    admin: await person(ADMINISTRATOR),
    /** Sessions of the recipient's, and what the rules make of them. */
    async sessions(...ids: string[]) {
      for (const id of ids) {
        const said = await key("POST", "/events", {
          id,
          user: recipient.user.id,
          metric: "activity_count",
          occurred_at: new Date(t.clock.now).toISOString(),
        });
        expect(said.status).toBeLessThan(300);
      }
      await drain(t.env, HANDLERS, { limit: 1_000 });
    },
    /** Has the rules look at everybody. */
    async evaluate() {
      expect((await key("POST", "/evaluations", {})).status).toBeLessThan(300);
      await drain(t.env, HANDLERS, { limit: 1_000 });
    },
  };
}

describe("a badge that asks for a word and for what is counted", () => {
  it("the word first: the rules award it once the rest is counted", async () => {
    const stage = await given(true);
    const { body } = await stage.coordinator("POST", stage.path, { user: stage.user });
    expect(body.award).toBeNull();
    await stage.sessions("one");
    expect(await stage.awards()).toEqual([]);
    await stage.sessions("two");
    expect(await stage.awards()).toEqual([["system", 0]]);
  });

  it("the count first: the word awards it", async () => {
    const stage = await given(true);
    await stage.sessions("one", "two");
    expect(await stage.awards()).toEqual([]);
    const { body } = await stage.coordinator("POST", stage.path, { user: stage.user });
    expect(body.award).not.toBeNull();
    await stage.evaluate();
    expect(await stage.awards()).toEqual([["coordinator", 0]]);
  });

  it("a word that was taken back is not counted", async () => {
    const stage = await given(true);
    const { body } = await stage.coordinator("POST", stage.path, { user: stage.user });
    const gone = await stage.coordinator("DELETE", `${stage.path}/${body.id}`);
    expect(gone.status).toBe(204);
    await stage.sessions("one", "two");
    await stage.evaluate();
    expect(await stage.awards()).toEqual([]);
  });
});

describe("what was given by hand", () => {
  it("is not given again by a rule, though the badge may be had several times", async () => {
    const stage = await given(false);
    await stage.coordinator("POST", stage.path, { user: stage.user });
    await stage.evaluate();
    expect(await stage.awards()).toEqual([["coordinator", 0]]);
  });

  it("a tier that was given by hand leads to no higher one by a rule", async () => {
    const stage = await given(false);
    const tiers = `insert into badge_tiers (badge_id, level, name) values ('${stage.badge}', 1, 'Bronze'), ('${stage.badge}', 2, 'Silver')`;
    await stage.t.env.db.batch([{ sql: tiers, params: [] }]);
    const made = await stage.coordinator("POST", stage.path, { user: stage.user, tier_level: 1 });
    expect(made.body.award).toMatchObject({ tier_level: 1 });
    await stage.evaluate();
    expect(await stage.awards()).toEqual([["coordinator", 0]]);
  });

  it.each(["vouched for", "nominated"])(
    "%s, and revoked, comes back by no rule, but by a new word",
    async (how) => {
      const stage = await given(false);
      let award: unknown;
      if (how === "nominated") {
        const made = await stage.coordinator("POST", "/nominations", {
          badge: stage.badge,
          user: stage.user,
          reason: "Because.",
        });
        const path = `/nominations/${made.body.id}/approve`;
        award = (await stage.other("POST", path, {})).body.award;
      } else {
        const made = await stage.coordinator("POST", stage.path, { user: stage.user });
        award = (made.body.award as { id: string }).id;
      }
      const revoked = await stage.admin("POST", `/awards/${award}/revoke`, { reason: "Wrong." });
      expect(revoked.status).toBe(200);
      await stage.evaluate();
      expect(await stage.awards()).toEqual([["coordinator", 1]]);
      const again = await stage.other("POST", stage.path, { user: stage.user });
      expect(again.body.award).not.toBeNull();
      await stage.evaluate();
      expect(await stage.awards()).toEqual([
        ["coordinator", 1],
        ["coordinator", 0],
      ]);
    },
  );
});

describe("roles that were changed", () => {
  it("whoever has all the words by then is awarded once the badge is active again", async () => {
    const { t, badge, path, user, key, awards } = await given(false);
    const asks = async (...roles: string[]) => {
      const params = Object.fromEntries(roles.map((role) => [`role_${role}`, role]));
      const rules = [{ type: "manual", method: "all", params }];
      for (const [method, at, body] of [
        ["PATCH", `/badges/${badge}`, { is_active: false }],
        ["PUT", `/badges/${badge}/criteria`, { method: "all", rules }],
        ["PATCH", `/badges/${badge}`, { is_active: true }],
      ] as const) {
        expect((await key(method, at, body)).status).toBe(200);
      }
      await drain(t.env, HANDLERS, { limit: 1_000 });
    };
    await asks("trainer", "mentor");
    expect((await key("POST", path, { user, role: "trainer" })).status).toBe(201);
    await asks("trainer", "parent");
    expect(await awards()).toEqual([]);
    await asks("trainer");
    expect(await awards()).toEqual([["system", 0]]);
  });
});
