// Badges over the API: each rule by its code, each address with each of its answers.
import { describe, expect, it } from "vitest";
import { testApp } from "../app.ts";
import {
  givenAward,
  givenBadge,
  givenCriteria,
  givenOrganization,
  givenPerson,
  givenSvgImage,
  PLAIN_SVG,
} from "../given.ts";
import { BADGE, givenClient, growth, rowCounts, sharedClient } from "./client.ts";

const DAY = 86_400_000;

describe("POST /badges", () => {
  const shared = sharedClient();

  it("a name, a description and what must be done make a whole badge", async () => {
    const t = await testApp();
    const { send } = await givenClient(t);
    const before = await rowCounts(t);
    const made = await send("POST", "/badges", BADGE);
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe(`/api/v1/badges/${made.body.id}`);
    expect(made.body).toMatchObject({
      ...BADGE,
      status: "active",
      is_active: true,
      category: "recognition",
      version: "1",
      language: "en",
      tags: [],
      eligibility_roles: ["member"],
      trigger_type: "coordinator_nomination",
      trigger_condition: null,
      max_awards_per_user: 1,
      expire_date: null,
      expire_period: null,
      alignments: [],
      related: [],
      endorsement: null,
      warnings: [],
    });
    expect(growth(before, await rowCounts(t))).toEqual({
      badges: 1,
      images: 1,
      image_contents: 1,
      audit_log: 1,
    });
    const got = await send("GET", `/badges/${made.body.id}`);
    expect(got.body).toEqual(made.body);
    expect(got.headers.get("etag")).toBe(made.headers.get("etag"));
  });

  it("the language is the organization's unless given, in its one spelling", async () => {
    const t = await testApp();
    const { send, organization } = await givenClient(t);
    const { organizations } = await import("../../src/db/organizations.ts");
    await t.env.db.batch([t.env.db.orm.update(organizations).set({ language: "de" })]);
    expect(organization.language).toBe("en");
    expect((await send("POST", "/badges", BADGE)).body.language).toBe("de");
    const other = await send("POST", "/badges", { ...BADGE, name: "Other", language: "PT-br" });
    expect(other.body.language).toBe("pt-BR");
    const dialect = { ...BADGE, name: "Dialect", language: "SL-rozaj-biske" };
    expect((await send("POST", "/badges", dialect)).body.language).toBe("sl-rozaj-biske");
  });

  it("every other value is kept and shown as it was given", async () => {
    const t = await testApp();
    const { send, organization } = await givenClient(t);
    const image = await givenSvgImage(t.env, organization);
    const given = {
      ...BADGE,
      type: 2,
      course_id: "course-7",
      category: "certification",
      tags: ["mentoring", "first aid"],
      language: "nb",
      version: "2026.1",
      sort_order: 3,
      is_active: false,
      is_visible_when_locked: false,
      eligibility_roles: ["peer_mentor", "coordinator"],
      max_awards_per_user: null,
      trigger_type: "auto",
      trigger_condition: { metric: "streak_days", threshold: 12, window: null },
      criteria_type: "streak_length",
      criteria_value: 12,
      criteria_unit: "day",
      tiers: [
        { level: 1, name: "Bronze", threshold: 12 },
        { level: 2, name: "Silver", threshold: 24 },
      ],
      image: image.id,
      icon_key: "no-such-icon",
      image_author_name: "Noor Haddad",
      image_author_email: "noor@example.org",
      image_author_url: "https://noor.example/",
      image_caption: "A flame over twelve bars",
      issuer_name: "Northside, East Campus",
      issuer_url: "https://east.northside.example/",
      issuer_contact: "east@northside.example",
      message: "Well done, %username%!",
      message_subject: "You earned %badgename%",
      attachment: false,
      notification: 3,
    };
    const made = await send("POST", "/badges", { ...given, expire_period: "P1Y" });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...given, status: "inactive", expire_period: 31_536_000 });
    expect(made.body.asset_url).toBe(`https://badges.example.org/images/${image.sha256}.svg`);
    // icon_key_must_resolve: warned about, and saved all the same.
    expect(made.body.warnings).toMatchObject([{ code: "icon_key_must_resolve" }]);
    expect((await send("GET", `/badges/${made.body.id}`)).body).toEqual(made.body);
  });

  it("a tiered badge may be awarded once per tier unless said otherwise", async () => {
    const t = await testApp();
    const { send } = await givenClient(t);
    const tiers = [1, 2, 3].map((level) => ({ level, name: `Tier ${level}` }));
    const made = await send("POST", "/badges", { ...BADGE, tiers });
    expect(made.body.max_awards_per_user).toBe(3);
  });

  const long = (length: number) => "x".repeat(length);
  const condition = { metric: "activity_count", threshold: 1, window: null };
  const tier = (level: number, threshold?: number) => ({ level, name: "T", threshold });
  const refusals: [code: string, pointer: string, change: Record<string, unknown>][] = [
    ["name_non_empty_and_bounded", "/name", { name: "  " }],
    ["name_non_empty_and_bounded", "/name", { name: long(256) }],
    ["name_non_empty_and_bounded", "/name", { name: "two\nlines" }],
    ["name_non_empty_and_bounded", "/name", { name: undefined }],
    ["description_non_empty_and_bounded", "/description", { description: " \n" }],
    ["description_non_empty_and_bounded", "/description", { description: long(5001) }],
    ["description_non_empty_and_bounded", "/description", { description: 7 }],
    ["required", "/criteria", { criteria: undefined }],
    ["blank", "/criteria/narrative", { criteria: { narrative: " " } }],
    ["sort_order_non_negative", "/sort_order", { sort_order: -1 }],
    ["sort_order_non_negative", "/sort_order", { sort_order: 0.5 }],
    ["max_awards_positive_integer", "/max_awards_per_user", { max_awards_per_user: 0 }],
    ["max_awards_positive_integer", "/max_awards_per_user", { max_awards_per_user: -3 }],
    ["max_awards_positive_integer", "/max_awards_per_user", { max_awards_per_user: 1.5 }],
    ["eligibility_roles_non_empty_array", "/eligibility_roles", { eligibility_roles: [] }],
    ["eligibility_roles_non_empty_array", "/eligibility_roles", { eligibility_roles: "member" }],
    ["eligibility_roles_non_empty_array", "/eligibility_roles/0", { eligibility_roles: [""] }],
    ["asset_url_format_valid", "/asset_url", { asset_url: "badge.png" }],
    ["asset_url_format_valid", "/asset_url", { asset_url: "ftp://badges.example.org/a.png" }],
    [
      "asset_url_must_reference_managed_storage",
      "/asset_url",
      { asset_url: `https://badges.example.org.evil.example/images/${"a".repeat(64)}.png` },
    ],
    ["image_must_exist", "/image", { image: "no-such-image" }],
    ["auto_badge_requires_trigger_condition", "/trigger_condition", { trigger_type: "auto" }],
    [
      "auto_badge_requires_trigger_condition",
      "/trigger_condition",
      { trigger_type: "coordinator_nomination", trigger_condition: condition },
    ],
    [
      "trigger_condition_json_schema_valid",
      "/trigger_condition/metric",
      { trigger_type: "auto", trigger_condition: { ...condition, metric: "steps" } },
    ],
    [
      "trigger_condition_json_schema_valid",
      "/trigger_condition/threshold",
      { trigger_type: "auto", trigger_condition: { ...condition, threshold: 0 } },
    ],
    [
      "trigger_condition_json_schema_valid",
      "/trigger_condition/window",
      { trigger_type: "auto", trigger_condition: { ...condition, window: "a month" } },
    ],
    [
      "trigger_condition_json_schema_valid",
      "/trigger_condition/every",
      { trigger_type: "auto", trigger_condition: { ...condition, every: 3 } },
    ],
    ["criteria_type_valid_enum", "/criteria_type", { criteria_type: "steps", criteria_value: 1 }],
    [
      "criteria_value_min_one",
      "/criteria_value",
      { criteria_type: "activity_count", criteria_value: 0 },
    ],
    ["criteria_type_and_value_together", "/criteria_value", { criteria_type: "activity_count" }],
    ["criteria_type_and_value_together", "/criteria_type", { criteria_value: 3 }],
    ["icon_key_format", "/icon_key", { icon_key: "../etc/passwd" }],
    ["icon_key_format", "/icon_key", { icon_key: long(65) }],
    ["tier_levels_increase_from_one", "/tiers/0/level", { tiers: [tier(2)] }],
    ["tier_levels_increase_from_one", "/tiers/1/level", { tiers: [tier(1), tier(3)] }],
    ["tier_levels_increase_from_one", "/tiers/1/level", { tiers: [tier(1), tier(1)] }],
    ["tier_thresholds_increase", "/tiers/1/threshold", { tiers: [tier(1, 5), tier(2, 5)] }],
    [
      "max_awards_cover_tiers",
      "/max_awards_per_user",
      { tiers: [tier(1), tier(2)], max_awards_per_user: 1 },
    ],
    [
      "expire_date_or_expire_period",
      "/expire_period",
      { expire_date: "2030-01-01T00:00:00Z", expire_period: 3600 },
    ],
    ["expire_date_in_future", "/expire_date", { expire_date: "2026-10-04T14:02:00Z" }],
    ["time_format", "/expire_date", { expire_date: "2030-02-30T00:00:00Z" }],
    ["time_format", "/expire_date", { expire_date: "2030-01-01" }],
    ["expire_period_positive", "/expire_period", { expire_period: 0 }],
    ["expire_period_positive", "/expire_period", { expire_period: 3_153_600_001 }],
    ["expire_period_positive", "/expire_period", { expire_period: "one year" }],
    ["expire_period_positive", "/expire_period", { expire_period: true }],
    ["course_badge_requires_course", "/course_id", { type: 2 }],
    ["course_badge_requires_course", "/course_id", { course_id: "course-7" }],
    ["invalid_value", "/category", { category: "prizes" }],
    ["language_tag", "/language", { language: "english please" }],
    ["too_large", "/tags", { tags: Array.from({ length: 51 }, () => "tag") }],
    ["related_badge_must_exist", "/related/0", { related: ["no-such-badge"] }],
    [
      "url_format",
      "/alignments/0/target_url",
      { alignments: [{ target_name: "A", target_url: "x" }] },
    ],
    ["too_large", "/criteria/narrative", { criteria: { narrative: long(20_001) } }],
    ["too_large", "/message", { message: long(20_001) }],
    ["placeholder_known", "/message", { message: "Dear %recipientname%" }],
    ["placeholder_known", "/message_subject", { message_subject: "%badgeName%" }],
    ["too_large", "/tiers", { tiers: Array.from({ length: 21 }, (_, i) => tier(i + 1)) }],
    ["unknown_field", "/nmae", { nmae: "typing" }],
  ];

  it.each(refusals)("%s at %s: %o", async (code, pointer, change) => {
    const { t, send } = shared();
    const before = await rowCounts(t);
    const refused = await send("POST", "/badges", { ...BADGE, ...change });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toContainEqual(expect.objectContaining({ code, pointer }));
    for (const error of refused.body.errors) expect(error.fix).not.toBe("");
    expect(await rowCounts(t)).toEqual(before);
  });

  it.each<Record<string, unknown>>([
    { name: "x".repeat(255) },
    { description: "x".repeat(5000) },
    { expire_period: 1 },
    { expire_period: 3_153_600_000 },
    { expire_date: "2026-10-04T14:02:00.001Z" },
    { expire_date: "2030-01-01T00:00:00+02:00" },
    { sort_order: 0 },
    { criteria: { narrative: "x".repeat(20_000) } },
    { message: "x".repeat(20_000) },
    { tiers: Array.from({ length: 20 }, (_, i) => ({ level: i + 1, name: "Tier" })) },
    { tags: Array.from({ length: 50 }, (_, i) => `tag ${i}`) },
    { icon_key: "x".repeat(64) },
    { trigger_type: "auto", trigger_condition: { metric: "certification_active", threshold: 1 } },
    { tiers: [{ level: 1, name: "Only" }], max_awards_per_user: 1 },
  ])("at the limit is accepted: %o", async (change) => {
    const { send } = await givenClient(await testApp());
    expect((await send("POST", "/badges", { ...BADGE, ...change })).status).toBe(201);
  });

  it("asset_url_must_reference_managed_storage: only an image of one's own registry", async () => {
    const t = await testApp();
    const { send, organization } = await givenClient(t);
    const own = await givenSvgImage(t.env, organization);
    const other = await givenSvgImage(
      t.env,
      await givenOrganization(t.env),
      PLAIN_SVG.replace("200", "201"),
    );
    const at = (sha256: string) => ({
      ...BADGE,
      asset_url: `https://badges.example.org/images/${sha256}.svg`,
    });
    const refused = await send("POST", "/badges", at(other.sha256));
    expect(refused.body.errors[0]?.code).toBe("asset_url_must_reference_managed_storage");
    const both = await send("POST", "/badges", { ...at(own.sha256), image: own.id });
    expect(both.body).toMatchObject({ image: own.id });
    const disagreeing = await givenSvgImage(t.env, organization, PLAIN_SVG.replace("200", "199"));
    const torn = await send("POST", "/badges", {
      ...at(own.sha256),
      name: "Torn",
      image: disagreeing.id,
    });
    expect(torn.body.errors[0]?.code).toBe("image_and_asset_url_agree");
  });

  it("no_duplicate_name_within_org: 409 that names and links the badge which has it", async () => {
    const t = await testApp();
    const { send } = await givenClient(t);
    const first = await send("POST", "/badges", BADGE);
    const before = await rowCounts(t);
    const second = await send("POST", "/badges", { ...BADGE, name: " Streak Champion " });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: "badge-name-taken" });
    expect(second.body.detail).toContain(`/api/v1/badges/${first.body.id}`);
    expect(second.body.errors[0]).toMatchObject({
      pointer: "/name",
      code: "no_duplicate_name_within_org",
    });
    expect(await rowCounts(t)).toEqual(before);
    const elsewhere = await givenClient(t);
    expect((await elsewhere.send("POST", "/badges", BADGE)).status).toBe(201);
  });

  it("of many badges of one name at once, one is made", async () => {
    const t = await testApp();
    const { send } = await givenClient(t);
    const before = await rowCounts(t);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => send("POST", "/badges", BADGE)),
    );
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    expect(growth(before, await rowCounts(t))).toEqual({
      badges: 1,
      images: 1,
      image_contents: 1,
      audit_log: 1,
    });
  });

  it("401 without a key, 403 without the scope", async () => {
    const t = await testApp();
    const { send } = await givenClient(t, ["badges:read"]);
    expect((await send("POST", "/badges", BADGE)).status).toBe(403);
    const response = await t.request("/api/v1/badges", { method: "POST", body: "{}" });
    expect(response.status).toBe(401);
  });
});

describe("GET /badges", () => {
  it("filters by status, category and name, and pages", async () => {
    const t = await testApp();
    const { send, organization } = await givenClient(t);
    await givenBadge(t.env, organization, { name: "A", category: "certification" });
    await givenBadge(t.env, organization, { name: "B", status: "archived" });
    await givenBadge(t.env, organization, { name: "C" });
    await givenBadge(t.env, await givenOrganization(t.env), { name: "Z" });
    const names = async (query: string) =>
      (await send("GET", `/badges${query}`)).body.data.map(({ name }) => name).sort();
    expect(await names("")).toEqual(["A", "B", "C"]);
    expect(await names("?status=archived")).toEqual(["B"]);
    expect(await names("?category=certification")).toEqual(["A"]);
    expect(await names("?name=C")).toEqual(["C"]);
    expect(await names("?name=c")).toEqual([]);
    const first = await send("GET", "/badges?limit=2");
    expect(first.body.data).toHaveLength(2);
    const next = await send("GET", `/badges?limit=2&cursor=${first.body.next_cursor}`);
    expect(next.body.next_cursor).toBeNull();
    const seen = [...first.body.data, ...next.body.data].map(({ name }) => name);
    expect(seen.sort()).toEqual(["A", "B", "C"]);
  });

  it("422 for a status there is not", async () => {
    const { send } = await givenClient(await testApp());
    const refused = await send("GET", "/badges?status=gone");
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0]).toMatchObject({ parameter: "status" });
  });
});

describe("another organization's badge", () => {
  it.each([
    ["GET", "", undefined],
    ["PATCH", "", { name: "Mine" }],
    ["DELETE", "", undefined],
    ["GET", "/alignments", undefined],
    ["POST", "/alignments", { target_name: "A", target_url: "https://a.example/" }],
    ["GET", "/related", undefined],
    ["GET", "/endorsement", undefined],
  ])("%s /badges/{id}%s is 404, as an unknown one is", async (method, path, body) => {
    const t = await testApp();
    const { send } = await givenClient(t);
    const foreign = await givenBadge(t.env, await givenOrganization(t.env));
    const before = await rowCounts(t);
    const refused = await send(method, `/badges/${foreign.id}${path}`, body);
    const unknown = await send(method, `/badges/none${path}`, body);
    expect(refused.status).toBe(404);
    expect({ ...refused.body, request_id: "" }).toEqual({ ...unknown.body, request_id: "" });
    expect(await rowCounts(t)).toEqual(before);
  });
});

describe("PATCH /badges/{id}", () => {
  it("changes what is given, leaves the rest, and moves updated_at", async () => {
    const t = await testApp();
    const { send } = await givenClient(t);
    const made = await send("POST", "/badges", { ...BADGE, tags: ["a"] });
    const changed = await send("PATCH", `/badges/${made.body.id}`, { name: "Other", tags: [] });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ name: "Other", tags: [], description: BADGE.description });
    expect(String(changed.body.updated_at) > String(made.body.updated_at)).toBe(true);
    const got = await send("GET", `/badges/${made.body.id}`);
    expect(got.body).toEqual(changed.body);
    expect(got.headers.get("etag")).toBe(changed.headers.get("etag"));
  });

  it("choosing one kind of end lets go of the other", async () => {
    const { send } = await givenClient(await testApp());
    const made = await send("POST", "/badges", { ...BADGE, expire_period: 60 });
    const date = "2030-01-01T00:00:00.000Z";
    const changed = await send("PATCH", `/badges/${made.body.id}`, { expire_date: date });
    expect(changed.body).toMatchObject({ expire_date: date, expire_period: null });
    const back = await send("PATCH", `/badges/${made.body.id}`, { expire_period: "PT1H" });
    expect(back.body).toMatchObject({ expire_date: null, expire_period: 3600 });
  });

  it("a date that has passed since may stay", async () => {
    const t = await testApp();
    const { send } = await givenClient(t);
    const date = "2026-10-05T00:00:00.000Z";
    const made = await send("POST", "/badges", { ...BADGE, expire_date: date });
    t.clock.advance(30 * DAY);
    const changed = await send("PATCH", `/badges/${made.body.id}`, { tags: ["late"] });
    expect(changed.body).toMatchObject({ expire_date: date, tags: ["late"] });
  });

  it("auto_badge_requires_trigger_condition is asked again on each change", async () => {
    const { send } = await givenClient(await testApp());
    const made = await send("POST", "/badges", BADGE);
    const refused = await send("PATCH", `/badges/${made.body.id}`, { trigger_type: "auto" });
    expect(refused.body.errors[0]?.code).toBe("auto_badge_requires_trigger_condition");
  });

  it("412 when If-Match names an older state, and nothing changes", async () => {
    const t = await testApp();
    const { send } = await givenClient(t);
    const made = await send("POST", "/badges", BADGE);
    const path = `/badges/${made.body.id}`;
    const ifMatch = { "if-match": made.headers.get("etag") ?? "" };
    expect((await send("PATCH", path, { sort_order: 1 }, ifMatch)).status).toBe(200);
    const before = await rowCounts(t);
    const late = await send("PATCH", path, { sort_order: 2 }, ifMatch);
    expect(late.status).toBe(412);
    expect(await rowCounts(t)).toEqual(before);
    expect((await send("GET", path)).body.sort_order).toBe(1);
  });

  it("of many changes with one If-Match at once, one happens", async () => {
    const { send } = await givenClient(await testApp());
    const made = await send("POST", "/badges", BADGE);
    const ifMatch = { "if-match": made.headers.get("etag") ?? "" };
    const replies = await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        send("PATCH", `/badges/${made.body.id}`, { sort_order: n }, ifMatch),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
  });

  it("of two changes at once to different members, both stay", async () => {
    const { send } = await givenClient(await testApp());
    const made = await send("POST", "/badges", BADGE);
    const path = `/badges/${made.body.id}`;
    await Promise.all([
      send("PATCH", path, { sort_order: 4 }),
      send("PATCH", path, { tags: ["t"] }),
    ]);
    expect((await send("GET", path)).body).toMatchObject({ sort_order: 4, tags: ["t"] });
  });

  it("409 for a name that is taken; an archived badge has given its name up", async () => {
    const { send } = await givenClient(await testApp());
    const first = await send("POST", "/badges", BADGE);
    const second = await send("POST", "/badges", { ...BADGE, name: "Other" });
    const rename = () => send("PATCH", `/badges/${second.body.id}`, { name: BADGE.name });
    expect((await rename()).body).toMatchObject({ code: "badge-name-taken" });
    await send("PATCH", `/badges/${first.body.id}`, { status: "archived" });
    expect((await rename()).status).toBe(200);
  });

  it("409 for any change to an archived badge", async () => {
    const { send, organization } = await givenClient(await testApp());
    expect(organization.id).not.toBe("");
    const made = await send("POST", "/badges", BADGE);
    await send("PATCH", `/badges/${made.body.id}`, { status: "archived" });
    const refused = await send("PATCH", `/badges/${made.body.id}`, { is_active: true });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: "badge-archived" });
  });

  it("422 where status and is_active contradict each other", async () => {
    const { send } = await givenClient(await testApp());
    const made = await send("POST", "/badges", BADGE);
    const refused = await send("PATCH", `/badges/${made.body.id}`, {
      status: "inactive",
      is_active: true,
    });
    expect(refused.body.errors[0]?.code).toBe("status_and_is_active_agree");
  });
});

describe("a badge that has been awarded", () => {
  async function awarded() {
    const t = await testApp();
    const client = await givenClient(t);
    const badge = await givenBadge(t.env, client.organization, { status: "active_locked" });
    await givenCriteria(t.env, badge);
    await givenAward(t.env, badge, await givenPerson(t.env, client.organization));
    return { t, badge, ...client };
  }

  it.each<[string, Record<string, unknown>]>([
    ["name", { name: "Other" }],
    ["description", { description: "Other." }],
    ["criteria", { criteria: { narrative: "Other." } }],
    [
      "criteria.rules",
      { trigger_type: "auto", trigger_condition: { metric: "activity_count", threshold: 1 } },
    ],
    ["criteria.rules", { criteria: { rules: [] } }],
    ["tags", { tags: [] }],
    ["expire_period", { expire_period: 60 }],
    ["max_awards_per_user", { max_awards_per_user: 9 }],
    ["eligibility_roles", { eligibility_roles: ["coordinator"] }],
    ["tiers", { tiers: [{ level: 1, name: "Bronze" }] }],
    ["alignments", { alignments: [{ target_name: "A", target_url: "https://a.example/" }] }],
    [
      "endorsement",
      {
        endorsement: {
          issuer_name: "B",
          issuer_url: "https://b.example/",
          issuer_email: "b@b.example",
        },
      },
    ],
  ])("409: %s is fixed", async (field, change) => {
    const { t, badge, send } = await awarded();
    const before = await rowCounts(t);
    const refused = await send("PATCH", `/badges/${badge.id}`, change);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: "badge-locked" });
    expect(refused.body.detail).toContain(field);
    expect(refused.body.fix).toContain("archive");
    expect(await rowCounts(t)).toEqual(before);
  });

  it("who sends back what is there already changes nothing and is not refused", async () => {
    const { badge, send } = await awarded();
    const { name, description, criteria, tiers, alignments, related, tags } = (
      await send("GET", `/badges/${badge.id}`)
    ).body;
    const same = { name, description, criteria, tiers, alignments, related, tags, sort_order: 9 };
    const changed = await send("PATCH", `/badges/${badge.id}`, same);
    expect(changed.status).toBe(200);
    expect(changed.body.sort_order).toBe(9);
  });

  it.each<Record<string, unknown>>([
    { sort_order: 7 },
    { message: "Hello" },
    { message_subject: "Hello" },
    { is_visible_when_locked: false },
    { attachment: false },
    { notification: 1 },
  ])("stays open: %o", async (change) => {
    const { badge, send } = await awarded();
    const changed = await send("PATCH", `/badges/${badge.id}`, change);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ ...change, status: "active_locked" });
  });

  it("goes from active to inactive and back without losing its lock, and can be archived", async () => {
    const { badge, send } = await awarded();
    const path = `/badges/${badge.id}`;
    const status = async (change: unknown) => (await send("PATCH", path, change)).body.status;
    expect(await status({ is_active: false })).toBe("inactive_locked");
    expect(await status({ is_active: true })).toBe("active_locked");
    expect(await status({ status: "inactive" })).toBe("inactive_locked");
    expect(await status({ status: "archived" })).toBe("archived");
  });
});

describe("DELETE /badges/{id}", () => {
  it("an unawarded badge is gone with all its parts", async () => {
    const t = await testApp();
    const { send, organization } = await givenClient(t);
    const other = await givenBadge(t.env, organization);
    const before = await rowCounts(t);
    const made = await send("POST", "/badges", {
      ...BADGE,
      tiers: [{ level: 1, name: "Bronze" }],
      alignments: [{ target_name: "A", target_url: "https://a.example/" }],
      related: [other.id],
      endorsement: {
        issuer_name: "B",
        issuer_url: "https://b.example/",
        issuer_email: "b@b.example",
      },
    });
    const deleted = await send("DELETE", `/badges/${made.body.id}`);
    expect(deleted.status).toBe(200);
    expect(deleted.body).toEqual({ id: made.body.id, deleted: true, disabled: false });
    expect((await send("GET", `/badges/${made.body.id}`)).status).toBe(404);
    expect((await send("DELETE", `/badges/${made.body.id}`)).status).toBe(404);
    expect(growth(before, await rowCounts(t))).toEqual({
      images: 1,
      image_contents: 1,
      audit_log: 2,
    });
  });

  it.each([
    ["held", {}],
    ["revoked", { revoked_at: 1 }],
  ])(
    "OB20-B-09 soft_delete_when_earned_badges_exist: one that is %s is disabled, and says so",
    async (_state, over) => {
      const t = await testApp();
      const { send, organization } = await givenClient(t);
      const badge = await givenBadge(t.env, organization, { status: "active_locked" });
      await givenAward(t.env, badge, await givenPerson(t.env, organization), over);
      const disabled = await send("DELETE", `/badges/${badge.id}`);
      expect(disabled.body).toEqual({ id: badge.id, deleted: false, disabled: true });
      const got = await send("GET", `/badges/${badge.id}`);
      expect(got.body).toMatchObject({ status: "inactive_locked", is_active: false });
      const before = await rowCounts(t);
      expect((await send("DELETE", `/badges/${badge.id}`)).body).toEqual(disabled.body);
      expect(await rowCounts(t)).toEqual(before);
    },
  );

  it("a badge that a later version replaced stays", async () => {
    const t = await testApp();
    const { send, organization } = await givenClient(t);
    const first = await givenBadge(t.env, organization);
    await givenBadge(t.env, organization, { previous_version_id: first.id });
    expect((await send("DELETE", `/badges/${first.id}`)).body).toMatchObject({ disabled: true });
  });

  it("412 when If-Match names an older state", async () => {
    const { send } = await givenClient(await testApp());
    const made = await send("POST", "/badges", BADGE);
    await send("PATCH", `/badges/${made.body.id}`, { sort_order: 1 });
    const tag = made.headers.get("etag") ?? "";
    const refused = await send("DELETE", `/badges/${made.body.id}`, undefined, { "if-match": tag });
    expect(refused.status).toBe(412);
  });

  it("deleted and awarded at once: either it is gone and unawarded, or awarded and disabled", async () => {
    for (let round = 0; round < 5; round++) {
      const t = await testApp({ shared: true });
      const { send, organization } = await givenClient(t);
      const badge = await givenBadge(t.env, organization);
      const { user } = await givenPerson(t.env, organization);
      const award = { badge: badge.id, user: user.id };
      const both = [
        () => send("DELETE", `/badges/${badge.id}`),
        () => send("POST", "/awards", award),
      ];
      const [one, other] = await Promise.all(
        (round % 2 ? both.reverse() : both).map((ask) => ask()),
      );
      const { badges, badge_issues } = await rowCounts(t);
      expect([one?.status, other?.status].sort()).not.toContain(500);
      expect(badges).toBe(badge_issues);
      await t.close();
    }
  });
});
