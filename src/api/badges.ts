// Badges over the API: define, read, change, delete.
import { z } from "@hono/zod-openapi";
import { type BadgeParts, partsOfBadges } from "../db/badge-parts.ts";
import {
  BADGE_CATEGORIES,
  BADGE_STATUSES,
  type Badge,
  findBadge,
  listBadges,
} from "../db/badges.ts";
import type { Database } from "../db/database.ts";
import { findOrganization } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import { defineBadge, nameTaken } from "../issuer/badge.ts";
import { changeBadge } from "../issuer/badge-change.ts";
import { deleteBadge } from "../issuer/badge-delete.ts";
import { Problem } from "../problem.ts";
import { BADGE_RULES, badgeChanges, newBadge, toChange, toInput } from "./badge-schema.ts";
import { showBadge, shownBadge } from "./badge-view.ts";
import { idParam } from "./fields.ts";
import { type Answer, type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";
import { underRules } from "./rule-codes.ts";

export interface FoundBadge {
  readonly badge: Badge;
  readonly parts: BadgeParts;
}

/** Throws a `not-found` Problem, the same for another organization's badge as for none. */
export async function badgeOf(
  db: Database,
  organizationId: string,
  id: string,
): Promise<FoundBadge> {
  const badge = await findBadge(db, organizationId, id);
  const parts = badge && (await partsOfBadges(db, organizationId, [badge])).get(badge.id);
  if (!badge || !parts) {
    throw new Problem("not-found", "This organization has no badge with this id.");
  }
  return { badge, parts };
}

/** What to answer where the database refused a badge's writes. */
export function refusedBadge(
  env: Env,
  organizationId: string,
  name: string,
): NonNullable<Answer["refused"]> {
  return async (error) => {
    const taken = await nameTaken(env, organizationId, name, error);
    if (taken !== null) throw taken;
    // A badge or picture that was referred to is gone since it was looked at.
    return error.code === "foreign_key" ? "again" : null;
  };
}

const EXAMPLE = {
  name: "Streak Champion",
  description: "Ran mentoring sessions in twelve consecutive weeks.",
  criteria: { narrative: "Run a mentoring session in each of twelve consecutive weeks." },
};

const filters = pageQuery.extend({
  status: z.enum(BADGE_STATUSES).optional(),
  category: z.enum(BADGE_CATEGORIES).optional(),
  name: z.string().trim().min(1).max(255).optional().openapi({ description: "The exact name." }),
});

const deleted = z
  .object({ id: z.string(), deleted: z.boolean(), disabled: z.boolean() })
  .openapi("DeletedBadge");

const operations: readonly Operation[] = [
  operation({
    id: "listBadges",
    method: "get",
    path: "/badges",
    tag: "Badges",
    summary: "List badges",
    scope: "badges:read",
    query: filters,
    answers: [{ status: 200, description: "A page of badges.", schema: pageOf(shownBadge) }],
    async handle(call) {
      const { env, organizationId, query } = call;
      const rows = await listBadges(env.db, organizationId, query, query);
      const parts = await partsOfBadges(env.db, organizationId, rows);
      const show = (badge: Badge) => {
        const own = parts.get(badge.id);
        return own && showBadge(env, badge, own);
      };
      return pageAnswer(call, rows, ({ id }) => id, show);
    },
  }),
  operation({
    id: "createBadge",
    method: "post",
    path: "/badges",
    tag: "Badges",
    summary: "Define a badge",
    description:
      "A name, a description and what must be done are enough: the badge is then active, once per person, for members, and gets art made from its name. Give `image` (an id of the registry) or `asset_url` (its address there) for a picture of your own.",
    scope: "badges:write",
    body: newBadge,
    example: EXAMPLE,
    problems: ["badge-name-taken"],
    answers: [{ status: 201, description: "The badge.", schema: shownBadge }],
    async handle({ env, organizationId, body, principal }) {
      const organization = await findOrganization(env.db, organizationId);
      if (organization === null) throw new Problem("not-found", "The organization is gone.");
      const { result, writes } = await defineBadge(env, organization, toInput(body), principal);
      return {
        status: 201,
        body: showBadge(env, result.badge, result.parts),
        headers: { location: `/api/v1/badges/${result.badge.id}` },
        tagged: true,
        writes,
        refused: refusedBadge(env, organizationId, result.badge.name),
      };
    },
  }),
  operation({
    id: "getBadge",
    method: "get",
    path: "/badges/{id}",
    tag: "Badges",
    summary: "Read a badge",
    scope: "badges:read",
    params: idParam,
    answers: [{ status: 200, description: "The badge.", schema: shownBadge }],
    async handle({ env, organizationId, params }) {
      const { badge, parts } = await badgeOf(env.db, organizationId, params.id);
      return { status: 200, body: showBadge(env, badge, parts), tagged: true };
    },
  }),
  operation({
    id: "changeBadge",
    method: "patch",
    path: "/badges/{id}",
    tag: "Badges",
    summary: "Change a badge",
    description:
      "Lists are replaced whole. A badge that has been awarded is locked: then only is_active, status, sort_order, is_visible_when_locked, is_renewable, message, message_subject, attachment and notification may change.",
    scope: "badges:write",
    params: idParam,
    body: badgeChanges,
    example: { is_active: false },
    problems: ["badge-name-taken", "badge-locked", "badge-archived"],
    answers: [{ status: 200, description: "The badge as it is now.", schema: shownBadge }],
    async handle({ env, organizationId, params, body, principal, expectUnchanged }) {
      const { badge, parts } = await badgeOf(env.db, organizationId, params.id);
      await expectUnchanged(showBadge(env, badge, parts));
      const { result, writes } = await changeBadge(env, badge, parts, toChange(body), principal);
      return {
        status: 200,
        body: showBadge(env, result.badge, result.parts),
        tagged: true,
        writes,
        refused: refusedBadge(env, organizationId, result.badge.name),
      };
    },
  }),
  operation({
    id: "deleteBadge",
    method: "delete",
    path: "/badges/{id}",
    tag: "Badges",
    summary: "Delete a badge, or disable one that has been awarded",
    scope: "badges:write",
    params: idParam,
    answers: [
      {
        status: 200,
        description:
          "`deleted` where nobody was ever awarded it; else `disabled`: it stays for those who hold it.",
        schema: deleted,
      },
    ],
    async handle({ env, organizationId, params, principal, expectUnchanged }) {
      const { badge, parts } = await badgeOf(env.db, organizationId, params.id);
      await expectUnchanged(showBadge(env, badge, parts));
      const { result, writes } = await deleteBadge(env, badge, principal);
      return { status: 200, body: result, writes, refused: refusedBadge(env, organizationId, "") };
    },
  }),
];

export const badgeOperations = operations.map((each) => underRules(each, BADGE_RULES));
