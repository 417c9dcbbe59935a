// Vouches over the API: people with the roles that a badge asks for give their word for a member.
import { z } from "@hono/zod-openapi";
import { hasScope } from "../auth.ts";
import { findBadge } from "../db/badges.ts";
import type { ManualAward } from "../db/criteria.ts";
import { listVouches } from "../db/manual-awards.ts";
import type { Env } from "../env.ts";
import { actingPerson } from "../issuer/acting-person.ts";
import { vouch, vouchOf, withdrawVouch } from "../issuer/manual-award.ts";
import { Problem } from "../problem.ts";
import { showAward, shownAward } from "./award-view.ts";
import { idParam, instant, line, time } from "./fields.ts";
import { memberIdentity, onBehalfOf, oneOfBoth } from "./nominations.ts";
import { type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";

const newVouch = z
  .strictObject({
    user: line(100).optional().openapi({ description: "The recipient's user id." }),
    recipient: memberIdentity.optional().openapi({
      description: "What the recipient is known by, instead of user.",
    }),
    role: line(60).optional().openapi({
      description:
        "As whom; unless given, a role of the caller's that the badge asks for and that has not vouched yet.",
    }),
    tier_level: z.int().min(1).optional().openapi({
      description: "Of a badge with tiers: the tier that is awarded where this word is the last.",
    }),
    on_behalf_of: onBehalfOf,
  })
  .refine(({ recipient, user }) => (recipient === undefined) !== (user === undefined), oneOfBoth)
  .openapi("NewVouch");

const shown = z
  .object({
    id: z.string(),
    badge: z.string(),
    user: z.string().openapi({ description: "The recipient." }),
    role: z.string(),
    by: z.string().nullable().openapi({ description: "Null: the organization itself." }),
    at: time(),
  })
  .openapi("Vouch");

const given = shown
  .extend({
    award: shownAward.nullable().openapi({ description: "What this word completed, if it did." }),
  })
  .openapi("GivenVouch");

function show(row: ManualAward): z.input<typeof shown> {
  return {
    id: row.id,
    badge: row.badge_id,
    user: row.recipient_id,
    role: row.issuer_role,
    by: row.issuer_id,
    at: instant(row.date_met),
  };
}

const filters = pageQuery.extend({
  user: z.string().min(1).max(100).optional().openapi({ description: "The recipient's user id." }),
  role: z.string().min(1).max(60).optional(),
});

const vouchParam = z.strictObject({ id: idParam.shape.id, vouch: z.string().min(1).max(100) });

async function requireBadge(env: Env, organizationId: string, id: string): Promise<void> {
  if ((await findBadge(env.db, organizationId, id)) !== null) return;
  throw new Problem("not-found", "This organization has no badge with this id.");
}

export const manualAwardOperations: readonly Operation[] = [
  operation({
    id: "listVouches",
    method: "get",
    path: "/badges/{id}/vouches",
    tag: "Vouches",
    summary: "List who vouched for whom, for a badge",
    description: "Members who are signed in see what they vouched for themselves.",
    scope: "awards:read",
    forMembers: true,
    params: idParam,
    query: filters,
    answers: [{ status: 200, description: "A page of vouches.", schema: pageOf(shown) }],
    async handle(call) {
      const { env, organizationId, principal, params, query } = call;
      await requireBadge(env, organizationId, params.id);
      const seesAll = principal.kind !== "user" || hasScope(principal, "awards:read");
      const by = seesAll ? undefined : principal.memberIds;
      const rows = await listVouches(env.db, params.id, { ...query, by }, query);
      return pageAnswer(call, rows, ({ id }) => id, show);
    },
  }),
  operation({
    id: "createVouch",
    method: "post",
    path: "/badges/{id}/vouches",
    tag: "Vouches",
    summary: "Vouch for a member, as a role that the badge asks for",
    description:
      "For members with one of the roles that the badge's manual criterion names; administrators, and programs for the organization, vouch as any of them. A role vouches once for a person: said again it is answered 200, and nothing changes. The word that completes what the badge asks for awards it.",
    scope: "awards:write",
    forMembers: true,
    params: idParam,
    body: newVouch,
    example: { recipient: { type: "email", identity: "kim@example.org" }, role: "coordinator" },
    problems: [
      "badge-inactive",
      "badge-not-nominatable",
      "own-badge",
      "recipient-not-active",
      "recipient-not-eligible",
      "badge-held",
      "edit-conflict",
    ],
    answers: [
      { status: 201, description: "The vouch, and the award it completed.", schema: given },
      { status: 200, description: "This role had vouched before.", schema: given },
    ],
    async handle({ env, organizationId, principal, params, body }) {
      const actor = await actingPerson(env, organizationId, principal, body.on_behalf_of);
      const { result, writes } = await vouch(env, organizationId, params.id, body, actor);
      const award = result.award && showAward(env, result.award);
      return {
        status: result.isNew ? 201 : 200,
        body: { ...show(result.vouch), award } satisfies z.input<typeof given>,
        ...(result.isNew
          ? { headers: { location: `/api/v1/badges/${params.id}/vouches/${result.vouch.id}` } }
          : {}),
        writes,
        // Somebody else vouched as this role, or took the slot, since it was looked at.
        refused: ({ code }) => (code === "unique" || code === "foreign_key" ? "again" : null),
      };
    },
  }),
  operation({
    id: "getVouch",
    method: "get",
    path: "/badges/{id}/vouches/{vouch}",
    tag: "Vouches",
    summary: "Read a vouch",
    scope: "awards:read",
    params: vouchParam,
    answers: [{ status: 200, description: "The vouch.", schema: shown }],
    async handle({ env, organizationId, params }) {
      const row = await vouchOf(env.db, organizationId, params.id, params.vouch);
      return { status: 200, body: show(row), tagged: true };
    },
  }),
  operation({
    id: "withdrawVouch",
    method: "delete",
    path: "/badges/{id}/vouches/{vouch}",
    tag: "Vouches",
    summary: "Take a vouch back, until the badge is awarded",
    description: "For who gave it, and for administrators.",
    scope: "awards:write",
    forMembers: true,
    params: vouchParam,
    problems: ["vouch-counted"],
    answers: [{ status: 204, description: "It is gone." }],
    async handle({ env, organizationId, principal, params, expectUnchanged }) {
      const row = await vouchOf(env.db, organizationId, params.id, params.vouch);
      await expectUnchanged(show(row));
      const actor = await actingPerson(env, organizationId, principal, undefined);
      const { writes } = await withdrawVouch(env, organizationId, params.id, params.vouch, actor);
      return { status: 204, writes };
    },
  }),
];
