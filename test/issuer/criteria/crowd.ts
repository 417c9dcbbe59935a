// People with random deeds and facts, and what a plain reading of the rules says of each of them.
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { awards } from "../../../src/db/awards.ts";
import { manualAwards } from "../../../src/db/criteria.ts";
import { facts, metricDays, metricTotals, type RecentDay } from "../../../src/db/facts.ts";
import { type Organization, users } from "../../../src/db/organizations.ts";
import type { Env } from "../../../src/env.ts";
import { newHash, newId, newSalt } from "../../../src/ids.ts";
import type { At } from "../../../src/issuer/criteria/kind.ts";
import { givenPerson } from "../../given.ts";

export const DAY_MS = 86_400_000;
export const NOW = Date.UTC(2026, 9, 4, 14, 2, 0);
export const TODAY = Math.floor(NOW / DAY_MS);
/** Where it is tomorrow already, and where it is today as in UTC. */
const ZONES = ["Pacific/Kiritimati", "Europe/Berlin", null] as const;
export const AT: At = {
  now: NOW,
  day: TODAY,
  elsewhere: new Map([["Pacific/Kiritimati", TODAY + 1]]),
};

const METRICS = ["activity_count", "activity_hours", "steps"];
const FACTS = [
  ["state", "certification_active"],
  ["course", "c1"],
  ["course", "c2"],
  ["activity", "m1"],
  ["cohort", "k1"],
  ["competency", "p1"],
  ["profile", "phone"],
] as const;

interface Deed {
  readonly metric: string;
  /** So many days before today. */
  readonly ago: number;
  readonly count: number;
  readonly quantity: number;
}

interface Held {
  readonly fact: (typeof FACTS)[number];
  readonly from: number;
  readonly until: number | null;
  readonly grade: number | null;
}

export interface Lived {
  readonly zone: (typeof ZONES)[number];
  readonly deeds: readonly Deed[];
  readonly held: readonly Held[];
  readonly roles: readonly string[];
  /** Which of the other badges, and whether the award holds. */
  readonly badges: readonly {
    readonly which: number;
    readonly state: "valid" | "expired" | "revoked";
  }[];
}

const deed = fc.record({
  metric: fc.constantFrom(...METRICS),
  ago: fc.integer({ min: 0, max: 24 }),
  count: fc.integer({ min: 1, max: 4 }),
  quantity: fc.integer({ min: 1, max: 9000 }),
});

const held = fc.record({
  fact: fc.constantFrom(...FACTS),
  from: fc.integer({ min: -40, max: 2 }),
  until: fc.option(fc.integer({ min: -30, max: 10 })),
  grade: fc.option(fc.integer({ min: 0, max: 100_000 })),
});

export const lived: fc.Arbitrary<Lived> = fc.record({
  zone: fc.constantFrom(...ZONES),
  deeds: fc.uniqueArray(deed, {
    maxLength: 16,
    selector: ({ metric, ago }) => `${metric} ${ago}`,
  }),
  held: fc.uniqueArray(held, {
    maxLength: 6,
    selector: ({ fact, from }) => `${fact.join()} ${from}`,
  }),
  roles: fc.subarray(["coordinator", "organization_administrator", "tutor"]),
  badges: fc.uniqueArray(
    fc.record({
      which: fc.integer({ min: 0, max: 1 }),
      state: fc.constantFrom("valid" as const, "expired" as const, "revoked" as const),
    }),
    { maxLength: 2, selector: ({ which }) => which },
  ),
});

export interface Living extends Lived {
  readonly id: string;
}

/** Writes them down as they stand after their events. `badgeId` is whom roles vouched for. */
export async function givenCrowd(
  env: Env,
  organization: Organization,
  lives: readonly Lived[],
  badgeId: string,
  others: readonly string[],
): Promise<Living[]> {
  const people: Living[] = [];
  for (const life of lives) {
    const { user, identity } = await givenPerson(env, organization);
    people.push({ ...life, id: user.id });
    const own = { organization_id: organization.id, user_id: user.id };
    const { orm } = env.db;
    const totals = new Map<string, { count: number; total: number; recent: RecentDay[] }>();
    const carriedOver: (RecentDay & { metric: string })[] = [];
    for (const { metric, ago, count, quantity } of life.deeds) {
      const sum = totals.get(metric) ?? { count: 0, total: 0, recent: [] };
      const day = { day: TODAY - ago, count, total: quantity };
      // Some days lie beside the total still, once or twice, some elsewhere, some in both places.
      const [first, rest] = halves(day);
      const early = [[first], [first, rest], []][ago % 3]?.flatMap((each) => each ?? []) ?? [];
      const late = [[rest], [], [rest, first]][ago % 3]?.flatMap((each) => each ?? []) ?? [];
      if (early.length > 0) carriedOver.push({ ...summed(early), metric });
      totals.set(metric, {
        count: sum.count + count,
        total: sum.total + quantity,
        recent: [...late, ...sum.recent],
      });
    }
    await env.db.batch([
      orm.update(users).set({ time_zone: life.zone }).where(eq(users.id, user.id)),
      ...carriedOver.map((day) => orm.insert(metricDays).values({ ...own, ...day })),
      ...[...totals].map(([metric, sum]) =>
        orm.insert(metricTotals).values({ ...own, metric, ...sum, updated_at: NOW }),
      ),
      ...life.held.map(({ fact: [kind, key], from, until, grade }) =>
        orm.insert(facts).values({
          ...own,
          kind,
          key,
          starts_at: NOW + from * DAY_MS,
          ends_at: until === null ? null : NOW + until * DAY_MS,
          grade,
          updated_at: NOW,
        }),
      ),
      ...life.roles.map((issuer_role) =>
        orm.insert(manualAwards).values({
          id: newId(env),
          badge_id: badgeId,
          recipient_id: user.id,
          issuer_role,
          date_met: NOW,
        }),
      ),
      ...life.badges.map(({ which, state }) =>
        orm.insert(awards).values({
          ...own,
          id: newId(env),
          unique_hash: newHash(env),
          badge_id: others[which] ?? "",
          award_slot: "once",
          awarded_at: NOW - 10 * DAY_MS,
          date_expire: state === "expired" ? NOW - DAY_MS : null,
          revoked_at: state === "revoked" ? NOW : null,
          awarded_by: "admin",
          recipient_identity_id: identity.id,
          recipient_type: "email",
          recipient_identity: identity.normalised,
          recipient_salt: newSalt(env),
          updated_at: NOW,
        }),
      ),
    ]);
  }
  return people;
}

/** One event of the day here, the others there; the day's events may be one alone. */
function halves({ day, count, total }: RecentDay): [RecentDay | null, RecentDay] {
  const [first, rest] = [{ day, count: 1, total: Math.min(total, 500) }, count - 1];
  if (rest === 0) return [null, { day, count, total }];
  return [first, { day, count: rest, total: total - first.total }];
}

function summed(days: readonly RecentDay[]): RecentDay {
  const sum = { day: days[0]?.day ?? 0, count: 0, total: 0 };
  for (const { count, total } of days) {
    sum.count += count;
    sum.total += total;
  }
  return sum;
}
