// A person with awards and a connection, a host that can be told what to do, and time that is moved by hand.
import { eq } from "drizzle-orm";
import { planning, woken } from "../../src/backpack/ledger.ts";
import { type Award, awards } from "../../src/db/awards.ts";
import type { Backpack } from "../../src/db/backpacks.ts";
import type { Badge } from "../../src/db/badges.ts";
import { backpackEvents, type Delivery } from "../../src/db/deliveries.ts";
import { planForPerson, WAKEABLE } from "../../src/db/deliveries-plan.ts";
import { jobs } from "../../src/db/jobs.ts";
import type { Organization } from "../../src/db/organizations.ts";
import type { Env } from "../../src/env.ts";
import { type Drained, drain } from "../../src/jobs/drain.ts";
import type { Handlers } from "../../src/jobs/outbox.ts";
import { HANDLERS } from "../../src/work.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson, type Person } from "../given.ts";
import {
  BadgeHost,
  type ConnectionWish,
  fetchOf,
  givenConnection,
  givenHostedBackpack,
  ledgerOf,
} from "./host.ts";

export const HOUR_MS = 3_600_000;
export const ORIGIN = "https://backpack.example.net";

/** The work of this room's sending side, as the program has it. */
export const PUSHING: Handlers = Object.fromEntries(
  Object.entries(HANDLERS).filter(([kind]) =>
    ["backpack.push", "backpack.connected", "backpack.sweep"].includes(kind),
  ),
);

export interface PushWorld {
  readonly test: TestApp;
  readonly env: Env;
  readonly host: BadgeHost;
  readonly organization: Organization;
  readonly person: Person;
  readonly badge: Badge;
  readonly backpack: Backpack;
  readonly connectionId: string;
  award(over?: Partial<typeof awards.$inferInsert>): Promise<Award>;
  /** Plans all that the person has, and wakes their connections. */
  plan(): Promise<void>;
  /** Does all that is due now. */
  work(): Promise<Drained>;
  /** Goes from one due job to the next, until the time is over. */
  pass(milliseconds: number): Promise<void>;
  rows(): Promise<Delivery[]>;
  row(): Promise<Delivery>;
  events(): Promise<string[]>;
}

export interface WorldWish extends ConnectionWish {
  readonly awards?: number;
  readonly now?: number;
  /** The caller closes it. */
  readonly shared?: boolean;
}

export async function pushWorld(wish: WorldWish = {}): Promise<PushWorld> {
  const clock = { now: () => 0 };
  const host = new BadgeHost(ORIGIN, () => clock.now());
  const test = await testApp({
    ...(wish.now === undefined ? {} : { now: wish.now }),
    shared: wish.shared ?? false,
    override: () => ({ publicFetch: fetchOf(host) }),
  });
  const { env } = test;
  clock.now = env.now;
  const organization = await givenOrganization(env);
  const person = await givenPerson(env, organization);
  const badge = await givenBadge(env, organization, { max_awards_per_user: null });
  const backpack = await givenHostedBackpack(env, host);
  const connectionId = await givenConnection(env, backpack, person.user.id, wish);
  let ordinal = 0;
  const award: PushWorld["award"] = (over = {}) =>
    givenAward(env, badge, person, { award_slot: `r${++ordinal}`, ...over });
  for (let i = 0; i < (wish.awards ?? 1); i++) await award();

  const work = () => drain(env, PUSHING, { limit: 10_000 });
  const world: PushWorld = {
    test,
    env,
    host,
    organization,
    person,
    badge,
    backpack,
    connectionId,
    award,
    async plan() {
      await planPerson(env, person.user.id);
    },
    work,
    async pass(milliseconds) {
      const end = test.clock.now + milliseconds;
      await work();
      for (;;) {
        const due = await nextJob(env);
        if (due === null || due > end) break;
        test.clock.now = Math.max(test.clock.now, due);
        await work();
      }
      test.clock.now = end;
    },
    rows: () => ledgerOf(env),
    async row() {
      const [row, more] = await ledgerOf(env);
      if (row === undefined || more !== undefined) throw new Error("not one row");
      return row;
    },
    async events() {
      const rows = await env.db.orm.select().from(backpackEvents).orderBy(backpackEvents.id);
      return rows.map(({ kind }) => kind);
    },
  };
  await world.plan();
  return world;
}

/** As whoever proves an address of theirs does. */
export async function planPerson(env: Env, userId: string): Promise<void> {
  await env.db.batch([planForPerson(planning(env), userId), woken(env, WAKEABLE.person(userId))]);
}

/** When the next job falls due that is not leased. */
async function nextJob(env: Env): Promise<number | null> {
  const { rows } = await env.db.read({
    sql: `SELECT min(max(due_at, coalesce(lease_until, 0))) FROM jobs
      WHERE done_at IS NULL AND parked_at IS NULL AND kind LIKE 'backpack.push'`,
    params: [],
  });
  const [at = null] = rows[0] ?? [];
  return at === null ? null : Number(at);
}

export const jobsOfKind = (env: Env, kind: string) =>
  env.db.orm.select().from(jobs).where(eq(jobs.kind, kind));

/** A changed award, as whatever changes one leaves it: the trigger raises its revision. */
export async function changeAward(env: Env, id: string, narrative: string): Promise<void> {
  await env.db.batch([
    env.db.orm.update(awards).set({ narrative, updated_at: env.now() }).where(eq(awards.id, id)),
  ]);
}
