// What a person is closest to: badges and tiers they do not hold yet, the furthest along first.
import type { Badge } from "../db/badges.ts";
import type { Env } from "../env.ts";
import type { Progress } from "../issuer/criteria/kind.ts";
import { type BadgeProgress, progressWithSome } from "../issuer/progress.ts";
import type { Language } from "../language.ts";

/** One thing that is counted, and how far it is. */
export interface Step {
  readonly value: number;
  readonly threshold: number;
  /** What is counted; null where nothing says it. */
  readonly what: string | null;
  /** Milliseconds since 1970; null where nothing was counted yet. */
  readonly countedAt: number | null;
}

export interface NextUp {
  readonly badge: Badge;
  /** What is to be reached of a badge with tiers. */
  readonly tierName: string | null;
  /** What is missing; never empty. */
  readonly steps: readonly Step[];
  /** From 0 to 1. */
  readonly share: number;
}

/** Badges whose progress is asked for a page: each criterion of each is a look-up. */
export const MAX_ASKED = 40;

interface Closest {
  /** Users rows under which the organization knows the person. */
  readonly memberIds: readonly string[];
  /** Badges to look at, those the person may see; the first are asked. */
  readonly among: readonly Badge[];
  /** To say it in. */
  readonly language: Language;
}

/**
 * Every badge of `among` that counts something, with how far the person is, the furthest first; of
 * several records of the person the best counts. What has nothing to be counted is left out.
 */
export async function closestOf(
  env: Env,
  organizationId: string,
  { memberIds, among, language }: Closest,
): Promise<NextUp[]> {
  const asked = among.slice(0, MAX_ASKED);
  const ids = new Set(asked.map(({ id }) => id));
  const best = new Map<string, NextUp>();
  for (const memberId of memberIds) {
    const found = (await progressWithSome(env, organizationId, memberId, ids)) ?? [];
    for (const progress of found) {
      const next = nextOf(progress, language);
      const known = best.get(progress.badge.id);
      if (next !== null && (known === undefined || next.share > known.share)) {
        best.set(progress.badge.id, next);
      }
    }
  }
  // A sort keeps the organization's own order among those that are as far.
  return asked
    .flatMap(({ id }) => best.get(id) ?? [])
    .sort((one, other) => other.share - one.share);
}

/** Null where nothing is counted, or nothing is missing. */
export function nextOf(progress: BadgeProgress, language: Language): NextUp | null {
  const { badge, tiers, held, criteria, method } = progress;
  if (tiers.some(({ tier }) => tier.threshold !== null)) {
    const highest = Math.max(0, ...held.map(({ tier_level }) => tier_level ?? 0));
    const next = tiers.find(({ tier, reached }) => tier.level > highest && !reached);
    // As many as the entries of a tier, and in their order.
    const counted = criteria.flatMap(({ criterion }) =>
      criterion.atThreshold(1) === null ? [] : criterion.counted(language),
    );
    const steps = stepsOf(next?.entries ?? [], counted);
    if (next === undefined || steps.length === 0) return null;
    return { badge, tierName: next.tier.name, steps, share: shareOf(next.entries, method) };
  }
  if (held.length > 0) return null;
  const steps = criteria.flatMap(({ criterion, entries, met }) =>
    // Words of other types name what they refer to by its id, which may be a badge that hides.
    met || criterion.type !== "metric" ? [] : stepsOf(entries, criterion.counted(language)),
  );
  if (steps.length === 0) return null;
  const shares = criteria.map((one) => (one.met ? 1 : shareOf(one.entries, one.criterion.method)));
  return { badge, tierName: null, steps, share: together(shares, method) };
}

/** Those that are missing; `counted` is what each counts. */
function stepsOf(entries: readonly Progress[], counted: readonly string[]): Step[] {
  return entries.flatMap(({ value, threshold, met, countedAt }, i) =>
    met ? [] : [{ value, threshold, what: counted[i] ?? null, countedAt }],
  );
}

function shareOf(entries: readonly Progress[], method: 1 | 2): number {
  return together(
    entries.map(({ value, threshold, met }) => (met ? 1 : part(value, threshold))),
    method,
  );
}

function part(value: number, threshold: number): number {
  return threshold > 0 ? Math.min(Math.max(value / threshold, 0), 1) : 0;
}

/** All: the mean. Any: the best. */
function together(shares: readonly number[], method: 1 | 2): number {
  if (shares.length === 0) return 0;
  if (method === 2) return Math.max(...shares);
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
