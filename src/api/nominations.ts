// Nominations over the API: nominate, list, read, approve, decline, withdraw.
import { z } from "@hono/zod-openapi";
import { hasScope } from "../auth.ts";
import {
  listNominations,
  NOMINATION_STATES,
  type Nomination,
  type NominationFilter,
} from "../db/nominations.ts";
import { actingPerson } from "../issuer/acting-person.ts";
import type { Decision } from "../issuer/badge.ts";
import {
  isPendingInstead,
  nominate,
  nominationOf,
  withdrawNomination,
} from "../issuer/nomination.ts";
import { approveNomination, declineNomination } from "../issuer/nomination-decision.ts";
import { Problem } from "../problem.ts";
import { evidenceList, NAMING } from "./award-schema.ts";
import { words } from "./badge-schema.ts";
import { idParam, instant, instantOrNull, line, rule, time } from "./fields.ts";
import { identityFields, identityMatchesType } from "./identity.ts";
import { type Answer, type Operation, type OrganizationCall, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";
import { type RuleCodes, underRules } from "./rule-codes.ts";

const MAX_REASON = 4_000;
const MAX_NOTE = 2_000;

const RULES: RuleCodes = {
  reason: "reason_non_empty_and_bounded",
  evidence: "evidence_valid",
  note: "note_non_empty_and_bounded",
  tier: "tier_level_positive_integer",
};

/** An existing member: nobody becomes one by being named here. */
export const memberIdentity = z
  .strictObject(identityFields)
  .superRefine(identityMatchesType)
  .openapi("MemberIdentity");

export const onBehalfOf = line(100).optional().openapi({
  description:
    "A user's id: the member a program acts for, whose role then decides. Left out, it acts for the organization.",
});

export const oneOfBoth = {
  ...rule("recipient_or_user", "Exactly one of recipient and user says whom it is about.", NAMING),
  path: ["recipient"],
};

const newNomination = z
  .strictObject({
    badge: line(100).openapi({ description: "A badge's id." }),
    user: line(100).optional().openapi({ description: "The nominee's user id." }),
    recipient: memberIdentity.optional().openapi({
      description: "What the nominee is known by, instead of user.",
    }),
    reason: words(MAX_REASON).openapi({
      description: "Why; Markdown. Approved, it is the award's narrative, which is public.",
    }),
    evidence: evidenceList.optional(),
    on_behalf_of: onBehalfOf,
  })
  .refine(({ recipient, user }) => (recipient === undefined) !== (user === undefined), oneOfBoth)
  .openapi("NewNomination");

const approval = z
  .strictObject({
    note: words(MAX_NOTE).optional().openapi({ description: "For who nominated." }),
    tier: z.int().min(1).optional().openapi({ description: "Of a badge with tiers." }),
    on_behalf_of: onBehalfOf,
  })
  .openapi("Approval");

const refusal = z
  .strictObject({
    note: words(MAX_NOTE).openapi({ description: "Why, for who nominated." }),
    on_behalf_of: onBehalfOf,
  })
  .openapi("Decline");

const withdrawal = z.strictObject({ on_behalf_of: onBehalfOf }).openapi("Withdrawal");

const shown = z
  .object({
    id: z.string(),
    badge: z.string(),
    user: z.string().openapi({ description: "The nominee." }),
    nominator: z.string().nullable().openapi({ description: "Null: the organization itself." }),
    reason: z.string(),
    evidence: z.array(z.record(z.string(), z.string())),
    state: z.enum(NOMINATION_STATES),
    decided_by: z.string().nullable(),
    decided_at: time().nullable(),
    decision_note: z.string().nullable().openapi({ description: "Not shown to the nominee." }),
    award: z.string().nullable().openapi({ description: "What an approved one led to." }),
    created_at: time(),
    updated_at: time(),
  })
  .openapi("Nomination");

type AnyCall = OrganizationCall<unknown, unknown, unknown>;

/** The users rows whose nominations alone are shown; undefined where all of them are. */
function onlyOf({ principal }: AnyCall): readonly string[] | undefined {
  const seesAll = principal.kind !== "user" || hasScope(principal, "nominations:read");
  return seesAll ? undefined : principal.memberIds;
}

/** What was noted on a decision is for who nominated, and for those who decide. */
function show(call: AnyCall, row: Nomination): z.input<typeof shown> {
  const only = onlyOf(call);
  const isAddressee =
    only === undefined || (row.nominator_id !== null && only.includes(row.nominator_id));
  return {
    id: row.id,
    badge: row.badge_id,
    user: row.nominee_id,
    nominator: row.nominator_id,
    reason: row.reason,
    evidence: (row.evidence ?? []).map((item) => ({ ...item })),
    state: row.state,
    decided_by: row.decided_by_id,
    decided_at: instantOrNull(row.decided_at),
    decision_note: isAddressee ? row.decision_note : null,
    award: row.award_id,
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
  };
}

const filters = pageQuery.extend({
  state: z.enum(NOMINATION_STATES).optional(),
  badge: z.string().min(1).max(100).optional().openapi({ description: "A badge's id." }),
  user: z.string().min(1).max(100).optional().openapi({ description: "The nominee's user id." }),
  nominator: z.string().min(1).max(100).optional().openapi({ description: "A user's id." }),
});

/** A decision on one nomination, as it is answered; what the caller may not see is not there. */
async function decided(
  call: OrganizationCall<{ id: string }, unknown, { on_behalf_of?: string | undefined }>,
  decide: (actor: Awaited<ReturnType<typeof actingPerson>>) => Promise<Decision<Nomination>>,
): Promise<Answer> {
  const { env, organizationId, principal, body } = call;
  const actor = await actingPerson(env, organizationId, principal, body.on_behalf_of);
  const { result, writes } = await decide(actor);
  return {
    status: 200,
    body: show(call, result),
    tagged: true,
    writes,
    // Somebody took the slot, or what the award refers to is gone since it was looked at.
    refused: ({ code }) => (code === "unique" || code === "foreign_key" ? "again" : null),
  };
}

const DECIDED = {
  status: 200,
  description: "The nomination as it is now.",
  schema: shown,
} as const;

const operations: readonly Operation[] = [
  operation({
    id: "listNominations",
    method: "get",
    path: "/nominations",
    tag: "Nominations",
    summary: "List nominations",
    description: "Members who are signed in see those they made, or are nominated in.",
    scope: "nominations:read",
    forMembers: true,
    query: filters,
    answers: [{ status: 200, description: "A page of nominations.", schema: pageOf(shown) }],
    async handle(call) {
      const { env, organizationId, query } = call;
      const filter: NominationFilter = { ...query, of: onlyOf(call) };
      const rows = await listNominations(env.db, organizationId, filter, query);
      return pageAnswer(
        call,
        rows,
        ({ id }) => id,
        (row) => show(call, row),
      );
    },
  }),
  operation({
    id: "createNomination",
    method: "post",
    path: "/nominations",
    tag: "Nominations",
    summary: "Nominate a member for a badge",
    description:
      "For coordinators and administrators; a program acts for the organization, or for a member who is one of them. A badge and a person have one nomination at a time that waits for a decision.",
    scope: "nominations:write",
    forMembers: true,
    body: newNomination,
    example: {
      badge: "0193c0de-0000-7000-8000-000000000000",
      recipient: { type: "email", identity: "kim@example.org" },
      reason: "Took over the Tuesday group when nobody else could.",
    },
    problems: [
      "badge-inactive",
      "badge-not-nominatable",
      "recipient-not-active",
      "recipient-not-eligible",
      "badge-held",
      "nomination-pending",
    ],
    answers: [{ status: 201, description: "The nomination.", schema: shown }],
    async handle(call) {
      const { env, organizationId, principal, body } = call;
      const actor = await actingPerson(env, organizationId, principal, body.on_behalf_of);
      const { result, writes } = await nominate(env, organizationId, body, actor);
      return {
        status: 201,
        body: show(call, result),
        headers: { location: `/api/v1/nominations/${result.id}` },
        tagged: true,
        writes,
        refused: (error) =>
          isPendingInstead(error) || error.code === "foreign_key" ? "again" : null,
      };
    },
  }),
  operation({
    id: "getNomination",
    method: "get",
    path: "/nominations/{id}",
    tag: "Nominations",
    summary: "Read a nomination",
    scope: "nominations:read",
    forMembers: true,
    params: idParam,
    answers: [{ status: 200, description: "The nomination.", schema: shown }],
    async handle(call) {
      const { env, organizationId, params } = call;
      const row = await nominationOf(env, organizationId, params.id);
      const only = onlyOf(call);
      const isTheirs = [row.nominee_id, row.nominator_id].some(
        (id) => id !== null && only?.includes(id),
      );
      if (only !== undefined && !isTheirs) {
        throw new Problem("role-required", "This nomination is somebody else's.");
      }
      return { status: 200, body: show(call, row), tagged: true };
    },
  }),
  operation({
    id: "approveNomination",
    method: "post",
    path: "/nominations/{id}/approve",
    tag: "Nominations",
    summary: "Approve a nomination, which awards the badge",
    description:
      "For administrators, and for coordinators who neither made it nor are nominated in it. However often and by however many it is approved, the badge is awarded once. Approving it again changes nothing.",
    scope: "awards:write",
    forMembers: true,
    params: idParam,
    body: approval,
    example: { note: "Well deserved." },
    problems: [
      "own-badge",
      "nomination-decided",
      "badge-inactive",
      "recipient-not-active",
      "recipient-not-eligible",
      "badge-held",
      "edit-conflict",
    ],
    answers: [DECIDED],
    handle: (call) =>
      decided(call, (actor) =>
        approveNomination(call.env, call.organizationId, call.params.id, call.body, actor),
      ),
  }),
  operation({
    id: "declineNomination",
    method: "post",
    path: "/nominations/{id}/decline",
    tag: "Nominations",
    summary: "Decline a nomination",
    description: "For those who may approve it. Declining it again changes nothing.",
    scope: "nominations:write",
    forMembers: true,
    params: idParam,
    body: refusal,
    example: { note: "Let us wait for the end of the term." },
    problems: ["own-badge", "nomination-decided", "edit-conflict"],
    answers: [DECIDED],
    handle: (call) =>
      decided(call, (actor) =>
        declineNomination(call.env, call.organizationId, call.params.id, call.body.note, actor),
      ),
  }),
  operation({
    id: "withdrawNomination",
    method: "post",
    path: "/nominations/{id}/withdraw",
    tag: "Nominations",
    summary: "Withdraw a nomination",
    description: "For who made it, and for administrators, until it is decided.",
    scope: "nominations:write",
    forMembers: true,
    params: idParam,
    body: withdrawal,
    example: {},
    problems: ["nomination-decided", "edit-conflict"],
    answers: [DECIDED],
    handle: (call) =>
      decided(call, (actor) =>
        withdrawNomination(call.env, call.organizationId, call.params.id, actor),
      ),
  }),
];

export const nominationOperations = operations.map((each) => underRules(each, RULES));
