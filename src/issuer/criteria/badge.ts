// Other badges of the organization that a person must hold: valid awards, neither revoked nor expired.
import { and, desc, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import { awards } from "../../db/awards.ts";
import { badges } from "../../db/badges.ts";
import type { Database } from "../../db/database.ts";
import type { FieldError } from "../../problem.ts";
import { kind, type Scope } from "./kind.ts";
import { paramFault, readNames } from "./params.ts";
import { listed } from "./wording.ts";

const PREFIX = "badge";

export const badge = kind<readonly string[]>({
  type: "badge",
  badgeTypes: [1, 2],
  read: readNames(PREFIX),
  async check(db, scope, ids) {
    const known = await badgesThere(db, scope, ids);
    return ids.flatMap((id) => fault(id, scope, known));
  },
  touchedBy: (ids) => ids.map((id) => `badge:${id}`),
  async progress(db, scope, userId, ids, at) {
    const there = await badgesThere(db, scope, ids);
    const held = await db.orm
      .select({ badge_id: awards.badge_id, awarded_at: awards.awarded_at })
      .from(awards)
      .where(
        and(
          eq(awards.user_id, userId),
          inArray(awards.badge_id, [...ids]),
          eq(awards.organization_id, scope.organizationId),
          isNull(awards.revoked_at),
          or(isNull(awards.date_expire), gt(awards.date_expire, at.now)),
        ),
      )
      .orderBy(desc(awards.awarded_at));
    return ids.map((id) => {
      const award = held.find(({ badge_id }) => badge_id === id);
      return {
        param: `${PREFIX}_${id}`,
        value: award === undefined ? 0 : 1,
        threshold: 1,
        met: award !== undefined,
        countedAt: award?.awarded_at ?? null,
        ...(there.has(id) ? {} : { missing: true }),
      };
    });
  },
  // The plus signs keep to the index on people: a slice is a range of it.
  everyone: (scope, ids, at, { after, upTo }) =>
    ids.map(
      (id) => sql`select distinct ${awards.user_id} as user_id from ${awards}
        where ${awards.user_id} > ${after} and ${awards.user_id} <= ${upTo}
        and +${awards.badge_id} = ${id} and +${awards.organization_id} = ${scope.organizationId}
        and ${awards.revoked_at} is null
        and (${awards.date_expire} is null or ${awards.date_expire} > ${at.now})`,
    ),
  words: {
    en: ({ params, method }) =>
      listed(
        params.map((id) => `holds badge ${id}`),
        method,
        "en",
      ),
    de: ({ params, method }) =>
      listed(
        params.map((id) => `Badge ${id} erhalten`),
        method,
        "de",
      ),
  },
});

async function badgesThere(
  db: Database,
  { organizationId }: Scope,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.orm
    .select({ id: badges.id })
    .from(badges)
    .where(and(eq(badges.organization_id, organizationId), inArray(badges.id, [...ids])));
  return new Set(rows.map(({ id }) => id));
}

function fault(id: string, { badgeId }: Scope, known: ReadonlySet<string>): FieldError[] {
  const fix = "Give the id of another badge of the organization.";
  if (id === badgeId) {
    return [
      paramFault(
        `${PREFIX}_${id}`,
        "criterion_not_itself",
        "A badge does not ask for itself.",
        fix,
      ),
    ];
  }
  if (known.has(id)) return [];
  const detail = "The organization has no badge with this id.";
  return [paramFault(`${PREFIX}_${id}`, "criterion_badge_must_exist", detail, fix)];
}
