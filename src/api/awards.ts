// Awards over the API: award, list, read, revoke, correct, show and hide.
import { z } from "@hono/zod-openapi";
import { type Principal, requireScope } from "../auth.ts";
import { AWARD_STATUSES, type Award, findAward, listAwards } from "../db/awards.ts";
import { isTheirs } from "../db/theirs.ts";
import type { Env } from "../env.ts";
import { awardBadge } from "../issuer/award.ts";
import { requireGiver, requireMayCorrect } from "../issuer/manual-award-rights.ts";
import { REPLACED, reissueAward } from "../issuer/reissue.ts";
import { renewAward } from "../issuer/renew.ts";
import { revokeAward } from "../issuer/revoke.ts";
import { setVisibility } from "../issuer/visibility.ts";
import { Problem } from "../problem.ts";
import {
  AWARD_RULES,
  newAward,
  newReissue,
  newRenewal,
  newRevocation,
  newVisibility,
} from "./award-schema.ts";
import { notAwarded, notReissued, notRenewed, showAward, shownAward } from "./award-view.ts";
import { idParam } from "./fields.ts";
import { type Answer, type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";
import { underRules } from "./rule-codes.ts";

const filters = pageQuery.extend({
  badge: z.string().min(1).max(100).optional().openapi({ description: "A badge's id." }),
  user: z.string().min(1).max(100).optional().openapi({ description: "A user's id." }),
  status: z.enum(AWARD_STATUSES).optional(),
});

async function awardOf(env: Env, organizationId: string, idOrHash: string): Promise<Award> {
  const award = await findAward(env.db, organizationId, idOrHash);
  if (award !== null) return award;
  throw new Problem("not-found", "This organization has no award with this id or hash.");
}

/** Whether a person may revoke, correct or renew an award; throws `not-found` where there is none. */
async function requireOwn(
  env: Env,
  organizationId: string,
  principal: Principal,
  idOrHash: string,
): Promise<Award> {
  const award = await awardOf(env, organizationId, idOrHash);
  if (principal.kind === "user") requireMayCorrect(award, principal);
  return award;
}

/** A new award, whichever way it came about. */
function made(award: z.output<typeof shownAward>, writes: NonNullable<Answer["writes"]>): Answer {
  return {
    status: 201,
    body: award,
    headers: { location: `/api/v1/awards/${award.id}` },
    tagged: true,
    writes,
    // Somebody took the slot, or what the award refers to is gone since it was looked at.
    refused: ({ code }) => (code === "unique" || code === "foreign_key" ? "again" : null),
  };
}

const operations: readonly Operation[] = [
  operation({
    id: "createAward",
    method: "post",
    path: "/awards",
    tag: "Awards",
    summary: "Award a badge to a person",
    description:
      "Name the person by `recipient`, who becomes a member if unknown, or by `user`. Once this answers 201 the award is stored and its public documents answer. Who holds all that the badge allows is answered 200 with the award they hold, and nothing changes. A coordinator awards badges that ask for a coordinator's word and nothing else, and none to themselves; an administrator, and a key, any.",
    scope: "awards:write",
    body: newAward,
    example: {
      badge: "0193c0de-0000-7000-8000-000000000000",
      recipient: { type: "email", identity: "kim@example.org", name: "Kim" },
      narrative: "Ran all twelve sessions, two of them alone.",
    },
    problems: [
      "not-found",
      "badge-inactive",
      "own-badge",
      "recipient-not-active",
      "recipient-not-eligible",
    ],
    answers: [
      { status: 201, description: "The award.", schema: shownAward },
      { status: 200, description: "Nothing was awarded.", schema: notAwarded },
    ],
    async handle({ env, organizationId, body, principal }) {
      const still = await requireGiver(env, organizationId, body.badge, body, principal);
      const { result, writes } = await awardBadge(env, organizationId, body, principal);
      const award = showAward(env, result.award);
      if (!result.awarded) {
        return { status: 200, body: { awarded: false, reason: result.reason, award } };
      }
      return made(award, [...still, ...writes]);
    },
  }),
  operation({
    id: "listAwards",
    method: "get",
    path: "/awards",
    tag: "Awards",
    summary: "List awards",
    scope: "awards:read",
    query: filters,
    answers: [{ status: 200, description: "A page of awards.", schema: pageOf(shownAward) }],
    async handle(call) {
      const { env, organizationId, query } = call;
      const rows = await listAwards(env.db, organizationId, query, query, env.now());
      return pageAnswer(
        call,
        rows,
        ({ id }) => id,
        (row: Award) => showAward(env, row),
      );
    },
  }),
  operation({
    id: "getAward",
    method: "get",
    path: "/awards/{id}",
    tag: "Awards",
    summary: "Read an award, by its id or its hash",
    description: "Members who are signed in read the awards they hold.",
    scope: "awards:read",
    forMembers: true,
    params: idParam,
    answers: [{ status: 200, description: "The award.", schema: shownAward }],
    async handle({ env, organizationId, principal, params }) {
      const award = await awardOf(env, organizationId, params.id);
      const isTheirOwn =
        principal.kind === "user" && (await isTheirs(env.db, principal.id, award.id));
      if (!isTheirOwn) requireScope(principal, "awards:read");
      return { status: 200, body: showAward(env, award), tagged: true };
    },
  }),
  operation({
    id: "revokeAward",
    method: "post",
    path: "/awards/{id}/revoke",
    tag: "Awards",
    summary: "Revoke an award, by its id or its hash",
    description:
      "The reason is public: verifiers show it. Its documents answer 410 from then on. Those who vouched for the person must do so anew, and no rule awards the badge to them again, unless `reset_criteria` is true. Repeating it changes nothing, but that the criteria may still be reset.",
    scope: "awards:write",
    params: idParam,
    body: newRevocation,
    example: { reason: "Awarded to the wrong person." },
    answers: [{ status: 200, description: "The revoked award.", schema: shownAward }],
    async handle({ env, organizationId, params, body, principal }) {
      await requireOwn(env, organizationId, principal, params.id);
      const { result, writes } = await revokeAward(
        env,
        organizationId,
        params.id,
        body.reason,
        principal,
        { resetCriteria: body.reset_criteria },
      );
      return { status: 200, body: showAward(env, result), tagged: true, writes };
    },
  }),
  operation({
    id: "renewAward",
    method: "post",
    path: "/awards/{id}/renew",
    tag: "Awards",
    summary: "Renew an award that has expired, by its id or its hash",
    description:
      "The badge, which must be renewable, is awarded to the same person anew. The award stays expired and goes on verifying; `superseded_by` leads to the new one, and backpacks that have the old one are sent the new one. An award that was renewed before is answered 200 with the award that took its place, and nothing changes.",
    scope: "awards:write",
    params: idParam,
    body: newRenewal,
    example: { narrative: "Passed the yearly refresher." },
    problems: [
      "badge-inactive",
      "badge-not-renewable",
      "award-not-expired",
      "award-revoked",
      "recipient-not-active",
      "recipient-not-eligible",
      "badge-held",
      "edit-conflict",
    ],
    answers: [
      { status: 201, description: "The new award.", schema: shownAward },
      { status: 200, description: "It had been renewed before.", schema: notRenewed },
    ],
    async handle({ env, organizationId, params, body, principal }) {
      await requireOwn(env, organizationId, principal, params.id);
      const { result, writes } = await renewAward(env, organizationId, params.id, body, principal);
      const award = showAward(env, result.award);
      if (!result.renewed) {
        return { status: 200, body: { renewed: false, reason: "already_replaced", award } };
      }
      return made(award, writes);
    },
  }),
  operation({
    id: "reissueAward",
    method: "post",
    path: "/awards/{id}/reissue",
    tag: "Awards",
    summary: "Correct an award and issue it again, by its id or its hash",
    description:
      "In one step the award is revoked with a public reason and a corrected one is made, with an address of its own; `superseded_by` leads from the old to the new. What is not given is taken over; null takes it away. Naming the person anew, even the same one, takes the name they have now. An award that was replaced before is answered 200 with the award that replaced it, and nothing changes: to correct that one, name it.",
    scope: "awards:write",
    params: idParam,
    body: newReissue,
    example: {
      narrative: "Ran all twelve sessions, three of them alone.",
      reason: "The number of sessions was wrong.",
    },
    problems: [
      "badge-inactive",
      "recipient-not-active",
      "recipient-not-eligible",
      "award-revoked",
      "badge-held",
      "edit-conflict",
    ],
    answers: [
      { status: 201, description: "The corrected award.", schema: shownAward },
      { status: 200, description: "It had been replaced before.", schema: notReissued },
    ],
    async handle({ env, organizationId, params, body, principal }) {
      const { reason = REPLACED, ...corrections } = body;
      const { badge_id } = await requireOwn(env, organizationId, principal, params.id);
      await requireGiver(env, organizationId, badge_id, body, principal);
      const { result, writes } = await reissueAward(
        env,
        organizationId,
        params.id,
        corrections,
        reason,
        principal,
      );
      const award = showAward(env, result.award);
      if (!result.reissued) {
        return { status: 200, body: { reissued: false, reason: "already_replaced", award } };
      }
      return made(award, writes);
    },
  }),
  operation({
    id: "setAwardVisibility",
    method: "put",
    path: "/awards/{id}/visibility",
    tag: "Awards",
    summary: "Show or hide an award, by its id or its hash",
    description:
      "A hidden award still verifies: its documents answer as before, and backpacks are not told. Its page names nobody and asks not to be indexed, and public lists leave it out. Repeating it changes nothing. Of people who are signed in, who holds the award may do it, and an administrator.",
    scope: "awards:write",
    forMembers: true,
    params: idParam,
    body: newVisibility,
    example: { visible: false },
    problems: ["visibility-restricted"],
    answers: [{ status: 200, description: "The award.", schema: shownAward }],
    async handle({ env, organizationId, params, body, principal, expectUnchanged }) {
      const award = await awardOf(env, organizationId, params.id);
      await expectUnchanged(showAward(env, award));
      const { result, writes } = await setVisibility(env, award, body.visible, principal);
      return { status: 200, body: showAward(env, result), tagged: true, writes };
    },
  }),
];

export const awardOperations = operations.map((each) => underRules(each, AWARD_RULES));
