// A badge's alignments, related badges and endorsement, each at an address of its own.
import { z } from "@hono/zod-openapi";
import type { BadgeParts } from "../db/badge-parts.ts";
import { type BadgeChange, changeBadge } from "../issuer/badge-change.ts";
import { Problem } from "../problem.ts";
import { alignment, endorsement, MAX_LISTED } from "./badge-schema.ts";
import {
  showAlignment,
  showBadge,
  showEndorsement,
  shownAlignment,
  shownEndorsement,
} from "./badge-view.ts";
import { badgeOf, type FoundBadge, refusedBadge } from "./badges.ts";
import { invalid } from "./faults.ts";
import { idParam } from "./fields.ts";
import { type Answer, type Operation, type OrganizationCall, operation } from "./operation.ts";
import { pageOf } from "./page.ts";

type BadgeCall = OrganizationCall<{ id: string }>;

const found = ({ env, organizationId, params }: BadgeCall): Promise<FoundBadge> =>
  badgeOf(env.db, organizationId, params.id);

function gone(what: string): Problem {
  return new Problem("not-found", `The badge has no such ${what}.`);
}

/** One at a time, a badge gets no more of a kind than a list of them may hold. */
function requireRoom(there: readonly unknown[], what: string): void {
  if (there.length < MAX_LISTED) return;
  throw invalid([
    {
      pointer: "",
      code: "too_large",
      detail: `The badge has ${there.length} ${what}; it may have at most ${MAX_LISTED}.`,
      fix: "Remove one that is no longer needed first.",
    },
  ]);
}

/**
 * Changes one kind of part by the rules of the badge as a whole: locked badges stay as they are,
 * and of two changes at once none is lost.
 */
async function changed(
  call: BadgeCall,
  change: (parts: BadgeParts) => BadgeChange,
  answer: (parts: BadgeParts, before: BadgeParts) => Pick<Answer, "status" | "body" | "headers">,
): Promise<Answer> {
  const { env, organizationId, principal } = call;
  const { badge, parts } = await found(call);
  await call.expectUnchanged(showBadge(env, badge, parts));
  const { result, writes } = await changeBadge(env, badge, parts, change(parts), principal);
  return {
    ...answer(result.parts, parts),
    writes,
    refused: refusedBadge(env, organizationId, badge.name),
  };
}

const onePage = <T>(data: readonly T[]) => ({ data, next_cursor: null });

const about = { tag: "Badges", params: idParam } as const;
const writing = {
  ...about,
  scope: "badges:write",
  problems: ["badge-locked", "badge-archived"],
} as const;

const alignmentParam = z.strictObject({
  id: z.string().min(1).max(100),
  alignment: z.string().min(1).max(100),
});

const alignments: readonly Operation[] = [
  operation({
    ...about,
    id: "listAlignments",
    method: "get",
    path: "/badges/{id}/alignments",
    summary: "List what a badge is aligned to",
    scope: "badges:read",
    answers: [{ status: 200, description: "All of them.", schema: pageOf(shownAlignment) }],
    async handle(call) {
      const { parts } = await found(call);
      return { status: 200, body: onePage(parts.alignments.map(showAlignment)) };
    },
  }),
  operation({
    ...writing,
    id: "addAlignment",
    method: "post",
    path: "/badges/{id}/alignments",
    summary: "Align a badge to a skill or standard",
    body: alignment.omit({ id: true }),
    example: {
      target_name: "Active listening",
      target_url: "https://skills.example/active-listening",
    },
    answers: [{ status: 201, description: "The alignment.", schema: shownAlignment }],
    async handle(call) {
      return changed(
        call,
        (parts) => {
          requireRoom(parts.alignments, "alignments");
          return { alignments: [...parts.alignments, call.body] };
        },
        (parts, before) => {
          const known = new Set(before.alignments.map(({ id }) => id));
          const added = parts.alignments.find(({ id }) => !known.has(id));
          if (added === undefined) throw new TypeError("an alignment was added but is not there");
          const location = `/api/v1/badges/${call.params.id}/alignments/${added.id}`;
          return { status: 201, body: showAlignment(added), headers: { location } };
        },
      );
    },
  }),
  operation({
    ...about,
    id: "getAlignment",
    method: "get",
    path: "/badges/{id}/alignments/{alignment}",
    summary: "Read one alignment",
    scope: "badges:read",
    params: alignmentParam,
    answers: [{ status: 200, description: "The alignment.", schema: shownAlignment }],
    async handle(call) {
      const { parts } = await found(call);
      const one = parts.alignments.find(({ id }) => id === call.params.alignment);
      if (one === undefined) throw gone("alignment");
      return { status: 200, body: showAlignment(one) };
    },
  }),
  operation({
    ...writing,
    id: "removeAlignment",
    method: "delete",
    path: "/badges/{id}/alignments/{alignment}",
    summary: "Remove an alignment",
    params: alignmentParam,
    answers: [{ status: 204, description: "It is gone." }],
    async handle(call) {
      const { alignment: unwanted } = call.params;
      return changed(
        call,
        (parts) => {
          if (!parts.alignments.some(({ id }) => id === unwanted)) throw gone("alignment");
          return { alignments: parts.alignments.filter(({ id }) => id !== unwanted) };
        },
        () => ({ status: 204 }),
      );
    },
  }),
];

const relation = z.strictObject({ badge: z.string().min(1).max(100) }).openapi("RelatedBadge");

const relatedParam = z.strictObject({
  id: z.string().min(1).max(100),
  badge: z.string().min(1).max(100),
});

const related: readonly Operation[] = [
  operation({
    ...about,
    id: "listRelatedBadges",
    method: "get",
    path: "/badges/{id}/related",
    summary: "List related badges",
    description: "A relation has no direction: it is listed at both badges.",
    scope: "badges:read",
    answers: [{ status: 200, description: "All of them.", schema: pageOf(relation) }],
    async handle(call) {
      const { parts } = await found(call);
      return { status: 200, body: onePage(parts.related.map((badge) => ({ badge }))) };
    },
  }),
  operation({
    ...writing,
    id: "relateBadges",
    method: "post",
    path: "/badges/{id}/related",
    summary: "Relate a badge to another",
    body: relation,
    example: { badge: "0193c0de-0000-7000-8000-000000000000" },
    answers: [{ status: 201, description: "They are related.", schema: relation }],
    async handle(call) {
      const { badge } = call.body;
      const location = `/api/v1/badges/${call.params.id}/related/${badge}`;
      const answer = () => ({ status: 201, body: { badge }, headers: { location } }) as const;
      try {
        return await changed(
          call,
          (parts) => {
            if (!parts.related.includes(badge)) requireRoom(parts.related, "related badges");
            return { related: [...parts.related, badge] };
          },
          answer,
        );
      } catch (error) {
        throw error instanceof Problem ? pointingAt(error, "/badge") : error;
      }
    },
  }),
  operation({
    ...writing,
    id: "unrelateBadges",
    method: "delete",
    path: "/badges/{id}/related/{badge}",
    summary: "End a relation",
    params: relatedParam,
    answers: [{ status: 204, description: "They are no longer related." }],
    async handle(call) {
      const { badge } = call.params;
      return changed(
        call,
        (parts) => {
          if (!parts.related.includes(badge)) throw gone("related badge");
          return { related: parts.related.filter((id) => id !== badge) };
        },
        () => ({ status: 204 }),
      );
    },
  }),
];

/** Faults of the list as a whole are, here, faults of the one member that was sent. */
function pointingAt(problem: Problem, pointer: string): Problem {
  const errors = problem.errors.map((error) => ({ ...error, pointer }));
  return new Problem(problem.code, problem.message, { errors, fix: problem.fix, cause: problem });
}

const endorsements: readonly Operation[] = [
  operation({
    ...about,
    id: "getEndorsement",
    method: "get",
    path: "/badges/{id}/endorsement",
    summary: "Read a badge's endorsement",
    scope: "badges:read",
    answers: [{ status: 200, description: "The endorsement.", schema: shownEndorsement }],
    async handle(call) {
      const { parts } = await found(call);
      if (parts.endorsement === null) throw gone("endorsement");
      return { status: 200, body: showEndorsement(parts.endorsement) };
    },
  }),
  operation({
    ...writing,
    id: "endorseBadge",
    method: "post",
    path: "/badges/{id}/endorsement",
    summary: "Record another issuer's endorsement of a badge",
    description: "A badge has at most one; another one takes its place.",
    body: endorsement.omit({ id: true }),
    example: {
      issuer_name: "National Mentoring Board",
      issuer_url: "https://board.example",
      issuer_email: "badges@board.example",
      claim_comment: "Meets our standard for peer mentors.",
    },
    answers: [{ status: 201, description: "The endorsement.", schema: shownEndorsement }],
    async handle(call) {
      return changed(
        call,
        () => ({ endorsement: call.body }),
        ({ endorsement: said }) => {
          if (said === null) throw new TypeError("an endorsement was recorded but is not there");
          const location = `/api/v1/badges/${call.params.id}/endorsement`;
          return { status: 201, body: showEndorsement(said), headers: { location } };
        },
      );
    },
  }),
  operation({
    ...writing,
    id: "withdrawEndorsement",
    method: "delete",
    path: "/badges/{id}/endorsement",
    summary: "Withdraw an endorsement",
    description: "Its public document answers 410 from then on.",
    answers: [{ status: 204, description: "It is withdrawn." }],
    async handle(call) {
      return changed(
        call,
        (parts) => {
          if (parts.endorsement === null) throw gone("endorsement");
          return { endorsement: null };
        },
        () => ({ status: 204 }),
      );
    },
  }),
];

export const badgePartOperations: readonly Operation[] = [
  ...alignments,
  ...related,
  ...endorsements,
];
