// What becomes of a badge over the API: copied, replaced by a new version, disabled, deleted, purged.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { awards } from "../../src/db/awards.ts";
import { badges } from "../../src/db/badges.ts";
import { claimCodes } from "../../src/db/claim-codes.ts";
import { criteria, criterionMets, criterionParams, manualAwards } from "../../src/db/criteria.ts";
import { nominations } from "../../src/db/nominations.ts";
import { tombstones } from "../../src/db/tombstones.ts";
import { newId } from "../../src/ids.ts";
import { nextVersion } from "../../src/issuer/badge-version.ts";
import { PURGE, PURGED_AT_ONCE } from "../../src/issuer/purge.ts";
import { drain } from "../../src/jobs/drain.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { HANDLERS } from "../../src/work.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenPerson, givenSvgImage } from "../given.ts";
import { everything } from "./ask.ts";
import { BADGE, type Client, givenClient } from "./client.ts";

async function given() {
  const t = await testApp();
  return { t, ...(await givenClient(t)) };
}

const RICH = {
  ...BADGE,
  type: 1,
  tags: ["mentoring", "weeks"],
  tiers: [
    { level: 1, name: "Bronze", threshold: 5 },
    { level: 2, name: "Silver", threshold: 10 },
  ],
  expire_period: 86_400,
  is_renewable: true,
  message: "Well done, %username%!",
  message_subject: "You earned %badgename%",
  notification: 2,
  image_author_name: "Kim Doe",
  image_author_email: "kim@example.org",
  image_author_url: "https://kim.example/",
  image_caption: "A star over waves.",
  alignments: [
    { target_name: "Skill one", target_url: "https://framework.example/1" },
    { target_name: "Skill two", target_url: "https://framework.example/2" },
  ],
  trigger_type: "auto",
  trigger_condition: { metric: "activity_count", threshold: 12, window: "P90D" },
};

const ENDORSEMENT = {
  issuer_name: "City",
  issuer_url: "https://city.example/",
  issuer_email: "badges@city.example",
};

/** What is the same in a badge and its copy: all but what says which of the two it is. */
function saying(body: Record<string, unknown>) {
  const {
    id: _id,
    name: _name,
    status: _status,
    is_active: _active,
    version: _version,
    previous_version: _previous,
    endorsement: _endorsement,
    urls: _urls,
    created_at: _created,
    updated_at: _updated,
    ...rest
  } = body;
  return JSON.parse(JSON.stringify(rest), (key, value) => (key === "id" ? undefined : value));
}

async function made({ send }: Client, over: object = {}) {
  const answer = await send("POST", "/badges", { ...RICH, ...over });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function work({ env }: TestApp) {
  return drain(env, HANDLERS, { limit: 10_000 });
}

describe("POST /badges/{id}/clone", () => {
  it("copies all but name, state and endorsement", async () => {
    const { t, send, organization } = await given();
    const image = await givenSvgImage(t.env, organization);
    const other = await made({ send, organization }, { name: "Other" });
    const source = await made(
      { send, organization },
      { image: image.id, related: [other.id], endorsement: ENDORSEMENT },
    );
    t.clock.advance(1_000);
    const copy = await send("POST", `/badges/${source.id}/clone`, {});
    expect(copy.status).toBe(201);
    expect(copy.headers.get("location")).toBe(`/api/v1/badges/${copy.body.id}`);
    expect(copy.body).toMatchObject({
      name: "Copy of Streak Champion",
      status: "inactive",
      is_active: false,
      version: "1",
      previous_version: null,
      endorsement: null,
      related: [other.id],
      image: image.id,
    });
    expect(saying(copy.body)).toEqual(saying(source));
    expect((await send("GET", `/badges/${copy.body.id}`)).body).toEqual(copy.body);
    expect((await send("GET", `/badges/${source.id}`)).body).toEqual(source);
  });

  it("its criteria are rows of its own, in the order of the other's", async () => {
    const { t, send, organization } = await given();
    const source = await made({ send, organization });
    const copy = await send("POST", `/badges/${source.id}/clone`, {});
    const rows = (id: string) =>
      t.env.db.orm
        .select({
          id: criteria.id,
          type: criteria.criteria_type,
          method: criteria.method,
          name: criterionParams.name,
          value: criterionParams.value,
        })
        .from(criteria)
        .leftJoin(criterionParams, eq(criterionParams.crit_id, criteria.id))
        .where(eq(criteria.badge_id, id))
        .orderBy(criteria.id, criterionParams.id);
    const [theirs, own] = [await rows(source.id), await rows(copy.body.id)];
    expect(own.length).toBeGreaterThan(2);
    expect(own.map(({ id: _id, ...row }) => row)).toEqual(theirs.map(({ id: _id, ...row }) => row));
    expect(own.some(({ id }) => theirs.some((row) => row.id === id))).toBe(false);
  });

  it("finds a free name, and takes the one that is given", async () => {
    const { send, organization } = await given();
    const source = await made({ send, organization });
    const names = [];
    for (let i = 0; i < 3; i++) {
      names.push((await send("POST", `/badges/${source.id}/clone`, {})).body.name);
    }
    expect(names).toEqual([
      "Copy of Streak Champion",
      "Copy of Streak Champion (2)",
      "Copy of Streak Champion (3)",
    ]);
    const german = await made({ send, organization }, { name: "Zwölf Wochen", language: "de-AT" });
    const copy = await send("POST", `/badges/${german.id}/clone`, {});
    expect(copy.body.name).toBe("Kopie von Zwölf Wochen");
    const named = await send("POST", `/badges/${source.id}/clone`, { name: "Own" });
    expect(named.body.name).toBe("Own");
    const taken = await send("POST", `/badges/${source.id}/clone`, { name: "Own" });
    expect([taken.status, taken.body.code]).toEqual([409, "badge-name-taken"]);
  });

  it("a name as long as names may be still has room for “Copy of”, and stays well-formed", async () => {
    const { send, organization } = await given();
    const source = await made({ send, organization }, { name: "😀".repeat(127) });
    const { body } = await send("POST", `/badges/${source.id}/clone`, {});
    const name = String(body.name);
    expect(name.length).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^Copy of (?:😀)+$/u);
  });

  it("two at once are two badges", async () => {
    const { send, organization } = await given();
    const source = await made({ send, organization });
    const answers = await Promise.all(
      [1, 2].map(() => send("POST", `/badges/${source.id}/clone`, {})),
    );
    expect(answers.map(({ body }) => body.name).sort()).toEqual([
      "Copy of Streak Champion",
      "Copy of Streak Champion (2)",
    ]);
  });

  it("is unknown of another organization, and writes nothing", async () => {
    const { t, send, organization } = await given();
    const source = await made({ send, organization });
    const foreign = await givenClient(t);
    const before = await everything(t);
    for (const [path, body] of [
      ["clone", {}],
      ["versions", {}],
      ["purge", { confirm: BADGE.name }],
    ] as const) {
      const answer = await foreign.send("POST", `/badges/${source.id}/${path}`, body);
      expect(answer.status).toBe(404);
    }
    expect(await everything(t)).toBe(before);
  });
});

describe("POST /badges/{id}/versions", () => {
  async function held() {
    const world = await given();
    const { t, send, organization } = world;
    const former = await made(world, {
      eligibility_roles: ["member"],
      tiers: [],
      endorsement: ENDORSEMENT,
    });
    const person = await givenPerson(t.env, organization);
    const award = await send("POST", "/awards", { badge: former.id, user: person.user.id });
    expect(award.status).toBe(201);
    t.clock.advance(1_000);
    return { ...world, former, person, award: award.body };
  }

  it("archives the former and takes its name, with the changes that were given", async () => {
    const { send, former } = await held();
    const version = await send("POST", `/badges/${former.id}/versions`, {
      description: "Ten weeks.",
      trigger_condition: { metric: "activity_count", threshold: 10, window: null },
    });
    expect(version.status).toBe(201);
    expect(version.body).toMatchObject({
      name: "Streak Champion",
      description: "Ten weeks.",
      version: "2",
      previous_version: former.id,
      status: "inactive",
      trigger_condition: { metric: "activity_count", threshold: 10, window: null },
      endorsement: null,
    });
    expect((await send("GET", `/badges/${version.body.id}`)).body).toEqual(version.body);
    expect((await send("GET", `/badges/${former.id}`)).body).toMatchObject({
      status: "archived",
      description: BADGE.description,
      trigger_condition: { threshold: 12 },
    });
  });

  it("the former goes on verifying, and each document names the other", async () => {
    const { t, send, former, award } = await held();
    const { body } = await send("POST", `/badges/${former.id}/versions`, {});
    expect((await t.request(`/ob/v2/assertions/${award.hash}`)).status).toBe(200);
    const [old, anew] = await Promise.all(
      [former.id, body.id].map(async (id) => (await t.request(`/ob/v2/badges/${id}`)).json()),
    );
    const named = (document: unknown) => (document as { related?: unknown }).related;
    expect(JSON.stringify(named(old))).toContain(`/ob/v2/badges/${body.id}`);
    expect(JSON.stringify(named(anew))).toContain(`/ob/v2/badges/${former.id}`);
  });

  it("is active where that is asked for, and can then be awarded; the former cannot", async () => {
    const { send, former, person } = await held();
    const { body } = await send("POST", `/badges/${former.id}/versions`, { is_active: true });
    expect(body).toMatchObject({ status: "active", is_active: true });
    const to = (badge: string) => send("POST", "/awards", { badge, user: person.user.id });
    expect((await to(body.id)).status).toBe(201);
    expect((await to(former.id)).body.code).toBe("badge-inactive");
  });

  it("the former has one successor, however many ask at once", async () => {
    const { t, send, former } = await held();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => send("POST", `/badges/${former.id}/versions`, {})),
    );
    const codes = answers.map(({ status, body }) => (status === 201 ? "made" : body.code));
    expect(codes.sort()).toEqual([...Array(4).fill("badge-archived"), "made"]);
    const later = await t.env.db.orm
      .select({ id: badges.id })
      .from(badges)
      .where(eq(badges.previous_version_id, former.id));
    expect(later).toHaveLength(1);
  });

  it("of a badge that was never awarded there is none: it is changed itself", async () => {
    const { t, send, organization } = await given();
    const badge = await made({ send, organization });
    const before = await everything(t);
    const answer = await send("POST", `/badges/${badge.id}/versions`, {});
    expect([answer.status, answer.body.code]).toEqual([409, "badge-not-locked"]);
    expect(await everything(t)).toBe(before);
  });

  it("a change that breaks a rule leaves the former as it was", async () => {
    const { t, send, former } = await held();
    const before = await everything(t);
    const answer = await send("POST", `/badges/${former.id}/versions`, {
      tiers: [
        { level: 1, name: "One" },
        { level: 2, name: "Two" },
      ],
      max_awards_per_user: 1,
    });
    expect(answer.body.errors.map(({ code }) => code)).toContain("max_awards_cover_tiers");
    expect(await everything(t)).toBe(before);
  });

  it.each([
    ["1", "2"],
    ["9", "10"],
    ["1.9", "1.10"],
    ["v2-beta", "v3-beta"],
    ["spring", "spring 2"],
    ["x".repeat(50), `${"x".repeat(48)} 2`],
  ])("after version %s comes %s", (version, next) => {
    expect(nextVersion(version)).toBe(next);
  });
});

describe("DELETE /badges/{id}", () => {
  it("soft_delete_when_earned_badges_exist: of an awarded badge disables it and says so", async () => {
    const { t, send, organization } = await given();
    const badge = await givenBadge(t.env, organization, { status: "active_locked" });
    const award = await givenAward(t.env, badge, await givenPerson(t.env, organization));
    const answer = await send("DELETE", `/badges/${badge.id}`);
    expect([answer.status, answer.body]).toEqual([
      200,
      { id: badge.id, deleted: false, disabled: true },
    ]);
    expect((await send("GET", `/badges/${badge.id}`)).body.status).toBe("inactive_locked");
    expect((await t.request(`/ob/v2/assertions/${award.unique_hash}`)).status).toBe(200);
  });

  it("of one that was never awarded removes all that hangs on it, nominations and codes too", async () => {
    const world = await given();
    const { t, send, organization } = world;
    const badge = await made(world);
    const person = await givenPerson(t.env, organization);
    const common = { badge_id: badge.id, organization_id: organization.id };
    const { orm } = t.env.db;
    await t.env.db.batch([
      orm.insert(nominations).values({
        ...common,
        id: newId(t.env),
        nominee_id: person.user.id,
        reason: "Always there.",
        updated_at: t.clock.now,
      }),
      orm.insert(claimCodes).values({ ...common, id: newId(t.env), code_hash: "h", hint: "AB" }),
      orm.insert(manualAwards).values({
        id: newId(t.env),
        badge_id: badge.id,
        recipient_id: person.user.id,
        issuer_role: "coordinator",
        date_met: t.clock.now,
      }),
    ]);
    const answer = await send("DELETE", `/badges/${badge.id}`);
    expect(answer.body).toEqual({ id: badge.id, deleted: true, disabled: false });
    for (const table of ["nominations", "claim_codes", "badge_manual_awards", "badge_criterias"]) {
      const { rows } = await t.env.db.read({ sql: `select count(*) from ${table}`, params: [] });
      expect([table, Number(rows[0]?.[0])]).toEqual([table, 0]);
    }
  });
});

describe("POST /badges/{id}/purge", () => {
  const HTML = { headers: { accept: "text/html" } };

  async function held(over: object = {}) {
    const world = await given();
    const { t, send, organization } = world;
    const badge = await made(world, { tiers: [], endorsement: ENDORSEMENT, ...over });
    const person = await givenPerson(t.env, organization);
    const answer = await send("POST", "/awards", { badge: badge.id, user: person.user.id });
    return { ...world, badge, person, award: answer.body };
  }

  it.each([
    ["without the name", {}],
    ["with another name", { confirm: "Streak" }],
  ])("is refused %s, and nothing changes", async (_what, body) => {
    const { t, send, badge } = await held();
    const before = await everything(t);
    const answer = await send("POST", `/badges/${badge.id}/purge`, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0]?.pointer).toBe("/confirm");
    expect(await everything(t)).toBe(before);
  });

  it("leaves nothing of the badge and its awards but tombstones and the log of deeds", async () => {
    const { t, send, badge, award, person } = await held();
    const answer = await send("POST", `/badges/${badge.id}/purge`, { confirm: badge.name });
    expect([answer.status, answer.body]).toEqual([202, { id: badge.id, purging: true }]);
    await work(t);
    expect((await send("GET", `/badges/${badge.id}`)).status).toBe(404);
    expect((await send("GET", `/awards/${award.id}`)).status).toBe(404);
    for (const table of [
      "badge_issues",
      "hosted_assertions",
      "badges",
      "badge_criterias",
      "badge_criteria_params",
      "badge_alignments",
      "badge_endorsements",
    ]) {
      const { rows } = await t.env.db.read({ sql: `select count(*) from ${table}`, params: [] });
      expect([table, Number(rows[0]?.[0])]).toEqual([table, 0]);
    }
    const stones = await t.env.db.read({
      sql: "select kind from tombstones order by kind",
      params: [],
    });
    expect(stones.rows.map(([kind]) => kind)).toEqual([
      "alignment",
      "alignment",
      "award",
      "badge",
      "endorsement",
    ]);
    expect((await send("GET", `/users/${person.user.id}`)).status).toBe(200);
  });

  it("every address that was given out says 410, as a document and as a page", async () => {
    const { t, send, badge, award } = await held();
    const [alignment] = badge.alignments as { id: string }[];
    const endorsement = badge.endorsement as { id: string };
    await send("POST", `/badges/${badge.id}/purge`, { confirm: badge.name });
    const parts = [
      `/ob/v2/badges/${badge.id}`,
      `/ob/v2/badges/${badge.id}/image`,
      `/ob/v2/badges/${badge.id}/criteria`,
      `/ob/v2/badges/${badge.id}/alignments`,
    ];
    for (const path of parts) {
      expect([path, (await t.request(path)).status]).toEqual([path, 410]);
      expect([path, (await t.request(path, HTML)).status]).toEqual([path, 410]);
    }
    await work(t);
    for (const path of [
      ...parts,
      `/ob/v2/alignments/${alignment?.id}`,
      `/ob/v2/endorsements/${endorsement.id}`,
      `/ob/v2/assertions/${award.hash}`,
      `/ob/v2/assertions/${award.hash}/image.png`,
      `/ob/v2/assertions/${award.hash}/image.svg`,
      `/ob/v2/assertions/${award.hash}/signed`,
    ]) {
      const answer = await t.request(path);
      expect([path, answer.status]).toEqual([path, 410]);
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    }
    const document = await t.request(`/ob/v2/assertions/${award.hash}`);
    expect(await document.json()).toEqual({
      "@context": "https://w3id.org/openbadges/v2",
      type: "Assertion",
      id: `https://badges.example.org/ob/v2/assertions/${award.hash}`,
      revoked: true,
      revocationReason: "Removed by its issuer.",
    });
    const led = await t.request(`/ob/v2/assertions/${award.hash}`, HTML);
    expect([led.status, led.headers.get("location")]).toEqual([
      303,
      `https://badges.example.org/b/${award.hash}`,
    ]);
    const page = await t.request(`/b/${award.hash}`, HTML);
    expect(page.status).toBe(410);
    expect(await page.text()).toContain("This badge was removed by its issuer");
    expect((await t.request(`/b/${award.hash}/embed`, HTML)).status).toBe(410);
    expect((await t.request(`/b/${"0".repeat(40)}`, HTML)).status).toBe(404);
  });

  it("the revocation list goes on naming every award, once", async () => {
    const { t, send, badge, award, organization } = await held();
    const list = async () =>
      (await t.request(`/ob/v2/issuers/${organization.id}/revocations`)).text();
    await send("POST", `/badges/${badge.id}/purge`, { confirm: badge.name });
    await work(t);
    const text = await list();
    expect(text.split(String(award.hash))).toHaveLength(2);
  });

  it("more awards than a batch takes go, with what was met of them", async () => {
    const { t, send, badge, organization } = await held();
    const [criterion] = await t.env.db.orm.select().from(criteria);
    const row = await t.env.db.orm.select().from(badges);
    for (let i = 0; i < PURGED_AT_ONCE; i++) {
      const person = await givenPerson(t.env, organization);
      const award = await givenAward(t.env, row[0] as (typeof row)[0], person);
      const met = { crit_id: criterion?.id ?? "", user_id: person.user.id };
      await t.env.db.batch([
        t.env.db.orm.insert(criterionMets).values({
          ...met,
          organization_id: organization.id,
          date_met: t.clock.now,
          issued_id: award.id,
        }),
      ]);
    }
    await send("POST", `/badges/${badge.id}/purge`, { confirm: badge.name });
    await work(t);
    const counts = await t.env.db.read({
      sql: `select (select count(*) from badge_issues), (select count(*) from badge_criteria_mets),
        (select count(*) from tombstones where kind = 'award')`,
      params: [],
    });
    expect(counts.rows[0]?.map(Number)).toEqual([0, 0, PURGED_AT_ONCE + 1]);
  });

  it("repeating it, while it goes on and after, changes nothing", async () => {
    const { t, send, badge } = await held();
    const purge = () => send("POST", `/badges/${badge.id}/purge`, { confirm: badge.name });
    await purge();
    const before = await everything(t);
    expect((await purge()).status).toBe(202);
    expect(await everything(t)).toBe(before);
    await work(t);
    expect((await purge()).status).toBe(404);
  });

  it("a job that ran halfway, or twice, comes to the same end", async () => {
    const { t, send, badge, award } = await held();
    await send("POST", `/badges/${badge.id}/purge`, { confirm: badge.name });
    await t.env.db.batch([
      t.env.db.orm.update(awards).set({ revoked_at: t.clock.now, revocation_reason: "Before." }),
    ]);
    await work(t);
    const stones = await t.env.db.orm.select().from(tombstones);
    await t.env.db.batch([enqueue(t.env, { kind: PURGE, payload: { badge_id: badge.id } })]);
    await work(t);
    expect(await t.env.db.orm.select().from(tombstones)).toEqual(stones);
    expect((await t.request(`/ob/v2/assertions/${award.hash}`)).status).toBe(410);
  });

  it("a later version stays, and no longer names the one that went", async () => {
    const { t, send, badge } = await held();
    const version = await send("POST", `/badges/${badge.id}/versions`, {});
    await send("POST", `/badges/${badge.id}/purge`, { confirm: badge.name });
    await work(t);
    const { body } = await send("GET", `/badges/${version.body.id}`);
    expect(body).toMatchObject({ name: badge.name, previous_version: null });
  });
});
