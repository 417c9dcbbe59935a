// The slot an award takes, decided by the database in the statement that inserts the award.
import { type SQL, sql } from "drizzle-orm";
import { awards } from "../db/awards.ts";
import { type Badge, badges, badgeTiers } from "../db/badges.ts";
import { memberships, users } from "../db/organizations.ts";

/** What an award was decided on, to be asked again when it is written. */
export interface Attempt {
  readonly badge: Pick<
    Badge,
    "id" | "organization_id" | "expire_date" | "expire_period" | "image_id"
  >;
  readonly userId: string;
  readonly tier: number | null;
}

/**
 * An expression for `award_slot`: `once`, `t<tier>` or `r<ordinal>` while every rule holds on what
 * is stored at that moment, else NULL. The column refuses NULL, so the batch as a whole is undone:
 * the person, the assertion, the audit entry and a kept answer with it, and no other statement
 * needs a condition of its own. Writers come one after another in SQLite, so of any number of
 * racing awards exactly as many are written as the rules allow; `isOvertaken` tells the others.
 *
 * A revoked award leaves its slot and the count. An ordinal is never used twice, not even after a
 * revocation: the next one is above all that were ever given.
 */
export function awardSlot(attempt: Attempt): SQL<string> {
  const { badge, userId, tier } = attempt;
  const ofThis = sql`${awards.user_id} = ${userId} and ${awards.badge_id} = ${badge.id}
    and ${awards.organization_id} = ${badge.organization_id}`;
  const held = sql`${ofThis} and ${awards.revoked_at} is null`;
  const tiers = sql`select 1 from ${badgeTiers} where ${badgeTiers.badge_id} = ${badge.id}`;
  // tier_level_monotonically_increasing: strictly above every tier that is held.
  const nextTier = sql`case when exists (${tiers} and ${badgeTiers.level} = ${tier}) and not exists
    (select 1 from ${awards} where ${held} and ${awards.tier_level} >= ${tier})
    then 't' || cast(${tier} as integer) end`;
  const nextOrdinal = sql`'r' || (select coalesce(max(cast(substr(${awards.award_slot}, 2)
    as integer)), 0) + 1 from ${awards} where ${ofThis} and ${awards.award_slot} like 'r%')`;
  const slot =
    tier === null
      ? sql`case when exists (${tiers}) then null
          when ${badges.max_awards_per_user} = 1 then 'once' else ${nextOrdinal} end`
      : nextTier;
  return sql<string>`(select ${slot} from ${badges} where ${isAwardable(attempt)}
    and (${badges.max_awards_per_user} is null
      or (select count(*) from ${awards} where ${held}) < ${badges.max_awards_per_user})
    and ${mayReceive(attempt)})`;
}

/** inactive_badge_not_evaluated; and nothing that the assertion was written from has changed. */
function isAwardable({ badge }: Attempt): SQL {
  return sql`${badges.id} = ${badge.id} and ${badges.organization_id} = ${badge.organization_id}
    and ${badges.status} in ('active', 'active_locked')
    and ${badges.expire_date} is ${badge.expire_date}
    and ${badges.expire_period} is ${badge.expire_period}
    and ${badges.image_id} is ${badge.image_id}`;
}

/** award_only_to_active_users, eligibility_role_check. */
function mayReceive({ badge, userId }: Attempt): SQL {
  return sql`exists (select 1 from ${memberships}
    join ${users} on ${users.id} = ${memberships.user_id}
    where ${memberships.organization_id} = ${badge.organization_id}
    and ${memberships.user_id} = ${userId}
    and ${memberships.status} = 'active' and ${users.status} = 'active'
    and exists (select 1 from json_each(${memberships.roles}) held
      join json_each(${badges.eligibility_roles}) allowed on allowed.value = held.value))`;
}
