// Badges that ask for something else by the time a coordinator's deed is written: nobody gets one that a coordinator may no longer give.
import { expect, it } from "vitest";
import { COORDINATOR } from "../../src/auth.ts";
import { drain } from "../../src/jobs/drain.ts";
import { HANDLERS } from "../../src/work.ts";
import { givenClient } from "../api/client.ts";
import { asPerson, type SendAs } from "../api/person.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenBadge, givenPerson } from "../given.ts";
import {
  givenManualCriterion,
  givenMetricCriterion,
  givenNomination,
} from "../given-nominations.ts";
import { appOn, beforeEachStep } from "../interleaved.ts";
import { signedIn } from "../signed-in.ts";
import { awardsOf, counts } from "./evaluation-world.ts";

interface Stage {
  readonly t: TestApp;
  readonly organization: string;
  readonly badge: string;
  readonly user: string;
  readonly email: string;
  readonly nomination: string;
  readonly coordinator: { readonly id: string; readonly send: SendAs };
}

const manual = (role: string) => ({
  type: "manual",
  method: "any",
  params: { [`role_${role}`]: role },
});
const BOTH = {
  criteria: { method: "all", rules: [manual(COORDINATOR), { ...counts(9), method: "all" }] },
};
const OTHERS = { criteria: { rules: [manual("organization_administrator")] } };
const ALL = { criteria: { method: "all" } };

/** Does the deed, with the change before each of its steps. Returns in how many steps. */
async function overtaken(
  change: Record<string, unknown>,
  deed: (stage: Stage) => Promise<unknown>,
  alsoCounts = false,
): Promise<number> {
  const t = await testApp();
  return beforeEachStep(async (meanwhile) => {
    const { organization, send } = await givenClient(t);
    const coordinator = await givenPerson(t.env, organization, { roles: [COORDINATOR] });
    const recipient = await givenPerson(t.env, organization);
    const badge = await givenBadge(t.env, organization, { max_awards_per_user: 1 });
    await givenManualCriterion(t.env, badge, [COORDINATOR]);
    if (alsoCounts) await givenMetricCriterion(t.env, badge, 9, 2);
    const nomination = await givenNomination(t.env, badge, recipient);
    let before = 1;
    const there = appOn(
      t,
      meanwhile.env(t.env, async () => {
        before = (await awardsOf(t.env, recipient.user.id)).length;
        const { status } = await send("PATCH", `/badges/${badge.id}`, change);
        expect(status).toBe(before === 0 ? 200 : 409);
      }),
    );
    await deed({
      t: there,
      organization: organization.slug,
      badge: badge.id,
      user: recipient.user.id,
      email: recipient.identity.identity,
      nomination: nomination.id,
      coordinator: {
        id: coordinator.user.id,
        send: await asPerson({ ...there, env: t.env }, coordinator.user.id, organization.slug),
      },
    });
    expect(await awardsOf(t.env, recipient.user.id)).toHaveLength(before);
  });
}

const vouched = ({ coordinator, badge, user }: Stage) =>
  coordinator.send("POST", `/badges/${badge}/vouches`, { user });

it("a word that was all a badge asked for, and now is one thing of two", async () => {
  expect(await overtaken(BOTH, vouched)).toBeGreaterThan(10);
});

it("a word that did instead of what is counted, and now does beside it", async () => {
  expect(await overtaken(ALL, vouched, true)).toBeGreaterThan(10);
});

it("a word of a role that no longer gives it", async () => {
  expect(await overtaken(OTHERS, vouched)).toBeGreaterThan(10);
});

it("an award by hand", async () => {
  const awarded = ({ coordinator, badge, user }: Stage) =>
    coordinator.send("POST", "/awards", { badge, user });
  expect(await overtaken(BOTH, awarded)).toBeGreaterThan(10);
});

it("a nomination that is approved", async () => {
  const approved = ({ coordinator, nomination }: Stage) =>
    coordinator.send("POST", `/nominations/${nomination}/approve`, {});
  expect(await overtaken(BOTH, approved)).toBeGreaterThan(10);
});

it("a file of awards", async () => {
  const imported = async ({ t, coordinator, organization, badge, email }: Stage) => {
    const { cookie } = await signedIn(t, coordinator.id);
    const headers = {
      cookie,
      origin: t.env.config.publicUrl,
      "rosette-organization": organization,
      "content-type": "text/csv",
    };
    const body = `email,name\n${email},Noor\n`;
    await t.request(`/api/v1/imports?badge=${badge}`, { method: "POST", headers, body });
    await drain(t.env, HANDLERS, { limit: 5 });
  };
  expect(await overtaken(BOTH, imported)).toBeGreaterThan(20);
});
