// Nominations and vouches with the names of whom and what they are about, for those who decide.
import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { badges } from "./badges.ts";
import { manualAwards } from "./criteria.ts";
import type { Database } from "./database.ts";
import { type Nomination, type NominationState, nominations } from "./nominations.ts";
import { memberships } from "./organizations.ts";

/** A nomination as it is read at a desk; names are the organization's own. */
export interface NamedNomination {
  readonly nomination: Nomination;
  readonly badgeName: string;
  readonly badgeLanguage: string;
  /** Null where none is known. */
  readonly nomineeName: string | null;
  readonly nominatorName: string | null;
  readonly deciderName: string | null;
}

export interface DeskFilter {
  /** All of them unless given. */
  readonly state?: NominationState | undefined;
  readonly badge?: string | undefined;
  /** Users rows of who made them. */
  readonly by?: readonly string[] | undefined;
  readonly id?: string | undefined;
}

const nominee = alias(memberships, "nominee");
const nominator = alias(memberships, "nominator");
const decider = alias(memberships, "decider");

/** One row more than a page holds, newest first, below `cursor`. */
export function namedNominations(
  { orm }: Database,
  organizationId: string,
  { state, badge, by, id }: DeskFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<NamedNomination[]> {
  return orm
    .select({
      nomination: nominations,
      badgeName: badges.name,
      badgeLanguage: badges.language,
      nomineeName: nominee.name,
      nominatorName: nominator.name,
      deciderName: decider.name,
    })
    .from(nominations)
    .innerJoin(badges, eq(badges.id, nominations.badge_id))
    .leftJoin(nominee, memberIs(nominee, organizationId, nominations.nominee_id))
    .leftJoin(nominator, memberIs(nominator, organizationId, nominations.nominator_id))
    .leftJoin(decider, memberIs(decider, organizationId, nominations.decided_by_id))
    .where(
      and(
        eq(nominations.organization_id, organizationId),
        state === undefined ? undefined : eq(nominations.state, state),
        badge === undefined ? undefined : eq(nominations.badge_id, badge),
        by === undefined ? undefined : inArray(nominations.nominator_id, [...by]),
        id === undefined ? undefined : eq(nominations.id, id),
        page.cursor === undefined ? undefined : lt(nominations.id, page.cursor),
      ),
    )
    .orderBy(desc(nominations.id))
    .limit(page.limit + 1);
}

type User = typeof nominations.nominee_id | typeof nominations.nominator_id;

function memberIs(
  member: typeof nominee | typeof nominator | typeof decider,
  organizationId: string,
  user: User | typeof nominations.decided_by_id,
) {
  return and(eq(member.organization_id, organizationId), eq(member.user_id, user));
}

/** A person for whom roles have given their word, and who has not been awarded the badge yet. */
export interface OpenVouch {
  readonly badgeId: string;
  readonly userId: string;
  readonly name: string | null;
  readonly words: readonly {
    readonly id: string;
    readonly role: string;
    readonly by: string | null;
    readonly byName: string | null;
    readonly at: number;
  }[];
}

/** Of the newest words, so many are looked through for people who wait for more. */
const MOST_WORDS = 2_000;
const MOST_OPEN = 100;

/** The newest first; of these badges, which are the organization's. */
export async function openVouches(
  { orm }: Database,
  organizationId: string,
  badgeIds: readonly string[],
): Promise<OpenVouch[]> {
  const rows = await orm
    .select({
      id: manualAwards.id,
      badgeId: manualAwards.badge_id,
      userId: manualAwards.recipient_id,
      role: manualAwards.issuer_role,
      by: manualAwards.issuer_id,
      at: manualAwards.date_met,
      name: nominee.name,
      byName: nominator.name,
    })
    .from(manualAwards)
    .leftJoin(
      nominee,
      and(
        eq(nominee.organization_id, organizationId),
        eq(nominee.user_id, manualAwards.recipient_id),
      ),
    )
    .leftJoin(
      nominator,
      and(
        eq(nominator.organization_id, organizationId),
        eq(nominator.user_id, manualAwards.issuer_id),
      ),
    )
    .where(
      and(
        sql`${manualAwards.id} in (select word.id from badge_manual_awards word
          where word.badge_id in (select value from json_each(${JSON.stringify(badgeIds)}))
          order by word.id desc limit ${MOST_WORDS})`,
        sql`not exists (select 1 from badge_issues award
          where award.user_id = badge_manual_awards.recipient_id
            and award.badge_id = badge_manual_awards.badge_id
            and +award.organization_id = ${organizationId} and award.revoked_at is null
            and award.awarded_at >= badge_manual_awards.date_met)`,
      ),
    )
    .orderBy(desc(manualAwards.id));
  const open = new Map<string, { vouch: Omit<OpenVouch, "words">; words: OpenVouch["words"] }>();
  for (const { badgeId, userId, name, ...word } of rows) {
    const key = `${badgeId} ${userId}`;
    const known = open.get(key) ?? { vouch: { badgeId, userId, name }, words: [] };
    open.set(key, { ...known, words: [word, ...known.words] });
  }
  return [...open.values()].slice(0, MOST_OPEN).map(({ vouch, words }) => ({ ...vouch, words }));
}
