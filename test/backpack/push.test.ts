// The way of one badge to one backpack: what is written before, between and after.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { UNSEEN_AFTER } from "../../src/backpack/delivering.ts";
import { GIVE_UP_MS, TOLD_AFTER } from "../../src/backpack/outcome.ts";
import { AT_ONCE, ROW_LEASE_MS } from "../../src/backpack/push.ts";
import { backpacks, connections, tokens } from "../../src/db/backpacks.ts";
import { badges } from "../../src/db/badges.ts";
import type { Delivery } from "../../src/db/deliveries.ts";
import { CONNECTED } from "../../src/db/deliveries-plan.ts";
import { awardBadge } from "../../src/issuer/award.ts";
import { revokeAward } from "../../src/issuer/revoke.ts";
import { drain } from "../../src/jobs/drain.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { SCOPES } from "../../src/oauth/scopes.ts";
import { status } from "./host.ts";
import {
  changeAward,
  HOUR_MS,
  jobsOfKind,
  ORIGIN,
  PUSHING,
  type PushWorld,
  pushWorld,
} from "./push-world.ts";

const states = (rows: readonly Delivery[]) => rows.map(({ state }) => state);
const ACTOR = { kind: "system", id: null } as const;
const MINUTE_MS = 60_000;

describe("a push", () => {
  it("brings what the person has to the backpack, and writes down that it is there", async () => {
    const world = await pushWorld({ awards: 9 });
    await world.work();
    expect(new Set(world.host.shown()).size).toBe(9);
    const rows = await world.rows();
    expect(states(rows)).toEqual(Array(9).fill("delivered"));
    expect(rows[0]).toMatchObject({
      delivered_revision: 1,
      attempts: 0,
      next_try_at: null,
      lease_until: null,
      last_problem: null,
      delivered_at: world.env.now(),
    });
    expect(await world.events()).toEqual(Array(9).fill("delivered"));
  });

  it("sends the Assertion as it is served, with the token of the connection", async () => {
    const world = await pushWorld();
    await world.work();
    const [asked] = world.host.at("POST");
    const { assertion } = JSON.parse(asked?.body ?? "{}");
    const served = await world.test.request(new URL(assertion.id).pathname, {
      headers: { accept: "application/json" },
    });
    expect(assertion).toEqual(await served.json());
    expect(asked).toMatchObject({ path: "/ims/ob/v2p1/assertions", token: "access-1" });
  });

  it("is `sending` before the request leaves", async () => {
    const world = await pushWorld();
    let seen: Delivery | undefined;
    world.host.before = async () => {
      seen = await world.row();
      return undefined;
    };
    await world.work();
    expect(seen).toMatchObject({
      state: "sending",
      attempts: 1,
      lease_until: world.env.now() + ROW_LEASE_MS,
      next_try_at: world.env.now() + ROW_LEASE_MS,
    });
  });

  it("leaves nothing to do", async () => {
    const world = await pushWorld({ awards: 3 });
    await world.work();
    const jobs = await jobsOfKind(world.env, "backpack.push");
    expect(jobs.map(({ done_at }) => done_at)).toEqual([world.env.now()]);
    await world.work();
    expect(world.host.asked).toHaveLength(3);
  });

  it("what the backpack has already is delivered, though it calls that an error", async () => {
    const world = await pushWorld();
    world.host.before = () => status(400, "BAD_REQUEST", ["DUPLICATE_BADGE"]);
    await world.work();
    expect(await world.row()).toMatchObject({ state: "delivered", last_problem: null });
  });

  it("a backpack that is switched off is not asked, and nothing is lost by it", async () => {
    const world = await pushWorld();
    const set = (is_enabled: boolean) =>
      world.env.db.batch([world.env.db.orm.update(backpacks).set({ is_enabled })]);
    await set(false);
    await world.pass(HOUR_MS);
    expect(world.host.asked).toEqual([]);
    await set(true);
    await world.env.db.batch([enqueue(world.env, { kind: "backpack.sweep" })]);
    await world.work();
    expect((await world.row()).state).toBe("delivered");
  });

  it("a process that is to stop begins no further group, and leaves the rest to another", async () => {
    const world = await pushWorld({ awards: 20 });
    const readiness = async () => (world.host.asked.length > 0 ? "stopping" : null);
    await drain({ ...world.env, readiness }, PUSHING, { limit: 1 });
    expect(world.host.asked).toHaveLength(AT_ONCE);
    await world.work();
    expect(world.host.shown()).toHaveLength(20);
  });

  it("a protocol that is not spoken refuses once, in words", async () => {
    const world = await pushWorld();
    await world.env.db.batch([world.env.db.orm.update(backpacks).set({ api_version: "v1" })]);
    await world.work();
    expect(await world.row()).toMatchObject({ state: "refused", last_problem: "not_supported" });
  });
});

describe("after an unclear outcome", () => {
  it("drops the answer after accepting: looks first, finds it, and sends no second one", async () => {
    const world = await pushWorld();
    world.host.doubles = true;
    world.host.after = ({ method }) => (method === "POST" ? "connection-lost" : undefined);
    await world.work();
    expect(await world.row()).toMatchObject({ state: "unknown", last_problem: "no_answer" });
    world.host.after = () => undefined;
    await world.pass(HOUR_MS);
    expect((await world.row()).state).toBe("delivered");
    expect(world.host.at("POST")).toHaveLength(1);
    expect(world.host.shown()).toHaveLength(1);
  });

  it("what is not there is sent again", async () => {
    const world = await pushWorld();
    world.host.before = ({ method }) => (method === "POST" ? "connection-lost" : undefined);
    await world.work();
    world.host.before = () => undefined;
    await world.pass(HOUR_MS);
    expect(world.host.asked.map(({ method }) => method)).toEqual(["POST", "GET", "POST"]);
    expect((await world.row()).state).toBe("delivered");
  });

  it("asks for what is new since the row was written, and walks the pages", async () => {
    const world = await pushWorld({ awards: 25 });
    world.host.pageSize = 10;
    world.host.doubles = true;
    world.host.after = ({ method }) => (method === "POST" ? "truncated" : undefined);
    const planned = world.env.now();
    await world.work();
    world.host.after = () => undefined;
    await world.pass(2 * HOUR_MS);
    expect(new Set(states(await world.rows()))).toEqual(new Set(["delivered"]));
    expect(world.host.shown()).toHaveLength(25);
    const since = world.host.at("GET")[0]?.url.searchParams.get("since") ?? "";
    expect(Date.parse(since)).toBeLessThan(planned);
    expect(world.host.at("GET").some(({ url }) => url.searchParams.has("offset"))).toBe(true);
  });

  it("where nothing may be read, the assertion's id is the key, and it is sent again", async () => {
    const world = await pushWorld({ scopes: [SCOPES.create] });
    world.host.after = ({ method }) => (method === "POST" ? "connection-lost" : undefined);
    await world.work();
    world.host.after = () => undefined;
    await world.pass(HOUR_MS);
    expect(world.host.asked.map(({ method }) => method)).toEqual(["POST", "POST"]);
    expect((await world.row()).state).toBe("delivered");
    expect(world.host.shown()).toHaveLength(1);
  });

  it("a list that cannot be understood is looked at again, and keeps no badge back for ever", async () => {
    const world = await pushWorld();
    const html = ({ method }: { method: string }) =>
      method === "GET" ? { body: "<html>", headers: {} } : undefined;
    world.host.before = (asked) => html(asked) ?? "connection-lost";
    await world.work();
    world.host.before = html;
    await world.pass(HOUR_MS);
    expect(await world.row()).toMatchObject({ state: "unknown", last_problem: "bad_answer" });
    expect(world.host.at("POST")).toHaveLength(1);
    await world.pass(12 * HOUR_MS);
    expect(world.host.at("GET")).toHaveLength(UNSEEN_AFTER - 1);
    expect((await world.row()).state).toBe("delivered");
  });

  it("a list that is not there at all is not waited for", async () => {
    const world = await pushWorld();
    world.host.before = ({ method }) => (method === "GET" ? status(404) : "connection-lost");
    await world.work();
    world.host.before = ({ method }) => (method === "GET" ? status(404) : undefined);
    await world.pass(HOUR_MS);
    expect((await world.row()).state).toBe("delivered");
  });

  it("a look that is not answered leaves it unknown", async () => {
    const world = await pushWorld();
    world.host.before = () => "connection-lost";
    await world.work();
    await world.pass(10 * MINUTE_MS);
    expect((await world.row()).state).toBe("unknown");
    expect(world.host.at("POST")).toHaveLength(1);
    expect(world.host.at("GET").length).toBeGreaterThan(0);
  });
});

describe("OB21-Y-01 Retry-After", () => {
  const at = (time: number) => new Date(time).toUTCString();

  it.each([
    ["seconds", (_now: number) => ({ "retry-after": "1800" })],
    ["an HTTP-date", (now: number) => ({ "retry-after": at(now + 30 * MINUTE_MS) })],
    [
      "an HTTP-date by a clock that is wrong",
      (now: number) => ({
        "retry-after": at(now + 5 * HOUR_MS + 30 * MINUTE_MS),
        date: at(now + 5 * HOUR_MS),
      }),
    ],
  ])("is obeyed: %s", async (_form, headers) => {
    const world = await pushWorld();
    const now = world.env.now();
    world.host.before = () => ({ ...status(429), headers: headers(now) });
    await world.work();
    expect(await world.row()).toMatchObject({ state: "pending", last_problem: "rate_limited" });
    world.host.before = () => undefined;
    await world.pass(30 * MINUTE_MS - 1_000);
    expect(world.host.asked).toHaveLength(1);
    await world.pass(15 * MINUTE_MS);
    expect((await world.row()).state).toBe("delivered");
  });

  it("asks nothing else of the host meanwhile, for anybody", async () => {
    const world = await pushWorld({ awards: 40 });
    world.host.before = () => ({ ...status(429), headers: { "retry-after": "600" } });
    await world.pass(9 * MINUTE_MS);
    expect(world.host.asked.length).toBeLessThanOrEqual(4);
    world.host.before = () => undefined;
    await world.pass(HOUR_MS);
    expect(new Set(states(await world.rows()))).toEqual(new Set(["delivered"]));
  });

  it("however far away, there is one more try before it is given up", async () => {
    const world = await pushWorld();
    world.host.before = () => ({ ...status(503), headers: { "retry-after": "99999999" } });
    await world.pass(GIVE_UP_MS + 2 * HOUR_MS);
    expect(world.host.asked.length).toBeGreaterThanOrEqual(2);
    expect((await world.row()).state).toBe("parked");
  });
});

describe("OB21-Y-02 a backpack that is down", () => {
  it("is tried again after a minute, five, and then every half an hour at least, with jitter", async () => {
    const world = await pushWorld();
    const tries: number[] = [];
    world.host.before = () => {
      tries.push(world.env.now());
      return "tls";
    };
    await world.pass(3 * HOUR_MS);
    const waits = tries.slice(1).map((time, i) => (time - (tries[i] ?? 0)) / MINUTE_MS);
    for (const [i, least] of [1, 5, 30, 30, 30].entries()) {
      expect(waits[i]).toBeGreaterThanOrEqual(least);
      expect(waits[i]).toBeLessThanOrEqual(least * 1.5 + 0.1);
    }
  });

  it("tells the person after three tries half an hour apart", async () => {
    const world = await pushWorld();
    world.host.before = () => "tls";
    await world.pass(3 * HOUR_MS);
    expect(await world.events()).toEqual(["delayed"]);
    expect(TOLD_AFTER).toBe(5);
  });

  it("71 h down: everything is delivered within the hour after", async () => {
    const world = await pushWorld({ awards: 30 });
    const until = world.env.now() + 71 * HOUR_MS;
    world.host.before = () => (world.env.now() < until ? "name-not-found" : undefined);
    await world.pass(71 * HOUR_MS);
    expect(states(await world.rows())).not.toContain("delivered");
    expect(states(await world.rows())).not.toContain("parked");
    await world.pass(HOUR_MS);
    expect(new Set(states(await world.rows()))).toEqual(new Set(["delivered"]));
    expect(new Set(world.host.shown()).size).toBe(30);
    // A host that rests is asked by one at a time, not by all that wait.
    expect(world.host.asked.length).toBeLessThan(30 + 71 * 20);
  });

  it("73 h down: everything is parked, with the reason, and nothing is lost", async () => {
    const world = await pushWorld({ awards: 30 });
    world.host.before = () => "name-not-found";
    await world.pass(73 * HOUR_MS + 30 * MINUTE_MS);
    const rows = await world.rows();
    expect(new Set(states(rows))).toEqual(new Set(["parked"]));
    expect(
      rows.every(({ next_try_at, last_problem }) => next_try_at === null && last_problem),
    ).toBe(true);
    expect((await world.events()).filter((kind) => kind === "parked")).toHaveLength(30);
    const asked = world.host.asked.length;
    await world.pass(48 * HOUR_MS);
    expect(world.host.asked).toHaveLength(asked);
  });
});

describe("OB21-Y-02 what cannot heal is reported at once", () => {
  it.each([
    ["INVALID_BADGE", "invalid_badge"],
    ["RECIPIENT_PROFILE_MISMATCH", "recipient_mismatch"],
    ["REQUEST_VALIDATION_ERROR", "invalid_request"],
    ["BAD_REQUEST", "invalid_request"],
  ])("%s", async (text, problem) => {
    const world = await pushWorld();
    world.host.before = () => status(400, text, "It is  not\u0000 ours.");
    await world.pass(HOUR_MS);
    expect(await world.row()).toMatchObject({
      state: "refused",
      last_problem: problem,
      last_answer: "It is not ours.",
      next_try_at: null,
    });
    expect(world.host.asked).toHaveLength(1);
    expect(await world.events()).toEqual(["refused"]);
  });
});

describe("the access to a backpack", () => {
  const soon = (world: { env: { now(): number } }) => world.env.now() + HOUR_MS;

  it("expiry of the token at item 500 of 1,000: one refresh, and all arrive", async () => {
    const world = await pushWorld({ awards: 1_000 });
    world.host.good.add("access-1");
    let taken = 0;
    world.host.before = ({ method, path }) => {
      if (method === "POST" && path.endsWith("/assertions") && ++taken === 500) {
        world.host.good.clear();
        world.host.good.add("nothing");
      }
      return undefined;
    };
    await world.work();
    await world.work();
    expect(world.host.refreshes).toBe(1);
    expect(world.host.shown()).toHaveLength(1_000);
    expect(new Set(states(await world.rows()))).toEqual(new Set(["delivered"]));
    expect(new Set(await world.events())).toEqual(new Set(["delivered"]));
  });

  it("a token that ends by the clock is renewed before it is used", async () => {
    const world = await pushWorld({ awards: 8, expires: 1 });
    await world.work();
    expect(world.host.refreshes).toBe(1);
    expect(world.host.at("POST").map(({ token }) => token)).toEqual(Array(8).fill("access-2"));
  });

  it("401 to a new token too: the connection waits for its person, and so do the badges", async () => {
    const world = await pushWorld({ awards: 3 });
    world.host.before = ({ path }) =>
      path === "/oauth/token" ? undefined : status(401, "UNAUTHENTICATED", "no");
    await world.work();
    const [connection] = await world.env.db.orm.select().from(connections);
    expect(connection?.status).toBe("reconnect");
    const rows = await world.rows();
    expect(states(rows)).toEqual(["pending", "pending", "pending"]);
    expect(rows.map(({ next_try_at, last_problem }) => [next_try_at, last_problem])).toEqual(
      Array(3).fill([null, "reconnect"]),
    );
    expect(world.host.refreshes).toBe(1);
    const asked = world.host.asked.length;
    await world.pass(100 * HOUR_MS);
    expect(world.host.asked).toHaveLength(asked);
    expect(states(await world.rows())).toEqual(["pending", "pending", "pending"]);
  });

  it("once the person has connected again, what waited goes on", async () => {
    const world = await pushWorld({ awards: 3, refreshToken: null, expires: 1 });
    await world.work();
    expect((await world.rows()).map(({ last_problem }) => last_problem)).toEqual(
      Array(3).fill("reconnect"),
    );
    const { env } = world;
    await env.db.batch([
      env.db.orm.update(connections).set({ status: "connected", problem: null }),
      env.db.orm.update(tokens).set({ expires: soon(world) }),
      enqueue(env, { kind: CONNECTED, payload: { connection_id: world.connectionId } }),
    ]);
    await world.work();
    expect(states(await world.rows())).toEqual(Array(3).fill("delivered"));
  });

  it("a token endpoint that is down holds the badges back, and counts towards giving up", async () => {
    const world = await pushWorld({ expires: 1 });
    world.host.before = ({ path }) => (path === "/oauth/token" ? "name-not-found" : undefined);
    await world.work();
    const row = await world.row();
    expect(row).toMatchObject({ state: "pending", last_problem: "access_unavailable" });
    expect(row.next_try_at).toBeGreaterThan(world.env.now());
    expect(row.first_attempt_at).toBe(world.env.now());
    world.host.before = () => undefined;
    await world.pass(HOUR_MS);
    expect((await world.row()).state).toBe("delivered");
  });

  it("OB21-R-10 without the scope to add badges nothing is asked, and the person reads why", async () => {
    const world = await pushWorld({ scopes: [SCOPES.read] });
    await world.pass(HOUR_MS);
    expect(world.host.asked).toEqual([]);
    expect(await world.row()).toMatchObject({
      state: "pending",
      last_problem: "scope_missing",
      next_try_at: null,
    });
  });

  it("OB21-S-06 PERMISSION_DENIED is no reason to renew the token", async () => {
    const world = await pushWorld();
    world.host.before = () => status(401, "PERMISSION_DENIED", "scope");
    await world.pass(HOUR_MS);
    expect(world.host.refreshes).toBe(0);
    expect(await world.row()).toMatchObject({ state: "pending", last_problem: "scope_missing" });
    expect(await world.events()).toEqual(["scope_missing"]);
  });
});

/** Revokes the award of the ledger's first row. */
async function revokeFirst({ env, organization, rows }: PushWorld, reason: string): Promise<void> {
  const [row] = await rows();
  const id = row?.award_id ?? "";
  const { writes } = await revokeAward(env, organization.id, id, reason, ACTOR);
  await env.db.batch(writes);
}

describe("an award that changes", () => {
  async function delivered() {
    const world = await pushWorld();
    await world.work();
    world.test.clock.advance(MINUTE_MS);
    const [row] = await world.rows();
    const awardId = row?.award_id ?? "";
    const revoke = () => revokeFirst(world, "Awarded by mistake.");
    return { world, awardId, revoke };
  }

  it("OB21-P-06 revoked: the backpack is told, with all that was said and the reason", async () => {
    const { world, revoke } = await delivered();
    await revoke();
    await world.work();
    expect(await world.row()).toMatchObject({ state: "withdrawn", delivered_revision: 2 });
    const { assertion } = JSON.parse(world.host.at("POST")[1]?.body ?? "{}");
    expect(assertion).toMatchObject({
      type: "Assertion",
      revoked: true,
      revocationReason: "Awarded by mistake.",
      recipient: { type: "email" },
    });
    expect(await world.events()).toEqual(["delivered", "withdrawn"]);
  });

  it.each([
    ["INVALID_BADGE has understood", "INVALID_BADGE", null],
    ["a refusal of the form has not", "REQUEST_VALIDATION_ERROR", "revocation_not_taken"],
  ])("a backpack that answers %s", async (_name, text, problem) => {
    const { world, revoke } = await delivered();
    await revoke();
    world.host.before = () => status(400, text, "no");
    await world.work();
    expect(await world.row()).toMatchObject({ state: "withdrawn", last_problem: problem });
  });

  it("a revocation is tried again like any badge", async () => {
    const { world, revoke } = await delivered();
    await revoke();
    world.host.before = () => "connection-lost";
    await world.work();
    expect((await world.row()).state).toBe("unknown");
    world.host.before = () => undefined;
    await world.pass(HOUR_MS);
    expect((await world.row()).state).toBe("withdrawn");
  });

  it("revoked before it was ever sent: nothing is asked of the backpack", async () => {
    const world = await pushWorld();
    await revokeFirst(world, "Too early.");
    await world.work();
    expect(await world.row()).toMatchObject({ state: "withdrawn", next_try_at: null });
    expect(world.host.asked).toEqual([]);
  });

  it("revoked while nobody knows whether it is there: asks, and tells where it is", async () => {
    const world = await pushWorld();
    world.host.after = ({ method }) => (method === "POST" ? "connection-lost" : undefined);
    await world.work();
    world.host.after = () => undefined;
    await revokeFirst(world, "Awarded by mistake.");
    await world.work();
    expect(world.host.asked.map(({ method }) => method)).toEqual(["POST", "GET", "POST"]);
    expect(world.host.kept[0]?.assertion.revoked).toBe(true);
    expect((await world.row()).state).toBe("withdrawn");
  });

  it("revoked while it is being sent: what arrives is told of at once", async () => {
    const world = await pushWorld();
    let revoking = true;
    world.host.before = async () => {
      if (revoking) {
        revoking = false;
        await revokeFirst(world, "Just now.");
      }
      return undefined;
    };
    await world.work();
    await world.work();
    expect((await world.row()).state).toBe("withdrawn");
    expect(world.host.kept[0]?.assertion.revoked).toBe(true);
  });

  it("changed while it is being sent: goes once more, as it is now", async () => {
    const world = await pushWorld();
    let changing = true;
    world.host.before = async () => {
      if (changing) {
        changing = false;
        const [row] = await world.rows();
        await changeAward(world.env, row?.award_id ?? "", "With a word of thanks.");
      }
      return undefined;
    };
    await world.work();
    expect(await world.row()).toMatchObject({ state: "delivered", delivered_revision: 2 });
    expect(world.host.kept[0]?.assertion.narrative).toBe("With a word of thanks.");
    expect(world.host.shown()).toHaveLength(1);
  });

  it("issued anew: the old one is told of, and the new one is sent", async () => {
    const { world, revoke } = await delivered();
    await revoke();
    await world.award();
    await world.plan();
    await world.work();
    expect(states(await world.rows()).sort()).toEqual(["delivered", "withdrawn"]);
  });

  it("an expiry needs no word: it is in what was sent", async () => {
    const world = await pushWorld({ awards: 0 });
    await world.award({ date_expire: world.env.now() + HOUR_MS });
    await world.plan();
    await world.work();
    expect(world.host.kept[0]?.assertion.expires).toBeDefined();
    await world.pass(3 * HOUR_MS);
    expect(world.host.asked).toHaveLength(1);
  });
});

describe("a new award", () => {
  it("is planned in its own batch, and sent by itself", async () => {
    const world = await pushWorld({ awards: 0 });
    const { env, person, badge } = world;
    const { result, writes } = await awardBadge(
      env,
      world.organization.id,
      { badge: badge.id, user: person.user.id },
      ACTOR,
    );
    await env.db.batch(writes);
    expect(await world.row()).toMatchObject({
      award_id: result.award.id,
      connection_id: world.connectionId,
      user_id: person.user.id,
      state: "pending",
      next_try_at: env.now(),
    });
    await world.work();
    expect(world.host.shown()).toEqual([env.urls.assertion(result.award.unique_hash)]);
  });

  it("is planned with the award or not at all", async () => {
    const world = await pushWorld({ awards: 0 });
    const { env, person, badge } = world;
    const input = { badge: badge.id, user: person.user.id };
    const { writes } = await awardBadge(env, world.organization.id, input, ACTOR);
    await env.db.batch([
      env.db.orm.update(badges).set({ status: "archived" }).where(eq(badges.id, badge.id)),
    ]);
    await expect(env.db.batch(writes)).rejects.toThrow();
    expect(await world.rows()).toEqual([]);
  });

  it("leaves no job where nobody is connected", async () => {
    const world = await pushWorld({ awards: 0, autoSync: false });
    const { env, person, badge } = world;
    const input = { badge: badge.id, user: person.user.id };
    const { writes } = await awardBadge(env, world.organization.id, input, ACTOR);
    await env.db.batch(writes);
    expect(await world.rows()).toEqual([]);
    expect(await jobsOfKind(env, "backpack.push")).toEqual([]);
  });
});

it("is asked at one origin only", async () => {
  const world = await pushWorld({ awards: 2 });
  await world.work();
  expect(new Set(world.host.asked.map(({ url }) => url.origin))).toEqual(new Set([ORIGIN]));
});
