// Evaluates everybody at once, in SQL: who meets a criterion, and who is to be awarded what, in a slice of people.
import { type SQL, sql } from "drizzle-orm";
import { type BadgeTier, badges } from "../db/badges.ts";
import { criterionMets } from "../db/criteria.ts";
import type { Statement } from "../db/database.ts";
import { statement } from "../db/statement.ts";
import { isSettled } from "./award-standing.ts";
import type { At, LoadedCriterion, Slice } from "./criteria/kind.ts";
import type { Definition } from "./definition.ts";
import { tieredBy } from "./evaluation-asking.ts";

/** What is looked for, and whether mets that would be written first are to be foreseen. */
export interface Looking {
  readonly organizationId: string;
  readonly at: At;
  readonly slice: Slice;
  readonly foresees: boolean;
}

/**
 * Writes down who in the slice meets a criterion now; whoever did before stays as they are. Nothing
 * where the badge is not active any more.
 */
export function meetsOf(
  { badge }: Definition,
  criterion: LoadedCriterion,
  { organizationId, at, slice }: Omit<Looking, "foresees">,
): Statement {
  return statement(sql`insert into ${criterionMets} (crit_id, user_id, organization_id, date_met)
    select ${criterion.id}, user_id, ${organizationId}, ${at.now}
    from (${criterion.everyone(at, slice)})
    where exists (select 1 from ${badges} where ${badges.id} = ${badge.id}
      and ${badges.status} in ('active', 'active_locked'))
    on conflict do nothing`);
}

/**
 * Active members of the slice, `member`, of whom `which` is true. The order of the tables is the
 * order of the people.
 */
function members(columns: SQL, { organizationId, slice }: Looking, which: SQL): SQL {
  return sql`select ${columns} from memberships member
    cross join users person on person.id = member.user_id
    where member.organization_id = ${organizationId}
    and member.user_id > ${slice.after} and member.user_id <= ${slice.upTo}
    and member.status = 'active' and person.status = 'active' and ${which}`;
}

/** Those who are to be awarded any of the badges are marked, to be evaluated one by one. */
export function markThem(wishes: readonly Wish[], looking: Looking): Statement {
  const any = sql.join(
    wishes.map((wish) => isDue(wish, looking)),
    sql` or `,
  );
  const notYet = sql`not exists (select 1 from evaluations_due due
    where due.organization_id = member.organization_id and due.user_id = member.user_id)`;
  return statement(sql`insert into evaluations_due (organization_id, user_id, touched, is_news)
    ${members(sql`member.organization_id, member.user_id, 1, 0`, looking, sql`(${any}) and ${notYet}`)}`);
}

/** Who in the slice is marked already is marked anew: whoever is evaluating them looks again. */
export function touchMarked({ organizationId, slice }: Looking): Statement {
  return statement(sql`update evaluations_due set touched = touched + 1
    where organization_id = ${organizationId}
    and user_id > ${slice.after} and user_id <= ${slice.upTo}`);
}

const MEMBER = sql.raw("member.user_id");

/** What a rule can award: a tier of a badge that it can decide about, or the badge itself. */
export interface Wish {
  readonly definition: Definition;
  readonly tier: BadgeTier | null;
}

export function wishesOf(definition: Definition): readonly Wish[] {
  const { tiers } = definition;
  if (tiers.length === 0) return [{ definition, tier: null }];
  return tiers
    .filter(({ threshold }, i) => threshold !== null || i === 0)
    .map((tier) => ({ definition, tier }));
}

/** A SELECT of `user_id` and `tier_level` (0 without tiers) of those who are to be awarded it. */
function dueFor(wish: Wish, looking: Looking): SQL {
  const columns = sql`member.user_id as user_id, ${wish.tier?.level ?? 0} as tier_level`;
  return members(columns, looking, isDue(wish, looking));
}

/** True of a `member` whom the rules award the badge, or a tier of it, now. What is rare comes first. */
function isDue({ definition, tier }: Wish, looking: Looking): SQL {
  const { badge, criteria, method } = definition;
  const met = sql.join(
    criteria.map((criterion) => hasMet(criterion, looking)),
    method === 1 ? sql` and ` : sql` or `,
  );
  const reached = tier === null ? sql`` : sql` and ${hasReached(definition, tier, looking)}`;
  return sql`((${met})${reached} and not ${isSettled(MEMBER, badge, tier?.level ?? null, looking.at.now)}
    and ${mayHave(badge.eligibility_roles)})`;
}

function hasMet(criterion: LoadedCriterion, { at, slice, foresees }: Looking): SQL {
  const known = sql`exists (select 1 from ${criterionMets} met
    where met.crit_id = ${criterion.id} and met.user_id = member.user_id)`;
  if (!foresees) return known;
  return sql`(${known} or member.user_id in (${criterion.everyone(at, slice)}))`;
}

function hasReached(definition: Definition, tier: BadgeTier, { at, slice }: Looking): SQL {
  if (tier.threshold === null) return sql`true`;
  const tiered = tieredBy(definition, tier.threshold);
  if (tiered.length === 0) return sql`false`;
  const each = tiered.map((criterion) => sql`member.user_id in (${criterion.everyone(at, slice)})`);
  return sql`(${sql.join(each, definition.method === 1 ? sql` and ` : sql` or `)})`;
}

/** eligibility_role_check. Most people have one role: their list is a text to compare. */
function mayHave(roles: readonly string[]): SQL {
  const alone = sql.join(
    roles.map((role) => sql`${JSON.stringify([role])}`),
    sql`, `,
  );
  return sql`(member.roles in (${alone}) or exists (select 1 from json_each(member.roles) held
    where held.value in (select value from json_each(${JSON.stringify(roles)}))))`;
}

/** Of what a dry run finds so many are kept by name; all of it is counted. */
export const MAX_FINDS = 10_000;

/** Notes who would be awarded the badge, and counts them. */
export function findsOf(
  evaluationId: string,
  wishes: readonly Wish[],
  looking: Looking,
): Statement[] {
  return wishes.flatMap((wish) => {
    const due = dueFor(wish, looking);
    return [
      statement(sql`insert into evaluation_finds (evaluation_id, user_id, badge_id, tier_level)
        select ${evaluationId}, user_id, ${wish.definition.badge.id}, tier_level from (${due})
        where true limit max(0, ${MAX_FINDS} - (select found from evaluations where id = ${evaluationId}))
        on conflict do nothing`),
      statement(sql`update evaluations set found = found + (select count(*) from (${due}))
        where id = ${evaluationId}`),
    ];
  });
}
