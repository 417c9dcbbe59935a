// Pushes to a whole second installation, which verifies what it is given and misbehaves when it is told to.
import { describe, expect, it } from "vitest";
import type { DeliveryState } from "../../src/db/deliveries.ts";
import { awardBadge } from "../../src/issuer/award.ts";
import { revokeAward } from "../../src/issuer/revoke.ts";
import { drain } from "../../src/jobs/drain.ts";
import type { Fault } from "../../src/simulator/faults.ts";
import { givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenAccess } from "../host/backpack.ts";
import { ALL_SCOPES } from "../host/client.ts";
import { BACKPACK_ORIGIN, type Sides, twoSides } from "../simulator.ts";
import { givenConnection, givenHostedBackpack, ledgerOf } from "./host.ts";
import { PUSHING } from "./push-world.ts";

const ACTOR = { kind: "system", id: null } as const;
const EMAIL = "noor@example.org";
const HOUR_MS = 3_600_000;

/** Somebody with the same address on both sides, who has connected the one to the other. */
async function connected() {
  const sides = await twoSides();
  const { env } = sides.issuer;
  const organization = await givenOrganization(env);
  const person = await givenPerson(env, organization, { email: EMAIL });
  const badge = await givenBadge(env, organization, { max_awards_per_user: null });
  const there = await givenPerson(sides.backpack.env, await givenOrganization(sides.backpack.env), {
    email: EMAIL,
  });
  const { token } = await givenAccess(sides.backpack.env, there.user.id, ALL_SCOPES);
  const backpack = await givenHostedBackpack(env, {
    origin: BACKPACK_ORIGIN,
    apiBase: `${BACKPACK_ORIGIN}/ims/ob/v2p1`,
  });
  await givenConnection(env, backpack, person.user.id, { accessToken: token });
  return {
    sides,
    env,
    organization,
    async award(): Promise<string> {
      const input = { badge: badge.id, user: person.user.id };
      const { result, writes } = await awardBadge(env, organization.id, input, ACTOR);
      await env.db.batch(writes);
      return result.award.id;
    },
    work: () => drain(env, PUSHING, { limit: 99 }),
    states: async () => (await ledgerOf(env)).map(({ state }) => state),
    shown: () => shown(sides),
  };
}

async function shown({ backpack }: Sides): Promise<string[]> {
  const { rows } = await backpack.env.db.read({
    sql: "SELECT assertion_id FROM hosted_badges ORDER BY 1",
    params: [],
  });
  return rows.map(([id]) => String(id));
}

describe("to another installation", () => {
  it("an award arrives, is verified there, and its revocation follows", async () => {
    const { env, organization, award, work, states, shown: there } = await connected();
    const id = await award();
    await work();
    expect(await states()).toEqual(["delivered"]);
    expect(await there()).toHaveLength(1);

    const { writes } = await revokeAward(env, organization.id, id, "A mistake.", ACTOR);
    await env.db.batch(writes);
    await work();
    expect(await states()).toEqual(["withdrawn"]);
    const [row] = await ledgerOf(env);
    expect(row?.last_problem).toBeNull();
  });

  it.each<[Fault, DeliveryState]>([
    ["dropped-answer", "unknown"],
    ["truncated-json", "unknown"],
    ["html", "unknown"],
    ["server-error", "unknown"],
    ["rate-limited", "pending"],
  ])("%s, and once it behaves again the badge is there, once", async (fault, state) => {
    const { sides, award, work, states, shown: there } = await connected();
    sides.misbehaviour.set({
      faults: [fault],
      place: "api",
      share: 1,
      times: 1,
      delayMs: 0,
      retryAfterSeconds: 20,
    });
    await award();
    await work();
    expect(await states()).toEqual([state]);
    sides.issuer.clock.advance(HOUR_MS / 2);
    await work();
    expect(await states()).toEqual(["delivered"]);
    expect(await there()).toHaveLength(1);
  });
});
