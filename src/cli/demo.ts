// Fills an empty database with a small demo, through the same API everybody uses.
import { and, eq, inArray, sql } from "drizzle-orm";
import { createApp } from "../app.ts";
import { awards } from "../db/awards.ts";
import type { Writable } from "../db/database.ts";
import { hasOrganizations, identities, organizations, users } from "../db/organizations.ts";
import { profileSlugs, profiles } from "../db/profiles.ts";
import { DEMO_ORGANIZATION } from "../demo-organization.ts";
import type { Env } from "../env.ts";
import { BRIDGE_SVG, moonPng } from "./demo-pictures.ts";
import {
  AWARDS,
  BADGES,
  type DemoAward,
  type DemoBadge,
  FOUNDED_DAYS_AGO,
  HOURS,
  NOMINATION,
  PEOPLE,
  SHOWN,
} from "./demo-story.ts";
import { type Api, appApi } from "./installation.ts";
import { text } from "./listing.ts";
import { Failure } from "./verb.ts";

export interface Seeded {
  /** False where the database was not empty, and so was left alone. */
  readonly seeded: boolean;
  readonly people: number;
  readonly badges: number;
  readonly awards: number;
  readonly examples: Examples;
}

/** Hashes of awards to look at. */
export interface Examples {
  readonly valid: string | null;
  readonly expired: string | null;
  readonly revoked: string | null;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Between two steps of the set-up: lists by age then have the story's order. */
const MINUTE_MS = 60_000;

/**
 * Seeds a database without organizations. Two processes that start together do not seed twice: the
 * organization's slug is unique, and whoever comes second leaves the work to the first.
 */
export async function seedDemo(
  env: Env,
  progress: (done: number, all: number) => void = () => {},
): Promise<Seeded> {
  const seeded = !(await hasOrganizations(env.db)) && (await tell(env, progress));
  return {
    seeded,
    people: PEOPLE.length,
    badges: BADGES.length,
    awards: AWARDS.length,
    examples: await findExamples(env),
  };
}

/**
 * The story was lived through in the past: the app that hears it has a clock that is moved along.
 * Nobody is told of it by mail: a mailbox with years of old news is no welcome.
 */
async function tell(env: Env, progress: (done: number, all: number) => void): Promise<boolean> {
  const clock = { now: env.now() - FOUNDED_DAYS_AGO * DAY_MS };
  const api = appApi(
    createApp({ ...env, now: () => clock.now, mail: undefined }),
    env,
    DEMO_ORGANIZATION.slug,
  );
  try {
    await api("POST", "/organizations", {
      body: { ...DEMO_ORGANIZATION, is_listed: true },
      site: true,
    });
  } catch (error) {
    if (error instanceof Failure && error.code === "slug-taken") return false;
    throw error;
  }
  const all = PEOPLE.length + BADGES.length + AWARDS.length;
  let done = 0;
  const step = () => {
    clock.now += MINUTE_MS;
    progress(++done, all);
  };
  const people = new Map<string, string>();
  for (const { name, email, roles } of PEOPLE) {
    const made = await api("POST", "/users", {
      body: { name, roles, identities: [{ type: "email", identity: email }] },
    });
    people.set(email, text(made, "id"));
    step();
  }
  const ids = new Map<string, string>();
  for (const badge of BADGES) {
    ids.set(badge.key, await define(api, badge, ids));
    step();
  }
  for (const award of AWARDS) {
    await give(api, award, ids, clock, env.now());
    step();
  }
  await nominate(api, people, ids, clock, env.now());
  clock.now = env.now();
  await api("POST", "/events", { body: { events: hoursGiven(env.now()) } });
  await env.db.batch(settled(env));
  await env.db.batch(shown(env, clock.now));
  return true;
}

async function nominate(
  api: Api,
  people: ReadonlyMap<string, string>,
  ids: ReadonlyMap<string, string>,
  clock: { now: number },
  today: number,
): Promise<void> {
  const { badge, of, by, daysAgo, reason } = NOMINATION;
  clock.now = today - daysAgo * DAY_MS;
  await api("POST", "/nominations", {
    body: { badge: ids.get(badge), user: people.get(of), on_behalf_of: people.get(by), reason },
  });
}

/**
 * Nobody reads mail at the demo's addresses, so they count as proven; people go by their names, took
 * what they were given on the day, and one of them runs the site.
 */
function settled(env: Env): Writable[] {
  const { orm } = env.db;
  const known = (emails: readonly string[]) =>
    and(eq(identities.type, "email"), inArray(identities.normalised, [...emails]));
  const owners = (emails: readonly string[]) =>
    inArray(users.id, orm.select({ id: identities.user_id }).from(identities).where(known(emails)));
  const everybody = PEOPLE.map(({ email }) => email);
  const administrators = PEOPLE.filter(({ runsSite }) => runsSite).map(({ email }) => email);
  return [
    orm.update(identities).set({ verified_at: env.now() }).where(known(everybody)),
    ...PEOPLE.map(({ name, email }) =>
      orm
        .update(users)
        .set({ name })
        .where(owners([email])),
    ),
    orm.update(users).set({ is_site_administrator: true }).where(owners(administrators)),
    orm
      .update(awards)
      .set({ claim_state: "claimed", claimed_at: awards.awarded_at })
      .where(inArray(awards.organization_id, demoOrganization(env))),
  ];
}

/** Hours of mentoring as another system would have told them, each session once. */
function hoursGiven(now: number): object[] {
  return HOURS.flatMap(({ of, hours }) =>
    hours.map((quantity, i) => ({
      id: `log-${of.split("@")[0]}-${i + 1}`,
      person: { type: "email", identity: of },
      metric: "activity_hours",
      quantity,
      occurred_at: new Date(now - (hours.length - i) * WEEK_MS).toISOString(),
    })),
  );
}

/** One person has a page about themselves and is named where their badges are. */
function shown({ db }: Env, now: number): Writable[] {
  const { of, slug, name } = SHOWN;
  const user_id = sql<string>`(select ${identities.user_id} from ${identities}
    where ${identities.type} = 'email' and ${identities.normalised} = ${of})`;
  const flags = { is_public: true, is_indexed: false, is_listed: true };
  return [
    db.orm.insert(profileSlugs).values({ slug, user_id }),
    db.orm.insert(profiles).values({ user_id, slug, name, ...flags, updated_at: now }),
  ];
}

/** Its id, as a subquery. */
function demoOrganization({ db }: Env) {
  const { slug, url } = DEMO_ORGANIZATION;
  return db.orm
    .select({ id: organizations.id })
    .from(organizations)
    .where(and(eq(organizations.slug, slug), eq(organizations.url, url)));
}

async function define(
  api: Api,
  { body, picture, related = [] }: DemoBadge,
  ids: ReadonlyMap<string, string>,
): Promise<string> {
  const image = picture === undefined ? {} : { image: await upload(api, picture) };
  const relations = related.map((key) => ids.get(key));
  const made = await api("POST", "/badges", {
    body: { ...body, ...image, ...(relations.length > 0 ? { related: relations } : {}) },
  });
  return text(made, "id");
}

async function upload(api: Api, picture: "moon" | "bridge"): Promise<string> {
  const file =
    picture === "moon"
      ? { mediaType: "image/png", bytes: moonPng() }
      : { mediaType: "image/svg+xml", bytes: new TextEncoder().encode(BRIDGE_SVG) };
  const name = picture === "moon" ? "moon.png" : "bridge.svg";
  return text(await api("POST", `/images?name=${name}`, { file }), "id");
}

async function give(
  api: Api,
  { badge, to, daysAgo, details, revoked }: DemoAward,
  ids: ReadonlyMap<string, string>,
  clock: { now: number },
  today: number,
): Promise<void> {
  clock.now = today - daysAgo * DAY_MS;
  const recipient = { type: "email", identity: to };
  const made = await api("POST", "/awards", {
    body: { badge: ids.get(badge), recipient, ...details },
  });
  if (revoked === undefined) return;
  clock.now = today - revoked.daysAgo * DAY_MS;
  await api("POST", `/awards/${text(made, "id")}/revoke`, { body: { reason: revoked.reason } });
}

/** The demo's oldest award of each verdict, as the home page shows them. */
export async function findExamples(env: Pick<Env, "db" | "now">): Promise<Examples> {
  const { slug, url } = DEMO_ORGANIZATION;
  const oldest = async (condition: string, ...params: number[]): Promise<string | null> => {
    const { rows } = await env.db.read({
      sql: `SELECT unique_hash FROM badge_issues
        WHERE organization_id = (SELECT id FROM organizations WHERE slug = ? AND url = ?)
        AND visible = 1 AND ${condition} ORDER BY awarded_at LIMIT 1`,
      params: [slug, url, ...params],
    });
    return rows[0] === undefined ? null : String(rows[0][0]);
  };
  const now = env.now();
  return {
    valid: await oldest("revoked_at IS NULL AND (date_expire IS NULL OR date_expire > ?)", now),
    expired: await oldest("revoked_at IS NULL AND date_expire <= ?", now),
    revoked: await oldest("revoked_at IS NOT NULL"),
  };
}
