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
    return { user, email: identity.identity, send };
  };
  /** Sends a file as somebody, and runs the job. */
  const imported = async (
    { user, send }: Awaited<ReturnType<typeof person>>,
    badge: Badge,
    emails: readonly string[],
  ): Promise<readonly Row[]> => {
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
    const { id } = (await response.json()) as { id: string };
    await drain(t.env, HANDLERS, { limit: 1_000 });
    const { body } = await send("GET", `/imports/${id}/rows`);
    return body.data.map(({ outcome, code }) => ({
      outcome: String(outcome),
      code: code === null ? null : String(code),
    }));
  };
  return { t, vouched, counted, person, imported };
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

describe("claim codes", () => {
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
