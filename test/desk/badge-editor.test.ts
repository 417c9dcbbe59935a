// The editor of a badge, as somebody without a script uses it: what is stored, what is refused, and that nothing is lost.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { badges } from "../../src/db/badges.ts";
import { evaluations } from "../../src/db/evaluations.ts";
import { bodyOf } from "../../src/desk/badges/edit/body.ts";
import { draftOf, type ShownBadge } from "../../src/desk/badges/edit/draft.ts";
import { asPerson } from "../api/person.ts";
import { givenAward, givenBadge, givenCriteria, givenPerson } from "../given.ts";
import { png } from "../issuer/pictures.ts";
import { type BadgeWorld, badgeWorld, fieldsOf } from "./badge-world.ts";

const NEW = "/admin/badges/new";
const TEXTS = {
  name: "Night Walk Guide",
  description: "Led ten night walks.",
  narrative: "Lead ten night walks.",
};

async function formAt(w: BadgeWorld, path: string) {
  const answer = await w.desk.get(path);
  expect(answer.status).toBe(200);
  return fieldsOf(await answer.text());
}

async function stored(w: BadgeWorld) {
  return w.env.db.orm
    .select()
    .from(badges)
    .where(eq(badges.organization_id, w.organization.id))
    .orderBy(badges.created_at, badges.id);
}

const idIn = (answer: Response) =>
  /\/admin\/badges\/([0-9a-f-]{36})/.exec(answer.headers.get("location") ?? "")?.[1] ?? "";

/** A badge with something in every field that the editor has. */
const FULL = {
  name: "Streak & Champion",
  description: "Ran mentoring sessions.\n\nFor a year.",
  criteria: {
    narrative: "Run **twelve** sessions.",
    method: "any",
    rules: [
      {
        type: "metric",
        method: "any",
        description: "Twelve of them.",
        params: {
          metric_activity_count: "12",
          window_activity_count: "P1Y",
          metric_streak_weeks: "4",
          metric_streak_length: "9",
          unit_streak_length: "day",
          metric_activity_hours: "40",
          window_activity_hours: "P1M2D",
        },
      },
      { type: "manual", method: "any", params: { role_coordinator: "coordinator" } },
      { type: "courseset", params: { course_7: "7", grade_7: "60", bydate_7: "2027-01-31" } },
      { type: "cohort", params: { cohort_a_b: "a_b" } },
      { type: "competency", params: { "competency_c-1": "c-1" } },
      { type: "profile", params: { field_city: "city" } },
    ],
  },
  category: "activity_milestone",
  tags: ["mentoring", "streak"],
  language: "en",
  version: "1.0",
  sort_order: 3,
  is_visible_when_locked: false,
  is_renewable: true,
  eligibility_roles: ["member", "coordinator"],
  max_awards_per_user: null,
  tiers: [
    { level: 1, name: "Bronze", threshold: null },
    { level: 2, name: "Silver", threshold: 24 },
  ],
  expire_period: "P2Y",
  art: { shape: "shield", colour: "#1f6f5b" },
  icon_key: "mountain",
  image_caption: "A mountain",
  image_author_name: "Ines",
  message_subject: "You have %badgename%",
  message: "Hello %username%,\n\nhere it is.",
  attachment: false,
  notification: 2,
  issuer_name: "Northside",
  issuer_url: "https://northside.example",
  alignments: [
    { target_name: "Leads", target_url: "https://skills.example/leads", target_code: "L1" },
  ],
  endorsement: {
    issuer_name: "Board",
    issuer_url: "https://board.example",
    issuer_email: "badges@board.example",
    claim_comment: "Meets our standard.",
  },
};

describe("a new badge", () => {
  it("needs a name, a description and words, and has a picture then", async () => {
    const w = await badgeWorld();
    const form = await formAt(w, NEW);
    const kept = await w.post(NEW, { ...form, ...TEXTS, do: "save" });
    expect([kept.status, kept.headers.get("location")]).toEqual([
      303,
      expect.stringContaining("done=new"),
    ]);
    const [badge] = await stored(w);
    expect(badge).toMatchObject({
      ...{ name: TEXTS.name, status: "inactive", criteria_narrative: TEXTS.narrative },
      art: { shape: null, colour: null },
      user_id: w.administrator.user.id,
    });
    expect(badge?.image_id).not.toBeNull();
    const page = await (await w.desk.get(kept.headers.get("location") ?? "")).text();
    expect(page).toContain("The badge is kept.");
  });

  it("is active at once where that is pressed", async () => {
    const w = await badgeWorld();
    const kept = await w.post(NEW, { ...(await formAt(w, NEW)), ...TEXTS, do: "activate" });
    expect(kept.status).toBe(303);
    expect((await stored(w))[0]?.status).toBe("active");
  });

  it("422 with every fault at its field, and all that was typed", async () => {
    const w = await badgeWorld();
    const form = await formAt(w, NEW);
    const refused = await w.post(NEW, {
      ...form,
      ...TEXTS,
      name: "",
      max_awards: "none",
      message: "Hello %nobody%",
      do: "save",
    });
    const page = await refused.text();
    expect(refused.status).toBe(422);
    for (const field of ["name", "max_awards", "message"]) {
      expect([field, page.includes(`id="${field}-fault"`)]).toEqual([field, true]);
    }
    expect(fieldsOf(page)).toMatchObject({ max_awards: "none", message: "Hello %nobody%" });
    expect(await stored(w)).toEqual([]);
  });

  it("422 at the row of a criterion that asks for what cannot be", async () => {
    const w = await badgeWorld();
    const refused = await w.post(NEW, {
      ...(await formAt(w, NEW)),
      ...TEXTS,
      "c0.type": "metric",
      "c0.0.key": "activity_count",
      "c0.0.least": "many",
      "c0.1.key": "",
      do: "save",
    });
    const page = await refused.text();
    expect([refused.status, page.includes('id="c0.0.least-fault"')]).toEqual([422, true]);
    expect(fieldsOf(page)).toMatchObject({ "c0.0.least": "many" });
  });

  it("a name that is taken is named, and leads to who has it", async () => {
    const w = await badgeWorld();
    const holder = await givenBadge(w.env, w.organization, { name: TEXTS.name });
    const refused = await w.post(NEW, { ...(await formAt(w, NEW)), ...TEXTS, do: "save" });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain(`href="/admin/badges/${holder.id}"`);
  });

  it("a colour that hardly stands out is refused, with one that would do", async () => {
    const w = await badgeWorld();
    const poor = { colouring: "own", colour: "#ffff00", do: "save" };
    const refused = await w.post(NEW, { ...(await formAt(w, NEW)), ...TEXTS, ...poor });
    const page = await refused.text();
    expect(refused.status).toBe(422);
    expect(page).toContain('id="colour-fault"');
    expect(page).toMatch(/That is too little.*#[0-9a-f]{6} would do/s);
    expect(await stored(w)).toEqual([]);
  });
});

describe("buttons that change the form", () => {
  it("one more criterion, one more row, and nothing of the rest is lost", async () => {
    const w = await badgeWorld();
    const start = { ...(await formAt(w, NEW)), ...TEXTS };
    const first = fieldsOf(
      await (await w.post(NEW, { ...start, added: "metric", do: "add-criterion" })).text(),
    );
    expect(first).toMatchObject({ ...TEXTS, "c0.type": "manual", "c1.type": "metric" });
    const typed = { ...first, "c1.0.key": "streak_weeks", "c1.0.least": "4" };
    const second = fieldsOf(await (await w.post(NEW, { ...typed, do: "add-row.1" })).text());
    expect(second).toMatchObject({ "c1.0.least": "4", "c1.1.key": "" });
    const third = fieldsOf(await (await w.post(NEW, { ...second, do: "drop-criterion.0" })).text());
    expect(third).toMatchObject({ "c0.type": "metric", "c0.0.key": "streak_weeks" });
    expect(third["c1.type"]).toBeUndefined();
    const kept = await w.post(NEW, { ...third, do: "save" });
    expect(kept.status).toBe(303);
    const read = await asPerson(w.app, w.administrator.user.id, w.organization.id);
    const { body } = await read("GET", `/badges/${idIn(kept)}`);
    expect(body.criteria).toMatchObject({
      rules: [{ type: "metric", params: { metric_streak_weeks: "4" } }],
    });
  });

  it.each([
    ["add-tier", "t0.name"],
    ["add-alignment", "a0.url"],
  ])("%s", async (button, field) => {
    const w = await badgeWorld();
    const fields = fieldsOf(
      await (await w.post(NEW, { ...(await formAt(w, NEW)), do: button })).text(),
    );
    expect(fields[field]).toBe("");
    const gone = button.replace("add", "drop");
    const without = fieldsOf(await (await w.post(NEW, { ...fields, do: `${gone}.0` })).text());
    expect(without[field]).toBeUndefined();
  });

  it.each(["add-criterion", "drop-criterion.99", "drop-row.7.7", "add-row.x", "look"])(
    "%s of what is not there changes nothing",
    async (button) => {
      const w = await badgeWorld();
      const form = await formAt(w, NEW);
      const answer = await w.post(NEW, { ...form, added: "manual", do: button });
      expect(answer.status).toBe(200);
      expect(fieldsOf(await answer.text())).toEqual({ ...form, added: expect.anything() });
    },
  );
});

describe("a badge in its form", () => {
  it("is the same badge when the form is sent as it is: nothing is changed, no version is made", async () => {
    const w = await badgeWorld();
    const read = await asPerson(w.app, w.administrator.user.id, w.organization.id);
    const other = await givenBadge(w.env, w.organization);
    const rules = [
      ...FULL.criteria.rules,
      { type: "badge", params: { [`badge_${other.id}`]: other.id } },
    ];
    const made = await read("POST", "/badges", {
      ...FULL,
      criteria: { ...FULL.criteria, rules },
      related: [other.id],
      is_active: true,
    });
    expect(made.status).toBe(201);
    const person = await givenPerson(w.env, w.organization);
    const given = await read("POST", "/awards", {
      badge: made.body.id,
      user: person.user.id,
      tier_level: 1,
    });
    expect(given.status).toBe(201);
    const path = `/admin/badges/${made.body.id}/edit`;
    const before = (await read("GET", `/badges/${made.body.id}`)).body;
    const kept = await w.post(path, { ...(await formAt(w, path)), do: "save" });
    expect(kept.headers.get("location")).toContain(`/admin/badges/${made.body.id}?done=changed`);
    const after = (await read("GET", `/badges/${made.body.id}`)).body;
    expect(after).toEqual({ ...before, updated_at: after.updated_at });
  });

  it("of a course, too; with an end on one day", async () => {
    const w = await badgeWorld();
    const read = await asPerson(w.app, w.administrator.user.id, w.organization.id);
    const made = await read("POST", "/badges", {
      ...TEXTS,
      criteria: {
        narrative: "Finish.",
        rules: [
          { type: "course", params: { course_7: "7" } },
          { type: "activity", params: { module_3: "3", bydate_3: "2027-01-31T10:00:00+02:00" } },
        ],
      },
      narrative: undefined,
      type: 2,
      course_id: "7",
      expire_date: "2031-05-06T07:08:09Z",
    });
    expect(made.status).toBe(201);
    const shown = made.body as unknown as ShownBadge;
    const again = await read("PATCH", `/badges/${made.body.id}`, bodyOf(draftOf(shown)));
    expect([again.status, again.body.expire_date, again.body.criteria]).toEqual([
      200,
      made.body.expire_date,
      made.body.criteria,
    ]);
  });
});

describe("a badge that people hold", () => {
  async function held() {
    const w = await badgeWorld();
    const badge = await givenBadge(w.env, w.organization, { status: "active_locked" });
    await givenCriteria(w.env, badge);
    await givenAward(w.env, badge, await givenPerson(w.env, w.organization));
    return { w, badge, path: `/admin/badges/${badge.id}/edit` };
  }

  it("says that what is saved becomes version 2, and does so", async () => {
    const { w, badge, path } = await held();
    const page = await (await w.desk.get(path)).text();
    expect(page).toContain("1 person holds this badge");
    expect(page).toContain("Save as version 2");
    const kept = await w.post(path, {
      ...fieldsOf(page),
      description: "Another description.",
      do: "save",
    });
    const id = idIn(kept);
    expect([kept.status, id === badge.id]).toEqual([303, false]);
    expect(kept.headers.get("location")).toContain("done=version");
    const rows = await stored(w);
    expect(rows.find((row) => row.id === badge.id)).toMatchObject({
      status: "archived",
      description: badge.description,
    });
    expect(rows.find((row) => row.id === id)).toMatchObject({
      status: "inactive",
      version: "2",
      previous_version_id: badge.id,
      description: "Another description.",
    });
    const versions = await (await w.desk.get(`/admin/badges/${id}/versions`)).text();
    expect(versions).toContain(`href="/admin/badges/${badge.id}"`);
  });

  it("what nobody relies on changes without a version", async () => {
    const { w, badge, path } = await held();
    const kept = await w.post(path, { ...(await formAt(w, path)), message: "Well done." });
    expect(idIn(kept)).toBe(badge.id);
    expect((await stored(w)).map(({ message }) => message)).toEqual(["Well done."]);
  });
});

describe("two at once", () => {
  it("who saves last is told, and has lost nothing", async () => {
    const w = await badgeWorld();
    const badge = await givenBadge(w.env, w.organization, { status: "inactive" });
    const path = `/admin/badges/${badge.id}/edit`;
    const [one, other] = [await formAt(w, path), await formAt(w, path)];
    expect((await w.post(path, { ...one, description: "One." })).status).toBe(303);
    const late = await w.post(path, { ...other, description: "Other." });
    const page = await late.text();
    expect(late.status).toBe(422);
    expect(page).toContain("Somebody else has changed this badge");
    expect(fieldsOf(page).description).toBe("Other.");
    expect((await stored(w))[0]?.description).toBe("One.");
    // Having compared, they save again.
    expect((await w.post(path, fieldsOf(page))).status).toBe(303);
    expect((await stored(w))[0]?.description).toBe("Other.");
  });
});

describe("a picture of one's own", () => {
  const black = () => new File([png(400)], "badge.png", { type: "image/png" });

  it("is warned of where it is hardly seen, and kept with the next press", async () => {
    const w = await badgeWorld({ override: () => ({}) });
    const form = { ...(await formAt(w, NEW)), ...TEXTS, picture: "upload", do: "save" };
    const warned = await w.post(NEW, { ...form, file: black() });
    const page = await warned.text();
    expect(warned.status).toBe(200);
    expect(page).toContain("It is hardly seen on a dark page.");
    const fields = fieldsOf(page);
    expect(fields).toMatchObject({ ...TEXTS, picture: "upload" });
    const kept = await w.post(NEW, { ...fields, do: "save" });
    expect(kept.status).toBe(303);
    const [badge] = await stored(w);
    expect([badge?.image_id, badge?.art]).toEqual([fields.image, null]);
  });

  it("422 at the field for what is no picture", async () => {
    const w = await badgeWorld();
    const file = new File(["no picture"], "badge.png", { type: "image/png" });
    const refused = await w.post(NEW, { ...(await formAt(w, NEW)), ...TEXTS, file });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('id="file-fault"');
  });
});

describe("the preview", () => {
  const QUERY = "name=Kim&category=recognition&shape=circle&icon=star&colouring=own&colour=";

  it("says the contrast, and that it is enough or not", async () => {
    const w = await badgeWorld();
    const fine = await w.desk.get(`/admin/badges/art?${QUERY}%231f6f5b`);
    expect([fine.status, await fine.text()]).toEqual([
      200,
      expect.stringContaining("That is enough"),
    ]);
    const poor = await w.desk.get(`/admin/badges/art?${QUERY}%23fefefe`);
    expect(await poor.text()).toContain("That is too little");
  });

  it("is the picture that will be stored; nonsense is drawn as if it was not said", async () => {
    const w = await badgeWorld();
    const svg = await w.desk.get(`/admin/badges/art.svg?${QUERY}%231f6f5b`);
    expect(svg.headers.get("content-type")).toBe("image/svg+xml");
    expect(await svg.text()).toContain('fill="#1f6f5b"');
    const odd = await w.desk.get(
      '/admin/badges/art.svg?name=%3Cscript%3E&shape="/><script>&colouring=own&colour=red"/>',
    );
    const text = await odd.text();
    expect([odd.status, text.includes("<script")]).toEqual([200, false]);
  });
});

describe("saving a draft counts who would get it", () => {
  it("with a dry run of everybody", async () => {
    const w = await badgeWorld();
    const kept = await w.post(NEW, { ...(await formAt(w, NEW)), ...TEXTS, do: "count" });
    const id = new URL(kept.headers.get("location") ?? "", "https://x.example").searchParams.get(
      "evaluation",
    );
    const rows = await w.env.db.orm.select().from(evaluations);
    expect(rows).toMatchObject([{ id, badge_id: idIn(kept), dry_run: true, state: "waiting" }]);
    const page = await (await w.desk.get(kept.headers.get("location") ?? "")).text();
    expect(page).toContain("data-counting");
  });
});
