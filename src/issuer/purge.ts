// Purging a badge: it and all its awards go for good, and what is left says that they were there.
import { and, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { type Award, awards } from "../db/awards.ts";
import { type Badge, badgeAlignments, badgeEndorsements, badges, findBadge } from "../db/badges.ts";
import { claims } from "../db/claim-codes.ts";
import { criteria, criterionMets } from "../db/criteria.ts";
import type { Database, Writable } from "../db/database.ts";
import { deliveries } from "../db/deliveries.ts";
import type { Job } from "../db/jobs.ts";
import { nominations } from "../db/nominations.ts";
import { notifications } from "../db/notifications.ts";
import { signedAssertions } from "../db/signing-keys.ts";
import { findTombstone, tombstones } from "../db/tombstones.ts";
import type { Env } from "../env.ts";
import { enqueue, JobFailure } from "../jobs/outbox.ts";
import { REMOVED } from "../obv2/assertion.ts";
import { Problem } from "../problem.ts";
import { announce } from "./announce.ts";
import { type Actor, audited, isOvertaken } from "./audit.ts";
import type { Decision } from "./badge.ts";
import { laterThan, unchangedSince } from "./badge-change.ts";
import { badgeRemoval } from "./badge-removal.ts";
import { revocation } from "./revoke.ts";

export const PURGE = "badge.purge";
/** Awards that one batch revokes or removes; of what was met, ten times as many. */
export const PURGED_AT_ONCE = 100;
/** After this, other work has its turn; what is left goes on in another job. */
const SLICE_MS = 5_000;
/** How often it is looked whether backpacks know. */
const LOOK_AGAIN_MS = 10 * 60_000;
/** As long as a push is tried at most: a backpack that cannot be told by then finds out by itself. */
export const PURGE_WAIT_MS = 72 * 3_600_000;

export interface Purging {
  readonly id: string;
  readonly purging: true;
}

/**
 * Begins to purge a badge, which is archived and gone for the public from then on; a job does the
 * rest. `confirm` must be the badge's name. Repeating it changes nothing. Throws a
 * `confirmation-missing` Problem.
 */
export async function purgeBadge(
  env: Env,
  badge: Badge,
  confirm: string,
  actor: Actor,
): Promise<Decision<Purging>> {
  const result: Purging = { id: badge.id, purging: true };
  if (confirm !== badge.name) {
    const detail = "`confirm` is not the badge's name.";
    throw new Problem("confirmation-missing", detail, {
      errors: [
        {
          pointer: "/confirm",
          code: "confirm_repeats_the_name",
          detail,
          fix: "Send the badge's exact name. Its awards are revoked and removed, and nothing brings them back.",
        },
      ],
    });
  }
  if ((await findTombstone(env.db, badge.id)) !== null) return { result, writes: [] };
  const { id, organization_id: organizationId } = badge;
  return {
    result,
    writes: [
      unchangedSince(env, badge, actor, "badge.purged"),
      env.db.orm
        .update(badges)
        .set({ status: "archived", updated_at: laterThan(badge, env.now()) })
        .where(eq(badges.id, id)),
      tombstoneOf(env, badge),
      ...tombstonesOfParts(env, badge),
      enqueue(env, {
        kind: PURGE,
        organizationId,
        dedupeKey: id,
        payload: { badge_id: id, actor_kind: actor.kind, actor_id: actor.id },
      }),
      ...announce(env, { organizationId, type: "badge.deleted", data: { badge: id } }),
    ],
  };
}

function tombstoneOf(env: Env, { id, organization_id }: Badge): Writable {
  return env.db.orm
    .insert(tombstones)
    .values({ id, kind: "badge", organization_id, purged_at: env.now() });
}

function tombstonesOfParts(env: Env, { id, organization_id }: Badge): Writable[] {
  const { orm } = env.db;
  const row = (kind: "alignment" | "endorsement", part: SQL) => ({
    id: sql<string>`${part}`.as("id"),
    kind: sql<typeof kind>`${kind}`.as("kind"),
    organization_id: sql<string>`${organization_id}`.as("organization_id"),
    purged_at: sql<number>`${env.now()}`.as("purged_at"),
  });
  return [
    orm.insert(tombstones).select(
      orm
        .select(row("alignment", sql`${badgeAlignments.id}`))
        .from(badgeAlignments)
        .where(eq(badgeAlignments.badge_id, id)),
    ),
    orm.insert(tombstones).select(
      orm
        .select(row("endorsement", sql`${badgeEndorsements.id}`))
        .from(badgeEndorsements)
        .where(eq(badgeEndorsements.badge_id, id)),
    ),
  ];
}

/**
 * Job `badge.purge`: revokes every award, so that backpacks are told; removes each once its backpacks
 * know or have had their time; and in the end what was met, the parts and the badge. Each slice is a
 * batch of its own, and none changes anything the second time.
 */
export async function purgeOn(env: Env, { payload }: Job): Promise<readonly Writable[]> {
  const badge = await purged(env.db, String(payload.badge_id));
  if (badge === null) return [];
  const actor = actorIn(payload);
  const end = env.now() + SLICE_MS;
  const again = (dueAt: number) => [
    enqueue(env, {
      kind: PURGE,
      organizationId: badge.organization_id,
      dedupeKey: badge.id,
      payload,
      dueAt,
    }),
  ];
  for (const step of [revokeSome, removeSome, forgetSome]) {
    while (await step(env, badge, actor)) {
      if (env.now() >= end || (await env.readiness()) === "stopping") return again(env.now());
    }
  }
  const left = await someAwards(env.db, badge, sql`true`, 1);
  if (left.length > 0) return again(env.now() + LOOK_AGAIN_MS);
  return [
    env.db.orm
      .update(badges)
      .set({
        previous_version_id: null,
        updated_at: sql`max(${badges.updated_at} + 1, ${env.now()})`,
      })
      .where(eq(badges.previous_version_id, badge.id)),
    ...badgeRemoval(env, badge.id),
    audited(env, {
      organizationId: badge.organization_id,
      actor,
      action: "badge.removed",
      object: ["badge", badge.id],
    }),
  ];
}

async function purged(db: Database, id: string): Promise<(Badge & { purgedAt: number }) | null> {
  const stone = await findTombstone(db, id);
  if (stone === null) throw new JobFailure("not-purged", { permanent: true });
  const badge = await findBadge(db, stone.organization_id, id);
  return badge && { ...badge, purgedAt: stone.purged_at };
}

function actorIn({ actor_kind: kind, actor_id: id }: Job["payload"]): Actor {
  const known = kind === "user" || kind === "api_key" || kind === "operator" ? kind : "system";
  return { kind: known, id: typeof id === "string" ? id : null };
}

type Purged = Badge & { readonly purgedAt: number };

function someAwards(db: Database, badge: Badge, which: SQL, limit: number): Promise<Award[]> {
  return db.orm
    .select()
    .from(awards)
    .where(and(eq(awards.badge_id, badge.id), which))
    .limit(limit);
}

/** True while there may be more. */
async function revokeSome(env: Env, badge: Purged, actor: Actor): Promise<boolean> {
  const some = await someAwards(env.db, badge, isNull(awards.revoked_at), PURGED_AT_ONCE);
  if (some.length === 0) return false;
  const writes = some.flatMap((award) => revocation(env, award, REMOVED, actor).writes);
  try {
    await env.db.batch(writes);
  } catch (error) {
    // Somebody revoked one of them meanwhile.
    if (!isOvertaken(error)) throw error;
  }
  return true;
}

/** Backpacks that are still to be told, and can be. */
const TOLD = sql`not exists (select 1 from ${deliveries} where ${deliveries.award_id} = ${awards.id}
  and ${deliveries.state} in ('pending', 'unknown', 'sending')
  and ${deliveries.next_try_at} is not null)`;

async function removeSome(env: Env, badge: Purged): Promise<boolean> {
  const { orm } = env.db;
  const which = env.now() >= badge.purgedAt + PURGE_WAIT_MS ? sql`true` : TOLD;
  const some = await someAwards(env.db, badge, which, PURGED_AT_ONCE);
  if (some.length === 0) return false;
  const ids = some.map(({ id }) => id);
  const hashes = some.map(({ unique_hash }) => unique_hash);
  const stones = hashes.map((id) => ({
    id,
    kind: "award" as const,
    organization_id: badge.organization_id,
    purged_at: env.now(),
  }));
  await env.db.batch([
    orm.insert(tombstones).values(stones).onConflictDoNothing(),
    orm.update(awards).set({ superseded_by: null }).where(inArray(awards.superseded_by, ids)),
    orm.update(nominations).set({ award_id: null }).where(inArray(nominations.award_id, ids)),
    orm.delete(claims).where(inArray(claims.award_id, ids)),
    orm.delete(deliveries).where(inArray(deliveries.award_id, ids)),
    orm.delete(notifications).where(inArray(notifications.subject_id, ids)),
    orm.delete(signedAssertions).where(inArray(signedAssertions.unique_hash, hashes)),
    orm.delete(awards).where(inArray(awards.id, ids)),
  ]);
  return true;
}

async function forgetSome(env: Env, badge: Purged): Promise<boolean> {
  const { orm } = env.db;
  const ofBadge = orm
    .select({ id: criteria.id })
    .from(criteria)
    .where(eq(criteria.badge_id, badge.id));
  const some = orm
    .select({ crit: criterionMets.crit_id, user: criterionMets.user_id })
    .from(criterionMets)
    .where(inArray(criterionMets.crit_id, ofBadge))
    .limit(PURGED_AT_ONCE * 10);
  const [result] = await env.db.batch([
    orm
      .delete(criterionMets)
      .where(sql`(${criterionMets.crit_id}, ${criterionMets.user_id}) in ${some}`),
  ]);
  return (result?.rowsAffected ?? 0) > 0;
}
