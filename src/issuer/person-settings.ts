// In which language a person is written to, and where their days begin: theirs to say, and an organization's while nobody has.
import { and, eq, isNotNull, ne, sql } from "drizzle-orm";
import type { Writable } from "../db/database.ts";
import { identities, memberships, type User, users } from "../db/organizations.ts";
import type { Member } from "../db/people.ts";
import type { Env } from "../env.ts";
import { type FieldError, Problem } from "../problem.ts";

export interface PersonSettings {
  /** BCP 47; null for the organization's. */
  readonly language?: string | null | undefined;
  /** IANA name; null for UTC. */
  readonly time_zone?: string | null | undefined;
}

const SETTINGS = ["language", "time_zone"] as const;

/** The person as they will be; what is not given stays. */
export function withSettings(user: User, given: PersonSettings): User {
  const { language = user.language, time_zone = user.time_zone } = given;
  return { ...user, language, time_zone };
}

/**
 * The writes that change what was given. An organization may fill what nobody has said, and change it
 * for people whom it alone knows and who never signed in; else it throws a 422 Problem.
 */
export async function settingsWrites(
  env: Env,
  { user, membership }: Pick<Member, "user" | "membership">,
  given: PersonSettings,
): Promise<readonly Writable[]> {
  const changing = SETTINGS.filter((name) => {
    const value = given[name];
    return value !== undefined && value !== user[name];
  });
  if (changing.length === 0) return [];
  const said = changing.filter((name) => user[name] !== null);
  if (said.length > 0 && !(await isOnlyKnownTo(env, membership.organization_id, user.id))) {
    throw new Problem("invalid-request", "The person has said this themselves.", {
      errors: said.map(refusal),
    });
  }
  return changing.map((name) =>
    env.db.orm
      .update(users)
      .set({ [name]: given[name], updated_at: sql`max(${env.now()}, updated_at + 1)` })
      // What the person has said meanwhile stands.
      .where(and(eq(users.id, user.id), sql`${users[name]} is ${user[name]}`)),
  );
}

function refusal(name: (typeof SETTINGS)[number]): FieldError {
  return {
    pointer: `/${name}`,
    code: `${name}_of_the_person`,
    detail: "This was set by the person, or by another organization that knows them.",
    fix: "Leave it out. Whoever is signed in sets it under /me/identities.",
  };
}

/** Nobody has proven to be this person, and no other organization has them among its members. */
async function isOnlyKnownTo(env: Env, organizationId: string, userId: string): Promise<boolean> {
  const { orm } = env.db;
  const [proven, elsewhere] = await Promise.all([
    orm
      .select({ id: identities.id })
      .from(identities)
      .where(and(eq(identities.user_id, userId), isNotNull(identities.verified_at)))
      .limit(1),
    orm
      .select({ id: memberships.id })
      .from(memberships)
      .where(and(eq(memberships.user_id, userId), ne(memberships.organization_id, organizationId)))
      .limit(1),
  ]);
  return proven.length === 0 && elsewhere.length === 0;
}
