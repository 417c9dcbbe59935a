// Events over the API: one and many, repeats, conflicts, and every fault by row and field.
import { describe, expect, it } from "vitest";
import { MAX_EVENT_ID, MAX_KEY } from "../../src/api/event-schema.ts";
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
    expect(await rows("metric_days", "metric, user_id, day, count, total")).toEqual([
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
});
