// Deliveries follow an award that is corrected: the old is taken back, the new is sent.
import { describe, expect, it } from "vitest";
import { deliveries } from "../../src/db/deliveries.ts";
import { jobs } from "../../src/db/jobs.ts";
import { type Corrections, REPLACED, reissueAward } from "../../src/issuer/reissue.ts";
import { setVisibility } from "../../src/issuer/visibility.ts";
import { givenPerson } from "../given.ts";
import { jobsOfKind, type PushWorld, pushWorld } from "./push-world.ts";

const ACTOR = { kind: "system", id: null } as const;
const OPERATOR = { kind: "operator", id: "operator", organizationId: null, scopes: ["*"] } as const;

async function reissued(world: PushWorld, id: string, corrections: Corrections) {
  const { env, organization } = world;
  const { result, writes } = await reissueAward(
    env,
    organization.id,
    id,
    corrections,
    REPLACED,
    ACTOR,
  );
  await env.db.batch(writes);
  return result.award;
}

async function stateOf(world: PushWorld, awardId: string) {
  const rows = await world.rows();
  return rows.find(({ award_id }) => award_id === awardId)?.state;
}

describe("an award that is corrected", () => {
  it("OB21-P-06 the backpack is told of the old one's end, and is given the new", async () => {
    const world = await pushWorld({ awards: 0 });
    const old = await world.award();
    await world.plan();
    await world.work();
    const next = await reissued(world, old.id, { narrative: "Corrected." });
    // In the batch of the award itself: nothing else plans it.
    expect(await world.rows()).toHaveLength(2);
    expect(await jobsOfKind(world.env, "backpack.push")).toContainEqual(
      expect.objectContaining({ done_at: null, dedupe_key: world.connectionId }),
    );
    await world.work();
    expect(await stateOf(world, old.id)).toBe("withdrawn");
    expect(await stateOf(world, next.id)).toBe("delivered");
    const posted = world.host
      .at("POST")
      .slice(1)
      .map(({ body }) => JSON.parse(body ?? "{}").assertion);
    expect(posted).toHaveLength(2);
    expect(posted).toContainEqual(
      expect.objectContaining({
        id: world.env.urls.assertion(old.unique_hash),
        revoked: true,
        revocationReason: REPLACED,
      }),
    );
    expect(posted).toContainEqual(
      expect.objectContaining({
        id: world.env.urls.assertion(next.unique_hash),
        narrative: "Corrected.",
      }),
    );
  });

  it("corrected before it was ever sent: only the new one goes", async () => {
    const world = await pushWorld({ awards: 0 });
    const old = await world.award();
    await world.plan();
    const next = await reissued(world, old.id, { narrative: "Corrected." });
    await world.work();
    expect(await stateOf(world, old.id)).toBe("withdrawn");
    expect(await stateOf(world, next.id)).toBe("delivered");
    expect(world.host.at("POST")).toHaveLength(1);
  });

  it("what was sent by hand is corrected there, though new awards are not sent", async () => {
    const world = await pushWorld({ awards: 0, autoSync: false });
    const sent = await world.award();
    const kept = await world.award();
    await world.env.db.batch([
      world.env.db.orm.insert(deliveries).values({
        id: "sent",
        award_id: sent.id,
        connection_id: world.connectionId,
        organization_id: world.organization.id,
        user_id: world.person.user.id,
        state: "delivered",
        delivered_revision: 1,
        delivered_at: 1,
        updated_at: 1,
      }),
    ]);
    const next = await reissued(world, sent.id, { narrative: "Corrected." });
    await reissued(world, kept.id, { narrative: "Corrected, too." });
    expect((await world.rows()).map(({ award_id }) => award_id).sort()).toEqual(
      [sent.id, next.id].sort(),
    );
    await world.work();
    expect(await stateOf(world, next.id)).toBe("delivered");
  });

  it("to another person: theirs gets it, the former's is told that it is revoked and gets nothing", async () => {
    const world = await pushWorld({ awards: 0 });
    const old = await world.award();
    await world.plan();
    await world.work();
    const other = await givenPerson(world.env, world.organization);
    const next = await reissued(world, old.id, { user: other.user.id });
    await world.work();
    expect(await stateOf(world, old.id)).toBe("withdrawn");
    expect(await stateOf(world, next.id)).toBeUndefined();
    expect(world.host.at("POST")).toHaveLength(2);
  });

  it("what its person hid is not sent by itself", async () => {
    const world = await pushWorld({ awards: 0 });
    const old = await world.award({ visible: false });
    const next = await reissued(world, old.id, { narrative: "Corrected." });
    expect(await stateOf(world, next.id)).toBeUndefined();
  });
});

describe("an award that is hidden", () => {
  it("visibility_toggle_restricted_to_owner: backpacks that have it are told nothing", async () => {
    const world = await pushWorld({ awards: 0 });
    const award = await world.award();
    await world.plan();
    await world.work();
    const before = [await world.rows(), await world.env.db.orm.select().from(jobs)];
    const { writes } = await setVisibility(world.env, award, false, OPERATOR);
    await world.env.db.batch(writes);
    await world.work();
    expect([await world.rows(), await world.env.db.orm.select().from(jobs)]).toEqual(before);
    expect(world.host.at("POST")).toHaveLength(1);
  });
});
