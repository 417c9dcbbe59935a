// Asks the criteria and tiers of a badge how far one person is.
import type { Database } from "../db/database.ts";
import { isMet, type Progress } from "./criteria/kind.ts";
import type { Definition } from "./definition.ts";
import type { PersonThere } from "./evaluation-person.ts";
import { type Asked, type AskedTier, isRenewal } from "./evaluation-verdict.ts";

/** Every criterion of the badge; what was met once counts as met. */
export function askCriteria(
  db: Database,
  definition: Definition,
  person: PersonThere,
): Promise<readonly Asked[]> {
  const { at, userId } = person;
  const sticky = !isRenewal(definition, person);
  return Promise.all(
    definition.criteria.map(async (criterion) => {
      const known = person.mets.get(criterion.id);
      const entries = await criterion.progress(db, userId, at);
      const now = isMet(entries, criterion.method);
      const met = now || (sticky && known !== undefined);
      const metAt = met ? (known?.metAt ?? at.now) : null;
      return { criterion, entries, met, metAt, isNew: now && known === undefined };
    }),
  );
}

/**
 * Every tier of the badge. A tier with a threshold is reached where the criteria that have one
 * threshold reach the tier's: all of them or any, as the badge says. The lowest tier without one is
 * reached with the criteria themselves; a higher one is given by hand alone.
 */
export function askTiers(
  db: Database,
  definition: Definition,
  { userId, at }: PersonThere,
): Promise<readonly AskedTier[]> {
  return Promise.all(
    definition.tiers.map(async (tier, i) => {
      if (tier.threshold === null) return { tier, entries: [], reached: i === 0 };
      const asked: { entries: readonly Progress[]; met: boolean }[] = [];
      for (const criterion of tieredBy(definition, tier.threshold)) {
        const entries = await criterion.progress(db, userId, at);
        asked.push({ entries, met: isMet(entries, criterion.method) });
      }
      const reached =
        definition.method === 1
          ? asked.length > 0 && asked.every(({ met }) => met)
          : asked.some(({ met }) => met);
      return { tier, entries: asked.flatMap(({ entries }) => entries), reached };
    }),
  );
}

/** The criteria that a tier's threshold applies to, with that threshold. */
export function tieredBy({ criteria }: Definition, threshold: number) {
  return criteria.flatMap((criterion) => criterion.atThreshold(threshold) ?? []);
}
