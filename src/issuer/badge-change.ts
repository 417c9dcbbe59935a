// Changing a badge, as far as the people who hold it are not touched.
import { eq, sql } from "drizzle-orm";
import type { BadgeParts } from "../db/badge-parts.ts";
import { type Badge, type BadgeStatus, badges } from "../db/badges.ts";
import type { Writable } from "../db/database.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { announce } from "./announce.ts";
import { type Actor, audited } from "./audit.ts";
import { assetUrl, type Decision, type DefinedBadge, drawnPicture } from "./badge.ts";
import { requireContrast } from "./badge-art.ts";
import { criteriaChange, requireCriterion } from "./badge-criteria.ts";
import {
  type BadgeDetails,
  NEVER_FROZEN,
  present,
  requireCoherent,
  type Tier,
} from "./badge-details.ts";
import { chosenImage, type ImageChoice } from "./badge-image.ts";
import {
  type AlignmentInput,
  type EndorsementInput,
  type PartsInput,
  partsChange,
  requireRelatable,
} from "./badge-parts.ts";
import { formColumns } from "./criteria-forms.ts";
import { type CriteriaInput, criteriaIn } from "./criteria-input.ts";
import { nextDigest } from "./digest-time.ts";
import { backfill } from "./evaluation-request.ts";

export interface BadgeChange extends Partial<BadgeDetails>, ImageChoice, PartsInput, CriteriaInput {
  readonly is_active?: boolean;
  readonly status?: "active" | "inactive" | "archived";
}

/**
 * Applies a change to a badge as it was read. The writes happen only while the stored badge is
 * still that one; otherwise the batch is undone (`isOvertaken`) and the caller reads again.
 * Throws a Problem: `badge-locked`, `badge-archived`, `invalid-request`.
 */
export async function changeBadge(
  env: Env,
  before: Badge,
  parts: BadgeParts,
  input: BadgeChange,
  actor: Actor,
): Promise<Decision<DefinedBadge>> {
  const { is_active, status, image, asset_url, ...described } = input;
  const [{ tiers, alignments, related, endorsement, ...given }, asked] = criteriaIn(described);
  const details: BadgeDetails = { ...detailsOf(before), ...oneExpiry(present(given)) };
  const after: Badge = { ...before, ...details, status: nextStatus(before.status, input) };
  after.is_active = after.is_enabled = isActive(after.status);
  requireContrast(given.art);
  const { picture, writes: drawing } = await pictureAfter(env, after, parts, input);
  if (picture !== null) {
    after.image_id = picture.id;
    after.asset_url = assetUrl(env, picture);
  }
  const stored = { type: before.type, criteria: parts.criteria };
  const criteria = await criteriaChange(env, after, stored, asked);
  Object.assign(after, criteria.changed ? formColumns(criteria.rules) : {});
  refuseFrozen(before, [
    ...frozenChanges(before, after, parts, input),
    ...(criteria.changed ? ["criteria.rules"] : []),
  ]);
  if (criteria.changed || !isActive(before.status)) {
    const pointer = criteria.changed ? "/criteria/rules" : activatedBy(input);
    requireCriterion(after, criteria.criteria, pointer);
  }
  requireCoherent(details, tiers ?? parts.tiers, env.now(), before);
  await requireRelatable(env.db, before.organization_id, before.id, related ?? []);
  after.updated_at = laterThan(before, env.now());
  if (after.notification !== before.notification) after.next_cron = nextDigest(after, env.now());
  const pictured = { ...parts, image: picture, criteria: criteria.criteria };
  const change = await partsChange(env, after, pictured, {
    tiers,
    alignments,
    related,
    endorsement,
  });
  const { id: _id, organization_id: _owner, is_active: _a, is_enabled: _e, ...row } = after;
  return {
    result: { badge: after, parts: change.parts },
    writes: [
      unchangedSince(env, before, actor, "badge.changed", {
        fields: Object.keys(present(input)).sort(),
      }),
      ...drawing,
      env.db.orm.update(badges).set(row).where(eq(badges.id, before.id)),
      ...criteria.writes,
      ...change.writes,
      ...(after.is_active && !isActive(before.status)
        ? backfill(env, after, criteria.criteria)
        : []),
      ...announce(env, {
        organizationId: before.organization_id,
        type: after.status === "archived" ? "badge.archived" : "badge.updated",
        data: { badge: before.id },
      }),
    ],
  };
}

/**
 * The picture a badge has after a change: one of the registry that is named, or one drawn anew where
 * its design is given. A picture that is named ends the design.
 */
async function pictureAfter(
  env: Env,
  after: Badge,
  parts: BadgeParts,
  { image, asset_url, art }: BadgeChange,
): Promise<{ picture: BadgeParts["image"]; writes: readonly Writable[] }> {
  const choice = {
    ...(image === undefined ? {} : { image }),
    ...(asset_url === undefined ? {} : { asset_url }),
  };
  if (image !== undefined || asset_url !== undefined) {
    const chosen = await chosenImage(env, after.organization_id, choice);
    if (chosen?.id !== parts.image?.id) after.art = null;
    return { picture: chosen, writes: [] };
  }
  if (art === undefined || art === null) return { picture: parts.image, writes: [] };
  const { image: picture, writes } = await drawnPicture(env, after.organization_id, after);
  return { picture, writes };
}

/**
 * The audit entry of a change that was decided on this state of the badge, and happens on no other.
 * Goes first in its batch; every later write to the badge must raise `updated_at`.
 */
export function unchangedSince(
  env: Env,
  before: Pick<Badge, "id" | "organization_id" | "updated_at">,
  actor: Actor,
  action: string,
  detail?: Record<string, unknown>,
): Writable {
  return audited(env, {
    organizationId: before.organization_id,
    actor,
    action,
    object: ["badge", before.id],
    ...(detail === undefined ? {} : { detail }),
    provided: sql`exists (select 1 from ${badges} where ${badges.id} = ${before.id}
      and ${badges.organization_id} = ${before.organization_id}
      and ${badges.updated_at} = ${before.updated_at})`,
  });
}

/** Strictly later than the last change, so that no two states of a badge share a time. */
export function laterThan(before: Pick<Badge, "updated_at">, now: number): number {
  return Math.max(now, before.updated_at + 1);
}

export function isLocked(status: BadgeStatus): boolean {
  return status === "active_locked" || status === "inactive_locked";
}

export function isActive(status: BadgeStatus): boolean {
  return status === "active" || status === "active_locked";
}

/** Throws a 409 Problem if anything is to change that the badge's state has fixed. */
export function refuseFrozen(badge: Pick<Badge, "status">, changing: readonly string[]): void {
  if (badge.status === "archived") {
    throw new Problem("badge-archived", "This badge is archived; it stays as it is.");
  }
  if (!isLocked(badge.status) || changing.length === 0) return;
  throw new Problem(
    "badge-locked",
    `This badge has been awarded, so ${changing.join(", ")} can no longer change.`,
  );
}

/** Choosing the one kind of end lets go of the other. */
function oneExpiry(given: Partial<BadgeDetails>): Partial<BadgeDetails> {
  const { expire_date: date, expire_period: period } = given;
  if (date != null && period === undefined) return { ...given, expire_period: null };
  if (period != null && date === undefined) return { ...given, expire_date: null };
  return given;
}

function detailsOf(badge: Badge): BadgeDetails {
  const {
    id: _id,
    organization_id: _organization,
    user_id: _user,
    status: _status,
    is_active: _active,
    is_enabled: _enabled,
    previous_version_id: _previous,
    image_id: _image,
    asset_url: _asset,
    next_cron: _cron,
    trigger_type: _trigger,
    trigger_condition_json: _condition,
    criteria_type: _criteria,
    criteria_value: _value,
    created_at: _created,
    updated_at: _updated,
    ...details
  } = badge;
  return details;
}

/** The member of a change that makes the badge active. */
function activatedBy({ status }: BadgeChange): string {
  return status === undefined ? "/is_active" : "/status";
}

/** Where `status` and `is_active` lead from here; an award's lock is never lost. */
function nextStatus(current: BadgeStatus, input: BadgeChange): BadgeStatus {
  const { status, is_active } = input;
  if (status !== undefined && is_active !== undefined && is_active !== (status === "active")) {
    const detail = "status and is_active contradict each other.";
    throw new Problem("invalid-request", detail, {
      errors: [
        {
          pointer: "/is_active",
          code: "status_and_is_active_agree",
          detail,
          fix: "Give one of them only.",
        },
      ],
    });
  }
  const wanted = status ?? (is_active === undefined ? null : is_active ? "active" : "inactive");
  if (wanted === null) return current;
  if (wanted === "archived") return "archived";
  return isLocked(current) ? `${wanted}_locked` : wanted;
}

/** The fields that would change and that the holders of an awarded badge rely on. */
function frozenChanges(
  before: Badge,
  after: Badge,
  parts: BadgeParts,
  input: BadgeChange,
): string[] {
  const details = Object.keys(detailsOf(before)).filter((key) => {
    const field = key as keyof BadgeDetails;
    return !NEVER_FROZEN.has(field) && !same(before[field], after[field]);
  });
  const { tiers, alignments, related, endorsement } = input;
  return [
    ...details.map((field) => API_NAMES[field] ?? field),
    ...(before.image_id === after.image_id ? [] : ["image"]),
    ...(tiers === undefined || same(tiers, parts.tiers.map(tierOf)) ? [] : ["tiers"]),
    ...(alignments === undefined || sameAlignments(alignments, parts) ? [] : ["alignments"]),
    ...(related === undefined || same([...related].sort(), [...parts.related].sort())
      ? []
      : ["related"]),
    ...(endorsement === undefined || sameEndorsement(endorsement, parts) ? [] : ["endorsement"]),
  ];
}

/** What the API calls a column by another name. */
const API_NAMES: Readonly<Record<string, string>> = {
  criteria_narrative: "criteria",
};

/** Values here are plain JSON, and objects keep the order of members they were written with. */
function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function tierOf({ level, name, threshold }: Tier): Tier {
  return { level, name, threshold };
}

function sameAlignments(given: readonly AlignmentInput[], parts: BadgeParts): boolean {
  const plain = (of: AlignmentInput) => [
    of.target_name,
    of.target_url,
    of.target_code,
    of.target_description,
    of.target_framework,
  ];
  return same(given.map(plain), parts.alignments.map(plain));
}

function sameEndorsement(given: EndorsementInput | null, { endorsement }: BadgeParts): boolean {
  if (given === null || endorsement === null) return given === endorsement;
  return (Object.keys(given) as (keyof EndorsementInput)[]).every(
    (field) => given[field] === undefined || given[field] === endorsement[field],
  );
}
