// People with a role who vouch for a recipient: each role once, by an award made by hand.
import { and, eq, sql } from "drizzle-orm";
import { manualAwards } from "../../db/criteria.ts";
import { kind } from "./kind.ts";
import { readNames } from "./params.ts";
import { type InEach, listed } from "./wording.ts";

const PREFIX = "role";
/** Roles that mean something here; others are called what an organization calls them. */
const ROLES: InEach<ReadonlyMap<string, string>> = {
  en: new Map([
    ["coordinator", "a coordinator"],
    ["organization_administrator", "an administrator"],
    ["member", "a member"],
  ]),
  de: new Map([
    ["coordinator", "die Koordination"],
    ["organization_administrator", "die Verwaltung"],
    ["member", "ein Mitglied"],
  ]),
};

export const manual = kind<readonly string[]>({
  type: "manual",
  badgeTypes: [1, 2],
  read: readNames(PREFIX),
  touchedBy: (_roles, { badgeId }) => [`manual:${badgeId}`],
  async progress(db, { badgeId }, userId, roles) {
    const given = await db.orm
      .select({ role: manualAwards.issuer_role, date_met: manualAwards.date_met })
      .from(manualAwards)
      .where(and(eq(manualAwards.badge_id, badgeId), eq(manualAwards.recipient_id, userId)));
    return roles.map((role) => {
      const vouched = given.find((each) => each.role === role);
      return {
        param: `${PREFIX}_${role}`,
        value: vouched === undefined ? 0 : 1,
        threshold: 1,
        met: vouched !== undefined,
        countedAt: vouched?.date_met ?? null,
      };
    });
  },
  everyone: ({ badgeId }, roles, _at, { after, upTo }) =>
    roles.map(
      (role) => sql`select ${manualAwards.recipient_id} as user_id from ${manualAwards}
        where ${manualAwards.badge_id} = ${badgeId} and ${manualAwards.issuer_role} = ${role}
        and ${manualAwards.recipient_id} > ${after} and ${manualAwards.recipient_id} <= ${upTo}`,
    ),
  words: {
    en: ({ params, method }) => `given by ${listed(named(params, "en"), method, "en")}`,
    de: ({ params, method }) => `Fürsprache durch ${listed(named(params, "de"), method, "de")}`,
  },
});

function named(roles: readonly string[], language: keyof typeof ROLES): string[] {
  return roles.map((role) => ROLES[language].get(role) ?? role);
}
