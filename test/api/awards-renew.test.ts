// Renewing what has run out over the API, and what revoking leaves of the criteria: which of it rules may undo.
import { describe, expect, it } from "vitest";
import { awards } from "../../src/db/awards.ts";
import { type badges, badgeTiers } from "../../src/db/badges.ts";
import { criteria, criterionMets, manualAwards } from "../../src/db/criteria.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { isOvertaken } from "../../src/issuer/audit.ts";
import { awardBadge } from "../../src/issuer/award.ts";
import { LAPSED_AT_ONCE, lapse } from "../../src/issuer/lapse.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenPerson } from "../given.ts";
import { seedWorld } from "../seeds/seed-world.ts";
import { givenClient, growth, rowCounts } from "./client.ts";

const DAY = 86_400_000;
const RULE = { kind: "system", id: null } as const;

async function given(over: Partial<typeof badges.$inferInsert> = {}) {
  const t = await testApp();
  const client = await givenClient(t);
  const badge = await givenBadge(t.env, client.organization, {
    status: "active_locked",
    max_awards_per_user: 1,
    is_renewable: true,
    expire_period: 86_400,
    ...over,
  });
  const person = await givenPerson(t.env, client.organization);
  const old = await givenAward(t.env, badge, person, { date_expire: t.clock.now + DAY });
  const award = (more: object = {}) =>
    client.send("POST", "/awards", { badge: badge.id, user: person.user.id, ...more });
  const byRule = (tier?: number) =>
    awardBadge(
      t.env,
      client.organization.id,
      {
        badge: badge.id,
        user: person.user.id,
        ...(tier === undefined ? {} : { tier_level: tier }),
      },
      RULE,
    );
  return { t, ...client, badge, person, old, award, byRule };
}

/** A criterion that the person has met, and a role's vouch where it is one made by hand. */
async function met(env: Env, badge: string, user: string, type: "metric" | "manual", at: number) {
  const id = newId(env);
  const { orm } = env.db;
  const row = { crit_id: id, user_id: user, organization_id: "o", date_met: at };
  await env.db.batch([
    orm.insert(criteria).values({ id, badge_id: badge, criteria_type: type }),
    orm.insert(criterionMets).values(row),
  ]);
  if (type === "metric") return;
  const vouch = { badge_id: badge, recipient_id: user, issuer_role: "coordinator", date_met: at };
  await env.db.batch([orm.insert(manualAwards).values({ id: newId(env), ...vouch })]);
}

async function kept(env: Env) {
  const [metTypes, vouches] = await Promise.all([
    env.db.read({
      sql: `select criteria_type from badge_criteria_mets m
        join badge_criterias c on c.id = m.crit_id order by 1`,
      params: [],
    }),
    env.db.read({ sql: "select issuer_role from badge_manual_awards", params: [] }),
  ]);
  return { met: metTypes.rows.map(([type]) => type), vouches: vouches.rows.length };
}

describe("POST /awards/{id}/renew", () => {
  it("awards the badge anew; the old one stays expired and verifies, out of slot and count", async () => {
    const { t, send, old } = await given();
    t.clock.advance(DAY);
    const before = await rowCounts(t);
    const made = await send("POST", `/awards/${old.id}/renew`, { narrative: "Refreshed." });
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe(`/api/v1/awards/${made.body.id}`);
    expect(made.body).toMatchObject({
      status: "valid",
      narrative: "Refreshed.",
      expires_at: "2026-10-06T14:02:00.000Z",
      superseded_by: null,
    });
    const former = await send("GET", `/awards/${old.id}`);
    expect(former.body).toMatchObject({
      status: "expired",
      revoked_at: null,
      superseded_by: made.body.id,
    });
    expect(growth(before, await rowCounts(t))).toEqual({
      badge_issues: 1,
      hosted_assertions: 1,
      audit_log: 2,
    });
    const document = await t.request(`/ob/v2/assertions/${old.unique_hash}`);
    expect(document.status).toBe(200);
    expect(await document.json()).toMatchObject({ expires: "2026-10-05T14:02:00.000Z" });
    const slots = await t.env.db.read({
      sql: "select award_slot from badge_issues order by rowid",
      params: [],
    });
    expect(slots.rows).toEqual([[`past:${old.id}`], ["once"]]);
    const page = await t.request(`/b/${old.unique_hash}`, { headers: { accept: "text/html" } });
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain("This badge has expired");
    expect(text).toContain(`/b/${made.body.hash}`);
  });

  it("the old document is sent as it was: neither its bytes nor its tag change", async () => {
    const { t, send, old } = await given();
    const path = `/ob/v2/assertions/${old.unique_hash}`;
    const first = await t.request(path);
    await t.settle();
    t.clock.advance(DAY);
    await send("POST", `/awards/${old.id}/renew`, {});
    const second = await t.request(path);
    expect(second.headers.get("etag")).toBe(first.headers.get("etag"));
    expect(await second.text()).toBe(await first.text());
  });

  it("a repeated call changes nothing and names the award that took its place", async () => {
    const { t, send, old } = await given();
    t.clock.advance(DAY);
    const made = await send("POST", `/awards/${old.id}/renew`, {});
    const before = await rowCounts(t);
    const again = await send("POST", `/awards/${old.unique_hash}/renew`, {});
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({
      renewed: false,
      reason: "already_replaced",
      award: { id: made.body.id },
    });
    expect(await rowCounts(t)).toEqual(before);
  });

  it.each([
    ["once", 1],
    ["as often as one likes", null],
  ])("ten at once leave one renewal, of a badge for %s", async (_what, max_awards_per_user) => {
    const { t, send, old } = await given({ max_awards_per_user });
    t.clock.advance(DAY);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => send("POST", `/awards/${old.id}/renew`, {})),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    const others = answers.filter(({ status }) => status !== 201);
    expect(others.map(({ status, body }) => [status, body.code])).toEqual(
      Array.from({ length: 9 }, () => [200, undefined]),
    );
    expect((await rowCounts(t)).badge_issues).toBe(2);
  });

  it.each([
    ["before its end", {}, DAY - 1, "award-not-expired"],
    ["of a badge that is not renewable", { is_renewable: false }, DAY, "badge-not-renewable"],
    ["of a badge that is switched off", { status: "inactive_locked" }, DAY, "badge-inactive"],
  ] as const)("is refused %s, and nothing is written", async (_what, over, later, code) => {
    const { t, send, old } = await given(over);
    t.clock.advance(later);
    const before = await rowCounts(t);
    const answer = await send("POST", `/awards/${old.id}/renew`, {});
    expect([answer.status, answer.body.code]).toEqual([409, code]);
    expect(await rowCounts(t)).toEqual(before);
  });

  it("is refused of one that was revoked, and unknown of another organization", async () => {
    const { t, send, old } = await given();
    const other = await givenClient(t);
    t.clock.advance(DAY);
    expect((await other.send("POST", `/awards/${old.id}/renew`, {})).status).toBe(404);
    await send("POST", `/awards/${old.id}/revoke`, { reason: "A mistake." });
    const answer = await send("POST", `/awards/${old.id}/renew`, {});
    expect([answer.status, answer.body.code]).toEqual([409, "award-revoked"]);
  });

  it("what was renewed is corrected no more: its successor is", async () => {
    const { t, send, old } = await given();
    t.clock.advance(DAY);
    const made = await send("POST", `/awards/${old.id}/renew`, {});
    const corrected = await send("POST", `/awards/${old.id}/reissue`, { narrative: "Other." });
    expect(corrected.body).toMatchObject({ reissued: false, award: { id: made.body.id } });
  });
});

describe("POST /awards for somebody whose award has run out", () => {
  it("renews it where the badge may be renewed", async () => {
    const { t, send, old, award } = await given();
    expect((await award()).body).toMatchObject({ awarded: false });
    t.clock.advance(DAY);
    const made = await award();
    expect(made.status).toBe(201);
    expect((await send("GET", `/awards/${old.id}`)).body.superseded_by).toBe(made.body.id);
    expect((await award()).body).toMatchObject({
      awarded: false,
      reason: "max_awards_per_user_enforced",
    });
  });

  it("without renewal what has run out stays counted", async () => {
    const { t, award, old } = await given({ is_renewable: false });
    t.clock.advance(DAY);
    const answer = await award();
    expect([answer.status, answer.body.awarded]).toEqual([200, false]);
    expect(answer.body.award).toMatchObject({ id: old.id, status: "expired" });
  });

  it("a tier that has run out is renewed for itself, a lower one only below what is held", async () => {
    const { t, badge, person, award, send } = await given({ max_awards_per_user: 2 });
    const tiers = [1, 2].map((level) => ({ badge_id: badge.id, level, name: `Tier ${level}` }));
    await t.env.db.batch([
      t.env.db.orm.insert(badgeTiers).values(tiers),
      t.env.db.orm.delete(awards),
    ]);
    const tier = (level: number, days: number) =>
      givenAward(t.env, badge, person, {
        tier_level: level,
        award_slot: `t${level}`,
        date_expire: t.clock.now + days * DAY,
      });
    const [bronze, silver] = [await tier(1, 1), await tier(2, 2)];
    t.clock.advance(DAY);
    expect((await award({ tier_level: 1 })).body).toMatchObject({
      awarded: false,
      reason: "tier_level_monotonically_increasing",
    });
    t.clock.advance(DAY);
    const again = await award({ tier_level: 2 });
    expect(again.status).toBe(201);
    expect((await send("GET", `/awards/${silver.id}`)).body.superseded_by).toBe(again.body.id);
    expect((await send("GET", `/awards/${bronze.id}`)).body.superseded_by).toBeNull();
  });
});

describe("renewal by rule", () => {
  it("what was met once renews nothing; what is met anew does", async () => {
    const world = await seedWorld();
    const badge = await world.badge({
      trigger_type: "auto",
      trigger_condition: { metric: "activity_count", threshold: 2, window: "P7D" },
      expire_period: "P30D",
      is_renewable: true,
    });
    const { user } = await world.person();
    await world.happened(user.id, 2);
    await world.work();
    const [old] = await world.rows("select id from badge_issues where badge_id = ?", badge.id);
    world.t.clock.advance(31 * DAY);
    await world.night();
    await lapse(world.t.env);
    await world.night();
    expect(await world.rows("select id from badge_issues")).toEqual([old]);
    await world.happened(user.id, 2);
    await world.work();
    const anew = await world.rows("select id, superseded_by from badge_issues order by rowid");
    expect(anew).toHaveLength(2);
    expect(anew[0]).toEqual([old?.[0], anew[1]?.[0]]);
  });

  it("a vouch from before the end renews nothing, not even before it is forgotten", async () => {
    const { t, badge, person, byRule } = await given();
    await met(t.env, badge.id, person.user.id, "manual", t.clock.now);
    t.clock.advance(DAY);
    expect((await byRule()).result).toMatchObject({ awarded: false });
    await lapse(t.env);
    expect((await byRule()).result).toMatchObject({ awarded: true });
  });
});

describe("award.lapse", () => {
  it("forgets what was met by the end of a renewable award, and no sooner", async () => {
    const { t, badge, person } = await given();
    await met(t.env, badge.id, person.user.id, "metric", t.clock.now);
    await met(t.env, badge.id, person.user.id, "manual", t.clock.now);
    t.clock.advance(DAY - 1);
    await lapse(t.env);
    expect(await kept(t.env)).toEqual({ met: ["manual", "metric"], vouches: 1 });
    t.clock.advance(1);
    await lapse(t.env);
    expect(await kept(t.env)).toEqual({ met: [], vouches: 0 });
  });

  it.each([
    ["of a badge that is not renewable", { is_renewable: false }, 0],
    ["that was met after the end", {}, 2 * DAY],
  ])("leaves what is %s", async (_what, over, later) => {
    const { t, badge, person } = await given(over);
    await met(t.env, badge.id, person.user.id, "manual", t.clock.now + later);
    t.clock.advance(3 * DAY);
    await lapse(t.env);
    expect(await kept(t.env)).toEqual({ met: ["manual"], vouches: 1 });
  });

  it("goes on until nobody is left, more than are done at once", async () => {
    const { t, badge, organization } = await given();
    const id = newId(t.env);
    await t.env.db.batch([
      t.env.db.orm.insert(criteria).values({ id, badge_id: badge.id, criteria_type: "metric" }),
    ]);
    for (let i = 0; i <= LAPSED_AT_ONCE; i++) {
      const person = await givenPerson(t.env, organization);
      await givenAward(t.env, badge, person, { date_expire: t.clock.now });
      const row = { crit_id: id, user_id: person.user.id, organization_id: organization.id };
      await t.env.db.batch([
        t.env.db.orm.insert(criterionMets).values({ ...row, date_met: t.clock.now }),
      ]);
    }
    await lapse(t.env);
    expect((await kept(t.env)).met).toEqual([]);
  });
});

describe("what is left of the criteria when an award is revoked", () => {
  async function revoked(body: object = {}) {
    const world = await given({ is_renewable: false });
    const { t, badge, person, old, send } = world;
    await met(t.env, badge.id, person.user.id, "metric", t.clock.now);
    await met(t.env, badge.id, person.user.id, "manual", t.clock.now);
    const revoke = (more: object = body) =>
      send("POST", `/awards/${old.id}/revoke`, { reason: "Not so.", ...more });
    expect((await revoke()).status).toBe(200);
    return { ...world, revoke };
  }

  it("vouches go, so that each role must vouch anew; what else was met stays", async () => {
    const { t } = await revoked();
    expect(await kept(t.env)).toEqual({ met: ["metric"], vouches: 0 });
  });

  it("no rule awards it again, neither by decision nor in the database; people do", async () => {
    const { t, byRule, award, send, old } = await revoked();
    expect((await send("GET", `/awards/${old.id}`)).body.is_withheld).toBe(true);
    const decided = await byRule();
    expect(decided).toMatchObject({
      result: { awarded: false, reason: "award_was_revoked", award: { id: old.id } },
      writes: [],
    });
    await t.env.db.batch([t.env.db.orm.update(awards).set({ is_withheld: false })]);
    const meanwhile = await byRule();
    await t.env.db.batch([t.env.db.orm.update(awards).set({ is_withheld: true })]);
    const error = await t.env.db.batch([...meanwhile.writes]).catch((thrown: unknown) => thrown);
    expect(isOvertaken(error)).toBe(true);
    expect((await award()).status).toBe(201);
  });

  it("a vouch that is given anew lifts the bar for the rules", async () => {
    const { t, byRule, badge, person } = await revoked();
    const vouch = { badge_id: badge.id, recipient_id: person.user.id, issuer_role: "coordinator" };
    await t.env.db.batch([
      t.env.db.orm
        .insert(manualAwards)
        .values({ id: newId(t.env), ...vouch, date_met: t.clock.now }),
    ]);
    const { result, writes } = await byRule();
    await t.env.db.batch([...writes]);
    expect(result.awarded).toBe(true);
  });

  it("reset_criteria forgets all that was met and lets the rules decide anew", async () => {
    const { t, byRule, send, old } = await revoked({ reset_criteria: true });
    expect(await kept(t.env)).toEqual({ met: [], vouches: 0 });
    expect((await send("GET", `/awards/${old.id}`)).body.is_withheld).toBe(false);
    const { result, writes } = await byRule();
    await t.env.db.batch([...writes]);
    expect(result.awarded).toBe(true);
  });

  it("what was revoked for good may be let go of later, once", async () => {
    const { t, byRule, revoke } = await revoked();
    const before = await rowCounts(t);
    const later = await revoke({ reset_criteria: true });
    expect(later.body).toMatchObject({ is_withheld: false, revocation_reason: "Not so." });
    expect(growth(before, await rowCounts(t))).toEqual({ audit_log: 1 });
    expect(await kept(t.env)).toEqual({ met: [], vouches: 0 });
    await revoke({ reset_criteria: true });
    expect(growth(before, await rowCounts(t))).toEqual({ audit_log: 1 });
    expect((await byRule()).result.awarded).toBe(true);
  });

  it("of tiers, that tier and the lower ones stay away, a higher one does not", async () => {
    const { t, badge, person, byRule, send } = await given({ max_awards_per_user: null });
    const tiers = [1, 2, 3].map((level) => ({ badge_id: badge.id, level, name: `Tier ${level}` }));
    await t.env.db.batch([
      t.env.db.orm.insert(badgeTiers).values(tiers),
      t.env.db.orm.delete(awards),
    ]);
    const tier = await givenAward(t.env, badge, person, { tier_level: 2, award_slot: "t2" });
    await send("POST", `/awards/${tier.id}/revoke`, { reason: "Not so." });
    for (const level of [1, 2]) expect((await byRule(level)).result.awarded).toBe(false);
    const { result, writes } = await byRule(3);
    await t.env.db.batch([...writes]);
    expect(result.awarded).toBe(true);
  });

  it("an award that a corrected one replaces withholds nothing, and keeps what was met", async () => {
    const { t, badge, person, old, send } = await given({ is_renewable: false });
    await met(t.env, badge.id, person.user.id, "manual", t.clock.now);
    await send("POST", `/awards/${old.id}/reissue`, { narrative: "Better words." });
    expect((await send("GET", `/awards/${old.id}`)).body.is_withheld).toBe(false);
    expect(await kept(t.env)).toEqual({ met: ["manual"], vouches: 1 });
  });
});
