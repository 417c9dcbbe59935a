// The badges a person holds elsewhere, as they are shown: each once, wherever it is held.
import type { Database } from "../db/database.ts";
import { type HeldExternal, listHeldExternals } from "../db/externals-pulled.ts";
import type { Verdict } from "../verify/result.ts";

/** Most rows that are read for one person; a badge in two collections is two. */
export const MAX_HELD = 5_000;

/** Where a badge is held, and in which collections there. */
export interface HeldIn {
  readonly connectionId: string;
  readonly backpackId: string;
  readonly backpackName: string;
  /** Names as the backpack gives them; empty where it keeps none. */
  readonly collections: readonly string[];
}

/** One badge for display. Every text is somebody else's and must be escaped; `imageUrl` is no picture of ours. */
export interface ExternalBadgeView {
  readonly id: string;
  readonly canonicalId: string;
  readonly name: string | null;
  readonly issuerName: string | null;
  readonly imageUrl: string | null;
  /** Milliseconds since 1970. */
  readonly issuedOn: number | null;
  readonly verdict: Verdict;
  /** Why, in a sentence or two of English. */
  readonly verdictDetail: string | null;
  /** Made out to an identity that the person has proven here. */
  readonly isTheirs: boolean;
  /** When the verdict was found; an older one stays where the badge could not be checked since. */
  readonly checkedAt: number;
  readonly heldIn: readonly HeldIn[];
}

/**
 * Every badge that was pulled from a person's backpacks, or from one of them: theirs first, then
 * the newest. `more`: there are more than are read at once.
 */
export async function listExternalBadges(
  db: Database,
  userId: string,
  only: { readonly connectionId?: string } = {},
): Promise<{ readonly badges: readonly ExternalBadgeView[]; readonly more: boolean }> {
  const rows = await listHeldExternals(db, userId, { ...only, limit: MAX_HELD + 1 });
  const groups = new Map<string, HeldExternal[]>();
  for (const row of rows.slice(0, MAX_HELD)) {
    const group = groups.get(row.canonicalId);
    if (group) group.push(row);
    else groups.set(row.canonicalId, [row]);
  }
  const badges = [...groups.values()].map(viewOf).sort(theirsThenNewest);
  return { badges, more: rows.length > MAX_HELD };
}

/**
 * One badge held several times is shown by what was found out last. A forged copy under its name
 * stands for nothing but itself, and one that could not be checked only where none was.
 */
function viewOf(group: readonly HeldExternal[]): ExternalBadgeView {
  const [best] = [...group].sort(
    (a, b) => standing(b) - standing(a) || b.checkedAt - a.checkedAt || (a.id < b.id ? -1 : 1),
  );
  const shown = best as HeldExternal;
  const alike = group.filter((row) => standing(row) === standing(shown));
  return {
    id: shown.id,
    canonicalId: shown.canonicalId,
    name: shown.name,
    issuerName: shown.issuerName,
    imageUrl: shown.imageUrl,
    issuedOn: shown.issuedOn,
    verdict: shown.verdict as Verdict,
    verdictDetail: shown.verdictDetail,
    isTheirs: alike.some(({ isTheirs }) => isTheirs),
    checkedAt: shown.checkedAt,
    heldIn: placesOf(group),
  };
}

function standing({ verdict }: HeldExternal): number {
  if (verdict === "invalid") return 0;
  return verdict === "could-not-check" ? 1 : 2;
}

function placesOf(group: readonly HeldExternal[]): HeldIn[] {
  const places = new Map<string, HeldIn & { collections: string[] }>();
  for (const { connectionId, backpackId, backpackName, collectionName } of group) {
    const place = places.get(connectionId) ?? {
      connectionId,
      backpackId,
      backpackName,
      collections: [],
    };
    places.set(connectionId, place);
    if (collectionName !== null && !place.collections.includes(collectionName)) {
      place.collections.push(collectionName);
    }
  }
  return [...places.values()].map((place) => ({
    ...place,
    collections: place.collections.sort(),
  }));
}

function theirsThenNewest(a: ExternalBadgeView, b: ExternalBadgeView): number {
  return (
    Number(b.isTheirs) - Number(a.isTheirs) ||
    (b.issuedOn ?? 0) - (a.issuedOn ?? 0) ||
    (a.canonicalId < b.canonicalId ? -1 : 1)
  );
}
