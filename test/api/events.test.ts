// Events over the API: one and many, repeats, conflicts, and every fault by row and field.
import { describe, expect, it } from "vitest";
import { MAX_EVENT_ID, MAX_KEY } from "../../src/api/event-schema.ts";
import { metrics } from "../../src/db/facts.ts";
import { users } from "../../src/db/organizations.ts";
import { MAX_QUANTITY, MAX_SKEW_MS } from "../../src/issuer/event.ts";
import { MAX_EVENTS } from "../../src/issuer/events.ts";
import { TEST_NOW, testApp } from "../app.ts";
import { givenApiKey, givenOrganization, givenPerson } from "../given.ts";
import { asking, everything } from "./ask.ts";

async function world() {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const ask = asking(t, await givenApiKey(t.env, organization, ["events:write", "badges:write"]));
  const kim = await givenPerson(t.env, organization, { email: "kim@example.org" });
  const rows = async (table: string, columns: string) => {
    const { rows: found } = await t.env.db.read({
      sql: `select ${columns} from ${table} order by ${columns}`,
      params: [],
    });
    return found.map((row) =>
      row.map((value) => (typeof value === "bigint" ? Number(value) : value)),
    );
  };
  return {
    t,
    organization,
    ask,
    kim,
    rows,
    send: (body: unknown) => ask("POST", "/events", { body }),
    event: (over: Record<string, unknown> = {}) => ({
      id: "e-1",
      user: kim.user.id,
      metric: "activity_count",
      occurred_at: "2026-10-04T12:00:00+02:00",
      ...over,
    }),
  };
}

const DAY = 86_400_000;
const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY;

describe("POST /events", () => {
  it("counts one event, by day and in all", async () => {
    const { send, event, rows, kim } = await world();
    const said = await send(event({ quantity: 3 }));
    expect([said.status, said.json]).toEqual([200, { stored: 1, repeated: 0 }]);
    const day = dayOf("2026-10-04");
    expect(await rows("days_counted", "metric, user_id, day, count, total")).toEqual([
      ["activity_count", kim.user.id, day, 3, 3_000],
    ]);
    expect(await rows("metric_totals", "metric, user_id, count, total, updated_at")).toEqual([
      ["activity_count", kim.user.id, 3, 3_000, TEST_NOW],
    ]);
    expect(
      await rows("events", "event_id, kind, name, quantity, occurred_at, day, detail"),
    ).toEqual([
      ["e-1", "metric", "activity_count", 3_000, Date.parse("2026-10-04T10:00:00Z"), day, null],
    ]);
  });

  it("takes the same event any number of times, and counts it once", async () => {
    const { t, send, event } = await world();
    expect((await send(event())).json).toEqual({ stored: 1, repeated: 0 });
    const before = await everything(t);
    for (let i = 0; i < 3; i++) {
      expect((await send(event())).json).toEqual({ stored: 0, repeated: 1 });
    }
    expect((await send({ events: [event(), event()] })).json).toEqual({ stored: 0, repeated: 2 });
    expect(await everything(t)).toBe(before);
  });

  it("refuses another event under the same id, and says so by row in a batch", async () => {
    const { t, send, event } = await world();
    await send(event());
    const before = await everything(t);
    const other = event({ quantity: 2 });
    const one = await send(other);
    expect([one.status, one.json.code]).toEqual([409, "event-conflict"]);
    expect(one.json.errors).toMatchObject([{ pointer: "/id", code: "event_conflict" }]);
    const many = await send({ events: [event({ id: "e-2" }), event(), other] });
    expect(many.status).toBe(409);
    expect(many.json.errors).toMatchObject([{ pointer: "/events/2/id", code: "event_conflict" }]);
    expect(await everything(t)).toBe(before);
  });

  it("knows two events under one id within a batch for a conflict", async () => {
    const { t, send, event } = await world();
    const before = await everything(t);
    const said = await send({ events: [event(), event({ metric: "activity_hours" })] });
    expect([said.status, said.json.code]).toEqual([409, "event-conflict"]);
    expect(said.json.errors).toMatchObject([{ pointer: "/events/1/id" }]);
    expect(await everything(t)).toBe(before);
  });

  it.each([
    ["another person", "user"],
    ["another metric", "metric"],
    ["another moment", "occurred_at"],
    ["the same moment on another day", "offset"],
    ["a fact in its place", "fact"],
  ])("tells a repeat from %s under the same id", async (_name, what) => {
    const { t, organization, send, event } = await world();
    const noor = await givenPerson(t.env, organization);
    const other: Record<string, Record<string, unknown>> = {
      user: { user: noor.user.id },
      metric: { metric: "activity_hours" },
      occurred_at: { occurred_at: "2026-10-04T12:00:01+02:00" },
      offset: { occurred_at: "2026-10-03T23:00:00-11:00" },
      fact: { metric: undefined, fact: "course.completed", key: "7" },
    };
    await send(event());
    expect((await send(event(other[what]))).status).toBe(409);
  });

  it("takes an event without a time as of now, and its repeat whenever it comes", async () => {
    const { t, send, event, rows } = await world();
    const undated = event({ occurred_at: undefined });
    await send(undated);
    t.clock.advance(3 * DAY);
    expect((await send(undated)).json).toEqual({ stored: 0, repeated: 1 });
    expect((await send(event())).status).toBe(409);
    expect(await rows("events", "occurred_at, detail")).toEqual([
      [TEST_NOW, JSON.stringify({ undated: true })],
    ]);
  });

  it("finds the person by an identity, in any spelling, and takes it for the same person", async () => {
    const { send, event } = await world();
    const person = { type: "email", identity: " Kim@Example.org" };
    await send(event());
    expect((await send(event({ user: undefined, person }))).json).toEqual({
      stored: 0,
      repeated: 1,
    });
  });

  it("stores a batch of a thousand, and refuses one more", async () => {
    const { t, send, event, rows } = await world();
    const events = Array.from({ length: MAX_EVENTS + 1 }, (_, i) => event({ id: `e-${i}` }));
    const before = await everything(t);
    const over = await send({ events });
    expect(over.json.errors).toMatchObject([{ pointer: "/events", code: "too_large" }]);
    expect((await send({ events: [] })).json.errors).toMatchObject([{ code: "too_small" }]);
    expect(await everything(t)).toBe(before);
    const said = await send({ events: events.slice(1) });
    expect(said.json).toEqual({ stored: MAX_EVENTS, repeated: 0 });
    expect(await rows("metric_totals", "count, total")).toEqual([[MAX_EVENTS, MAX_EVENTS * 1_000]]);
    const again = await send({ events: events.slice(0, MAX_EVENTS) });
    expect(again.json).toEqual({ stored: 1, repeated: MAX_EVENTS - 1 });
  });

  it("names every row at fault, whatever its fault, and stores none of the others", async () => {
    const { t, send, event } = await world();
    await send(event({ id: "known" }));
    const before = await everything(t);
    const said = await send({
      events: [
        event({ id: "good" }),
        event({ id: "e-1", metric: "steps" }),
        "no event",
        event({ id: "e-3", quantity: "1" }),
        event({ id: "e-4", user: "nobody" }),
        event({ id: "known", quantity: 9 }),
        event({ id: "e-6", occured_at: "2026-10-04T12:00:00Z" }),
      ],
    });
    expect(said.status).toBe(422);
    expect(said.json.errors.map(({ pointer, code }) => [pointer, code])).toEqual([
      ["/events/1/metric", "metric_unknown"],
      ["/events/2", "wrong_type"],
      ["/events/3/quantity", "wrong_type"],
      ["/events/4/user", "user_id_must_exist"],
      ["/events/5/id", "event_conflict"],
      ["/events/6/occured_at", "unknown_field"],
    ]);
    expect(said.json.errors[0]?.fix).toContain("activity_count, activity_hours");
    expect(await everything(t)).toBe(before);
  });

  it("names each of a thousand rows at fault", async () => {
    const { send, event } = await world();
    const events = Array.from({ length: MAX_EVENTS }, (_, i) => event({ id: `e-${i}`, user: "x" }));
    const said = await send({ events });
    expect(said.json.errors).toHaveLength(MAX_EVENTS);
    expect(said.json.errors.at(-1)?.pointer).toBe(`/events/${MAX_EVENTS - 1}/user`);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ["no id", { id: undefined }, "/id", "required"],
    ["an empty id", { id: " " }, "/id", "too_small"],
    ["an id too long", { id: "x".repeat(MAX_EVENT_ID + 1) }, "/id", "too_large"],
    ["an id of two lines", { id: "a\nb" }, "/id", "control_characters"],
    ["nobody", { user: undefined }, "/user", "user_or_person"],
    [
      "two people",
      { person: { type: "email", identity: "kim@example.org" } },
      "/person",
      "user_or_person",
    ],
    [
      "an unknown address",
      { user: undefined, person: { type: "email", identity: "no@example.org" } },
      "/person",
      "user_id_must_exist",
    ],
    [
      "no address",
      { user: undefined, person: { type: "email", identity: "kim" } },
      "/person/identity",
      "email_format",
    ],
    ["nothing that happened", { metric: undefined }, "/metric", "metric_or_fact"],
    ["two things", { fact: "course.completed", key: "1" }, "/metric", "metric_or_fact"],
    ["an unknown metric", { metric: "steps" }, "/metric", "metric_unknown"],
    ["a metric read off another", { metric: "streak_days" }, "/metric", "metric_unknown"],
    ["a state as a number", { metric: "certification_active" }, "/metric", "metric_is_state"],
    ["an unknown fact", { metric: undefined, fact: "course.begun" }, "/fact", "invalid_value"],
    ["a fact of nothing", { metric: undefined, fact: "cohort.joined" }, "/key", "required"],
    [
      "an endless key",
      { metric: undefined, fact: "cohort.joined", key: "x".repeat(MAX_KEY + 1) },
      "/key",
      "too_large",
    ],
    [
      "an unknown state",
      { metric: undefined, fact: "state.started", key: "licence" },
      "/key",
      "metric_unknown",
    ],
    [
      "a number as a state",
      { metric: undefined, fact: "state.ended", key: "activity_count" },
      "/key",
      "metric_not_state",
    ],
    ["no quantity", { quantity: 0 }, "/quantity", "quantity_range"],
    ["a negative quantity", { quantity: -1 }, "/quantity", "quantity_range"],
    ["too large a quantity", { quantity: MAX_QUANTITY + 1 }, "/quantity", "quantity_range"],
    ["half of a count", { quantity: 1.5 }, "/quantity", "quantity_whole_number"],
    [
      "four decimals",
      { metric: "activity_hours", quantity: 0.0001 },
      "/quantity",
      "quantity_range",
    ],
    [
      "what comes to nothing",
      { metric: "activity_hours", quantity: 1e-10 },
      "/quantity",
      "quantity_range",
    ],
    ["a key of a metric", { key: "1" }, "/key", "not_with_this"],
    ["a grade of a metric", { grade: 1 }, "/grade", "not_with_this"],
    ["an end of a metric", { ends_at: "2027-01-01T00:00:00Z" }, "/ends_at", "not_with_this"],
    [
      "a quantity of a fact",
      { metric: undefined, fact: "cohort.joined", key: "1", quantity: 1 },
      "/quantity",
      "not_with_this",
    ],
    [
      "a grade of a cohort",
      { metric: undefined, fact: "cohort.joined", key: "1", grade: 1 },
      "/grade",
      "not_with_this",
    ],
    [
      "a negative grade",
      { metric: undefined, fact: "course.completed", key: "1", grade: -1 },
      "/grade",
      "grade_range",
    ],
    [
      "an end of a cohort",
      { metric: undefined, fact: "cohort.joined", key: "1", ends_at: "2027-01-01T00:00:00Z" },
      "/ends_at",
      "not_with_this",
    ],
    [
      "an end before the beginning",
      {
        metric: undefined,
        fact: "state.started",
        key: "certification_active",
        ends_at: "2026-10-04T12:00:00+02:00",
      },
      "/ends_at",
      "ends_after_start",
    ],
    [
      "a time without an offset",
      { occurred_at: "2026-10-04T12:00:00" },
      "/occurred_at",
      "time_format",
    ],
    ["a day that is none", { occurred_at: "2026-02-30T12:00:00Z" }, "/occurred_at", "time_format"],
    [
      "an offset of nowhere",
      { occurred_at: "2026-10-04T12:00:00+14:01" },
      "/occurred_at",
      "offset_range",
    ],
    [
      "a moment to come",
      { occurred_at: new Date(TEST_NOW + MAX_SKEW_MS + 1).toISOString() },
      "/occurred_at",
      "occurred_at_not_future",
    ],
    [
      "a moment before 1970",
      { occurred_at: "1969-12-31T23:59:59Z" },
      "/occurred_at",
      "occurred_at_too_early",
    ],
    [
      "a day before 1970",
      { occurred_at: "1969-12-31T20:00:00-05:00" },
      "/occurred_at",
      "occurred_at_too_early",
    ],
    ["a member nobody knows", { value: 1 }, "/value", "unknown_field"],
  ])("refuses %s", async (_name, over, pointer, code) => {
    const { t, send, event } = await world();
    const before = await everything(t);
    const said = await send(event(over));
    expect([said.status, said.json.code]).toEqual([422, "invalid-request"]);
    expect(said.json.errors).toMatchObject([{ pointer, code, fix: expect.stringMatching(/.+/) }]);
    const many = await send({ events: [event({ id: "before" }), event(over)] });
    expect(many.json.errors).toMatchObject([{ pointer: `/events/1${pointer}`, code }]);
    expect(await everything(t)).toBe(before);
  });

  it("tells whoever starts a number as a state which states there are, their own too", async () => {
    const { t, organization, send, event } = await world();
    await t.env.db.batch([
      t.env.db.orm.insert(metrics).values([
        { organization_id: organization.id, name: "licence", kind: "state", label: "Licence" },
        { organization_id: organization.id, name: "steps", kind: "sum", label: "Steps" },
      ]),
    ]);
    const said = await send(event({ metric: undefined, fact: "state.started", key: "steps" }));
    expect(said.json.errors).toMatchObject([{ pointer: "/key", code: "metric_not_state" }]);
    expect(said.json.errors[0]?.fix).toContain("certification_active, licence");
  });

  it.each<[string, Record<string, unknown>]>([
    ["the longest id", { id: "x".repeat(MAX_EVENT_ID) }],
    ["the largest quantity", { quantity: MAX_QUANTITY }],
    ["the smallest quantity", { metric: "activity_hours", quantity: 0.001 }],
    ["a clock that is fast", { occurred_at: new Date(TEST_NOW + MAX_SKEW_MS).toISOString() }],
    ["the first moment", { occurred_at: "1970-01-01T00:00:00Z" }],
    ["the furthest offset", { occurred_at: "2026-10-04T12:00:00+14:00" }],
    ["the longest key", { metric: undefined, fact: "profile.set", key: "x".repeat(MAX_KEY) }],
    ["no grade at all", { metric: undefined, fact: "course.completed", key: "1", grade: 0 }],
  ])("takes %s", async (_name, over) => {
    const { send, event } = await world();
    expect((await send(event(over))).json).toEqual({ stored: 1, repeated: 0 });
  });

  it("knows nobody of another organization, by id or by identity", async () => {
    const { t, send, event } = await world();
    const there = await givenOrganization(t.env);
    const stranger = await givenPerson(t.env, there, { email: "ari@example.org" });
    const before = await everything(t);
    const person = { type: "email", identity: "ari@example.org" };
    for (const whom of [{ user: stranger.user.id }, { user: undefined, person }]) {
      const said = await send(event(whom));
      expect(said.json.errors).toMatchObject([{ code: "user_id_must_exist" }]);
    }
    expect(await everything(t)).toBe(before);
  });

  it("keeps ids apart by organization", async () => {
    const { t, send, event } = await world();
    const there = await givenOrganization(t.env);
    const elsewhere = asking(t, await givenApiKey(t.env, there));
    const stranger = await givenPerson(t.env, there);
    await send(event());
    const said = await elsewhere("POST", "/events", { body: event({ user: stranger.user.id }) });
    expect(said.json).toEqual({ stored: 1, repeated: 0 });
  });

  it("needs the scope events:write", async () => {
    const { t, organization, event } = await world();
    const ask = asking(t, await givenApiKey(t.env, organization, ["awards:write"]));
    expect((await ask("POST", "/events", { body: event() })).status).toBe(403);
  });

  it("gives the first answer again with the same Idempotency-Key", async () => {
    const { ask, event } = await world();
    const asked = { body: event(), headers: { "idempotency-key": "k" } };
    expect((await ask("POST", "/events", asked)).json).toEqual({ stored: 1, repeated: 0 });
    const again = await ask("POST", "/events", asked);
    expect([again.json, again.headers.get("idempotent-replayed")]).toEqual([
      { stored: 1, repeated: 0 },
      "true",
    ]);
  });

  it("counts one of many that come at once", async () => {
    const { send, event, rows } = await world();
    const said = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        send(i % 2 === 0 ? event() : { events: [event(), event({ id: `other-${i}` })] }),
      ),
    );
    expect(said.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(said.reduce((sum, { json }) => sum + Number(json.stored), 0)).toBe(11);
    expect(await rows("metric_totals", "count, total")).toEqual([[11, 11_000]]);
  });
});

describe("the day an event counts for", () => {
  const inZone = async (zone: string | null, ...times: string[]) => {
    const { t, kim, send, event, rows } = await world();
    await t.env.db.batch([t.env.db.orm.update(users).set({ time_zone: zone })]);
    for (const [i, occurred_at] of times.entries()) {
      expect((await send(event({ id: `e-${i}`, occurred_at }))).status).toBe(200);
    }
    const days = await rows("days_counted", "day, count");
    return {
      t,
      kim,
      send,
      event,
      days: days.map(([day]) => new Date(Number(day) * DAY).toISOString().slice(0, 10)),
    };
  };

  it.each<[string, string | null, string, string]>([
    ["Z without a zone", null, "2026-03-08T03:30:00Z", "2026-03-08"],
    ["Z in New York", "America/New_York", "2026-03-08T03:30:00Z", "2026-03-07"],
    ["Z in Auckland", "Pacific/Auckland", "2026-03-08T11:30:00Z", "2026-03-09"],
    ["an offset, whatever the zone", "America/New_York", "2026-03-08T00:10:00+09:00", "2026-03-08"],
    ["an offset of nothing", "America/New_York", "2026-03-08T03:30:00+00:00", "2026-03-08"],
    ["an unknown offset as Z", "America/New_York", "2026-03-08T03:30:00-00:00", "2026-03-07"],
    ["a zone nobody knows as UTC", "Mars/Olympus", "2026-03-08T03:30:00Z", "2026-03-08"],
  ])("%s", async (_name, zone, time, day) => {
    expect((await inZone(zone, time)).days).toEqual([day]);
  });

  it("is one day each, over the change of the clocks", async () => {
    const late = ["2026-03-08T04:59:00Z", "2026-03-09T03:59:00Z", "2026-03-10T03:59:00Z"];
    expect((await inZone("America/New_York", ...late)).days).toEqual([
      "2026-03-07",
      "2026-03-08",
      "2026-03-09",
    ]);
    const early = ["2025-10-25T22:01:00Z", "2025-10-26T23:01:00Z"];
    expect((await inZone("Europe/Berlin", ...early)).days).toEqual(["2025-10-26", "2025-10-27"]);
  });

  it("stays as it was when the person moves, and the repeat is one", async () => {
    const time = "2026-03-08T03:30:00Z";
    const { t, send, event, days } = await inZone("America/New_York", time);
    await t.env.db.batch([t.env.db.orm.update(users).set({ time_zone: "Asia/Tokyo" })]);
    const said = await send(event({ id: "e-0", occurred_at: time }));
    expect([said.json, days]).toEqual([{ stored: 0, repeated: 1 }, ["2026-03-07"]]);
    const written = await send(event({ id: "e-0", occurred_at: "2026-03-08T12:30:00+09:00" }));
    expect(written.status).toBe(409);
  });
});
