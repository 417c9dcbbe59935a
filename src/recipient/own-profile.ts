// Keeping what a person chose about their public page: under which address, under which name, for whom.
import { sql } from "drizzle-orm";
import { anew } from "../anew.ts";
import { DatabaseError } from "../db/errors.ts";
import {
  findProfileOf,
  holderOfSlug,
  type Profile,
  profileSlugs,
  profiles,
  slugsOf,
} from "../db/profiles.ts";
import type { Env } from "../env.ts";
import { audited, isOvertaken } from "../issuer/audit.ts";

export const MAX_NAME_LENGTH = 100;
/** Addresses that one person can take, those given up included: each is kept for them for ever. */
export const MAX_SLUGS = 5;
/** Small letters and digits, single hyphens between them. */
const SLUG_FORM = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const MIN_SLUG_LENGTH = 3;
export const MAX_SLUG_LENGTH = 40;

export type ProfileInput = Pick<
  Profile,
  "name" | "slug" | "is_public" | "is_indexed" | "is_listed"
>;

export type ProfileFault =
  | { readonly field: "name"; readonly code: "name-missing" | "name-long" }
  | { readonly field: "slug"; readonly code: "slug-form" | "slug-taken" | "slug-many" };

export type KeptProfile =
  | { readonly ok: true; readonly profile: Profile }
  | {
      readonly ok: false;
      readonly faults: readonly ProfileFault[];
      readonly own: readonly string[];
    };

export function isSlug(text: string): boolean {
  return text.length >= MIN_SLUG_LENGTH && text.length <= MAX_SLUG_LENGTH && SLUG_FORM.test(text);
}

/** From a name, to begin with; empty where nothing is left of it. */
export function proposedSlug(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const slug = plain
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_SLUG_LENGTH)
    .replaceAll(/^-+|-+$/g, "");
  return isSlug(slug) ? slug : "";
}

/**
 * Nothing is stored unless all of it can be. Of two who want one address at once one gets it; who
 * wants it twice at once has it. Throws a Problem `edit-conflict`.
 */
export function keepProfile(env: Env, userId: string, input: ProfileInput): Promise<KeptProfile> {
  // Somebody was faster, or they themselves in another window: what that means is read anew.
  return anew(() => keepOnce(env, userId, input), isTaken);
}

function isTaken(error: unknown): boolean {
  return isOvertaken(error) || (error instanceof DatabaseError && error.code === "unique");
}

async function keepOnce(env: Env, userId: string, input: ProfileInput): Promise<KeptProfile> {
  const [before, own, holder] = await Promise.all([
    findProfileOf(env.db, userId),
    slugsOf(env.db, userId),
    holderOfSlug(env.db, input.slug),
  ]);
  const faults = faultsOf(input, userId, own, holder);
  if (faults.length > 0) return { ok: false, faults, own };
  const now = env.now();
  const profile: Profile = {
    ...input,
    user_id: userId,
    created_at: before?.created_at ?? now,
    updated_at: now,
  };
  const { orm } = env.db;
  const addresses = sql`(select count(*) from ${profileSlugs} where ${profileSlugs.user_id} = ${userId})`;
  await env.db.batch([
    audited(env, {
      organizationId: null,
      actor: { kind: "user", id: userId },
      action: "profile.changed",
      object: ["user", userId],
      detail: {
        is_public: input.is_public,
        is_indexed: input.is_indexed,
        is_listed: input.is_listed,
      },
      provided: sql`${addresses} = ${own.length}`,
    }),
    ...(holder === null
      ? [orm.insert(profileSlugs).values({ slug: input.slug, user_id: userId })]
      : []),
    orm
      .insert(profiles)
      .values(profile)
      .onConflictDoUpdate({
        target: profiles.user_id,
        set: { ...input, updated_at: sql`max(${now}, updated_at + 1)` },
      }),
  ]);
  return { ok: true, profile };
}

function faultsOf(
  { name, slug }: ProfileInput,
  userId: string,
  own: readonly string[],
  holder: string | null,
): ProfileFault[] {
  const faults: ProfileFault[] = [];
  if (name === "") faults.push({ field: "name", code: "name-missing" });
  if (name.length > MAX_NAME_LENGTH) faults.push({ field: "name", code: "name-long" });
  if (!isSlug(slug)) faults.push({ field: "slug", code: "slug-form" });
  else if (holder !== null && holder !== userId) {
    faults.push({ field: "slug", code: "slug-taken" });
  } else if (holder === null && own.length >= MAX_SLUGS) {
    faults.push({ field: "slug", code: "slug-many" });
  }
  return faults;
}
