// What people who are signed in may award by file and by code: no more than by hand.
import { describe, expect, it } from "vitest";
import { ADMINISTRATOR, COORDINATOR } from "../../src/auth.ts";
import type { Badge } from "../../src/db/badges.ts";
import { drain } from "../../src/jobs/drain.ts";
import { HANDLERS } from "../../src/work.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenManualCriterion, givenMetricCriterion } from "../given-nominations.ts";
import { signedIn } from "../signed-in.ts";
import { asPerson } from "./person.ts";

interface Row {
  readonly outcome: string;
  readonly code: string | null;
}

async function given() {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const eligible = { eligibility_roles: ["member", COORDINATOR] };
  const vouched = await givenBadge(t.env, organization, eligible);
  const counted = await givenBadge(t.env, organization, eligible);
  await givenManualCriterion(t.env, vouched);
  await givenMetricCriterion(t.env, counted, 3);
  const person = async (role: string) => {
    const { user, identity } = await givenPerson(t.env, organization, { roles: [role] });
    const send = await asPerson(t, user.id, organization.slug);
    return { user, identity, email: identity.identity, send };
  };
  /** Sends a file as somebody; its id. */
  const sent = async (
    { user }: Awaited<ReturnType<typeof person>>,
    badge: Badge,
    emails: readonly string[],
  ): Promise<string> => {
    const { cookie } = await signedIn(t, user.id);
    const response = await t.request(`/api/v1/imports?badge=${badge.id}`, {
      method: "POST",
      headers: {
        cookie,
        origin: t.env.config.publicUrl,
        "rosette-organization": organization.id,
        "content-type": "text/csv",
      },
      body: ["email", ...emails].join("\n"),
    });
    expect(response.status).toBe(202);
    return ((await response.json()) as { id: string }).id;
  };
  /** Sends a file as somebody, and runs the job. */
  const imported = async (
    who: Awaited<ReturnType<typeof person>>,
    badge: Badge,
    emails: readonly string[],
  ): Promise<readonly Row[]> => {
    const id = await sent(who, badge, emails);
    await drain(t.env, HANDLERS, { limit: 1_000 });
    const { body } = await who.send("GET", `/imports/${id}/rows`);
    return body.data.map(({ outcome, code }) => ({
      outcome: String(outcome),
      code: code === null ? null : String(code),
    }));
  };
  return { t, vouched, counted, person, sent, imported };
}

async function awardedBy({ env }: TestApp): Promise<readonly (readonly unknown[])[]> {
  const { rows } = await env.db.read({
    sql: "select awarded_by, awarded_by_user_id from badge_issues",
    params: [],
  });
  return rows;
}

describe("awards by file", () => {
  it("a coordinator's rows are awarded as by a coordinator, and none to themselves", async () => {
    const { t, vouched, person, imported } = await given();
    const coordinator = await person(COORDINATOR);
    const rows = await imported(coordinator, vouched, ["new@example.org", coordinator.email]);
    expect(rows).toEqual([
      { outcome: "awarded", code: null },
      { outcome: "refused", code: "own-badge" },
    ]);
    expect(await awardedBy(t)).toEqual([["coordinator", coordinator.user.id]]);
  });

  it("a coordinator's rows of a badge that is awarded by rule are refused", async () => {
    const { t, counted, person, imported } = await given();
    expect(await imported(await person(COORDINATOR), counted, ["new@example.org"])).toEqual([
      { outcome: "refused", code: "coordinator_nomination_requires_authorization" },
    ]);
    expect(await awardedBy(t)).toEqual([]);
  });

  it("an administrator's are awarded as by an administrator, whatever the badge asks for", async () => {
    const { t, counted, person, imported } = await given();
    const admin = await person(ADMINISTRATOR);
    expect(await imported(admin, counted, ["new@example.org"])).toEqual([
      { outcome: "awarded", code: null },
    ]);
    expect(await awardedBy(t)).toEqual([["admin", admin.user.id]]);
  });
});

describe("imports of others", () => {
  it("a coordinator cancels their own, an administrator and a program any", async () => {
    const { vouched, person, sent } = await given();
    const [coordinator, admin] = [await person(COORDINATOR), await person(ADMINISTRATOR)];
    const [own, another] = [
      await sent(coordinator, vouched, ["a@example.org"]),
      await sent(admin, vouched, ["b@example.org"]),
    ];
    const cancel = async (who: typeof admin, id: string) =>
      (await who.send("POST", `/imports/${id}/cancel`)).status;
    expect(await cancel(coordinator, another)).toBe(403);
    expect(await cancel(coordinator, own)).toBe(200);
    expect(await cancel(admin, another)).toBe(200);
  });
});

describe("claim codes", () => {
  it("a coordinator revokes those of badges they may award, and those they made", async () => {
    const { t, vouched, counted, person } = await given();
    const [coordinator, admin] = [await person(COORDINATOR), await person(ADMINISTRATOR)];
    const made = async (who: typeof admin, badge: Badge) => {
      const { body } = await who.send("POST", `/badges/${badge.id}/claim-codes`, { label: "Camp" });
      return `/badges/${badge.id}/claim-codes/${body.id}`;
    };
    const revoke = async (path: string) => (await coordinator.send("DELETE", path)).status;
    expect(await revoke(await made(admin, counted))).toBe(403);
    expect(await revoke(await made(admin, vouched))).toBe(204);
    const own = await made(coordinator, vouched);
    const another = "update badge_criteria_params set name = 'role_trainer', value = 'trainer'";
    await t.env.db.batch([{ sql: `${another} where value = 'coordinator'`, params: [] }]);
    expect(await revoke(own)).toBe(204);
  });

  it("a coordinator takes no badge with a code they made; an administrator may", async () => {
    const { t, vouched, person } = await given();
    const [coordinator, admin] = [await person(COORDINATOR), await person(ADMINISTRATOR)];
    await t.env.db.batch([
      {
        sql: "update badges set eligibility_roles = ?",
        params: [JSON.stringify([COORDINATOR, ADMINISTRATOR])],
      },
    ]);
    const claim = async ({ send, user, identity }: typeof admin) => {
      const { body } = await send("POST", `/badges/${vouched.id}/claim-codes`, { label: "Camp" });
      const browser = await signedIn(t, user.id);
      return (await browser.post(`/claim/${body.code}`, { identity: identity.id })).status;
    };
    expect(await claim(coordinator)).toBe(409);
    expect(await awardedBy(t)).toEqual([]);
    expect(await claim(admin)).toBe(303);
  });

  it("a coordinator makes them for badges they may award, an administrator for any", async () => {
    const { vouched, counted, person } = await given();
    const [coordinator, admin] = [await person(COORDINATOR), await person(ADMINISTRATOR)];
    const make = async (who: typeof admin, badge: Badge) =>
      (await who.send("POST", `/badges/${badge.id}/claim-codes`, { label: "Camp" })).status;
    expect(await make(coordinator, vouched)).toBe(201);
    expect(await make(coordinator, counted)).toBe(403);
    expect(await make(admin, counted)).toBe(201);
  });
});

describe("who is suspended, or no coordinator any more", () => {
  it.each([
    ["suspended", "update memberships set status = 'suspended' where user_id = ?"],
    ["a member", `update memberships set roles = '["member"]' where user_id = ?`],
  ])("%s: what they sent before awards nothing", async (_what, sql) => {
    const { t, vouched, person, sent } = await given();
    const [coordinator, admin] = [await person(COORDINATOR), await person(ADMINISTRATOR)];
    const id = await sent(coordinator, vouched, ["ada@example.org", "lee@example.org"]);
    await t.env.db.batch([{ sql, params: [coordinator.user.id] }]);
    await drain(t.env, HANDLERS, { limit: 1_000 });
    const { body } = await admin.send("GET", `/imports/${id}`);
    expect(body).toMatchObject({ state: "done", awarded: 0, refused: 2 });
    expect(await awardedBy(t)).toEqual([]);
  });

  it("suspended: their codes give nothing", async () => {
    const { t, vouched, person } = await given();
    const [coordinator, member] = [await person(COORDINATOR), await person("member")];
    const path = `/badges/${vouched.id}/claim-codes`;
    const { body } = await coordinator.send("POST", path, { label: "Camp" });
    const suspend = "update memberships set status = 'suspended' where user_id = ?";
    await t.env.db.batch([{ sql: suspend, params: [coordinator.user.id] }]);
    const browser = await signedIn(t, member.user.id);
    const claimed = await browser.post(`/claim/${body.code}`, { identity: member.identity.id });
    expect(claimed.status).toBeGreaterThanOrEqual(400);
    expect(await awardedBy(t)).toEqual([]);
  });
});
