// What a person has and could have, over the API: the shelf, and all they achieved.
import { z } from "@hono/zod-openapi";
import { hasScope, type Principal } from "../auth.ts";
import { BADGE_CATEGORIES, BADGE_STATUSES } from "../db/badges.ts";
import { findMember } from "../db/people.ts";
import { listAchievements, listShelf, type ShelfEntry, type ShelfView } from "../db/shelf.ts";
import type { Env } from "../env.ts";
import { Problem } from "../problem.ts";
import { showAward, shownAward } from "./award-view.ts";
import { idParam } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";

const SCOPE = "awards:read";

const query = pageQuery.extend({
  seen_by: z.enum(["owner", "others"]).default("owner").openapi({
    description:
      "`others` leaves out what the person hides, and what they have not earned. A member who asks about somebody else sees no more than that in any case.",
  }),
});

const shelfBadge = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    criteria: z.object({ narrative: z.string() }),
    status: z.enum(BADGE_STATUSES),
    category: z.enum(BADGE_CATEGORIES),
    sort_order: z.int(),
    icon_key: z.string().nullable(),
    images: z.object({
      earned: z.string(),
      locked: z.string().openapi({ description: "The same, nearly without colour." }),
    }),
  })
  .openapi("ShelfBadge");

const shelfEntry = z
  .object({
    badge: shelfBadge,
    earned: z.boolean(),
    award: shownAward
      .nullable()
      .openapi({ description: "The highest tier, else the latest; null while it is locked." }),
  })
  .openapi("ShelfEntry");

const achievement = z.object({ badge: shelfBadge, award: shownAward }).openapi("Achievement");

function showBadge(env: Env, { badge, picture }: ShelfEntry): z.input<typeof shelfBadge> {
  const { id, name, description, criteria_narrative: narrative } = badge;
  const { status, category, sort_order, icon_key } = badge;
  return {
    id,
    name,
    description,
    criteria: { narrative },
    status,
    category,
    sort_order,
    icon_key,
    images: {
      earned:
        picture === null
          ? env.urls.badgeImage(id)
          : env.urls.image(picture.sha256, picture.media_type),
      locked: env.urls.lockedImage(id),
    },
  };
}

/** Throws a `not-found` Problem for whom the organization does not know. */
async function viewOf(
  env: Env,
  organizationId: string,
  principal: Principal,
  userId: string,
  seenBy: "owner" | "others",
): Promise<ShelfView> {
  if ((await findMember(env.db, organizationId, userId)) === null) {
    throw new Problem("not-found", "This organization has no user with this id.");
  }
  const isOwner = principal.kind === "user" && principal.memberIds.includes(userId);
  const seesAll = isOwner || hasScope(principal, SCOPE);
  return { userId, others: seenBy === "others" || !seesAll };
}

export const shelfOperations: readonly Operation[] = [
  operation({
    id: "getShelf",
    method: "get",
    path: "/users/{id}/shelf",
    tag: "Users",
    summary: "See a person's shelf",
    description:
      "The organization's active badges by category and `sort_order`: those the person has earned, and those still locked that they could earn and may see. A badge with `is_visible_when_locked` false is absent until it is earned; a badge that is disabled is absent.",
    scope: SCOPE,
    forMembers: true,
    params: idParam,
    query,
    answers: [{ status: 200, description: "A page of badges.", schema: pageOf(shelfEntry) }],
    async handle(call) {
      const { env, organizationId, principal, params } = call;
      const view = await viewOf(env, organizationId, principal, params.id, call.query.seen_by);
      const rows = await listShelf(env.db, organizationId, view, call.query);
      return pageAnswer(
        call,
        rows,
        ({ badge }) => badge.id,
        (entry) => ({
          badge: showBadge(env, entry),
          earned: entry.award !== null,
          award: entry.award && showAward(env, entry.award),
        }),
      );
    },
  }),
  operation({
    id: "getAchievements",
    method: "get",
    path: "/users/{id}/achievements",
    tag: "Users",
    summary: "See all that a person has earned",
    description:
      "Every award that was not revoked or replaced, by its badge's category and `sort_order`: also of badges that have been disabled or archived since.",
    scope: SCOPE,
    forMembers: true,
    params: idParam,
    query,
    answers: [{ status: 200, description: "A page of awards.", schema: pageOf(achievement) }],
    async handle(call) {
      const { env, organizationId, principal, params } = call;
      const view = await viewOf(env, organizationId, principal, params.id, call.query.seen_by);
      const rows = await listAchievements(env.db, organizationId, view, call.query);
      return pageAnswer(
        call,
        rows,
        ({ award }) => award.id,
        (entry) => ({ badge: showBadge(env, entry), award: showAward(env, entry.award) }),
      );
    },
  }),
];
