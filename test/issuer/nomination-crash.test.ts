// An approval, and a word that awards, cut off at each of their calls to the database: all of it happened, or nothing.
import { describe, expect, it } from "vitest";
import { ADMINISTRATOR, COORDINATOR } from "../../src/auth.ts";
import type { Badge } from "../../src/db/badges.ts";
import { createDatabase, type Database } from "../../src/db/database.ts";
import type { Organization } from "../../src/db/organizations.ts";
import { asPerson } from "../api/person.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenBadge, givenOrganization, givenPerson, type Person } from "../given.ts";
import { givenManualCriterion, givenNomination } from "../given-nominations.ts";

/** The end of the process, as far as whoever waits for the call can tell. */
interface Blade {
  /** Falls at this call, counted from 1; 0 is never. */
  at: number;
  /** Whether what is cut off by then has been written. */
  after: boolean;
  calls: number;
  fell: boolean;
}

function underBlade(db: Database, blade: Blade): Database {
  const cut = async <T>(call: () => Promise<T>): Promise<T> => {
    if (blade.fell) throw new Error("the process is gone");
    if (++blade.calls !== blade.at) return call();
    blade.fell = true;
    if (blade.after) await call();
    throw new Error("the process is gone");
  };
  return createDatabase({
    read: (statement) => cut(() => db.read(statement)),
    write: (statements) => cut(() => db.batch(statements)),
    close: () => db.close(),
  });
}

interface Stage {
  readonly t: TestApp;
  readonly blade: Blade;
  readonly organization: Organization;
  readonly badge: Badge;
  readonly person: Person;
}

async function given(): Promise<Stage> {
  const blade: Blade = { at: 0, after: false, calls: 0, fell: false };
  const t = await testApp({ override: (env) => ({ db: underBlade(env.db, blade) }) });
  const organization = await givenOrganization(t.env);
  const badge = await givenBadge(t.env, organization, { max_awards_per_user: null });
  return { t, blade, organization, badge, person: await givenPerson(t.env, organization) };
}

const STORED = [
  "badge_issues",
  "hosted_assertions",
  "badge_manual_awards",
  "badge_criteria_mets",
  "notifications",
] as const;

async function stored({ t }: Stage): Promise<Record<string, number>> {
  const counts = [
    ...STORED.map((table) => `(select count(*) from ${table})`),
    "(select count(*) from audit_log where action in ('nomination.approved', 'vouch.created', 'award.created'))",
    "(select count(*) from nominations where state = 'approved')",
  ];
  const { rows } = await t.env.db.read({ sql: `select ${counts.join(", ")}`, params: [] });
  const names = [...STORED, "audit", "approved"];
  return Object.fromEntries(names.map((name, i) => [name, Number(rows[0]?.[i])]));
}

type Deed = (stage: Stage) => Promise<() => Promise<{ status: number }>>;

const approving: Deed = async ({ t, organization, badge, person }) => {
  await givenManualCriterion(t.env, badge);
  const nomination = await givenNomination(t.env, badge, person);
  const { user } = await givenPerson(t.env, organization, { roles: [ADMINISTRATOR] });
  const send = await asPerson(t, user.id, organization.id);
  return () => send("POST", `/nominations/${nomination.id}/approve`, { note: "Well deserved." });
};

const vouching: Deed = async ({ t, organization, badge, person }) => {
  await givenManualCriterion(t.env, badge, [COORDINATOR]);
  const { user } = await givenPerson(t.env, organization, { roles: [COORDINATOR] });
  const send = await asPerson(t, user.id, organization.id);
  return () => send("POST", `/badges/${badge.id}/vouches`, { user: person.user.id });
};

/** How many calls the deed makes, undisturbed; and what is stored of it then. */
async function whole(deed: Deed): Promise<{ calls: number; done: Record<string, number> }> {
  const stage = await given();
  const act = await deed(stage);
  stage.blade.calls = 0;
  expect((await act()).status).toBeLessThan(300);
  const { calls } = stage.blade;
  return { calls, done: await stored(stage) };
}

describe("cut off at any call", { timeout: 60_000 }, () => {
  it.each<[string, Deed]>([
    ["an approval", approving],
    ["the word that awards", vouching],
  ])(
    "%s has happened as a whole or not at all, and done again it happens once",
    async (_n, deed) => {
      const { calls, done } = await whole(deed);
      expect(calls).toBeGreaterThan(5);
      expect(done).toMatchObject({ badge_issues: 1, hosted_assertions: 1, audit: 2 });
      let survived = 0;
      for (let at = 1; at <= calls; at++) {
        for (const after of [false, true]) {
          const stage = await given();
          const act = await deed(stage);
          const before = await stored(stage);
          Object.assign(stage.blade, { at, after, calls: 0 });
          expect([at, after, (await act()).status]).toEqual([at, after, 500]);
          Object.assign(stage.blade, { at: 0, fell: false });
          const left = await stored(stage);
          expect([at, after, [before, done]]).toEqual([at, after, expect.arrayContaining([left])]);
          if (left.badge_issues === 1) survived++;
          expect([at, after, (await act()).status < 300]).toEqual([at, after, true]);
          expect([at, after, await stored(stage)]).toEqual([at, after, done]);
        }
      }
      // The one write, once it was made, and nothing else.
      expect(survived).toBe(1);
    },
  );
});
