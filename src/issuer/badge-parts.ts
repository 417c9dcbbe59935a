// What hangs on a badge: tiers, alignments to frameworks, related badges, an endorsement.
import { and, eq, inArray, or } from "drizzle-orm";
import { type BadgeParts, findEndorsement } from "../db/badge-parts.ts";
import {
  type Alignment,
  type Badge,
  badgeAlignments,
  badgeEndorsements,
  badgeRelateds,
  badges,
  badgeTiers,
  type Endorsement,
} from "../db/badges.ts";
import type { Database, Writable } from "../db/database.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { Problem } from "../problem.ts";
import type { Tier } from "./badge-details.ts";

export interface AlignmentInput extends Omit<Alignment, "id" | "badge_id"> {
  /** Of the alignment it replaces, where that is known. */
  readonly id?: string;
}

export interface EndorsementInput {
  readonly issuer_name: string;
  readonly issuer_url: string;
  readonly issuer_email: string;
  /** The address of what is endorsed; the badge's own unless given. */
  readonly claim_id?: string;
  readonly claim_comment?: string;
  /** Milliseconds since 1970; now unless given. */
  readonly date_issued?: number;
}

/** Parts to be replaced whole; those that are absent stay as they are. */
export interface PartsInput {
  readonly tiers?: readonly Tier[];
  readonly alignments?: readonly AlignmentInput[];
  /** Ids of badges of the same organization. */
  readonly related?: readonly string[];
  readonly endorsement?: EndorsementInput | null;
}

interface PartChange<T> {
  readonly result: T;
  readonly writes: readonly Writable[];
}

/** The parts as they will be, and the writes that make them so. Absent members stay as they are. */
export async function partsChange(
  env: Env,
  badge: Pick<Badge, "id" | "organization_id">,
  before: BadgeParts,
  input: PartsInput,
): Promise<{ parts: BadgeParts; writes: Writable[] }> {
  const alignments = input.alignments && alignmentWrites(env, badge.id, before, input.alignments);
  const endorsement =
    input.endorsement === undefined
      ? undefined
      : await endorsementWrites(env, badge, before, input.endorsement);
  const related = input.related && relatedWrites(env, badge.id, before, input.related);
  return {
    parts: {
      ...before,
      ...(input.tiers && { tiers: input.tiers.map((tier) => ({ ...tier, badge_id: badge.id })) }),
      ...(alignments && { alignments: alignments.result }),
      ...(related && { related: related.result }),
      ...(endorsement && { endorsement: endorsement.result }),
    },
    writes: [
      ...(input.tiers ? tierWrites(env, badge.id, input.tiers) : []),
      ...(alignments?.writes ?? []),
      ...(related?.writes ?? []),
      ...(endorsement?.writes ?? []),
    ],
  };
}

function tierWrites(env: Env, badgeId: string, tiers: readonly Tier[]): Writable[] {
  const cleared = env.db.orm.delete(badgeTiers).where(eq(badgeTiers.badge_id, badgeId));
  const rows = tiers.map((tier) => ({ ...tier, badge_id: badgeId }));
  return rows.length === 0 ? [cleared] : [cleared, env.db.orm.insert(badgeTiers).values(rows)];
}

/**
 * The alignments replaced by these. One that names its id, or points to the same target, keeps it:
 * its public address was given out.
 */
export function alignmentWrites(
  env: Env,
  badgeId: string,
  before: Pick<BadgeParts, "alignments">,
  given: readonly AlignmentInput[],
): PartChange<Alignment[]> {
  const left = [...before.alignments];
  const fresh = ascendingIds(env, given.length);
  const result = given.map((input, i) => {
    const named = left.findIndex((known) => known.id === input.id);
    const at = named >= 0 ? named : left.findIndex((one) => one.target_url === input.target_url);
    const known = at < 0 ? undefined : left.splice(at, 1)[0];
    return alignmentRow(input, known?.id ?? fresh[i] ?? newId(env), badgeId);
  });
  const { orm } = env.db;
  return {
    result: result.sort((a, b) => (a.id < b.id ? -1 : 1)),
    writes: [
      ...left.map(({ id }) => orm.delete(badgeAlignments).where(eq(badgeAlignments.id, id))),
      ...result.map((row) =>
        orm
          .insert(badgeAlignments)
          .values(row)
          .onConflictDoUpdate({ target: badgeAlignments.id, set: row }),
      ),
    ],
  };
}

/** Members in the order of the columns, as a read returns them. */
function alignmentRow(input: AlignmentInput, id: string, badgeId: string): Alignment {
  return {
    id,
    badge_id: badgeId,
    target_name: input.target_name,
    target_url: input.target_url,
    target_code: input.target_code,
    target_description: input.target_description,
    target_framework: input.target_framework,
  };
}

/** Ids made in one millisecond do not sort by themselves; these keep the order they were given in. */
function ascendingIds(env: Env, count: number): string[] {
  return Array.from({ length: count }, () => newId(env)).sort();
}

/** The relations replaced by these. A relation has no direction: one row serves both badges. */
export function relatedWrites(
  env: Env,
  badgeId: string,
  before: Pick<BadgeParts, "related">,
  given: readonly string[],
): PartChange<string[]> {
  const wanted = [...new Set(given)];
  const gone = before.related.filter((id) => !wanted.includes(id));
  const added = wanted.filter((id) => !before.related.includes(id));
  const ids = ascendingIds(env, added.length);
  const { orm } = env.db;
  return {
    result: [...before.related.filter((id) => wanted.includes(id)), ...added],
    writes: [
      ...(gone.length === 0 ? [] : [orm.delete(badgeRelateds).where(between(badgeId, gone))]),
      ...added.map((other, i) =>
        orm
          .insert(badgeRelateds)
          .values({ id: ids[i] ?? newId(env), badge_id: badgeId, related_badge_id: other })
          .onConflictDoNothing(),
      ),
    ],
  };
}

function between(badgeId: string, others: readonly string[]) {
  return or(
    and(eq(badgeRelateds.badge_id, badgeId), inArray(badgeRelateds.related_badge_id, [...others])),
    and(eq(badgeRelateds.related_badge_id, badgeId), inArray(badgeRelateds.badge_id, [...others])),
  );
}

/** Throws a 422 Problem unless all these are other badges of the organization. */
export async function requireRelatable(
  db: Database,
  organizationId: string,
  badgeId: string,
  others: readonly string[],
): Promise<void> {
  if (others.length === 0) return;
  const rows = await db.orm
    .select({ id: badges.id })
    .from(badges)
    .where(and(eq(badges.organization_id, organizationId), inArray(badges.id, [...others])));
  const known = new Set(rows.map(({ id }) => id));
  const errors = others.flatMap((id, i) => {
    if (id !== badgeId && known.has(id)) return [];
    const itself = id === badgeId;
    return [
      {
        pointer: `/related/${i}`,
        code: itself ? ("related_not_itself" as const) : ("related_badge_must_exist" as const),
        detail: itself
          ? "A badge is not related to itself."
          : "The organization has no badge with this id.",
        fix: "Give the id of another badge of the organization.",
      },
    ];
  });
  const [first] = errors;
  if (first) throw new Problem("invalid-request", first.detail, { errors });
}

/**
 * The endorsement replaced by this one, or withdrawn by null: then its row stays, and its address
 * answers 410 (OB20-N-04). The same words keep the address; a different endorsement gets another.
 */
export async function endorsementWrites(
  env: Env,
  badge: Pick<Badge, "id" | "organization_id">,
  before: Pick<BadgeParts, "endorsement">,
  given: EndorsementInput | null,
): Promise<PartChange<Endorsement | null>> {
  const { orm } = env.db;
  const mine = eq(badgeEndorsements.badge_id, badge.id);
  if (given === null) {
    if (before.endorsement === null) return { result: null, writes: [] };
    const withdrawn = orm.update(badgeEndorsements).set({ revoked_at: env.now() }).where(mine);
    return { result: null, writes: [withdrawn] };
  }
  const stored = before.endorsement;
  const said: Omit<Endorsement, "id"> = {
    badge_id: badge.id,
    issuer_name: given.issuer_name,
    issuer_url: given.issuer_url,
    issuer_email: given.issuer_email,
    claim_id: given.claim_id ?? env.urls.badgeClass(badge.id),
    claim_comment: given.claim_comment ?? "",
    date_issued: given.date_issued ?? stored?.date_issued ?? env.now(),
    revoked_at: null,
  };
  if (stored !== null && JSON.stringify(said) === JSON.stringify(withoutId(stored))) {
    return { result: stored, writes: [] };
  }
  const result = { id: newId(env), ...said };
  const past = await findEndorsement(env.db, badge.organization_id, badge.id);
  return {
    result,
    writes: [
      ...(past === null ? [] : [orm.delete(badgeEndorsements).where(mine)]),
      orm.insert(badgeEndorsements).values(result),
    ],
  };
}

function withoutId(endorsement: Endorsement): Omit<Endorsement, "id"> {
  const { id: _id, ...said } = endorsement;
  return said;
}
