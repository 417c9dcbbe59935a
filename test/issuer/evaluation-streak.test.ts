// Streaks where people are: across both changes of the clock, in two zones, and for somebody who moves between them.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { users } from "../../src/db/organizations.ts";
import { storeEvents } from "../../src/issuer/events.ts";
import { testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { awardsOf, counts, evaluate, givenRuled } from "./evaluation-world.ts";

const NEW_YORK = "America/New_York";
const BERLIN = "Europe/Berlin";

/** Whether activities at these times, of a person in these zones one after the other, make `days`. */
async function awarded(
  days: number,
  told: readonly { readonly zone: string | null; readonly at: readonly string[] }[],
): Promise<boolean> {
  const t = await testApp({ now: Date.UTC(2026, 11, 1) });
  const organization = await givenOrganization(t.env);
  const { user } = await givenPerson(t.env, organization);
  await givenRuled(t.env, organization, { rules: [counts(days, "streak_days")] });
  let sent = 0;
  for (const { zone, at } of told) {
    await t.env.db.batch([
      t.env.db.orm.update(users).set({ time_zone: zone }).where(eq(users.id, user.id)),
    ]);
    const placed = at.map((occurred_at) => ({
      pointer: "",
      input: { id: `e-${++sent}`, user: user.id, metric: "activity_count", occurred_at },
    }));
    const taken = await storeEvents(t.env, organization.id, placed);
    expect(taken.faults).toEqual([]);
    await evaluate(t.env);
  }
  return (await awardsOf(t.env)).length === 1;
}

describe("a streak of days", () => {
  it.each<[string, string, readonly string[]]>([
    [
      "the clock goes forward in New York: late each evening, an hour less between two of them",
      NEW_YORK,
      // 23:30 on 7, 8 and 9 March, of which the second day has 23 hours.
      ["2026-03-08T04:30:00Z", "2026-03-09T03:30:00Z", "2026-03-10T03:30:00Z"],
    ],
    [
      "the clock goes back in New York: just after midnight, 25 hours apart",
      NEW_YORK,
      // 00:15 on 31 October, 1 and 2 November.
      ["2026-10-31T04:15:00Z", "2026-11-01T04:15:00Z", "2026-11-02T05:15:00Z"],
    ],
    [
      "the clock goes forward in Berlin: 23:45 each evening",
      BERLIN,
      ["2026-03-28T22:45:00Z", "2026-03-29T21:45:00Z", "2026-03-30T21:45:00Z"],
    ],
    [
      "the clock goes back in Berlin: 00:10 each night",
      BERLIN,
      ["2026-10-23T22:10:00Z", "2026-10-24T22:10:00Z", "2026-10-25T23:10:00Z"],
    ],
  ])("%s", async (_name, zone, at) => {
    expect(await awarded(3, [{ zone, at }])).toBe(true);
    expect(await awarded(4, [{ zone, at }])).toBe(false);
  });

  it("twice in the hour that comes twice is one day", async () => {
    // 01:30 before and after the clock goes back, and the days around it.
    const at = ["2026-10-31T12:00:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"];
    expect(await awarded(2, [{ zone: NEW_YORK, at }])).toBe(true);
    expect(await awarded(3, [{ zone: NEW_YORK, at }])).toBe(false);
  });

  it("the same instants are other days in another zone", async () => {
    // 23:30 and 00:30 in Berlin, on two days; one and the same afternoon in New York.
    const at = ["2026-06-10T21:30:00Z", "2026-06-10T22:30:00Z"];
    expect(await awarded(2, [{ zone: BERLIN, at }])).toBe(true);
    expect(await awarded(2, [{ zone: NEW_YORK, at }])).toBe(false);
    expect(await awarded(2, [{ zone: null, at }])).toBe(false);
  });

  it("somebody who moves keeps the days that were counted where they were", async () => {
    const moved = [
      // Evenings of 6 and 7 March in New York: in Berlin it is the 7th and the 8th by then.
      { zone: NEW_YORK, at: ["2026-03-07T03:00:00Z", "2026-03-08T03:00:00Z"] },
      // They fly; 8 and 9 March in Berlin, in the evening.
      { zone: BERLIN, at: ["2026-03-08T19:00:00Z", "2026-03-09T19:00:00Z"] },
    ];
    expect(await awarded(4, moved)).toBe(true);
    expect(await awarded(5, moved)).toBe(false);
  });

  it("somebody who moves west and whose app writes the local time misses no day", async () => {
    const at = [
      "2026-10-24T23:50:00+02:00",
      "2026-10-25T23:50:00+01:00",
      // Over the ocean: still the 26th there.
      "2026-10-26T20:00:00-04:00",
      "2026-10-27T00:10:00-04:00",
    ];
    expect(await awarded(4, [{ zone: BERLIN, at }])).toBe(true);
    expect(await awarded(4, [{ zone: NEW_YORK, at: [...at].reverse() }])).toBe(true);
  });
});
