// Who is told of nominations: a row for each mail and each webhook, in the batch of the deed and once.
import { describe, expect, it } from "vitest";
import { ADMINISTRATOR, COORDINATOR } from "../../src/auth.ts";
import type { Env } from "../../src/env.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { givenManualCriterion } from "../given-nominations.ts";
import { asPerson } from "./person.ts";

/** Mails can be sent; nothing here sends any. */
const mail: NonNullable<Env["mail"]> = { send: async () => ({ ok: true }) };

async function given() {
  const t = await testApp({ override: () => ({ mail }) });
  const organization = await givenOrganization(t.env);
  const badge = await givenBadge(t.env, organization);
  await givenManualCriterion(t.env, badge);
  const person = async (...roles: string[]) => {
    const { user } = await givenPerson(t.env, organization, { roles });
    return { id: user.id, send: await asPerson(t, user.id, organization.slug) };
  };
  const [coordinator, admin] = [await person(COORDINATOR), await person(ADMINISTRATOR)];
  const url = "https://hooks.example.net/in";
  expect((await admin.send("POST", "/webhook-endpoints", { url })).status).toBe(201);
  const nominate = async () => {
    const nominee = await givenPerson(t.env, organization);
    const made = await coordinator.send("POST", "/nominations", {
      badge: badge.id,
      user: nominee.user.id,
      reason: "Because.",
    });
    expect(made.status).toBe(201);
    return { id: made.body.id, path: `/nominations/${made.body.id}`, user: nominee.user.id };
  };
  return { t, organization, badge, coordinator, admin, nominate };
}

async function told({ env }: TestApp) {
  const ask = async (sql: string) => (await env.db.read({ sql, params: [] })).rows;
  return {
    mails: await ask(
      "select kind, subject_id from notifications where kind like 'nomination.%' order by kind, subject_id",
    ),
    webhooks: await ask(
      "select type, data from webhook_deliveries where type like 'nomination.%' order by rowid",
    ),
  };
}

describe("nominations are told of", () => {
  it("made: administrators by mail, webhooks with ids only", async () => {
    const { t, organization, badge, nominate } = await given();
    const { id, user } = await nominate();
    const { mails, webhooks } = await told(t);
    // Who decides is found where it is told.
    expect(mails).toEqual([["nomination.created", id]]);
    expect(webhooks).toEqual([
      [
        "nomination.created",
        JSON.stringify({ organization: organization.id, nomination: id, badge: badge.id, user }),
      ],
    ]);
  });

  it("approved: who nominated, and webhooks with the award; approved again: nobody anew", async () => {
    const { t, admin, nominate } = await given();
    const { id, path } = await nominate();
    const approved = await admin.send("POST", `${path}/approve`, { note: "Well deserved." });
    await admin.send("POST", `${path}/approve`, {});
    const { mails, webhooks } = await told(t);
    expect(mails.filter(([kind]) => kind === "nomination.decided")).toEqual([
      ["nomination.decided", id],
    ]);
    expect(webhooks.map(([type]) => type)).toEqual(["nomination.created", "nomination.approved"]);
    expect(JSON.parse(String(webhooks[1]?.[1]))).toMatchObject({
      nomination: id,
      award: approved.body.award,
    });
    // No word of anybody's leaves in a webhook.
    expect(JSON.stringify(webhooks)).not.toMatch(/Because|deserved/);
  });

  it("declined: who nominated, and webhooks; withdrawn: nobody", async () => {
    const { t, coordinator, admin, nominate } = await given();
    const [declined, withdrawn] = [await nominate(), await nominate()];
    await admin.send("POST", `${declined.path}/decline`, { note: "Not yet." });
    await coordinator.send("POST", `${withdrawn.path}/withdraw`, {});
    const { mails, webhooks } = await told(t);
    expect(mails.filter(([kind]) => kind === "nomination.decided")).toEqual([
      ["nomination.decided", declined.id],
    ]);
    expect(webhooks.map(([type]) => type)).toEqual([
      "nomination.created",
      "nomination.created",
      "nomination.declined",
    ]);
  });

  it("refused: nobody", async () => {
    const { t, coordinator, nominate } = await given();
    const { path } = await nominate();
    const before = await told(t);
    expect((await coordinator.send("POST", `${path}/approve`, {})).status).toBe(403);
    expect(await told(t)).toEqual(before);
  });
});
