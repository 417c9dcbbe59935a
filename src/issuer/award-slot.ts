// The slot an award takes, decided by the database in the statement that inserts the award.
import { type SQL, sql } from "drizzle-orm";
import { type Award, awards } from "../db/awards.ts";
import { type Badge, badges, badgeTiers } from "../db/badges.ts";
import type { Database, Writable } from "../db/database.ts";
import { memberships, users } from "../db/organizations.ts";
import { built, filled, prepared } from "../db/prepared.ts";
import { heldRows, withheldRows } from "./award-standing.ts";

const given = (name: string) => sql.placeholder(name);

/**
 * Inserts an award, if at that moment every rule still holds; else its batch is undone. `kept` is the
 * slot of the award of the same person and tier that it replaces, revoked before in the same batch.
 */
export function insertAward(
  db: Database,
  award: Award,
  badge: Pick<Badge, "expire_date" | "expire_period" | "image_id">,
  kept: string | null = null,
): Writable {
  const anew = award.tier_level === null ? insertUntiered : insertTier;
  const insert = kept === null ? anew : insertKept;
  return filled(insert(db), {
    ...award,
    progress_snapshot: jsonOrNull(award.progress_snapshot),
    evidence: jsonOrNull(award.evidence),
    kept_slot: kept,
    badge_expire_date: badge.expire_date,
    badge_expire_period: badge.expire_period,
    badge_image_id: badge.image_id,
  });
}

const insertUntiered = prepared((db) => insertion(db, awardSlot(false)));
const insertTier = prepared((db) => insertion(db, awardSlot(true)));
const insertKept = prepared((db) => insertion(db, keptSlot()));

function insertion({ orm }: Database, slot: SQL<string>): Writable {
  return built(
    orm.insert(awards).values({
      id: given("id"),
      unique_hash: given("unique_hash"),
      badge_id: given("badge_id"),
      user_id: given("user_id"),
      organization_id: given("organization_id"),
      award_slot: slot,
      awarded_at: given("awarded_at"),
      date_expire: given("date_expire"),
      awarded_by: given("awarded_by"),
      awarded_by_user_id: given("awarded_by_user_id"),
      tier_level: given("tier_level"),
      // Within SQL of its own a placeholder is not encoded, so that NULL stays NULL.
      progress_snapshot: sql`${given("progress_snapshot")}`,
      evidence: sql`${given("evidence")}`,
      narrative: given("narrative"),
      visible: given("visible"),
      claim_state: given("claim_state"),
      claimed_at: given("claimed_at"),
      recipient_identity_id: given("recipient_identity_id"),
      recipient_type: given("recipient_type"),
      recipient_identity: given("recipient_identity"),
      recipient_salt: given("recipient_salt"),
      recipient_name: given("recipient_name"),
      created_at: given("created_at"),
      updated_at: given("updated_at"),
    }),
  );
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/**
 * An expression for `award_slot`: `once`, `t<tier>` or `r<ordinal>` while every rule holds on what
 * is stored at that moment, else NULL. The column refuses NULL, so the batch as a whole is undone:
 * the person, the assertion, the audit entry and a kept answer with it, and no other statement
 * needs a condition of its own. Writers come one after another in SQLite, so of any number of
 * racing awards exactly as many are written as the rules allow; `isOvertaken` tells the others.
 *
 * A revoked award leaves its slot and the count, and so does one that has run out where the badge
 * may be renewed. An ordinal is never used twice, not even after a revocation: the next one is above
 * all that were ever given. What was taken back for good is withheld from the rules.
 */
function awardSlot(tiered: boolean): SQL<string> {
  const ofThis = sql`${awards.user_id} = ${given("user_id")} and ${awards.badge_id} = ${given("badge_id")}
    and ${awards.organization_id} = ${given("organization_id")}`;
  const held = sql`${ofThis} and ${heldRows(sql`${badges.is_renewable}`, sql`${given("created_at")}`)}`;
  const withheld = sql`${ofThis} and ${withheldRows(sql`${given("tier_level")}`)}`;
  const tiers = sql`select 1 from ${badgeTiers} where ${badgeTiers.badge_id} = ${given("badge_id")}`;
  // tier_level_monotonically_increasing: strictly above every tier that is held.
  const nextTier = sql`case when exists (${tiers} and ${badgeTiers.level} = ${given("tier_level")}) and not exists
    (select 1 from ${awards} where ${held} and ${awards.tier_level} >= ${given("tier_level")})
    then 't' || cast(${given("tier_level")} as integer) end`;
  const nextOrdinal = sql`'r' || (select coalesce(max(cast(substr(${awards.award_slot}, 2)
    as integer)), 0) + 1 from ${awards} where ${ofThis} and ${awards.award_slot} like 'r%')`;
  const untiered = sql`case when exists (${tiers}) then null
    when ${badges.max_awards_per_user} = 1 then 'once' else ${nextOrdinal} end`;
  const slot = tiered ? nextTier : untiered;
  return sql<string>`(select ${slot} from ${badges} where ${isAwardable()}
    and (${badges.max_awards_per_user} is null
      or (select count(*) from ${awards} where ${held}) < ${badges.max_awards_per_user})
    and (${given("awarded_by")} <> 'system' or not exists (select 1 from ${awards} where ${withheld}))
    and ${mayReceive()})`;
}

/** The slot that is handed on, under every rule but those that count what the person holds. */
function keptSlot(): SQL<string> {
  const tiers = sql`select 1 from ${badgeTiers} where ${badgeTiers.badge_id} = ${given("badge_id")}`;
  const isOfBadge = sql`case when ${given("tier_level")} is null then not exists (${tiers})
    else exists (${tiers} and ${badgeTiers.level} = ${given("tier_level")}) end`;
  return sql<string>`(select ${given("kept_slot")} from ${badges} where ${isAwardable()}
    and ${isOfBadge} and ${mayReceive()})`;
}

/** inactive_badge_not_evaluated; and nothing that the assertion was written from has changed. */
function isAwardable(): SQL {
  return sql`${badges.id} = ${given("badge_id")} and ${badges.organization_id} = ${given("organization_id")}
    and ${badges.status} in ('active', 'active_locked')
    and ${badges.expire_date} is ${given("badge_expire_date")}
    and ${badges.expire_period} is ${given("badge_expire_period")}
    and ${badges.image_id} is ${given("badge_image_id")}`;
}

/** award_only_to_active_users, eligibility_role_check. */
function mayReceive(): SQL {
  return sql`exists (select 1 from ${memberships}
    join ${users} on ${users.id} = ${memberships.user_id}
    where ${memberships.organization_id} = ${given("organization_id")}
    and ${memberships.user_id} = ${given("user_id")}
    and ${memberships.status} = 'active' and ${users.status} = 'active'
    and exists (select 1 from json_each(${memberships.roles}) held
      join json_each(${badges.eligibility_roles}) allowed on allowed.value = held.value))`;
}
