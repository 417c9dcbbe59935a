// Awards that expire are told of once, however often and by however many one looks.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { awards } from "../../src/db/awards.ts";
import { jobs } from "../../src/db/jobs.ts";
import { AWARDS_AT_ONCE } from "../../src/db/webhook-expiry.ts";
import { webhookDeliveries, webhookEndpoints } from "../../src/db/webhooks.ts";
import { newHash, newId, newSalt } from "../../src/ids.ts";
import { announce } from "../../src/issuer/announce.ts";
import { housekeeping, KEEP_WEBHOOKS_MS } from "../../src/jobs/housekeeping.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { EXPIRING_MS, LONGEST_LOOK_BACK_MS } from "../../src/webhooks/sweep.ts";
import { TEST_NOW } from "../app.ts";
import { givenAward, givenBadge, givenPerson } from "../given.ts";
import { type WebhookWorld, webhookWorld } from "./receiver.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const LATER = TEST_NOW + 30 * DAY;

async function world(events: string[] = ["award.expired"]) {
  const w = await webhookWorld();
  const { id } = await w.add({ events });
  const badge = await givenBadge(w.env, w.organization);
  let slot = 0;
  return {
    w,
    id,
    badge,
    award: async (date_expire: number | null, over: { revoked_at?: number } = {}) => {
      const person = await givenPerson(w.env, w.organization);
      return givenAward(w.env, badge, person, { award_slot: `r${++slot}`, date_expire, ...over });
    },
  };
}

/** Looks at once, as a recurring job would a while later. */
async function look(w: WebhookWorld): Promise<void> {
  await w.env.db.batch([
    w.env.db.orm.update(jobs).set({ due_at: 0 }).where(eq(jobs.kind, "webhook.sweep")),
  ]);
  const [waiting] = await w.env.db.orm.select().from(jobs).where(eq(jobs.dedupe_key, "recurring"));
  if (waiting === undefined) await lookAnew(w);
  else await w.work();
}

/** Looks as if nobody knew how far the last look came. */
async function lookAnew(w: WebhookWorld): Promise<void> {
  await w.env.db.batch([
    w.env.db.orm.delete(jobs).where(eq(jobs.kind, "webhook.sweep")),
    enqueue(w.env, { kind: "webhook.sweep", dedupeKey: "recurring" }),
  ]);
  await w.work();
}

const awardsIn = (w: WebhookWorld) =>
  w.receiver.received.map(({ body }) => JSON.parse(body).data.award as string);

describe("award.expired", () => {
  it("is told of once, at the next look, as of the moment it happened", async () => {
    const { w, award, badge } = await world();
    const soon = await award(TEST_NOW + 5 * MINUTE);
    await award(TEST_NOW + 5 * DAY);
    await award(null);
    await award(TEST_NOW + 5 * MINUTE, { revoked_at: TEST_NOW });
    await look(w);
    expect(awardsIn(w)).toEqual([]);
    w.t.clock.advance(5 * MINUTE - 1);
    await look(w);
    expect(awardsIn(w)).toEqual([]);
    w.t.clock.advance(1);
    await look(w);
    expect(w.receiver.received.map(({ body }) => JSON.parse(body))).toEqual([
      {
        type: "award.expired",
        timestamp: new Date(TEST_NOW + 5 * MINUTE).toISOString(),
        data: {
          organization: w.organization.id,
          award: soon.id,
          badge: badge.id,
          user: soon.user_id,
        },
      },
    ]);
    for (let i = 0; i < 30; i++) {
      w.t.clock.advance(MINUTE);
      await look(w);
    }
    await lookAnew(w);
    expect(awardsIn(w)).toEqual([soon.id]);
  });

  it("is told of where one looks after a long time, and not where it was too long", async () => {
    const { w, award } = await world();
    const old = await award(TEST_NOW + MINUTE);
    await look(w);
    w.t.clock.now = LATER;
    await lookAnew(w);
    expect(awardsIn(w)).toEqual([]);
    w.t.clock.now = TEST_NOW + MINUTE + LONGEST_LOOK_BACK_MS - 1;
    await lookAnew(w);
    expect(awardsIn(w)).toEqual([old.id]);
    // Where it is known how far the last look came, no time is too long.
    expect(LONGEST_LOOK_BACK_MS).toBeLessThan(KEEP_WEBHOOKS_MS);
  });

  it("is not told of to an endpoint that was added after it", async () => {
    const { w, award } = await world();
    await award(TEST_NOW + MINUTE);
    w.t.clock.advance(2 * MINUTE);
    await w.add({ url: "https://late.example.net/" });
    await lookAnew(w);
    expect(w.receiver.received).toHaveLength(1);
    expect(w.receiver.at("https://late.example.net/")).toEqual([]);
  });

  it("is told of by two who look at once, once", async () => {
    const { w, award } = await world();
    await award(TEST_NOW + MINUTE);
    w.t.clock.advance(MINUTE);
    await w.env.db.batch([
      enqueue(w.env, { kind: "webhook.sweep", dedupeKey: "one" }),
      enqueue(w.env, { kind: "webhook.sweep", dedupeKey: "other" }),
    ]);
    await w.work();
    expect(w.receiver.received).toHaveLength(1);
  });

  it("comes for every one of more than one slice, that share a moment too", async () => {
    const { w, badge, award } = await world();
    const { recipient_identity_id, user_id } = await award(null);
    const count = 2 * AWARDS_AT_ONCE + 1;
    const rows = Array.from({ length: count }, (_, i) => ({
      id: newId(w.env),
      unique_hash: newHash(w.env),
      badge_id: badge.id,
      user_id,
      organization_id: badge.organization_id,
      award_slot: `many-${i}`,
      awarded_at: TEST_NOW,
      date_expire: TEST_NOW + MINUTE,
      awarded_by: "admin" as const,
      recipient_identity_id,
      recipient_type: "email" as const,
      recipient_identity: "kim@example.org",
      recipient_salt: newSalt(w.env),
      updated_at: TEST_NOW,
    }));
    await w.env.db.batch(rows.map((row) => w.env.db.orm.insert(awards).values(row)));
    w.t.clock.advance(MINUTE);
    await look(w);
    expect(new Set(awardsIn(w))).toEqual(new Set(rows.map(({ id }) => id)));
    expect(w.receiver.received).toHaveLength(count);
  });
});

describe("award.expiring", () => {
  it("is told of a week before, of awards that were made earlier than that", async () => {
    const { w, award } = await world(["award.expiring"]);
    const long = await award(LATER);
    await award(TEST_NOW + EXPIRING_MS - 1);
    await look(w);
    w.t.clock.now = LATER - EXPIRING_MS - 1;
    await look(w);
    expect(awardsIn(w)).toEqual([]);
    w.t.clock.advance(1);
    await look(w);
    w.t.clock.now = LATER;
    await look(w);
    expect(awardsIn(w)).toEqual([long.id]);
    expect(JSON.parse(w.receiver.received[0]?.body ?? "")).toMatchObject({
      type: "award.expiring",
      timestamp: new Date(LATER - EXPIRING_MS).toISOString(),
    });
  });
});

describe("what was left lying", () => {
  it("is taken up where the job of an endpoint was lost", async () => {
    const { w, id } = await world(["badge.created"]);
    await w.env.db.batch(
      announce(w.env, { organizationId: w.organization.id, type: "badge.created", data: {} }),
    );
    await w.env.db.batch([w.env.db.orm.delete(jobs)]);
    await look(w);
    expect(await w.deliveries(id)).toMatchObject([{ state: "delivered" }]);
  });

  it("is swept after 30 days, but not what waits; and all of a deleted endpoint", async () => {
    const { w, id } = await world([]);
    await w.ask("POST", `/webhook-endpoints/${id}/ping`);
    await w.work();
    w.receiver.answer = () => ({ status: 500 });
    await w.ask("POST", `/webhook-endpoints/${id}/ping`);
    await w.work();
    const sweep = async () => void (await housekeeping(w.env, {} as never));
    const states = async () => (await w.deliveries(id)).map(({ state }) => state).sort();
    w.t.clock.now = TEST_NOW + KEEP_WEBHOOKS_MS;
    await sweep();
    expect(await states()).toEqual(["delivered", "waiting"]);
    w.t.clock.advance(1);
    await sweep();
    expect(await states()).toEqual(["waiting"]);
    await w.ask("DELETE", `/webhook-endpoints/${id}`);
    await sweep();
    expect(await w.env.db.orm.select().from(webhookDeliveries)).toEqual([]);
    expect(await w.env.db.orm.select().from(webhookEndpoints)).toEqual([]);
  });
});
