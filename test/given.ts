// What a test starts from: rows written as they would stand after the rules had run.

import { eq } from "drizzle-orm";
import { KEY_PREFIX, keyHash, type Scope } from "../src/auth.ts";
import { type Award, awards } from "../src/db/awards.ts";
import { type Badge, badges } from "../src/db/badges.ts";
import type { BadgeCriterion } from "../src/db/criteria.ts";
import { type Image, imageContents, images } from "../src/db/images.ts";
import {
  apiKeys,
  type Identity,
  identities,
  memberships,
  type Organization,
  organizations,
  type User,
  users,
} from "../src/db/organizations.ts";
import { findProvenHolder } from "../src/db/people.ts";
import type { Env } from "../src/env.ts";
import { newHash, newId, newSalt, sha256Hex, toBase64url } from "../src/ids.ts";
import { criteriaChange } from "../src/issuer/badge-criteria.ts";
import { formColumns } from "../src/issuer/criteria-forms.ts";
import type { CriteriaInput } from "../src/issuer/criteria-input.ts";

type Insert<T extends { $inferInsert: unknown }> = Partial<T["$inferInsert"]>;

let ordinal = 0;

export async function givenOrganization(
  env: Env,
  over: Insert<typeof organizations> = {},
): Promise<Organization> {
  const [row] = await write(env, organizations, {
    id: newId(env),
    slug: `northside-${++ordinal}`,
    name: "Northside Peer Mentors",
    url: "https://northside.example",
    email: "badges@northside.example",
    updated_at: env.now(),
    ...over,
  });
  return row as Organization;
}

export interface Person {
  readonly user: User;
  readonly identity: Identity;
}

export async function givenPerson(
  env: Env,
  organization: Organization,
  over: { name?: string; email?: string; roles?: string[]; status?: User["status"] } = {},
): Promise<Person> {
  const email = over.email ?? `person-${++ordinal}@example.org`;
  const [user] = await write(env, users, {
    id: newId(env),
    name: over.name ?? "Noor Haddad",
    status: over.status ?? "active",
    updated_at: env.now(),
  });
  const userId = (user as User).id;
  const holder = await findProvenHolder(env.db, "email", email.trim().toLowerCase());
  const [identity] = await write(env, identities, {
    id: newId(env),
    user_id: userId,
    type: "email",
    identity: email,
    normalised: email.trim().toLowerCase(),
    // Whoever came first has proven it: an address has one holder.
    verified_at: holder === null ? env.now() : null,
  });
  await write(env, memberships, {
    id: newId(env),
    organization_id: organization.id,
    user_id: userId,
    name: over.name ?? "Noor Haddad",
    roles: over.roles ?? ["member"],
    updated_at: env.now(),
  });
  return { user: user as User, identity: identity as Identity };
}

/** One more address of a person, which they have proven. */
export async function givenProven(env: Env, { user }: Person, email: string): Promise<Identity> {
  const [identity] = await write(env, identities, {
    id: newId(env),
    user_id: user.id,
    type: "email",
    identity: email,
    normalised: email.trim().toLowerCase(),
    verified_at: env.now(),
  });
  return identity as Identity;
}

export const PLAIN_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512"><circle cx="256" cy="256" r="200" fill="#1f4fbf"/></svg>';

export async function givenSvgImage(
  env: Env,
  organization: Organization,
  svg = PLAIN_SVG,
): Promise<Image> {
  const bytes = new TextEncoder().encode(svg);
  const sha256 = await sha256Hex(bytes);
  const content = env.db.orm
    .insert(imageContents)
    .values({
      sha256,
      media_type: "image/svg+xml",
      bytes: bytes as typeof imageContents.$inferInsert.bytes,
      size: bytes.length,
      width: 512,
      height: 512,
    })
    .onConflictDoNothing();
  await env.db.batch([content]);
  const [row] = await write(env, images, {
    id: newId(env),
    organization_id: organization.id,
    sha256,
    media_type: "image/svg+xml",
    name: "badge.svg",
    origin: "upload",
  });
  return row as Image;
}

export async function givenBadge(
  env: Env,
  organization: Organization,
  over: Insert<typeof badges> = {},
): Promise<Badge> {
  const image =
    over.image_id === undefined ? await givenSvgImage(env, organization, art(ordinal)) : null;
  const [row] = await write(env, badges, {
    id: newId(env),
    organization_id: organization.id,
    name: `Streak Champion ${++ordinal}`,
    description: "Ran mentoring sessions in twelve consecutive weeks.",
    status: "active",
    criteria_narrative: "Run a mentoring session in each of twelve consecutive weeks.",
    eligibility_roles: ["member"],
    tags: ["mentoring"],
    image_id: image?.id ?? null,
    updated_at: env.now(),
    ...over,
  });
  return row as Badge;
}

/** What the badge asks for, as rows; that coordinators nominate for it, unless it is said. */
export async function givenCriteria(
  env: Env,
  badge: Badge,
  input: CriteriaInput = {},
): Promise<readonly BadgeCriterion[]> {
  const { criteria, rules, writes } = await criteriaChange(env, badge, null, input);
  const columns = env.db.orm.update(badges).set(formColumns(rules)).where(eq(badges.id, badge.id));
  await env.db.batch([...writes, columns]);
  return criteria;
}

/** A picture of its own for each badge: the registry holds a picture once per organization. */
function art(seed: number): string {
  return PLAIN_SVG.replace("#1f4fbf", `#${(0x1f4fbf + seed).toString(16).padStart(6, "0")}`);
}

export async function givenAward(
  env: Env,
  badge: Badge,
  person: Person,
  over: Insert<typeof awards> = {},
): Promise<Award> {
  const [row] = await write(env, awards, {
    id: newId(env),
    unique_hash: newHash(env),
    badge_id: badge.id,
    user_id: person.user.id,
    organization_id: badge.organization_id,
    award_slot: "once",
    awarded_at: env.now(),
    awarded_by: "admin",
    recipient_identity_id: person.identity.id,
    recipient_type: person.identity.type,
    recipient_identity: person.identity.normalised,
    recipient_salt: newSalt(env),
    recipient_name: person.user.name,
    updated_at: env.now(),
    ...over,
  });
  return row as Award;
}

/** Returns the key itself, to be sent as a bearer token. */
export async function givenApiKey(
  env: Env,
  organization: Organization | null,
  scopes: readonly (Scope | "*")[] = ["*"],
): Promise<string> {
  const key = `${KEY_PREFIX}${toBase64url(env.random(32))}`;
  await write(env, apiKeys, {
    id: newId(env),
    organization_id: organization?.id ?? null,
    name: "test",
    prefix: key.slice(0, 8),
    key_hash: await keyHash(key),
    scopes: [...scopes],
  });
  return key;
}

type Table =
  | typeof organizations
  | typeof users
  | typeof identities
  | typeof memberships
  | typeof apiKeys
  | typeof images
  | typeof badges
  | typeof awards;

async function write<T extends Table>(
  env: Env,
  table: T,
  values: T["$inferInsert"],
): Promise<T["$inferSelect"][]> {
  await env.db.batch([env.db.orm.insert(table).values(values)]);
  const { sql } = await import("drizzle-orm");
  return env.db.orm
    .select()
    .from(table as typeof organizations)
    .where(sql`id = ${(values as { id: string }).id}`);
}
