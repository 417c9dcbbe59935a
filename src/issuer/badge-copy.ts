// A badge made from another: all that it says and asks for, under ids of its own.
import { and, eq, inArray, ne, sql } from "drizzle-orm";
import { beginningOf } from "../beginning.ts";
import type { BadgeParts } from "../db/badge-parts.ts";
import { type Badge, badgeAlignments, badgeRelateds, badges, badgeTiers } from "../db/badges.ts";
import { type BadgeCriterion, criteria, criterionParams } from "../db/criteria.ts";
import type { Database, Writable } from "../db/database.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { languageBeside } from "../language.ts";
import { announce } from "./announce.ts";
import { type Actor, audited } from "./audit.ts";
import type { Decision, DefinedBadge } from "./badge.ts";
import { nextDigest } from "./digest-time.ts";

/** As many UTF-16 units as a name may have. */
const MAX_NAME = 255;
/** Names that are tried for a copy before its maker must think of one. */
const NAMES_TRIED = 50;

/**
 * A copy of a badge: new, inactive and awarded to nobody, named “Copy of …” in the badge's language
 * unless a name is given. The endorsement is not copied, since it was said of the other. Made of the
 * badge as it was read, or not at all (`isOvertaken`); `nameTaken` says what to answer where the name
 * is in use.
 */
export async function cloneBadge(
  env: Env,
  source: Badge,
  parts: BadgeParts,
  name: string | undefined,
  actor: Actor,
): Promise<Decision<DefinedBadge>> {
  const copy = copied(env, source, parts, {
    name: name ?? (await freeName(env.db, source)),
    version: "1",
    previous_version_id: null,
    user_id: actor.kind === "user" ? actor.id : null,
  });
  const { id, organization_id: organizationId } = copy.badge;
  return {
    result: copy,
    writes: [
      audited(env, {
        organizationId,
        actor,
        action: "badge.created",
        object: ["badge", id],
        detail: { copied: source.id },
        provided: sql`exists (select 1 from ${badges} where ${badges.id} = ${source.id}
          and ${badges.updated_at} = ${source.updated_at})`,
      }),
      ...copy.writes,
      ...announce(env, { organizationId, type: "badge.created", data: { badge: id } }),
    ],
  };
}

/** The first of “Copy of …”, “Copy of … (2)”, … that no badge of the organization has. */
async function freeName(db: Database, { organization_id, name, language }: Badge): Promise<string> {
  const wanted = Array.from({ length: NAMES_TRIED }, (_, i) => nameOfCopy(name, language, i + 1));
  const taken = await db.orm
    .select({ name: badges.name })
    .from(badges)
    .where(
      and(
        eq(badges.organization_id, organization_id),
        ne(badges.status, "archived"),
        inArray(badges.name, wanted),
      ),
    );
  const names = new Set(taken.map((row) => row.name));
  return wanted.find((each) => !names.has(each)) ?? nameOfCopy(name, language, 1);
}

function nameOfCopy(name: string, language: string, ordinal: number): string {
  const before = languageBeside(language) === "de" ? "Kopie von " : "Copy of ";
  const after = ordinal === 1 ? "" : ` (${ordinal})`;
  const room = MAX_NAME - before.length - after.length;
  return `${before}${beginningOf(name, room).trimEnd()}${after}`;
}

type Own = Pick<Badge, "name" | "version" | "previous_version_id" | "user_id">;

/** The rows of a badge that says and asks for the same; inactive. */
export function copied(
  env: Env,
  source: Badge,
  parts: BadgeParts,
  own: Own,
): DefinedBadge & { readonly writes: readonly Writable[] } {
  const id = newId(env);
  const now = env.now();
  const badge: Badge = {
    ...source,
    ...own,
    id,
    status: "inactive",
    is_active: false,
    is_enabled: false,
    next_cron: nextDigest(source, now),
    created_at: now,
    updated_at: now,
  };
  const { is_active: _active, is_enabled: _enabled, ...row } = badge;
  const tiers = parts.tiers.map((tier) => ({ ...tier, badge_id: id }));
  const ids = ascendingIds(env, parts.alignments.length);
  const alignments = parts.alignments.map((alignment, i) => ({
    ...alignment,
    id: ids[i] ?? newId(env),
    badge_id: id,
  }));
  const relations = parts.related.map((other) => ({
    id: newId(env),
    badge_id: id,
    related_badge_id: other,
  }));
  const asked = copiedCriteria(env, parts.criteria, id);
  const params = asked.flatMap((criterion) => criterion.params);
  const { orm } = env.db;
  return {
    badge,
    parts: { ...parts, tiers, alignments, endorsement: null, criteria: asked },
    writes: [
      orm.insert(badges).values(row),
      ...(tiers.length === 0 ? [] : [orm.insert(badgeTiers).values(tiers)]),
      ...(alignments.length === 0 ? [] : [orm.insert(badgeAlignments).values(alignments)]),
      ...(relations.length === 0 ? [] : [orm.insert(badgeRelateds).values(relations)]),
      ...(asked.length === 0
        ? []
        : [orm.insert(criteria).values(asked.map(({ params: _params, ...each }) => each))]),
      ...(params.length === 0 ? [] : [orm.insert(criterionParams).values(params)]),
    ],
  };
}

function copiedCriteria(
  env: Env,
  asked: readonly BadgeCriterion[],
  badgeId: string,
): BadgeCriterion[] {
  const ids = ascendingIds(env, asked.length);
  return asked.map((criterion, i) => {
    const id = ids[i] ?? newId(env);
    const paramIds = ascendingIds(env, criterion.params.length);
    return {
      ...criterion,
      id,
      badge_id: badgeId,
      created_at: env.now(),
      params: criterion.params.map((param, j) => ({
        ...param,
        id: paramIds[j] ?? newId(env),
        crit_id: id,
      })),
    };
  });
}

/** Ids made in one millisecond do not sort by themselves; these keep the order of what is copied. */
function ascendingIds(env: Env, count: number): string[] {
  return Array.from({ length: count }, () => newId(env)).sort();
}
