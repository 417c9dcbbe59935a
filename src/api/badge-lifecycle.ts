// What becomes of a badge over the API: copies, new versions, and the end of it for good.
import { z } from "@hono/zod-openapi";
import type { Env } from "../env.ts";
import type { DefinedBadge } from "../issuer/badge.ts";
import { cloneBadge } from "../issuer/badge-copy.ts";
import { newVersion } from "../issuer/badge-version.ts";
import { purgeBadge } from "../issuer/purge.ts";
import { BADGE_RULES, badgeChanges, MAX_NAME, toChange } from "./badge-schema.ts";
import { showBadge, shownBadge } from "./badge-view.ts";
import { badgeOf, refusedBadge } from "./badges.ts";
import { idParam, line } from "./fields.ts";
import { type Answer, type Operation, operation } from "./operation.ts";
import { underRules } from "./rule-codes.ts";

const newCopy = z
  .strictObject({
    name: line(MAX_NAME).optional().openapi({ description: "“Copy of …” unless given." }),
  })
  .openapi("NewCopy");

const newBadgeVersion = badgeChanges.omit({ status: true }).openapi("NewBadgeVersion");

const newPurge = z
  .strictObject({
    confirm: z.string().max(MAX_NAME).openapi({ description: "The badge's exact name." }),
  })
  .openapi("Purge");

const purging = z.object({ id: z.string(), purging: z.literal(true) }).openapi("PurgingBadge");

function created(
  env: Env,
  organizationId: string,
  { badge, parts }: DefinedBadge,
  writes: Answer["writes"] & object,
): Answer {
  return {
    status: 201,
    body: showBadge(env, badge, parts),
    headers: { location: `/api/v1/badges/${badge.id}` },
    tagged: true,
    writes,
    refused: refusedBadge(env, organizationId, badge.name),
  };
}

const operations: readonly Operation[] = [
  operation({
    id: "cloneBadge",
    method: "post",
    path: "/badges/{id}/clone",
    tag: "Badges",
    summary: "Copy a badge",
    description:
      "The copy is a badge of its own: inactive, awarded to nobody, with the same picture, criteria, tiers, alignments, relations, tags, message and expiry. An endorsement is not copied: it was said of the other.",
    scope: "badges:write",
    params: idParam,
    body: newCopy,
    example: { name: "Streak Champion, second year" },
    problems: ["badge-name-taken"],
    answers: [{ status: 201, description: "The copy.", schema: shownBadge }],
    async handle({ env, organizationId, params, body, principal }) {
      const { badge, parts } = await badgeOf(env.db, organizationId, params.id);
      const { result, writes } = await cloneBadge(env, badge, parts, body.name, principal);
      const answer = created(env, organizationId, result, writes);
      if (body.name !== undefined) return answer;
      // Somebody copied it, too: there is another name.
      const taken = ({ code }: { code: string }) => code === "unique" || code === "foreign_key";
      return { ...answer, refused: (error) => (taken(error) ? "again" : null) };
    },
  }),
  operation({
    id: "createBadgeVersion",
    method: "post",
    path: "/badges/{id}/versions",
    tag: "Badges",
    summary: "Make a new version of a badge that has been awarded",
    description:
      "A badge that people hold can no longer be changed. In one step this archives it, which its awards do not notice, and makes a badge of the same name with the changes that are given; each names the other. The new one is inactive unless `is_active` is given: an active rule awards it to everybody who meets it, holders of the former included.",
    scope: "badges:write",
    params: idParam,
    body: newBadgeVersion,
    example: { description: "Ran mentoring sessions in ten consecutive weeks.", is_active: true },
    problems: ["badge-name-taken", "badge-not-locked", "badge-archived"],
    answers: [{ status: 201, description: "The new version.", schema: shownBadge }],
    async handle({ env, organizationId, params, body, principal, expectUnchanged }) {
      const { badge, parts } = await badgeOf(env.db, organizationId, params.id);
      await expectUnchanged(showBadge(env, badge, parts));
      const { result, writes } = await newVersion(env, badge, parts, toChange(body), principal);
      return created(env, organizationId, result, writes);
    },
  }),
  operation({
    id: "purgeBadge",
    method: "post",
    path: "/badges/{id}/purge",
    tag: "Badges",
    summary: "Remove a badge and all its awards for good",
    description:
      "Nothing brings them back. From this answer on the badge's addresses say 410; a job then revokes every award, tells the backpacks that have it, and removes awards, criteria and what was met of them. What stays are ids without a person: the addresses go on answering 410, and the revocation list names each award. To keep what people hold, archive the badge instead.",
    scope: "badges:write",
    params: idParam,
    body: newPurge,
    example: { confirm: "Streak Champion" },
    problems: ["confirmation-missing"],
    answers: [{ status: 202, description: "It is being removed.", schema: purging }],
    async handle({ env, organizationId, params, body, principal, expectUnchanged }) {
      const { badge, parts } = await badgeOf(env.db, organizationId, params.id);
      await expectUnchanged(showBadge(env, badge, parts));
      const { result, writes } = await purgeBadge(env, badge, body.confirm, principal);
      return {
        status: 202,
        body: result,
        writes,
        refused: ({ code }) => (code === "unique" ? "again" : null),
      };
    },
  }),
];

export const badgeLifecycleOperations = operations.map((each) => underRules(each, BADGE_RULES));
