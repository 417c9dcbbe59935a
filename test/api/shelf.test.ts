// The shelf and all that was achieved: what is on each, in which order, and for whom.
import { describe, expect, it } from "vitest";
import type { badges } from "../../src/db/badges.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenPerson } from "../given.ts";
import { givenClient } from "./client.ts";
import { asPerson } from "./person.ts";

async function given() {
  const t = await testApp();
  const client = await givenClient(t);
  const { organization, send } = client;
  const person = await givenPerson(t.env, organization);
  const badge = (over: Partial<typeof badges.$inferInsert> = {}) => {
    // Ids of one millisecond are in no order.
    t.clock.advance(1);
    return givenBadge(t.env, organization, over);
  };
  const read = async (what: "shelf" | "achievements", query = "") => {
    const answer = await send("GET", `/users/${person.user.id}/${what}${query}`);
    expect(answer.status).toBe(200);
    return rowsOf(answer.body.data);
  };
  return {
    t,
    organization,
    send,
    person,
    badge,
    shelf: (query?: string) => read("shelf", query),
    achievements: (query?: string) => read("achievements", query),
  };
}

interface Shown {
  readonly badge: { id: string; name: string; images: { earned: string; locked: string } };
  readonly earned: boolean;
  readonly award: { id: string; tier_level: number | null; status: string } | null;
}

const rowsOf = (data: unknown) => data as Shown[];
const names = (rows: readonly Shown[]) => rows.map(({ badge }) => badge.name);

describe("GET /users/{id}/shelf", () => {
  it("lists by category, then by sort_order ascending, and the same over pages", async () => {
    const { badge, send, person, shelf } = await given();
    await badge({ name: "c2", category: "certification", sort_order: 2 });
    await badge({ name: "r0", category: "recognition", sort_order: 0 });
    await badge({ name: "a9", category: "activity_milestone", sort_order: 9 });
    await badge({ name: "a1", category: "activity_milestone", sort_order: 1 });
    await badge({ name: "c1", category: "certification", sort_order: 1 });
    await badge({ name: "a1 later", category: "activity_milestone", sort_order: 1 });
    const order = ["a1", "a1 later", "a9", "r0", "c1", "c2"];
    expect(names(await shelf())).toEqual(order);
    const paged: Shown[] = [];
    let next: unknown = "";
    while (next !== null) {
      const cursor = next === "" ? "" : `&cursor=${next}`;
      const page = await send("GET", `/users/${person.user.id}/shelf?limit=2${cursor}`);
      paged.push(...rowsOf(page.body.data));
      next = page.body.next_cursor ?? null;
    }
    expect(names(paged)).toEqual(order);
  });

  it("is_visible_when_locked: false is absent until it is earned", async () => {
    const { t, badge, person, shelf } = await given();
    const hidden = await badge({ name: "hidden", is_visible_when_locked: false });
    await badge({ name: "open" });
    expect(names(await shelf())).toEqual(["open"]);
    await givenAward(t.env, hidden, person);
    const rows = await shelf();
    expect(names(rows).sort()).toEqual(["hidden", "open"]);
    expect(rows.map(({ earned, award }) => earned === (award !== null))).toEqual([true, true]);
  });

  it("only_enabled: what is disabled or archived is not on it, earned or not", async () => {
    const { t, badge, person, shelf, achievements } = await given();
    for (const status of ["inactive", "inactive_locked", "archived"] as const) {
      await givenAward(t.env, await badge({ name: status, status }), person);
    }
    await badge({ name: "inactive, not earned", status: "inactive" });
    expect(await shelf()).toEqual([]);
    expect(names(await achievements())).toEqual(["inactive", "inactive_locked", "archived"]);
  });

  it("shows nothing locked that none of the person's roles may receive", async () => {
    const { badge, shelf } = await given();
    await badge({ name: "for coordinators", eligibility_roles: ["coordinator"] });
    expect(await shelf()).toEqual([]);
  });

  it("a revoked award locks the badge again; of several the highest tier is shown", async () => {
    const { t, badge, person, shelf, send } = await given();
    const tiered = await badge({ name: "tiered", max_awards_per_user: null });
    const tier = (level: number) =>
      givenAward(t.env, tiered, person, { tier_level: level, award_slot: `t${level}` });
    const [, silver] = [await tier(1), await tier(2)];
    expect((await shelf())[0]?.award?.tier_level).toBe(2);
    await send("POST", `/awards/${silver?.id}/revoke`, { reason: "No." });
    expect((await shelf())[0]?.award?.tier_level).toBe(1);
  });

  it("an expired award is still earned, and a renewed one is shown once", async () => {
    const { t, badge, person, shelf, achievements, send } = await given();
    const yearly = await badge({ status: "active_locked", is_renewable: true });
    const old = await givenAward(t.env, yearly, person, { date_expire: t.clock.now + 1 });
    t.clock.advance(1);
    expect((await shelf())[0]?.award).toMatchObject({ id: old.id, status: "expired" });
    const anew = await send("POST", `/awards/${old.id}/renew`, {});
    expect((await shelf())[0]?.award).toMatchObject({ id: anew.body.id, status: "valid" });
    expect((await achievements()).map(({ award }) => award?.id)).toEqual([anew.body.id]);
  });

  it("the locked picture is the same without its colour, whatever the badge's own is", async () => {
    const { t, badge, shelf } = await given();
    await badge({ name: "Flame", icon_key: "flame" });
    const [entry] = await shelf();
    const picture = async (address = "") => {
      const answer = await t.request(address);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
      return answer.text();
    };
    const locked = await picture(entry?.badge.images.locked);
    expect(locked).toContain("<title>Flame, not earned yet</title>");
    expect(locked).not.toBe(await picture(entry?.badge.images.earned));
    const greys = [...locked.matchAll(/#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/g)];
    expect(greys.length).toBeGreaterThan(5);
    for (const [, ...channels] of greys) {
      const values = channels.map((channel) => Number.parseInt(channel, 16));
      expect(Math.max(...values) - Math.min(...values)).toBeLessThan(40);
    }
  });
});

describe("who sees what", () => {
  async function stage() {
    const world = await given();
    const { t, badge, person } = world;
    const [shown, hidden] = [await badge({ name: "shown" }), await badge({ name: "hidden" })];
    await badge({ name: "locked" });
    await givenAward(t.env, shown, person);
    await givenAward(t.env, hidden, person, { visible: false });
    const as = async (...roles: string[]) => {
      const other = await givenPerson(t.env, world.organization, { roles });
      return asPerson(t, other.user.id, world.organization.slug);
    };
    return { ...world, as };
  }

  it("others see what is earned and shown, and nothing else", async () => {
    const { shelf, achievements, as, person } = await stage();
    expect(names(await shelf("?seen_by=others"))).toEqual(["shown"]);
    expect(names(await achievements("?seen_by=others"))).toEqual(["shown"]);
    const member = await as("member");
    for (const what of ["shelf", "achievements"]) {
      const answer = await member("GET", `/users/${person.user.id}/${what}?seen_by=owner`);
      expect(names(rowsOf(answer.body.data))).toEqual(["shown"]);
    }
  });

  it.each([["coordinator"], ["organization_administrator"]])(
    "the owner, a %s and a key that reads awards see what is hidden, too",
    async (role) => {
      const { t, organization, shelf, as, person } = await stage();
      expect(names(await shelf())).toEqual(["shown", "hidden", "locked"]);
      const owner = await asPerson(t, person.user.id, organization.slug);
      for (const ask of [owner, await as(role)]) {
        const answer = await ask("GET", `/users/${person.user.id}/shelf`);
        expect(names(rowsOf(answer.body.data))).toEqual(["shown", "hidden", "locked"]);
      }
    },
  );

  it("another organization's person is unknown, and its badges are on no shelf", async () => {
    const { t, person, badge, achievements, shelf } = await given();
    await badge();
    const foreign = await givenClient(t);
    await givenAward(t.env, await givenBadge(t.env, foreign.organization), person);
    expect(await achievements()).toEqual([]);
    expect(await shelf()).toHaveLength(1);
    for (const what of ["shelf", "achievements"]) {
      expect((await foreign.send("GET", `/users/${person.user.id}/${what}`)).status).toBe(404);
    }
  });
});
