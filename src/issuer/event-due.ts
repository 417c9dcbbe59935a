// Whom events may bring something, by what the active badges ask for.
import type { Due, Prospects, Threshold } from "../db/events.ts";
import type { Definition, Definitions } from "./definition.ts";
import type { CheckedEvent } from "./event.ts";

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
  events: readonly Pick<CheckedEvent, "row" | "touches">[],
): Prospects {
  const asked = askedBy(definitions);
  const people = new Map<string, Set<Asking>>();
  for (const { row, touches } of events) {
    const askings = people.get(row.userId) ?? new Set();
    people.set(row.userId, askings);
    const asking = asked.get(touches);
    if (asking) askings.add(asking);
  }
  const thresholds = new Set<Threshold>();
  const due: Due[] = [];
  for (const userId of [...people.keys()].sort()) {
    const askings = [...(people.get(userId) ?? [])];
    if (askings.length === 0) due.push({ userId, isCertain: false, metric: null });
    else if (askings.some(({ isOpen }) => isOpen)) {
      due.push({ userId, isCertain: true, metric: null });
    } else {
      for (const asking of askings) {
        due.push({ userId, isCertain: false, metric: asking.thresholds[0]?.metric ?? null });
        for (const threshold of asking.thresholds) thresholds.add(threshold);
      }
    }
  }
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
