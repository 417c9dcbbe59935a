// Whom events may bring something, by what the active badges ask for.
import type { Due, Prospects, Threshold } from "../db/events.ts";
import type { Definition, Definitions } from "./definition.ts";

interface Touch {
  readonly userId: string;
  /** As `touchedBy` of criteria has it. */
  readonly touches: string;
}

/** What is asked of one thing. */
interface Asking {
  /** A badge may come of it at any time: a window, a streak, a fact, a tier, another term. */
  isOpen: boolean;
  readonly thresholds: Threshold[];
}

/**
 * Who is to be looked at after events, in the order of their ids. Everybody whom an event is about is
 * named: where nothing is asked of it, for the case that the badges are others once it is written.
 */
export function prospectsOf(
  { version, definitions }: Definitions,
  touches: readonly Touch[],
): Prospects {
  const asked = askedBy(definitions);
  const people = new Map<string, Set<string>>();
  for (const { userId, touches: what } of touches) {
    const whats = people.get(userId);
    if (whats) whats.add(what);
    else people.set(userId, new Set([what]));
  }
  const thresholds = new Set<Threshold>();
  const due = [...people.keys()].sort().flatMap((userId): Due[] => {
    const of = [...(people.get(userId) ?? [])].flatMap((what) => asked.get(what) ?? []);
    if (of.length === 0) return [{ userId, isCertain: false, metric: null }];
    if (of.some(({ isOpen }) => isOpen)) return [{ userId, isCertain: true, metric: null }];
    return of.map((asking) => {
      for (const threshold of asking.thresholds) thresholds.add(threshold);
      return { userId, isCertain: false, metric: asking.thresholds[0]?.metric ?? null };
    });
  });
  return { people: due, thresholds: [...thresholds], version };
}

const known = new WeakMap<readonly Definition[], ReadonlyMap<string, Asking>>();

/** Made once for definitions that are kept in memory. */
function askedBy(definitions: readonly Definition[]): ReadonlyMap<string, Asking> {
  const before = known.get(definitions);
  if (before) return before;
  const asked = new Map<string, Asking>();
  for (const { badge, tiers, criteria } of definitions) {
    const isOnce = tiers.length === 0 && !badge.is_renewable;
    for (const { id, touchedBy, tallies } of criteria) {
      for (const what of touchedBy) {
        const asking = asked.get(what) ?? { isOpen: false, thresholds: [] };
        asked.set(what, asking);
        const own = isOnce ? tallies.filter(({ metric }) => what === `metric:${metric}`) : [];
        if (own.length === 0) asking.isOpen = true;
        asking.thresholds.push(...own.map((tally) => ({ criterionId: id, ...tally })));
      }
    }
  }
  known.set(definitions, asked);
  return asked;
}
