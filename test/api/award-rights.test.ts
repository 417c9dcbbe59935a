// What people who are signed in may do with awards by hand, and every route of nominations and vouches by who asks.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMINISTRATOR, COORDINATOR } from "../../src/auth.ts";
import type { Badge } from "../../src/db/badges.ts";
import type { Organization } from "../../src/db/organizations.ts";
import { type TestApp, testApp } from "../app.ts";
import {
  givenApiKey,
  givenAward,
  givenBadge,
  givenOrganization,
  givenPerson,
  givenProven,
  type Person,
} from "../given.ts";
import {
  givenManualCriterion,
  givenMetricCriterion,
  givenNomination,
  givenVouch,
} from "../given-nominations.ts";
import { type Reply, rowCounts } from "./client.ts";
import { asPerson, type SendAs } from "./person.ts";
import { asProgram } from "./program.ts";

interface Stage {
  readonly t: TestApp;
  readonly organization: Organization;
  readonly recipient: Person;
  badge(): Promise<Badge>;
  as(...roles: string[]): Promise<{ readonly id: string; readonly send: SendAs }>;
}

async function given(): Promise<Stage> {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  return {
    t,
    organization,
    recipient: await givenPerson(t.env, organization),
    badge: () =>
      givenBadge(t.env, organization, {
        max_awards_per_user: 1,
        eligibility_roles: ["member", COORDINATOR, ADMINISTRATOR],
      }),
    async as(...roles) {
      const { user } = await givenPerson(t.env, organization, { roles });
      return { id: user.id, send: await asPerson(t, user.id, organization.slug) };
    },
  };
}

const said = ({ status, body }: Reply) => [status, body.code, body.errors?.[0]?.code];

describe("awards by hand", () => {
  it("a coordinator awards a badge that asks for a coordinator's word: awarded_by coordinator", async () => {
    const stage = await given();
    const badge = await stage.badge();
    await givenManualCriterion(stage.t.env, badge);
    const { id, send } = await stage.as(COORDINATOR);
    const made = await send("POST", "/awards", {
      badge: badge.id,
      user: stage.recipient.user.id,
    });
    expect([made.status, made.body.awarded_by]).toEqual([201, "coordinator"]);
    const { rows } = await stage.t.env.db.read({
      sql: "select awarded_by_user_id from badge_issues",
      params: [],
    });
    expect(rows).toEqual([[id]]);
  });

  it("an administrator awards any badge: awarded_by admin", async () => {
    const stage = await given();
    const { send } = await stage.as(ADMINISTRATOR, COORDINATOR);
    const badge = await stage.badge();
    await givenMetricCriterion(stage.t.env, badge, 3);
    const body = { badge: badge.id, recipient: { type: "email", identity: "new@example.org" } };
    const made = await send("POST", "/awards", body);
    expect([made.status, made.body.awarded_by]).toEqual([201, "admin"]);
  });

  it.each<[string, (stage: Stage, badge: Badge) => Promise<unknown>]>([
    ["is awarded by rule alone", ({ t }, badge) => givenMetricCriterion(t.env, badge, 3)],
    [
      "asks for another role's word",
      ({ t }, badge) => givenManualCriterion(t.env, badge, ["trainer"]),
    ],
    [
      "asks for the word of each of two roles",
      ({ t }, badge) => givenManualCriterion(t.env, badge, [COORDINATOR, "trainer"], 1),
    ],
    [
      "asks for what is counted as well",
      async ({ t }, badge) => {
        await givenManualCriterion(t.env, badge);
        await givenMetricCriterion(t.env, badge, 3);
      },
    ],
    ["asks for nothing that is written down", async () => {}],
  ])("a coordinator does not award a badge that %s: 403", async (_name, prepare) => {
    const stage = await given();
    const badge = await stage.badge();
    await prepare(stage, badge);
    const { send } = await stage.as(COORDINATOR);
    const before = await rowCounts(stage.t);
    for (const named of [
      { user: stage.recipient.user.id },
      { recipient: { type: "email", identity: "new@example.org" } },
    ]) {
      expect(said(await send("POST", "/awards", { badge: badge.id, ...named }))).toEqual([
        403,
        "role-required",
        "coordinator_nomination_requires_authorization",
      ]);
    }
    expect(await rowCounts(stage.t)).toEqual(before);
  });

  it("a coordinator awards none to themselves, by id or address; an administrator may", async () => {
    const stage = await given();
    const badge = await stage.badge();
    await givenManualCriterion(stage.t.env, badge);
    const person = await givenPerson(stage.t.env, stage.organization, {
      roles: [COORDINATOR],
      email: "cora@example.org",
    });
    const send = await asPerson(stage.t, person.user.id, stage.organization.id);
    for (const named of [
      { user: person.user.id },
      { recipient: { type: "email", identity: "Cora@example.org" } },
    ]) {
      const refused = await send("POST", "/awards", { badge: badge.id, ...named });
      expect([refused.status, refused.body.code]).toEqual([403, "own-badge"]);
    }
    const admin = await stage.as(ADMINISTRATOR);
    const own = await admin.send("POST", "/awards", { badge: badge.id, user: admin.id });
    expect(own.status).toBe(201);
  });

  it("nor by an address they have proven, and the organization does not know yet", async () => {
    const stage = await given();
    const badge = await stage.badge();
    await givenManualCriterion(stage.t.env, badge);
    const elsewhere = await givenOrganization(stage.t.env);
    const email = "cora@example.org";
    const account = await givenPerson(stage.t.env, elsewhere, { email });
    await givenProven(stage.t.env, account, "cora@home.example");
    await givenPerson(stage.t.env, stage.organization, { email, roles: [COORDINATOR] });
    const send = await asPerson(stage.t, account.user.id, stage.organization.id);
    const recipient = { type: "email", identity: "Cora@home.example" };
    const refused = await send("POST", "/awards", { badge: badge.id, recipient });
    expect([refused.status, refused.body.code]).toEqual([403, "own-badge"]);
  });

  it("another organization's badge is as unknown to a coordinator as none", async () => {
    const stage = await given();
    const elsewhere = await givenOrganization(stage.t.env);
    const [plain, asking] = [
      await givenBadge(stage.t.env, elsewhere),
      await givenBadge(stage.t.env, elsewhere),
    ];
    await givenManualCriterion(stage.t.env, asking);
    const { send } = await stage.as(COORDINATOR);
    for (const badge of [plain.id, asking.id, "none"]) {
      const refused = await send("POST", "/awards", { badge, user: stage.recipient.user.id });
      expect(said(refused)).toEqual([404, "not-found", "org_scope_matches_badge_definition"]);
    }
  });

  it("a coordinator revokes and corrects what they awarded, nothing else; an administrator any", async () => {
    const stage = await given();
    const badge = await stage.badge();
    await givenManualCriterion(stage.t.env, badge);
    const [giver, other, admin] = [
      await stage.as(COORDINATOR),
      await stage.as(COORDINATOR),
      await stage.as(ADMINISTRATOR),
    ];
    const made = await giver.send("POST", "/awards", {
      badge: badge.id,
      user: stage.recipient.user.id,
    });
    const correct = { narrative: "Better words." };
    const refusals = [
      await other.send("POST", `/awards/${made.body.id}/revoke`, { reason: "No." }),
      await other.send("POST", `/awards/${made.body.id}/reissue`, correct),
      await other.send("POST", `/awards/${made.body.id}/renew`, {}),
    ];
    for (const refused of refusals) {
      expect([refused.status, refused.body.code]).toEqual([403, "role-required"]);
    }
    // Corrected to themselves it would be an award to themselves.
    const own = await giver.send("POST", `/awards/${made.body.id}/reissue`, { user: giver.id });
    expect([own.status, own.body.code]).toEqual([403, "own-badge"]);
    const corrected = await giver.send("POST", `/awards/${made.body.id}/reissue`, correct);
    expect([corrected.status, corrected.body.awarded_by]).toEqual([201, "coordinator"]);
    const revoked = await giver.send("POST", `/awards/${corrected.body.id}/revoke`, {
      reason: "No.",
    });
    expect(revoked.status).toBe(200);
    const someone = await givenPerson(stage.t.env, stage.organization);
    const earlier = await givenAward(stage.t.env, badge, someone);
    expect(
      (await giver.send("POST", `/awards/${earlier.id}/revoke`, { reason: "No." })).status,
    ).toBe(403);
    expect(
      (await admin.send("POST", `/awards/${earlier.id}/revoke`, { reason: "No." })).status,
    ).toBe(200);
  });
});

/** In the order of the columns below. */
const WHO = [
  "administrator",
  "coordinator",
  "member",
  "foreign administrator",
  "key without scope",
  "nobody",
] as const;

interface World {
  readonly t: TestApp;
  readonly ask: Readonly<Record<(typeof WHO)[number], SendAs>>;
  /** A path and a body for a route, with objects of its own. */
  make(route: string): Promise<{ readonly path: string; readonly body: unknown }>;
}

/** One app for the whole table: each cell makes what it asks about. */
async function world(): Promise<World> {
  const t = await testApp({ shared: true });
  const [here, there] = [await givenOrganization(t.env), await givenOrganization(t.env)];
  const person = async (organization: Organization, ...roles: string[]) => {
    const { user } = await givenPerson(t.env, organization, { roles });
    return asPerson(t, user.id, here.slug);
  };
  const ask = {
    administrator: await person(here, ADMINISTRATOR),
    coordinator: await person(here, COORDINATOR),
    member: await person(here, "member"),
    "foreign administrator": await person(there, ADMINISTRATOR),
    "key without scope": asProgram(t, await givenApiKey(t.env, here, ["images:read"])),
    nobody: asProgram(t, null),
  };
  return {
    t,
    ask,
    async make(route) {
      const [badge, recipient] = [await givenBadge(t.env, here), await givenPerson(t.env, here)];
      await givenManualCriterion(t.env, badge);
      const user = recipient.user.id;
      const nomination = route.includes("{nomination}")
        ? await givenNomination(t.env, badge, recipient)
        : null;
      const given = route.includes("{vouch}") ? await givenVouch(t.env, badge, recipient) : null;
      const award = route.includes("{award}") ? await givenAward(t.env, badge, recipient) : null;
      const path = route
        .replace("{nomination}", nomination?.id ?? "")
        .replace("{badge}", badge.id)
        .replace("{vouch}", given?.id ?? "")
        .replace("{award}", award?.id ?? "");
      return { path, body: bodyOf(route, badge.id, user) };
    },
  };
}

function bodyOf(route: string, badge: string, user: string): unknown {
  if (route.endsWith("/nominations")) return { badge, user, reason: "Because." };
  if (route.endsWith("/decline")) return { note: "No." };
  if (route.endsWith("/vouches")) return { user };
  if (route.endsWith("/awards")) return { badge, user };
  if (route.endsWith("/visibility")) return { visible: false };
  if (route.endsWith("/revoke") && route.includes("award")) return { reason: "Wrong." };
  return {};
}

describe("who may ask what", () => {
  let made: World | undefined;
  beforeAll(async () => {
    made = await world();
  });
  afterAll(async () => made?.t.close());

  //                                                 admin coord member foreign no scope nobody
  const TABLE: [string, string, number[]][] = [
    ["GET", "/nominations", /*                   */ [200, 200, 200, 404, 403, 401]],
    ["POST", "/nominations", /*                  */ [201, 201, 403, 404, 403, 401]],
    ["GET", "/nominations/{nomination}", /*      */ [200, 200, 403, 404, 403, 401]],
    ["POST", "/nominations/{nomination}/approve", [200, 200, 403, 404, 403, 401]],
    ["POST", "/nominations/{nomination}/decline", [200, 200, 403, 404, 403, 401]],
    ["POST", "/nominations/{nomination}/withdraw", [200, 403, 403, 404, 403, 401]],
    ["GET", "/badges/{badge}/vouches", /*        */ [200, 200, 200, 404, 403, 401]],
    ["POST", "/badges/{badge}/vouches", /*       */ [201, 201, 403, 404, 403, 401]],
    ["GET", "/badges/{badge}/vouches/{vouch}", [200, 200, 403, 404, 403, 401]],
    ["DELETE", "/badges/{badge}/vouches/{vouch}", [204, 403, 403, 404, 403, 401]],
    ["POST", "/awards", /*                       */ [201, 201, 403, 404, 403, 401]],
    ["GET", "/awards/{award}", /*                */ [200, 200, 403, 404, 403, 401]],
    ["PUT", "/awards/{award}/visibility", /*     */ [200, 403, 403, 404, 403, 401]],
    ["POST", "/awards/{award}/revoke", /*        */ [200, 403, 403, 404, 403, 401]],
  ];
  it.each(TABLE)("%s %s", async (method, route, expected) => {
    const got: number[] = [];
    for (const who of WHO) {
      if (made === undefined) throw new Error("asked for before the tests began");
      const { path, body } = await made.make(route);
      const reply = await made.ask[who](method, path, method === "GET" ? undefined : body);
      got.push(reply.status);
    }
    expect(Object.fromEntries(WHO.map((who, i) => [who, got[i]]))).toEqual(
      Object.fromEntries(WHO.map((who, i) => [who, expected[i]])),
    );
  });
});
