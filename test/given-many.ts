// An organization as it is after years: rows that the rules wrote, multiplied, with what differs said in SQL.
import { eq } from "drizzle-orm";
import { BADGE_CATEGORIES, badges } from "../src/db/badges.ts";
import type { Organization } from "../src/db/organizations.ts";
import type { Env } from "../src/env.ts";
import { awardToken } from "../src/issuer/award-link.ts";
import { givenCode } from "./claim/claiming.ts";
import { givenAward, givenBadge, givenPerson, type Person } from "./given.ts";
import { givenCarried, givenWork } from "./given-many-work.ts";
import { givenMetricCriterion } from "./given-nominations.ts";
import { type Multiplier, multiplier, oneOf, type Series } from "./multiply.ts";

export interface Sizes {
  readonly people: number;
  readonly badges: number;
  /** Half of them are of one badge, so at most twice as many as people. */
  readonly awards: number;
  /** Of everything else that there is a list of. */
  readonly others: number;
  /** SQL for what somebody typed, of the row with the number `n`. */
  readonly typed: (what: "badge" | "person" | "line" | "text") => string;
}

/** What the paths of pages name, beside `givenObjects`. */
export interface Many {
  /** Holds one award in a hundred, each of another badge. */
  readonly recipient: Person;
  readonly ids: Readonly<Record<string, string>>;
}

export interface World {
  readonly env: Env;
  readonly many: Multiplier;
}

const PROFILE_SLUG = "recipient-of-many";

/**
 * Multiplies one of each thing that an organization has (`givenObjects`). Times and ids go through
 * the two years before now in the order of their numbers, so that lists lie as if they had grown.
 * Nothing of it waits for this process: what is to be sent is sent, given up, or due in many years.
 */
export async function givenMany(
  env: Env,
  organization: Organization,
  objects: Readonly<Record<string, string>>,
  sizes: Sizes,
): Promise<Many> {
  const large = objects["badges/{id}"] ?? "";
  const [badge] = await env.db.orm.select().from(badges).where(eq(badges.id, large));
  if (badge === undefined) throw new TypeError("givenObjects made no badge");
  const world = { env, many: multiplier(env, sizes.awards) };
  const recipient = await givenPerson(env, organization, { name: "Ada Abara" });
  const award = await givenAward(env, badge, recipient);
  await givenMembersAndBadges(world, organization, sizes, recipient);
  await givenAwards(world, sizes, { recipient, template: award.id, large });
  await givenTheirs(world, objects, sizes, recipient);
  await givenWork(world, objects, sizes, award.id);
  const backpack = await givenCarried(world, sizes, recipient, award);
  await env.db.batch([
    { sql: "UPDATE jobs SET done_at = due_at WHERE done_at IS NULL", params: [] },
    { sql: "UPDATE organizations SET is_listed = 1", params: [] },
    { sql: "UPDATE badges SET status = 'active_locked' WHERE id = ?", params: [large] },
  ]);
  const code = await givenCode({ env }, organization, { ...badge, status: "active_locked" });
  return {
    recipient,
    ids: {
      "b/:hash": award.unique_hash,
      "p/:slug": PROFILE_SLUG,
      "issuers/:slug": organization.slug,
      "claim/:code": code,
      "claim/:token": await awardToken(env, award.id, env.now()),
      "backpacks/:backpack": backpack,
      "mail/:id": `award.created.${award.id}`,
      "awards/:award": award.id,
      "done/:id": award.id,
      "people/:id": recipient.user.id,
      "identities/:identity": recipient.identity.id,
      "problems/:code": "validation-failed",
    },
  };
}

async function givenMembersAndBadges(
  { env, many }: World,
  organization: Organization,
  { people, badges: count, typed }: Sizes,
  recipient: Person,
): Promise<void> {
  const { multiply, id, at } = many;
  const template = await givenBadge(env, organization, { max_awards_per_user: 1 });
  await givenMetricCriterion(env, template, 100, 2);
  const person: Series = { count: people, of: `id = '${recipient.user.id}'` };
  const of = { ...person, of: `user_id = '${recipient.user.id}'` };
  const since = { created_at: at(), updated_at: at() };
  await multiply("users", person, { id: id("user"), name: typed("person"), ...since });
  await multiply("identities", of, {
    id: id("identity"),
    user_id: id("user"),
    identity: "'member-' || n || '@example.org'",
    normalised: "'member-' || n || '@example.org'",
    created_at: at(),
  });
  await multiply("memberships", of, {
    id: id("membership"),
    user_id: id("user"),
    name: typed("person"),
    roles: `CASE WHEN n % 900 = 7 THEN '["coordinator"]' ELSE '["member"]' END`,
    status: "iif(n % 500 = 3, 'suspended', 'active')",
    ...since,
  });
  const badge: Series = { count, of: `id = '${template.id}'` };
  await multiply("badges", badge, {
    id: id("badge"),
    name: `${typed("badge")} || ' ' || n`,
    description: typed("text"),
    status: oneOf(["active_locked", "active_locked", "active_locked", "active", "archived"]),
    category: oneOf(BADGE_CATEGORIES),
    sort_order: "n",
    ...since,
  });
  const { rows } = await env.db.read({
    sql: "SELECT id, criteria_type FROM badge_criterias WHERE badge_id = ?",
    params: [template.id],
  });
  for (const [criterion, type] of rows) {
    const kind = String(type);
    const same: Series = { count, of: `id = '${String(criterion)}'` };
    await multiply("badge_criterias", same, { id: id(kind), badge_id: id("badge") });
    const params: Series = { count, of: `crit_id = '${String(criterion)}'` };
    await multiply("badge_criteria_params", params, { id: id(`${kind}s`), crit_id: id(kind) });
  }
}

interface Awarded {
  readonly recipient: Person;
  readonly template: string;
  /** The badge that half of all awards are of. */
  readonly large: string;
}

/** Even numbers: the one badge, somebody each. Odd ones: in turn of a hundred; of fifty one the recipient's. */
async function givenAwards(
  { many }: World,
  { awards, badges: count, typed }: Sizes,
  { recipient, template, large }: Awarded,
): Promise<void> {
  const { multiply, id, at } = many;
  const whose = `iif(n % 100 = 1, '${recipient.user.id}', ${id("user", "n / 2")})`;
  const which = `iif(n % 100 = 1, n / 100 % ${count}, n / 2 % min(100, ${count}))`;
  await multiply(
    "badge_issues",
    { count: awards, of: `id = '${template}'` },
    {
      id: id("award"),
      unique_hash: "lower(hex(randomblob(20)))",
      badge_id: `iif(n % 2 = 0, '${large}', ${id("badge", which)})`,
      user_id: whose,
      award_slot: "'r' || n",
      awarded_at: at(),
      date_expire: `iif(n % 4 = 0, ${at()} + 63072000000, NULL)`,
      awarded_by: oneOf(["system", "coordinator", "admin"]),
      evidence: `iif(n % 10 = 0, json_array(json_object('id', 'https://northside.example/' || n,
      'name', ${typed("line")}, 'narrative', ${typed("text")})), NULL)`,
      narrative: `iif(n % 3 = 0, ${typed("text")}, NULL)`,
      visible: "n % 41 <> 40",
      claim_state: oneOf(["claimed", "claimed", "unclaimed", "claimed", "declined"], "n / 7"),
      claimed_at: `${at()} + 60000`,
      revoked_at: `iif(n % 97 = 13, ${at()} + 120000, NULL)`,
      revocation_reason: `iif(n % 97 = 13, ${typed("line")}, NULL)`,
      notification_sent: "n % 11 <> 5",
      recipient_identity_id: `iif(n % 100 = 1, template.recipient_identity_id, ${id("identity", "n / 2")})`,
      recipient_identity: `iif(n % 100 = 1, template.recipient_identity, 'member-' || n / 2 || '@example.org')`,
      recipient_salt: "lower(hex(randomblob(16)))",
      recipient_name: typed("person"),
      created_at: at(),
      updated_at: at(),
    },
  );
}

/** What people said, asked for and chose. */
async function givenTheirs(
  { env, many }: World,
  objects: Readonly<Record<string, string>>,
  { people, others, typed }: Sizes,
  recipient: Person,
): Promise<void> {
  const { multiply, id, at } = many;
  const some = Math.min(people, others);
  const nomination = `id = '${objects["nominations/{id}"]}'`;
  await multiply(
    "nominations",
    { count: some, of: nomination },
    {
      id: id("nomination"),
      nominee_id: id("user"),
      nominator_id: id("user", "n / 2"),
      reason: typed("text"),
      state: oneOf(["pending", "approved", "declined"]),
      decided_by_id: `iif(n % 3 = 0, NULL, ${id("user", "n / 3")})`,
      decided_at: `iif(n % 3 = 0, NULL, ${at()})`,
      decision_note: `iif(n % 3 = 0, NULL, ${typed("line")})`,
      created_at: at(),
      updated_at: at(),
    },
  );
  // For a badge that nobody has been awarded yet, so that all of them are open.
  await multiply(
    "badge_manual_awards",
    { count: some, of: `id = '${objects["vouches/{vouch}"]}'` },
    {
      id: id("vouch"),
      badge_id: `'${objects["related/{badge}"]}'`,
      recipient_id: id("user"),
      issuer_id: id("user", "n / 2"),
      date_met: at(),
    },
  );
  await env.db.batch([
    {
      sql: `INSERT INTO profiles (user_id, slug, name, is_public, is_indexed, is_listed, updated_at)
        VALUES (?, ?, 'Ada Abara', 1, 1, 1, ?)`,
      params: [recipient.user.id, PROFILE_SLUG, env.now()],
    },
    {
      sql: "INSERT INTO profile_slugs (slug, user_id) VALUES (?, ?)",
      params: [PROFILE_SLUG, recipient.user.id],
    },
  ]);
  await multiply(
    "profiles",
    { count: some, of: `slug = '${PROFILE_SLUG}'` },
    {
      user_id: id("user"),
      slug: "'member-' || n",
      name: `substr(${typed("person")}, 1, 100)`,
    },
  );
  const code = `id = '${objects["claim-codes/{code}"]}'`;
  await multiply(
    "claim_codes",
    { count: others, of: code },
    {
      id: id("code"),
      code_hash: "lower(hex(randomblob(32)))",
      label: `substr(${typed("line")}, 1, 100)`,
      created_at: at(),
    },
  );
  await env.db.batch([
    {
      sql: `INSERT INTO claims (claim_code_id, user_id, award_id, claimed_at)
        SELECT ?, user_id, id, awarded_at FROM badge_issues WHERE badge_id = ? AND user_id <> ?
        LIMIT ?`,
      params: [
        objects["claim-codes/{code}"] ?? "",
        objects["badges/{id}"] ?? "",
        recipient.user.id,
        others,
      ],
    },
    {
      sql: "UPDATE claim_codes SET claims = ? WHERE id = ?",
      params: [others, objects["claim-codes/{code}"] ?? ""],
    },
  ]);
}
