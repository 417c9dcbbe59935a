// What an evaluation must know of a person before it asks any criterion: who they are, what they met, what they were awarded.
import { and, eq, sql } from "drizzle-orm";
import { type Award, awards } from "../db/awards.ts";
import { criterionMets } from "../db/criteria.ts";
import type { Database } from "../db/database.ts";
import { identities, memberships, users } from "../db/organizations.ts";
import { prepared } from "../db/prepared.ts";
import type { Env } from "../env.ts";
import { dayIn } from "../time-zone.ts";
import { withheldRows } from "./award-standing.ts";
import type { At } from "./criteria/kind.ts";
import type { Definition } from "./definition.ts";

export interface Met {
  readonly metAt: number;
  /** The award it led to. */
  readonly issuedId: string | null;
}

/** An award of the person's, revoked or not. */
export type AwardThere = Pick<
  Award,
  "id" | "tier_level" | "awarded_at" | "date_expire" | "revoked_at" | "superseded_by"
> & {
  /** Revoked for good: no rule gives it again, until somebody vouches for the person anew. */
  readonly isWithheld: boolean;
};

export interface PersonThere {
  readonly userId: string;
  readonly isActive: boolean;
  readonly roles: readonly string[];
  /** Whether anything is known that an award could be made out to. */
  readonly hasIdentity: boolean;
  /** Now, on the day it is where they are. */
  readonly at: At;
  /** By criterion. */
  readonly mets: ReadonlyMap<string, Met>;
  /** By badge, oldest first. */
  readonly awards: ReadonlyMap<string, readonly AwardThere[]>;
}

const given = (name: string) => sql.placeholder(name);

const memberThere = prepared((db) =>
  db.orm
    .select({
      user: users.status,
      timeZone: users.time_zone,
      membership: memberships.status,
      roles: memberships.roles,
      identity: sql<number>`exists (select 1 from ${identities} where ${identities.user_id} = ${memberships.user_id})`,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.user_id))
    .where(
      and(
        eq(memberships.organization_id, given("organizationId")),
        eq(memberships.user_id, given("userId")),
      ),
    )
    .limit(1)
    .prepare(),
);

const metsThere = prepared((db) =>
  db.orm
    .select({
      crit: criterionMets.crit_id,
      metAt: criterionMets.date_met,
      issuedId: criterionMets.issued_id,
    })
    .from(criterionMets)
    .where(
      and(
        sql`${criterionMets.crit_id} in (select value from json_each(${given("criteria")}))`,
        eq(criterionMets.user_id, given("userId")),
      ),
    )
    .prepare(),
);

const awardsThere = prepared((db) =>
  db.orm
    .select({
      id: awards.id,
      badge: awards.badge_id,
      tier_level: awards.tier_level,
      awarded_at: awards.awarded_at,
      date_expire: awards.date_expire,
      revoked_at: awards.revoked_at,
      superseded_by: awards.superseded_by,
      withheld: sql<number>`${withheldRows(sql`0`)}`,
    })
    .from(awards)
    .where(
      and(
        eq(awards.user_id, given("userId")),
        // Keeps the planner on the person's awards, and off the organization's.
        sql`+${awards.organization_id} = ${given("organizationId")}`,
      ),
    )
    .orderBy(sql`${awards}.rowid`)
    .prepare(),
);

/** Null for somebody who is no member of the organization. */
export async function personThere(
  env: Pick<Env, "db" | "now">,
  organizationId: string,
  userId: string,
  definitions: readonly Definition[],
): Promise<PersonThere | null> {
  const [[member], mets, held] = await Promise.all([
    memberThere(env.db).all({ organizationId, userId }),
    metsOf(env.db, userId, definitions),
    awardsThere(env.db).all({ organizationId, userId }),
  ]);
  if (member === undefined) return null;
  const now = env.now();
  const byBadge = new Map<string, AwardThere[]>();
  for (const { badge, withheld, ...award } of held) {
    byBadge.set(badge, [...(byBadge.get(badge) ?? []), { ...award, isWithheld: withheld === 1 }]);
  }
  return {
    userId,
    isActive: member.user === "active" && member.membership === "active",
    roles: member.roles,
    hasIdentity: member.identity === 1,
    at: { now, day: dayIn(member.timeZone, now) },
    mets,
    awards: byBadge,
  };
}

async function metsOf(
  db: Database,
  userId: string,
  definitions: readonly Definition[],
): Promise<ReadonlyMap<string, Met>> {
  const ids = definitions.flatMap(({ criteria }) => criteria.map(({ id }) => id));
  const rows = await metsThere(db).all({ userId, criteria: JSON.stringify(ids) });
  return new Map(rows.map(({ crit, metAt, issuedId }) => [crit, { metAt, issuedId }]));
}
