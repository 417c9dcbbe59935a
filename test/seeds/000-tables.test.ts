// The fourteen tables of the first document: each is written and read with these names, and keeps its rules.
import { describe, expect, it } from "vitest";
import { BADGE_STATUSES } from "../../src/db/badges.ts";
import { externalBadges, externalIds } from "../../src/db/externals.ts";
import { newId } from "../../src/ids.ts";
import { BADGE } from "../api/client.ts";
import { BadgeHost, givenConnection, givenHostedBackpack } from "../backpack/host.ts";
import { columnsOf, indexNamed, refusal, type SeedWorld, seedWorld } from "./seed-world.ts";

const FIELDS = {
  badges:
    "id attachment course_id description expire_date expire_period image_author_email image_author_name image_author_url image_caption issuer_contact issuer_name issuer_url language message message_subject name next_cron notification status type version created_at updated_at user_id",
  badge_alignments:
    "id badge_id target_code target_description target_framework target_name target_url",
  badge_backpacks: "id auto_sync backpack_uid email external_backpack_id password user_id",
  badge_backpack_oauth2s:
    "id expires external_backpack_id issuer_id refresh_token scope token created_at updated_at user_id",
  badge_criterias: "id badge_id criteria_type description description_format method",
  badge_criteria_mets: "id crit_id date_met issued_id user_id",
  badge_criteria_params: "id crit_id name value",
  badge_endorsements:
    "id badge_id claim_comment claim_id date_issued issuer_email issuer_name issuer_url",
  badge_externals: "id assertion backpack_id collection_id entity_id",
  badge_external_backpacks:
    "id api_version backpack_api_url backpack_web_url oauth2_issuer_id sort_order",
  badge_external_identifiers: "id external_id internal_id site_backpack_id type",
  badge_issues: "id badge_id date_expire date_issued issuer_notified unique_hash visible user_id",
  badge_manual_awards: "id badge_id date_met issuer_id issuer_role recipient_id",
  badge_relateds: "id badge_id related_badge_id",
} as const;

describe("fields", () => {
  it.each(Object.entries(FIELDS))("%s has every one of them", async (table, fields) => {
    const columns = await columnsOf(await seedWorld(), table);
    expect(columns).toEqual(expect.arrayContaining(fields.split(" ")));
  });
});

const one = async (world: SeedWorld, table: keyof typeof FIELDS, where = "1 = 1") => {
  const fields = FIELDS[table].split(" ");
  const [row] = await world.rows(`select ${fields.join(", ")} from ${table} where ${where}`);
  return Object.fromEntries(fields.map((field, i) => [field, row?.[i]]));
};

const refused = (world: SeedWorld, sql: string) =>
  world.t.env.db.batch([{ sql, params: [] }]).then(
    () => null,
    (error: { code?: string }) => error.code,
  );

describe("badges", () => {
  const WHOLE = {
    ...BADGE,
    type: 2,
    course_id: "mathematics-1",
    language: "nl",
    version: "3",
    expire_period: 3_600,
    image_author_name: "Kim Doe",
    image_author_email: "kim@example.org",
    image_author_url: "https://kim.example/",
    image_caption: "A star over waves.",
    issuer_name: "School of Rivers",
    issuer_url: "https://rivers.example/",
    issuer_contact: "badges@rivers.example",
    message: "Well done, %username%: %badgelink%",
    message_subject: "You earned %badgename%",
    attachment: false,
    notification: 3,
  };

  it("takes every field, and shows and stores what it took", async () => {
    const world = await seedWorld();
    const made = await world.send("POST", "/badges", WHOLE);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject(WHOLE);
    expect((await world.send("GET", `/badges/${made.body.id}`)).body).toEqual(made.body);
    const { criteria: _criteria, ...stored } = WHOLE;
    expect(await one(world, "badges")).toMatchObject({
      ...stored,
      id: made.body.id,
      attachment: 0,
      status: "active",
      expire_date: null,
      user_id: null,
    });
  });

  it("course badges name a course, site badges do not", async () => {
    const { send } = await seedWorld();
    for (const over of [{ type: 2 }, { type: 1, course_id: "m" }]) {
      const answer = await send("POST", "/badges", { ...BADGE, ...over });
      expect(refusal(answer)).toEqual([422, "course_badge_requires_course"]);
    }
  });

  it("defaults: a site badge with its baked file attached, of which nobody is told", async () => {
    const world = await seedWorld();
    await world.badge();
    expect(await one(world, "badges")).toMatchObject({
      type: 1,
      attachment: 1,
      notification: 0,
      next_cron: null,
    });
  });

  it("name: 255 characters are taken, 256 are not", async () => {
    const { send } = await seedWorld();
    const named = (length: number) =>
      send("POST", "/badges", { ...BADGE, name: "n".repeat(length) });
    expect((await named(255)).status).toBe(201);
    expect(refusal(await named(256))).toEqual([422, "name_non_empty_and_bounded"]);
  });

  it("expire_date: awards end on it; it is in the future, and not beside a period", async () => {
    const world = await seedWorld();
    const { send, t } = world;
    const date = new Date(t.clock.now + 86_400_000).toISOString();
    const badge = await world.badge({ expire_date: date });
    const { user } = await world.person();
    expect((await world.award(badge.id, user.id)).body.expires_at).toBe(date);
    const past = { ...BADGE, expire_date: new Date(t.clock.now).toISOString() };
    expect(refusal(await send("POST", "/badges", past))).toEqual([422, "expire_date_in_future"]);
    const both = { ...BADGE, expire_date: date, expire_period: 1 };
    expect(refusal(await send("POST", "/badges", both))).toEqual([
      422,
      "expire_date_or_expire_period",
    ]);
  });

  it("expire_period: awards end so long after they were made; at least a second", async () => {
    const world = await seedWorld();
    const badge = await world.badge({ expire_period: "P1D" });
    const { user } = await world.person();
    const { body } = await world.award(badge.id, user.id);
    expect(body.expires_at).toBe(new Date(world.t.clock.now + 86_400_000).toISOString());
    const none = await world.send("POST", "/badges", { ...BADGE, expire_period: 0 });
    expect(refusal(none)).toEqual([422, "expire_period_positive"]);
  });

  it("status: 0 inactive, 1 active, 2 active+locked, 3 inactive+locked, 4 archived", async () => {
    expect(BADGE_STATUSES).toEqual([
      "inactive",
      "active",
      "active_locked",
      "inactive_locked",
      "archived",
    ]);
    const world = await seedWorld();
    const badge = await world.badge({ is_active: false });
    const path = `/badges/${badge.id}`;
    const now = async () => (await world.send("GET", path)).body.status;
    expect(await now()).toBe("inactive");
    await world.send("PATCH", path, { is_active: true });
    expect(await now()).toBe("active");
    await world.award(badge.id, (await world.person()).user.id);
    expect(await now()).toBe("active_locked");
    await world.send("PATCH", path, { is_active: false });
    expect(await now()).toBe("inactive_locked");
    await world.send("PATCH", path, { status: "archived" });
    expect(await now()).toBe("archived");
  });

  it("locks on the first award: details, criteria and endorsement are frozen, the message is not", async () => {
    const world = await seedWorld();
    const badge = await world.badge();
    await world.award(badge.id, (await world.person()).user.id);
    const change = (body: object) => world.send("PATCH", `/badges/${badge.id}`, body);
    for (const body of [
      { description: "Another." },
      { criteria: { narrative: "Another." } },
      { criteria: { rules: [{ type: "metric", params: { metric_activity_count: "3" } }] } },
      {
        endorsement: {
          issuer_name: "C",
          issuer_url: "https://c.example/",
          issuer_email: "c@c.example",
        },
      },
      { alignments: [{ target_name: "N", target_url: "https://n.example/" }] },
    ]) {
      const answer = await change(body);
      expect([Object.keys(body), answer.status, answer.body.code]).toEqual([
        Object.keys(body),
        409,
        "badge-locked",
      ]);
    }
    expect((await change({ message: "Well done." })).status).toBe(200);
  });

  it("activation needs a criterion", async () => {
    const world = await seedWorld();
    const rules = { narrative: BADGE.criteria.narrative, rules: [] };
    const badge = await world.badge({ is_active: false, criteria: rules });
    const answer = await world.send("PATCH", `/badges/${badge.id}`, { is_active: true });
    expect(refusal(answer)).toEqual([422, "activation_needs_criterion"]);
  });

  it("notification is the creator's frequency, 0 to 4; the recipient is told in any case", async () => {
    const world = await seedWorld();
    const administrator = await world.as("organization_administrator");
    const made = await administrator("POST", "/badges", { ...BADGE, notification: 4 });
    expect(await one(world, "badges")).toMatchObject({
      notification: 4,
      next_cron: Date.UTC(2026, 10, 4, 14, 2),
      user_id: expect.any(String),
    });
    const beyond = await administrator("PATCH", `/badges/${made.body.id}`, { notification: 5 });
    expect(beyond.status).toBe(422);
  });
});

describe("badge_alignments", () => {
  it("many of a badge; name and address are needed, at most 255 characters of a name", async () => {
    const world = await seedWorld();
    const badge = await world.badge();
    const add = (body: object) => world.send("POST", `/badges/${badge.id}/alignments`, body);
    const whole = {
      target_name: "Facilitation",
      target_url: "https://framework.example/f",
      target_code: "F-1",
      target_description: "Leads a group.",
      target_framework: "Peer Framework",
    };
    const made = await add(whole);
    expect(made.status).toBe(201);
    expect(await one(world, "badge_alignments")).toEqual({
      ...whole,
      id: made.body.id,
      badge_id: badge.id,
    });
    const plain = { target_name: "n".repeat(255), target_url: "https://framework.example/g" };
    expect((await add(plain)).status).toBe(201);
    expect((await add({ ...plain, target_name: "n".repeat(256) })).status).toBe(422);
    expect((await add({ target_name: "No address" })).status).toBe(422);
    expect((await add({ target_url: "https://framework.example/h" })).status).toBe(422);
  });
});

async function connected() {
  const world = await seedWorld();
  const { env } = world.t;
  const backpack = await givenHostedBackpack(env, new BadgeHost("https://b.example.net", env.now));
  const { user } = await world.person();
  const id = await givenConnection(env, backpack, user.id, { accessToken: "plain-token" });
  return { ...world, backpack, user, id };
}

describe("badge_backpacks", () => {
  it("one of each backpack for a person; the password is never collected", async () => {
    const world = await connected();
    expect(await one(world, "badge_backpacks")).toMatchObject({
      id: world.id,
      user_id: world.user.id,
      external_backpack_id: world.backpack.id,
      auto_sync: 1,
      password: null,
    });
    expect(await indexNamed(world, "idx_badge_backpacks_user_backpack")).toEqual({
      table: "badge_backpacks",
      columns: ["user_id", "external_backpack_id"],
      unique: true,
      where: null,
    });
    const again = givenConnection(world.t.env, world.backpack, world.user.id);
    await expect(again).rejects.toMatchObject({ code: "unique" });
  });
});

describe("badge_backpack_oauth2s", () => {
  it("holds tokens sealed, never as they are", async () => {
    const world = await connected();
    const row = await one(world, "badge_backpack_oauth2s");
    expect(row).toMatchObject({
      user_id: world.user.id,
      external_backpack_id: world.backpack.id,
      issuer_id: world.backpack.oauth2_issuer_id,
      expires: null,
    });
    expect(String(row.token)).not.toContain("plain-token");
    expect(String(row.scope)).toContain("https://purl.imsglobal.org/");
  });
});

describe("badge_criterias", () => {
  it("one of each type, all or any, with words", async () => {
    const world = await seedWorld();
    const badge = await world.badge({
      criteria: {
        narrative: "Twelve sessions, or a course.",
        method: "any",
        rules: [
          {
            type: "metric",
            method: "all",
            description: "Twelve sessions.",
            params: { metric_activity_count: "12" },
          },
          { type: "courseset", method: "any", params: { course_7: "7" } },
        ],
      },
    });
    const rows = await world.rows(
      "select criteria_type, method, description, description_format from badge_criterias where badge_id = ? order by id",
      badge.id,
    );
    expect(rows).toEqual([
      ["overall", 2, "", 1],
      ["metric", 1, "Twelve sessions.", 1],
      ["courseset", 2, "", 1],
    ]);
    expect(await indexNamed(world, "idx_badge_criterias_badge_type")).toEqual({
      table: "badge_criterias",
      columns: ["badge_id", "criteria_type"],
      unique: true,
      where: null,
    });
    expect(await indexNamed(world, "idx_badge_criterias_type")).toMatchObject({
      columns: ["criteria_type"],
    });
    const third = "update badge_criterias set method = 3";
    expect(await refused(world, third)).toBe("check");
  });
});

const RULED = {
  trigger_type: "auto",
  trigger_condition: { metric: "activity_count", threshold: 2, window: null },
};

describe("badge_criteria_mets", () => {
  it("says when it was met, and by which award it was followed", async () => {
    const world = await seedWorld();
    await world.badge(RULED);
    const { user } = await world.person();
    await world.happened(user.id, 2);
    await world.work();
    const [award] = await world.rows("select id from badge_issues");
    expect(await one(world, "badge_criteria_mets")).toMatchObject({
      user_id: user.id,
      date_met: world.t.clock.now,
      issued_id: award?.[0],
    });
  });

  it("is sticky, and its award is null until there is one", async () => {
    const world = await seedWorld();
    await world.badge({ ...RULED, eligibility_roles: ["mentor"] });
    const { user } = await world.person();
    await world.happened(user.id, 2);
    await world.night();
    expect(await one(world, "badge_criteria_mets")).toMatchObject({
      user_id: user.id,
      issued_id: null,
    });
  });
});

describe("badge_criteria_params", () => {
  it("names and values by the grammar; empty ones are dropped", async () => {
    const world = await seedWorld();
    await world.badge({
      criteria: {
        narrative: "Twelve sessions.",
        rules: [
          { type: "metric", params: { metric_activity_count: "12", window_activity_count: "" } },
        ],
      },
    });
    const rows = await world.rows("select name, value from badge_criteria_params");
    expect(rows).toEqual([["metric_activity_count", "12"]]);
  });
});

describe("badge_endorsements", () => {
  it("at most one of a badge, by whom it names", async () => {
    const world = await seedWorld();
    const badge = await world.badge();
    const say = (body: object) => world.send("POST", `/badges/${badge.id}/endorsement`, body);
    const whole = {
      issuer_name: "City",
      issuer_url: "https://city.example/",
      issuer_email: "badges@city.example",
      claim_comment: "We know this work.",
    };
    for (let i = 0; i < 2; i++) expect((await say(whole)).status).toBe(201);
    expect(await world.rows("select id from badge_endorsements")).toHaveLength(1);
    expect(await one(world, "badge_endorsements")).toMatchObject({
      ...whole,
      badge_id: badge.id,
      claim_id: `https://badges.example.org/ob/v2/badges/${badge.id}`,
      date_issued: world.t.clock.now,
    });
    for (const name of ["issuer_name", "issuer_url", "issuer_email"]) {
      expect((await say({ ...whole, [name]: undefined })).status).toBe(422);
    }
    expect(await indexNamed(world, "idx_badge_endorsements_badge")).toMatchObject({
      columns: ["badge_id"],
      unique: true,
    });
  });
});

describe("badge_externals", () => {
  it("a badge of a collection of a backpack, −1 where there are none", async () => {
    const world = await connected();
    const { env } = world.t;
    await env.db.batch([
      env.db.orm.insert(externalBadges).values({
        id: newId(env),
        backpack_id: world.id,
        entity_id: "remote-1",
        assertion: { id: "https://elsewhere.example/1" },
        canonical_id: "https://elsewhere.example/1",
        verdict: "valid",
        is_theirs: true,
        checked_at: env.now(),
        updated_at: env.now(),
      }),
    ]);
    expect(await one(world, "badge_externals")).toMatchObject({
      backpack_id: world.id,
      collection_id: "-1",
      entity_id: "remote-1",
    });
  });
});

describe("badge_external_backpacks", () => {
  it("each address once, in an order of their own", async () => {
    const world = await connected();
    expect(await one(world, "badge_external_backpacks")).toMatchObject({
      api_version: expect.stringMatching(/^.{1,12}$/),
      sort_order: expect.any(Number),
      oauth2_issuer_id: world.backpack.oauth2_issuer_id,
    });
    for (const [name, column] of [
      ["idx_badge_external_backpacks_api", "backpack_api_url"],
      ["idx_badge_external_backpacks_web", "backpack_web_url"],
    ] as const) {
      expect(await indexNamed(world, name)).toMatchObject({ columns: [column], unique: true });
    }
  });
});

describe("badge_external_identifiers", () => {
  it("our id and a backpack's, once for each type", async () => {
    const world = await connected();
    const { env } = world.t;
    const row = {
      site_backpack_id: world.backpack.id,
      internal_id: "ours",
      external_id: "theirs",
      type: "assertion",
    };
    const insert = () => env.db.orm.insert(externalIds).values({ ...row, id: newId(env) });
    await env.db.batch([insert()]);
    expect(await one(world, "badge_external_identifiers")).toMatchObject(row);
    await expect(env.db.batch([insert()])).rejects.toMatchObject({ code: "unique" });
    expect(await indexNamed(world, "idx_badge_external_identifiers_unique")).toMatchObject({
      columns: ["site_backpack_id", "internal_id", "external_id", "type"],
      unique: true,
    });
  });
});

describe("badge_issues", () => {
  it("one of a badge for a person by default, with 40 hex digits for ever", async () => {
    const world = await seedWorld();
    const badge = await world.badge();
    const { user } = await world.person();
    const first = await world.award(badge.id, user.id);
    expect((await world.award(badge.id, user.id)).body).toMatchObject({
      awarded: false,
      award: { id: first.body.id },
    });
    expect(await one(world, "badge_issues")).toEqual({
      id: first.body.id,
      badge_id: badge.id,
      user_id: user.id,
      unique_hash: expect.stringMatching(/^[0-9a-f]{40}$/),
      date_issued: world.t.clock.now,
      date_expire: null,
      visible: 1,
      issuer_notified: null,
    });
    expect(await indexNamed(world, "idx_user_badges_unique_hash")).toMatchObject({
      columns: ["unique_hash"],
      unique: true,
    });
  });
});

describe("badge_manual_awards", () => {
  it("a person with a role vouched for somebody; revoking takes the word back", async () => {
    const world = await seedWorld();
    const badge = await world.badge();
    const { user } = await world.person();
    const coordinator = await world.as("coordinator");
    const made = await coordinator("POST", `/badges/${badge.id}/vouches`, { user: user.id });
    expect(made.status).toBe(201);
    expect(await one(world, "badge_manual_awards")).toMatchObject({
      badge_id: badge.id,
      recipient_id: user.id,
      issuer_id: expect.any(String),
      issuer_role: "coordinator",
      date_met: world.t.clock.now,
    });
    const [award] = await world.rows("select id from badge_issues");
    await world.send("POST", `/awards/${award?.[0]}/revoke`, { reason: "Too early." });
    expect(await world.rows("select id from badge_manual_awards")).toEqual([]);
    await world.night();
    expect(await world.rows("select id from badge_issues where revoked_at is null")).toEqual([]);
    const anew = await coordinator("POST", `/badges/${badge.id}/vouches`, { user: user.id });
    expect(anew.status).toBe(201);
    expect(await world.rows("select id from badge_issues where revoked_at is null")).toHaveLength(
      1,
    );
  });
});

describe("badge_relateds", () => {
  it("each pair once, read from both sides", async () => {
    const world = await seedWorld();
    const one = await world.badge();
    const other = await world.badge({ related: [one.id] });
    const related = async (id: string) => (await world.send("GET", `/badges/${id}`)).body.related;
    expect(await related(one.id)).toEqual([other.id]);
    expect(await related(other.id)).toEqual([one.id]);
    await world.send("PATCH", `/badges/${one.id}`, { related: [other.id] });
    expect(await world.rows("select id from badge_relateds")).toHaveLength(1);
    expect(await indexNamed(world, "idx_badge_relateds_pair")).toMatchObject({
      columns: ["badge_id", "related_badge_id"],
      unique: true,
    });
  });
});
