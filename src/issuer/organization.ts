// An organization: making one and changing one, with the rules its issuer profile must keep.
import { sql } from "drizzle-orm";
import type { Writable } from "../db/database.ts";
import { findImage } from "../db/images.ts";
import { findOrganizationBySlug, type Organization, organizations } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { Problem } from "../problem.ts";
import { type Actor, audited } from "./audit.ts";
import { canonicalLanguage } from "./language.ts";

export const MAX_SLUG_LENGTH = 60;
/** Lower case, so that two spellings never name two organizations. */
export const SLUG = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** What can be said of an organization; each value has passed the checks of its kind. */
export interface OrganizationInput {
  readonly name: string;
  readonly slug?: string | undefined;
  readonly url: string;
  readonly email: string;
  readonly description?: string | null | undefined;
  readonly telephone?: string | null | undefined;
  readonly language?: string | undefined;
  readonly image_id?: string | null | undefined;
  readonly verification_starts_with?: string | null | undefined;
  readonly verification_allowed_origins?: readonly string[] | null | undefined;
  readonly is_listed?: boolean | undefined;
}

export interface Written<T> {
  readonly result: T;
  readonly writes: readonly Writable[];
}

/**
 * OB20-V-04: every assertion must begin with the prefix, and all of ours stand under one address. A
 * prefix that leaves them out would make each of them invalid.
 */
function requireCovering(env: Env, startsWith: string | null | undefined): void {
  const assertions = env.urls.assertion("");
  if (!startsWith || assertions.startsWith(startsWith)) return;
  const detail = "This prefix does not cover the assertions that this installation serves.";
  const fix = `Send a prefix of ${assertions}, or leave it out.`;
  throw new Problem("invalid-request", detail, {
    errors: [
      {
        pointer: "/verification_starts_with",
        code: "verification_starts_with_covers",
        detail,
        fix,
      },
    ],
  });
}

/** A slug from a name: ASCII letters and digits, joined by hyphens. Empty where none is left. */
export function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^-+|-+$/g, "");
}

/**
 * A new organization. Throws Problems: `slug-taken`; `invalid-request` where no slug can be made
 * of the name.
 */
export async function createOrganization(
  env: Env,
  input: OrganizationInput,
  actor: Actor,
): Promise<Written<Organization>> {
  const slug = input.slug ?? slugOf(input.name);
  if (slug === "") throw noSlug();
  requireCovering(env, input.verification_starts_with);
  if (await findOrganizationBySlug(env.db, slug)) throw slugTaken(slug);
  const now = env.now();
  const result: Organization = {
    id: newId(env),
    slug,
    name: input.name,
    description: input.description ?? null,
    url: input.url,
    email: input.email,
    telephone: input.telephone ?? null,
    language: canonicalLanguage(input.language ?? "en"),
    // A picture belongs to an organization, so none can be there before it.
    image_id: null,
    verification_starts_with: input.verification_starts_with ?? null,
    verification_allowed_origins: originsOf(input.verification_allowed_origins),
    is_listed: input.is_listed ?? false,
    created_at: now,
    updated_at: now,
  };
  return {
    result,
    writes: [
      env.db.orm.insert(organizations).values(result),
      audited(env, {
        organizationId: result.id,
        actor,
        action: "organization.created",
        object: ["organization", result.id],
      }),
    ],
  };
}

/**
 * Changes what is given and leaves the rest. The writes fail as overtaken when the organization
 * changed after `current` was read. Throws Problems: `slug-taken`; `invalid-request` for a picture
 * that is not in the organization's registry.
 */
export async function changeOrganization(
  env: Env,
  current: Organization,
  changes: Partial<OrganizationInput>,
  actor: Actor,
): Promise<Written<Organization>> {
  const given = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  ) as Partial<OrganizationInput>;
  if (given.slug !== undefined && given.slug !== current.slug) {
    if (await findOrganizationBySlug(env.db, given.slug)) throw slugTaken(given.slug);
  }
  requireCovering(env, given.verification_starts_with);
  if (given.image_id) await requireOwnImage(env, current.id, given.image_id);
  const result: Organization = {
    ...current,
    ...given,
    language: given.language ? canonicalLanguage(given.language) : current.language,
    verification_allowed_origins:
      given.verification_allowed_origins === undefined
        ? current.verification_allowed_origins
        : originsOf(given.verification_allowed_origins),
    // Strictly later, also twice within a millisecond: it is what a rival's change is seen by.
    updated_at: Math.max(env.now(), current.updated_at + 1),
  };
  const unchanged = sql`(select updated_at from organizations where id = ${current.id}) = ${current.updated_at}`;
  const { id } = result;
  return {
    result,
    writes: [
      audited(env, {
        organizationId: id,
        actor,
        action: "organization.changed",
        object: ["organization", id],
        detail: { fields: Object.keys(given) },
        provided: unchanged,
      }),
      env.db.orm.update(organizations).set(result).where(sql`id = ${id}`),
    ],
  };
}

/** Host names are compared without case; an empty list would allow nothing, so it means none. */
function originsOf(origins: readonly string[] | null | undefined): string[] | null {
  if (!origins || origins.length === 0) return null;
  return [...new Set(origins.map((origin) => origin.toLowerCase()))];
}

async function requireOwnImage(env: Env, organizationId: string, imageId: string): Promise<void> {
  if (await findImage(env.db, organizationId, imageId)) return;
  throw new Problem("invalid-request", "The picture is not in this organization's registry.", {
    errors: [
      {
        pointer: "/image_id",
        code: "image_unknown",
        detail: "There is no such picture in this organization's registry.",
        fix: "Upload it with POST /api/v1/images and send the id of the answer.",
      },
    ],
  });
}

export function slugTaken(slug: string): Problem {
  return new Problem("slug-taken", `Another organization has the slug ${slug}.`, {
    errors: [
      {
        pointer: "/slug",
        code: "slug_taken",
        detail: "Another organization has this slug.",
        fix: "Choose another slug.",
      },
    ],
  });
}

function noSlug(): Problem {
  return new Problem("invalid-request", "No slug can be made from this name.", {
    errors: [
      {
        pointer: "/slug",
        code: "slug_format",
        detail: "The name has no Latin letters or digits to make a slug of.",
        fix: "Send a slug of lower-case letters, digits and hyphens.",
      },
    ],
  });
}
