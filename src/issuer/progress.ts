// How far a person is with a badge, and why they do not hold it yet: every decision of a rule, explained.
import type { Badge } from "../db/badges.ts";
import type { CriterionMethod } from "../db/criteria.ts";
import type { Env } from "../env.ts";
import { type Definition, definitionOf, definitionsOf } from "./definition.ts";
import { askCriteria, askTiers } from "./evaluation-asking.ts";
import { type AwardThere, type PersonThere, personThere } from "./evaluation-person.ts";
import {
  type Asked,
  type AskedTier,
  heldOf,
  type Reason,
  standingReasons,
  verdictOf,
} from "./evaluation-verdict.ts";

export interface BadgeProgress {
  readonly badge: Badge;
  /** How the criteria go together: 1 all, 2 any. */
  readonly method: CriterionMethod;
  readonly criteria: readonly Asked[];
  readonly tiers: readonly AskedTier[];
  /** What the person holds of it. */
  readonly held: readonly AwardThere[];
  /** Whether what it asks for is met; a person may hold it all the same, given by hand. */
  readonly satisfied: boolean;
  /** Why a rule does not award it now; empty where the next look does. */
  readonly reasons: readonly Reason[];
}

/** With one badge, active or not; null for somebody who is no member. */
export async function badgeProgress(
  env: Env,
  badge: Badge,
  userId: string,
): Promise<BadgeProgress | null> {
  const known = await definitionOf(env, badge.organization_id, badge.id);
  const definition = known ?? { badge, tiers: [], method: 1, criteria: [] };
  const person = await personThere(env, badge.organization_id, userId, [definition]);
  return person === null ? null : progressWith(env, definition, person);
}

/**
 * With active badges that ask for anything, the latest first: so many of those before the badge with
 * the id `cursor`, and one more. `without` leaves out badges that are not shown before they are
 * earned. Null for somebody who is no member.
 */
export async function personProgress(
  env: Env,
  organizationId: string,
  userId: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
  without: "hidden" | "nothing",
): Promise<readonly BadgeProgress[] | null> {
  const { cursor, limit } = page;
  const all = await definitionsOf(env, organizationId);
  const person = await personThere(env, organizationId, userId, all);
  if (person === null) return null;
  const shown = all
    .filter(({ badge }) => cursor === undefined || badge.id < cursor)
    .filter(({ badge }) => without === "nothing" || isShown(badge, person))
    .reverse()
    .slice(0, limit + 1);
  return Promise.all(shown.map((definition) => progressWith(env, definition, person)));
}

/**
 * With those active badges of `badgeIds` that ask for anything, the oldest first. Null for somebody
 * who is no member. Whether the person may see them is the caller's to know.
 */
export async function progressWithSome(
  env: Env,
  organizationId: string,
  userId: string,
  badgeIds: ReadonlySet<string>,
): Promise<readonly BadgeProgress[] | null> {
  const all = await definitionsOf(env, organizationId);
  const some = all.filter(({ badge }) => badgeIds.has(badge.id));
  const person = await personThere(env, organizationId, userId, some);
  if (person === null) return null;
  return Promise.all(some.map((definition) => progressWith(env, definition, person)));
}

/** is_visible_when_locked: a badge that hides until it is earned is shown to who holds it. */
function isShown(badge: Badge, { awards }: Pick<PersonThere, "awards">): boolean {
  const own = awards.get(badge.id) ?? [];
  return badge.is_visible_when_locked || own.some(({ revoked_at }) => revoked_at === null);
}

async function progressWith(
  env: Env,
  definition: Definition,
  person: PersonThere,
): Promise<BadgeProgress> {
  const { badge, method } = definition;
  const criteria = await askCriteria(env.db, definition, person);
  const tiers = await askTiers(env.db, definition, person);
  const held = heldOf(definition, person);
  const common = { badge, method, criteria, tiers, held };
  if (criteria.length === 0) {
    const detail = "The badge asks for nothing: people award it.";
    const asksNothing: Reason = { code: "criteria_not_met", detail };
    const reasons = [...standingReasons(definition, person), asksNothing];
    return { ...common, satisfied: false, reasons };
  }
  const { satisfied, reasons } = verdictOf(definition, person, criteria, tiers);
  return { ...common, satisfied, reasons };
}
