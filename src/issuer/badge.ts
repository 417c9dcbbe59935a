// Defining a badge: complete from a name, a description and what must be done.

import type { BadgeParts } from "../db/badge-parts.ts";
import { type Badge, badges, findBadgeByName } from "../db/badges.ts";
import type { Writable } from "../db/database.ts";
import { type DatabaseError, isBreach } from "../db/errors.ts";
import type { Image } from "../db/images.ts";
import type { Organization } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { Problem } from "../problem.ts";
import { announce } from "./announce.ts";
import { isGlyph } from "./art-glyphs.ts";
import { type Actor, audited } from "./audit.ts";
import { artFor, requireContrast } from "./badge-art.ts";
import { criteriaChange, requireCriterion } from "./badge-criteria.ts";
import { type BadgeDetails, completed, type NewDetails, requireCoherent } from "./badge-details.ts";
import { chosenImage, type ImageChoice } from "./badge-image.ts";
import { type PartsInput, partsChange, requireRelatable } from "./badge-parts.ts";
import { formColumns } from "./criteria-forms.ts";
import { type CriteriaInput, criteriaIn } from "./criteria-input.ts";
import { nextDigest } from "./digest-time.ts";
import { backfill } from "./evaluation-request.ts";
import { admitArt } from "./images.ts";

/** Something the caller should know; the badge was saved all the same. */
export interface BadgeWarning {
  readonly code: "icon_key_must_resolve";
  readonly pointer: string;
  readonly detail: string;
}

export interface BadgeInput extends NewDetails, ImageChoice, PartsInput, CriteriaInput {
  /** True unless given. */
  readonly is_active?: boolean;
}

/** What a rule decided: what to answer, and what must be written, in one batch, for it to be so. */
export interface Decision<T> {
  readonly result: T;
  readonly writes: readonly Writable[];
}

export interface DefinedBadge {
  readonly badge: Badge;
  readonly parts: BadgeParts;
}

/**
 * A new badge of the organization, complete from a name, a description and what must be done.
 * Throws a Problem: `invalid-request`, `image-…`. Its name is checked by the unique index when
 * `writes` run; `nameTaken` says what to answer then.
 */
export async function defineBadge(
  env: Env,
  organization: Pick<Organization, "id" | "language">,
  input: BadgeInput,
  actor: Actor,
): Promise<Decision<DefinedBadge>> {
  const { is_active, image, asset_url, ...described } = input;
  const [{ tiers, alignments, related, endorsement, ...given }, asked] = criteriaIn(described);
  const details = completed(given, tiers ?? [], organization.language);
  requireCoherent(details, tiers ?? [], env.now(), null);
  requireContrast(details.art);
  const id = newId(env);
  await requireRelatable(env.db, organization.id, id, related ?? []);
  const picture = await pictureFor(env, organization.id, { image, asset_url }, details);
  const owned = { id, organization_id: organization.id, type: details.type };
  const criteria = await criteriaChange(env, owned, null, asked);
  const badge: Badge = {
    ...details,
    ...formColumns(criteria.rules),
    id,
    organization_id: organization.id,
    user_id: actor.kind === "user" ? actor.id : null,
    status: is_active === false ? "inactive" : "active",
    is_active: is_active !== false,
    is_enabled: is_active !== false,
    previous_version_id: null,
    image_id: picture.image.id,
    asset_url: assetUrl(env, picture.image),
    art: picture.isDrawn ? details.art : null,
    next_cron: nextDigest(details, env.now()),
    created_at: env.now(),
    updated_at: env.now(),
  };
  requireCriterion(badge, criteria.criteria, "/criteria/rules");
  const parts = {
    tiers: [],
    alignments: [],
    related: [],
    endorsement: null,
    image: picture.image,
    criteria: criteria.criteria,
  };
  const change = await partsChange(env, badge, parts, { tiers, alignments, related, endorsement });
  const { is_active: _active, is_enabled: _enabled, ...row } = badge;
  return {
    result: { badge, parts: change.parts },
    writes: [
      audited(env, {
        organizationId: organization.id,
        actor,
        action: "badge.created",
        object: ["badge", id],
      }),
      ...picture.writes,
      env.db.orm.insert(badges).values(row),
      ...criteria.writes,
      ...change.writes,
      ...(badge.is_active ? backfill(env, badge, criteria.criteria) : []),
      ...announce(env, {
        organizationId: organization.id,
        type: "badge.created",
        data: { badge: id },
      }),
    ],
  };
}

/**
 * The Problem to answer when writing a badge ran into the unique index on names; null when the
 * error is about something else.
 */
export async function nameTaken(
  env: Env,
  organizationId: string,
  name: string,
  error: DatabaseError,
): Promise<Problem | null> {
  if (!isBreach(error, "unique", "badges.name")) return null;
  const holder = await findBadgeByName(env.db, organizationId, name);
  const where =
    holder === null ? "" : `: badge ${holder.id}, ${env.urls.base}/api/v1/badges/${holder.id}`;
  return new Problem("badge-name-taken", `The name “${name}” is taken${where}.`, {
    errors: [
      {
        pointer: "/name",
        code: "no_duplicate_name_within_org",
        detail: `Another badge of the organization has this name${where}.`,
        fix: "Choose another name, or archive the badge that holds it.",
      },
    ],
  });
}

export function assetUrl(env: Env, image: Image): string {
  return env.urls.image(image.sha256, image.media_type);
}

async function pictureFor(
  env: Env,
  organizationId: string,
  choice: ImageChoice,
  details: BadgeDetails,
): Promise<{ image: Image; writes: readonly Writable[]; isDrawn: boolean }> {
  const chosen = await chosenImage(env, organizationId, choice);
  if (chosen !== null) return { image: chosen, writes: [], isDrawn: false };
  return { ...(await drawnPicture(env, organizationId, details)), isDrawn: true };
}

/** The picture that is drawn for a badge with these details, in the organization's registry. */
export async function drawnPicture(
  env: Env,
  organizationId: string,
  details: BadgeDetails,
): Promise<{ image: Image; writes: readonly Writable[] }> {
  const { organizationId: owner, ...art } = artFor({ organization_id: organizationId, ...details });
  return admitArt(env, owner, art);
}

/** A key that names no glyph is kept all the same: the badge shows its image instead. */
export function warningsOf({ icon_key }: Pick<Badge, "icon_key">): BadgeWarning[] {
  if (icon_key === null || isGlyph(icon_key)) return [];
  return [
    {
      code: "icon_key_must_resolve",
      pointer: "/icon_key",
      detail: `There is no icon ${icon_key}; the badge's image is shown instead.`,
    },
  ];
}
