// The badges of one listed page: each verified, told from our own, and written down under one name.
import type { Statement } from "../db/database.ts";
import {
  copyExternal,
  dropExternal,
  type KnownExternal,
  markSeen,
  ourHashes,
  oursByExternalId,
  putExternal,
  putExternalId,
  putVerdict,
} from "../db/externals-pulled.ts";
import type { Env } from "../env.ts";
import { newId, sha256Hex } from "../ids.ts";
import { verifyAward } from "../verify/award.ts";
import type { Memory } from "../verify/reading.ts";
import { type JudgedBadge, judged } from "./external-judged.ts";
import type { ListedBadge } from "./protocol.ts";
import { type Entry, type ListedCollection, readEntry } from "./pull-claim.ts";
import type { KnownBadges } from "./pull-known.ts";
import type { PullCounts } from "./pull-result.ts";

/** Badges verified at the same time for one connection. */
export const AT_ONCE = 4;
/** Badges whose verdicts are written together. */
const WRITTEN_TOGETHER = 32;
/**
 * Awards of one site that could not be read, one after another: the others there are left for a later
 * pull. A site that is down is not waited for a hundred times, nor is one asked in vain by us because
 * a backpack says so.
 */
export const MAX_UNREACHABLE = 4;
/** What belongs to one connection for the time of one slice of its pull. */
export interface PullContext {
  readonly env: Env;
  readonly connectionId: string;
  readonly backpackId: string;
  /** Identities that the person has proven; a badge made out to one of them is theirs. */
  readonly identities: readonly string[];
  readonly memory: Memory;
  readonly known: KnownBadges;
  /** No verification is begun any more from then on; milliseconds since 1970. */
  readonly deadline: number;
  /** Most badges that are judged in the whole pull. */
  readonly limit: number;
  /** Hashes of awards of ours that were met. */
  readonly ours: Set<string>;
  /** How many awards in a row could not be read, by the site they are at. */
  readonly unreachable: Map<string, number>;
}

export type Tally = { -readonly [Name in keyof PullCounts]: PullCounts[Name] };

/** `late`: the time was over before all were judged. `full`: there are more than are judged. */
export type Taken = "all" | "late" | "full";

/**
 * Judges and stores what a page lists. What this pull has met already is passed over, so that a
 * badge listed a thousand times is verified once.
 */
export async function takeEntries(
  context: PullContext,
  listed: readonly ListedBadge[],
  collection: ListedCollection,
  tally: Tally,
): Promise<Taken> {
  for (let from = 0; from < listed.length; from += WRITTEN_TOGETHER) {
    const slice = listed.slice(from, from + WRITTEN_TOGETHER);
    const taken = await takeSome(context, slice, collection, tally);
    if (taken !== "all") return taken;
  }
  return "all";
}

async function takeSome(
  context: PullContext,
  listed: readonly ListedBadge[],
  collection: ListedCollection,
  tally: Tally,
): Promise<Taken> {
  const { env, known } = context;
  const entries = await Promise.all(listed.map((badge) => readEntry(env, badge, collection)));
  const { strange, writes } = await passOverOurs(context, entries, tally);
  const seen: string[] = [];
  const fresh = new Map<string, Entry>();
  for (const entry of strange) {
    const row = rowFor(known, entry);
    if (entry.given === null) writes.push(...copied(context, entry, tally));
    else if (row === null || !known.isMet(row)) fresh.set(entry.name ?? `id:${entry.ownId}`, entry);
  }
  const room = Math.max(0, context.limit - tally.listed);
  const chosen = [...fresh.values()].slice(0, room);
  const verdicts = await inTurns(chosen, AT_ONCE, async (entry) =>
    env.now() >= context.deadline ? null : { entry, badge: await judgedFor(context, entry) },
  );
  const made = verdicts.filter((one) => one !== null);
  for (const { entry, badge } of made) {
    if (badge === null) tally.unreadable++;
    else writes.push(...(await recorded(context, entry, badge, tally, seen)));
  }
  if (seen.length > 0) writes.push(markSeen(seen, env.now()));
  if (writes.length > 0) await env.db.batch(writes);
  if (made.length < chosen.length) return "late";
  return chosen.length < fresh.size ? "full" : "all";
}

/** Awards of ours come back to us as what they are: shown from our own rows, not as strangers'. */
async function passOverOurs(
  { env, backpackId, ours: met }: PullContext,
  entries: readonly Entry[],
  tally: Tally,
): Promise<{ strange: Entry[]; writes: Statement[] }> {
  const hashes = entries.flatMap(({ hash }) => hash ?? []);
  const bare = entries.flatMap(({ given, ownId }) => (given === null && ownId ? [ownId] : []));
  const [ours, byId] = await Promise.all([
    ourHashes(env.db, hashes),
    oursByExternalId(env.db, backpackId, bare),
  ]);
  const writes: Statement[] = [];
  const strange: Entry[] = [];
  for (const entry of entries) {
    const { hash, ownId, given } = entry;
    if (hash !== null && ours.has(hash)) {
      if (!met.has(hash)) tally.ours++;
      met.add(hash);
      const kept = ownId && putExternalId(newId(env), backpackId, "assertion", hash, ownId);
      if (kept) writes.push(kept);
    } else if (given !== null || ownId === null || !byId.has(ownId)) strange.push(entry);
  }
  return { strange, writes };
}

function rowFor(known: KnownBadges, { collection, ownId, name }: Entry): KnownExternal | null {
  const row = ownId === null ? null : known.entity(collection.id, ownId);
  return row ?? (name === null ? null : known.named(collection.id, name));
}

/** A collection may list a badge by the backpack's own id alone: it was judged where it was listed whole. */
function copied(context: PullContext, entry: Entry, tally: Tally): Statement[] {
  const { env, known } = context;
  const { ownId, collection } = entry;
  const row = ownId === null ? null : known.anywhere(ownId);
  if (row === null || !known.isMet(row)) {
    tally.unreadable++;
    return [];
  }
  if (row.collection_id === collection.id) return [];
  const updated_at = env.now();
  const id = newId(env);
  return [
    copyExternal(row.id, {
      id,
      collection_id: collection.id,
      collection_name: collection.name,
      updated_at,
    }),
  ];
}

async function judgedFor(
  context: PullContext,
  { given, name }: Entry,
): Promise<JudgedBadge | null> {
  const { env, identities, memory, unreachable } = context;
  if (given === null) return null;
  const site = name !== null && URL.canParse(name) ? new URL(name).origin : null;
  const failures = () => unreachable.get(site ?? "") ?? 0;
  if (name !== null && failures() >= MAX_UNREACHABLE) return leftForLater(name);
  const verified = await verifyAward(env, given, { recipient: identities, memory });
  const { reason } = verified.verification;
  if (site !== null) unreachable.set(site, reason === "unreachable" ? failures() + 1 : 0);
  return judged(verified);
}

function leftForLater(canonicalId: string): JudgedBadge {
  const words =
    "Where this badge is hosted cannot be reached at the moment; it will be checked later.";
  return { canonicalId, verdict: "could-not-check", words, isTheirs: false, badge: null };
}

/** The writes for a verdict; what could not be checked keeps the last verdict there was, and its time. */
async function recorded(
  context: PullContext,
  entry: Entry,
  found: JudgedBadge,
  tally: Tally,
  seen: string[],
): Promise<Statement[]> {
  const { env, connectionId, known } = context;
  const entityId = await entityOf(entry, found);
  const { collection } = entry;
  const before = known.entity(collection.id, entityId) ?? rowFor(known, entry);
  const now = env.now();
  const { verdict, words, badge } = found;
  tally.listed++;
  if (verdict === "could-not-check") tally.unchecked++;
  if (before !== null && verdict === "could-not-check" && before.verdict !== verdict) {
    if (before.is_theirs) tally.theirs++;
    seen.push(before.id);
    known.put({ ...before, updated_at: now });
    return [];
  }
  if (before === null) tally.added++;
  else if (before.verdict !== verdict) tally.changed++;
  // Of a badge that is gone nothing says any more to whom it was made out.
  const isTheirs = badge === null && before !== null ? before.is_theirs : found.isTheirs;
  if (isTheirs) tally.theirs++;
  const entity = before !== null && badge === null ? before.entity_id : entityId;
  // It goes by another name now: what was called could-not-check or forged has said who it is.
  const renamed = before !== null && before.entity_id !== entity ? before : null;
  const row = {
    id: renamed === null && before !== null ? before.id : newId(env),
    collection_id: collection.id,
    collection_name: collection.name,
    entity_id: entity,
    canonical_id: found.canonicalId,
    jws: badge?.jws ?? null,
    verdict,
    is_theirs: isTheirs,
    checked_at: now,
    updated_at: now,
  };
  known.put(row);
  if (before !== null && badge === null) {
    return [putVerdict({ ...row, verdict_detail: words })];
  }
  const drops = renamed === null ? [] : [dropExternal(renamed.id)];
  return [...drops, putExternal({ ...row, backpack_id: connectionId, ...shownOf(found) })];
}

/** The columns of what people read of a badge. */
function shownOf({ badge, canonicalId, words }: JudgedBadge) {
  return {
    assertion: badge?.assertion ?? { id: canonicalId },
    name: badge?.name ?? null,
    issuer_name: badge?.issuerName ?? null,
    image_url: badge?.imageUrl ?? null,
    issued_on: badge?.issuedOn ?? null,
    verdict_detail: words,
  };
}

/** A forged signature takes nobody's name: its row is its own text's, not that of the id it claims. */
async function entityOf({ ownId, given }: Entry, found: JudgedBadge): Promise<string> {
  if (ownId !== null) return ownId;
  if (found.verdict !== "invalid" || typeof given !== "string" || !given.startsWith("ey")) {
    return found.canonicalId;
  }
  return `jws:${await sha256Hex(given)}`;
}

/** Each item done by one of `workers` at most; the answers in the items' order. */
async function inTurns<Item, Answer>(
  items: readonly Item[],
  workers: number,
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const one = async () => {
    while (next < items.length) {
      const at = next++;
      answers[at] = await work(items[at] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, one));
  return answers;
}
