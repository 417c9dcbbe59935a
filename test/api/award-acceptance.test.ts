// Accepting an award, saying that it is not one's own, and what the organization does then, over the API.
import { describe, expect, it } from "vitest";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenClient, growth, rowCounts } from "./client.ts";
import { asPerson } from "./person.ts";

async function given() {
  const t = await testApp();
  const client = await givenClient(t);
  const { organization } = client;
  const badge = await givenBadge(t.env, organization);
  const noor = await givenPerson(t.env, organization);
  const award = await givenAward(t.env, badge, noor);
  const as = (userId: string) => asPerson(t, userId, organization.id);
  const member = async (roles: string[]) =>
    as((await givenPerson(t.env, organization, { roles })).user.id);
  const path = `/awards/${award.id}`;
  const actions = async () => {
    const sql = "select action from audit_log where object_kind = 'award' order by rowid";
    return (await t.env.db.read({ sql, params: [] })).rows.flat();
  };
  return { t, ...client, badge, noor, award, as, member, path, actions };
}

describe("accepting", () => {
  it("by who the award is made out to; again changes nothing", async () => {
    const { t, noor, as, path, actions } = await given();
    const send = await as(noor.user.id);
    const before = await rowCounts(t);
    const accepted = await send("POST", `${path}/accept`);
    expect([accepted.status, accepted.body.claim_state]).toEqual([200, "claimed"]);
    t.clock.advance(1_000);
    expect((await send("POST", `${path}/accept`)).body).toEqual(accepted.body);
    expect(growth(before, await rowCounts(t))).toEqual({ audit_log: 1 });
    expect(await actions()).toEqual(["award.accepted"]);
  });

  it("by a program of the organization, by the award's hash", async () => {
    const { send, award } = await given();
    const accepted = await send("POST", `/awards/${award.unique_hash}/accept`);
    expect([accepted.status, accepted.body.claim_state]).toEqual([200, "claimed"]);
  });

  it.each([
    ["another member", ["member"]],
    ["a coordinator", ["coordinator"]],
    ["an administrator", ["organization_administrator"]],
  ])("%s finds no such award", async (_name, roles) => {
    const { member, path, actions } = await given();
    const send = await member(roles);
    for (const what of ["accept", "decline"]) {
      expect((await send("POST", `${path}/${what}`)).status).toBe(404);
    }
    expect(await actions()).toEqual([]);
  });

  it("not once it is revoked", async () => {
    const { send, noor, as, path } = await given();
    await send("POST", `${path}/revoke`, { reason: "A mistake." });
    const own = await as(noor.user.id);
    for (const what of ["accept", "decline"]) {
      const said = await own("POST", `${path}/${what}`);
      expect([said.status, said.body.code]).toEqual([409, "award-revoked"]);
    }
  });
});

describe("not mine", () => {
  it("hides it, keeps it valid, and lists it for who has to look at it, without saying more", async () => {
    const { t, send, noor, as, award, path, member } = await given();
    const own = await as(noor.user.id);
    const declined = await own("POST", `${path}/decline`);
    expect(declined.body).toMatchObject({
      claim_state: "declined",
      is_visible: false,
      status: "valid",
    });
    const record = await t.request(`/ob/v2/assertions/${award.unique_hash}`);
    expect(record.status).toBe(200);
    expect((await send("GET", "/declined-awards")).body.data).toMatchObject([{ id: award.id }]);
    const coordinator = await member(["coordinator"]);
    expect((await coordinator("GET", "/declined-awards")).body.data).toHaveLength(1);
    expect((await own("GET", "/declined-awards")).status).toBe(403);
    expect((await own("POST", `${path}/decline`)).body).toEqual(declined.body);
  });

  it("stays hidden until that is settled, whoever would show it, and is on nobody's shelf", async () => {
    const { noor, as, path, send } = await given();
    const own = await as(noor.user.id);
    await own("POST", `${path}/decline`);
    for (const ask of [own, send]) {
      const shown = await ask("PUT", `${path}/visibility`, { visible: true });
      expect([shown.status, shown.body.code]).toEqual([403, "visibility-restricted"]);
    }
    const shelf = await send("GET", `/users/${noor.user.id}/shelf`);
    expect(shelf.body.data).toMatchObject([{ earned: false, award: null }]);
    const achieved = await send("GET", `/users/${noor.user.id}/achievements`);
    expect(achieved.body.data).toEqual([]);
  });

  it("pressed by mistake, it can be accepted after all", async () => {
    const { noor, as, path, send } = await given();
    const own = await as(noor.user.id);
    await own("POST", `${path}/decline`);
    const accepted = await own("POST", `${path}/accept`);
    expect(accepted.body).toMatchObject({ claim_state: "claimed", is_visible: true });
    expect((await send("GET", "/declined-awards")).body.data).toEqual([]);
  });

  it("upheld, it is there to be accepted again; revoked or corrected, it is no task any more", async () => {
    const { t, noor, as, path, send, member, badge } = await given();
    const own = await as(noor.user.id);
    await own("POST", `${path}/decline`);
    const administrator = await member(["organization_administrator"]);
    const upheld = await administrator("POST", `${path}/uphold`);
    expect(upheld.body).toMatchObject({ claim_state: "unclaimed", is_visible: true });
    expect((await administrator("POST", `${path}/uphold`)).body).toEqual(upheld.body);
    expect((await own("POST", `${path}/uphold`)).status).toBe(403);
    await own("POST", `${path}/decline`);
    await send("POST", `${path}/revoke`, { reason: "Not theirs." });
    expect((await send("GET", "/declined-awards")).body.data).toEqual([]);
    const other = await givenAward(t.env, badge, noor, {
      award_slot: "r2",
      claim_state: "declined",
    });
    expect((await send("GET", "/declined-awards")).body.data).toMatchObject([{ id: other.id }]);
  });

  it("a page at a time, and none of another organization's", async () => {
    const { t, send, badge, noor } = await given();
    const ids: string[] = [];
    for (const slot of ["r1", "r2", "r3"]) {
      t.clock.advance(1);
      const over = { award_slot: slot, claim_state: "declined" } as const;
      ids.unshift((await givenAward(t.env, badge, noor, over)).id);
    }
    const elsewhere = await givenOrganization(t.env);
    const theirs = await givenBadge(t.env, elsewhere);
    await givenAward(t.env, theirs, await givenPerson(t.env, elsewhere), {
      claim_state: "declined",
    });
    const first = await send("GET", "/declined-awards?limit=2");
    const next = await send("GET", `/declined-awards?limit=2&cursor=${first.body.next_cursor}`);
    const seen = [...first.body.data, ...next.body.data].map(({ id }) => id);
    expect(seen).toEqual(ids);
    expect(next.body.next_cursor).toBeNull();
  });
});
