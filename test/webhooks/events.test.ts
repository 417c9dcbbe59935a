// What endpoints are told of: each deed of the API, once, by ids and with nothing personal.
import { describe, expect, it } from "vitest";
import { givenAward, givenBadge, givenPerson } from "../given.ts";
import { type WebhookWorld, webhookWorld } from "./receiver.ts";

interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
}

/** What came since it was asked last, in the order of the log. */
async function told(w: WebhookWorld): Promise<Told[]> {
  await w.work();
  const bodies = new Map(w.receiver.received.map(({ id, body }) => [id, body]));
  const rows = await w.deliveries();
  const found = rows.flatMap(({ message_id: id }) => bodies.get(id) ?? []);
  w.receiver.received.length = 0;
  return found.map((body) => JSON.parse(body) as Told);
}

async function done(w: WebhookWorld, method: string, path: string, body?: unknown) {
  const said = await w.ask(method, path, body === undefined ? {} : { body });
  expect([path, said.status < 300 ? "done" : said.text]).toEqual([path, "done"]);
  // Each deed has its millisecond, so that the log has their order.
  w.t.clock.advance(1);
  return said.json;
}

async function world() {
  const w = await webhookWorld();
  await w.add();
  const person = await givenPerson(w.env, w.organization, {
    name: "Noor Haddad",
    email: "noor@example.org",
  });
  return { w, person };
}

const organizationOf = (w: WebhookWorld) => ({ organization: w.organization.id });

describe("badges", () => {
  it("created, updated, archived", async () => {
    const { w } = await world();
    const { id: badge } = await done(w, "POST", "/badges", {
      name: "Streak Champion",
      description: "Ran mentoring sessions in twelve consecutive weeks.",
      criteria: { narrative: "Run one in each of twelve consecutive weeks." },
    });
    await done(w, "PATCH", `/badges/${badge}`, { description: "Ran twelve of them." });
    await done(w, "PATCH", `/badges/${badge}`, { status: "archived" });
    const data = { ...organizationOf(w), badge };
    expect(await told(w)).toMatchObject([
      { type: "badge.created", data },
      { type: "badge.updated", data },
      { type: "badge.archived", data },
    ]);
  });

  it("deleted", async () => {
    const { w } = await world();
    const { id: badge } = await givenBadge(w.env, w.organization);
    await done(w, "DELETE", `/badges/${badge}`);
    expect(await told(w)).toMatchObject([
      { type: "badge.deleted", data: { ...organizationOf(w), badge } },
    ]);
  });
});

describe("awards", () => {
  it("created, shown and hidden, corrected, revoked; never with anything personal", async () => {
    const { w, person } = await world();
    const badge = await givenBadge(w.env, w.organization);
    const data = { ...organizationOf(w), badge: badge.id, user: person.user.id };
    const first = await done(w, "POST", "/awards", { badge: badge.id, user: person.user.id });
    await done(w, "PUT", `/awards/${first.id}/visibility`, { visible: false });
    // Said again, it is no news.
    await done(w, "PUT", `/awards/${first.id}/visibility`, { visible: false });
    const again = await done(w, "POST", `/awards/${first.id}/reissue`, {
      narrative: "Ran twelve of them, for Noor Haddad.",
    });
    await done(w, "POST", `/awards/${again.id}/revoke`, { reason: "Noor Haddad was not there." });
    await done(w, "POST", `/awards/${again.id}/revoke`, { reason: "Again." });
    const came = await told(w);
    const all = [
      ["award.created", { award: first.id }],
      ["award.visibility_changed", { award: first.id }],
      ["award.revoked", { award: first.id, superseded_by: again.id }],
      ["award.reissued", { award: again.id, replaces: first.id }],
      ["award.revoked", { award: again.id }],
    ] as const;
    // Two of them happen in one moment, so that neither is before the other.
    expect(came).toHaveLength(all.length);
    for (const [type, ids] of all) {
      expect(came).toContainEqual(expect.objectContaining({ type, data: { ...data, ...ids } }));
    }
    for (const { data: sent } of came) {
      for (const id of Object.values(sent)) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(JSON.stringify(await w.deliveries())).not.toMatch(/noor|haddad/i);
  });

  it("that were not made are no news", async () => {
    const { w, person } = await world();
    const badge = await givenBadge(w.env, w.organization);
    await givenAward(w.env, badge, person, { award_slot: "r1" });
    await givenBadge(w.env, w.organization);
    const held = await w.ask("POST", "/awards", {
      body: { badge: badge.id, user: person.user.id, tier_level: 3 },
    });
    expect(held.status).toBe(422);
    expect(await told(w)).toEqual([]);
  });

  it("of another organization are not told of", async () => {
    const { w } = await world();
    const other = await webhookWorld();
    const badge = await givenBadge(other.env, other.organization);
    await done(other, "PATCH", `/badges/${badge.id}`, { description: "Theirs." });
    expect(await told(w)).toEqual([]);
  });
});
