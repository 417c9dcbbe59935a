// Claim codes over the API: make one for a badge, see how often each was used, revoke one.
import { z } from "@hono/zod-openapi";
import { findAwardableBadge } from "../db/badges.ts";
import { type ClaimCode, findClaimCode, listClaimCodes } from "../db/claim-codes.ts";
import { isBreach } from "../db/errors.ts";
import type { Env } from "../env.ts";
import {
  CODE_STATES,
  createClaimCode,
  MIN_CHOSEN_LENGTH,
  plainCode,
  revokeClaimCode,
  stateOfCode,
} from "../issuer/claim-code.ts";
import { DEFAULT_WIDTH } from "../issuer/image-variants.ts";
import { requireMayGive } from "../issuer/manual-award-rights.ts";
import { Problem } from "../problem.ts";
import { idParam, instant, instantOrNull, line, moment, rule, time } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";
import { type RuleCodes, underRules } from "./rule-codes.ts";

const MAX_CLAIMS = 1_000_000;
const MAX_CHOSEN_LENGTH = 64;

const RULES: RuleCodes = {
  max_claims: "max_claims_positive_integer",
  code: "claim_code_format",
  label: "label_bounded",
};

const chosen = z
  .string()
  .refine(
    (text) =>
      text.length <= MAX_CHOSEN_LENGTH &&
      /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(text) &&
      plainCode(text).length >= MIN_CHOSEN_LENGTH,
    rule(
      "claim_code_format",
      `This must be ${MIN_CHOSEN_LENGTH} to ${MAX_CHOSEN_LENGTH} letters and digits, with single hyphens between.`,
      "Send a code that is hard to guess, such as spring-camp-7f3k, or leave it out.",
    ),
  );

const creation = z
  .strictObject({
    label: line(100)
      .optional()
      .openapi({ description: "What it is for, for those who manage it." }),
    max_claims: z.int().min(1).max(MAX_CLAIMS).nullable().optional().openapi({
      description: "How many people may use it; null or absent for any number.",
    }),
    expires_at: moment().nullable().optional().openapi({ description: "Absent or null: never." }),
    code: chosen.optional().openapi({
      description:
        "Absent: one of 60 random bits is made. Case, hyphens and blanks do not matter; O is 0, I and L are 1.",
    }),
  })
  .openapi("NewClaimCode");

const shown = z
  .object({
    id: z.string(),
    badge: z.string(),
    label: z.string(),
    hint: z.string().openapi({ description: "Its last characters." }),
    state: z.enum(CODE_STATES),
    max_claims: z.int().nullable(),
    claims: z.int(),
    expires_at: time().nullable(),
    revoked_at: time().nullable(),
    created_at: time(),
  })
  .openapi("ClaimCode");

const made = shown
  .extend({
    code: z.string().openapi({ description: "Shown here and never again." }),
    url: z.string().openapi({ description: "Whoever opens it can claim the badge." }),
  })
  .openapi("MadeClaimCode");

function show(env: Env, row: ClaimCode): z.input<typeof shown> {
  return {
    id: row.id,
    badge: row.badge_id,
    label: row.label,
    hint: row.hint,
    state: stateOfCode(row, env.now()),
    max_claims: row.max_claims,
    claims: row.claims,
    expires_at: instantOrNull(row.expires_at),
    revoked_at: instantOrNull(row.revoked_at),
    created_at: instant(row.created_at),
  };
}

async function badgeOf(env: Env, organizationId: string, id: string) {
  const found = await findAwardableBadge(env.db, organizationId, id, DEFAULT_WIDTH);
  if (found !== null) return found;
  throw new Problem("not-found", "This organization has no badge with this id.");
}

const codeParam = z.strictObject({
  id: z.string().min(1).max(100),
  code: z.string().min(1).max(100),
});

async function codeOf(
  env: Env,
  organizationId: string,
  { id, code }: z.output<typeof codeParam>,
): Promise<ClaimCode> {
  const found = await findClaimCode(env.db, organizationId, id, code);
  if (found !== null) return found;
  throw new Problem("not-found", "The badge has no claim code with this id.");
}

const tag = "Claim codes";

export const claimCodeOperations: readonly Operation[] = [
  underRules(
    operation({
      id: "createClaimCode",
      method: "post",
      path: "/badges/{id}/claim-codes",
      tag,
      summary: "Make a code that a badge can be claimed with",
      description:
        "Whoever opens its address and signs in is awarded the badge, once each, under the rules of every award. A coordinator makes codes for badges they may award. The answer is the only place the code is ever shown.",
      scope: "awards:write",
      secret: true,
      params: idParam,
      body: creation,
      example: { label: "Spring camp", max_claims: 30, expires_at: "2027-06-01T00:00:00Z" },
      problems: ["badge-archived", "claim-code-taken"],
      answers: [{ status: 201, description: "The code, and what is stored of it.", schema: made }],
      async handle({ env, organizationId, principal, params, body }) {
        const badge = await badgeOf(env, organizationId, params.id);
        const still =
          principal.kind === "user"
            ? await requireMayGive(env, organizationId, badge.badge.id, null, principal)
            : [];
        const input = {
          label: body.label ?? "",
          max_claims: body.max_claims ?? null,
          expires_at: body.expires_at ?? null,
          code: body.code ?? null,
        };
        const { result, writes } = await createClaimCode(env, badge, input, principal);
        const { row, code } = result;
        return {
          status: 201,
          body: { ...show(env, row), code, url: env.urls.claim(code) } satisfies z.input<
            typeof made
          >,
          headers: { location: `/api/v1/badges/${row.badge_id}/claim-codes/${row.id}` },
          writes: [...still, ...writes],
          refused: (error) => {
            if (!isBreach(error, "unique", "claim_codes.code_hash")) return null;
            throw new Problem("claim-code-taken", "Another claim code is, or was, the same.");
          },
        };
      },
    }),
    RULES,
  ),
  operation({
    id: "listClaimCodes",
    method: "get",
    path: "/badges/{id}/claim-codes",
    tag,
    summary: "List the claim codes of a badge",
    scope: "awards:read",
    params: idParam,
    query: pageQuery,
    answers: [{ status: 200, description: "A page of claim codes.", schema: pageOf(shown) }],
    async handle(call) {
      const { env, organizationId, params, query } = call;
      const { badge } = await badgeOf(env, organizationId, params.id);
      const rows = await listClaimCodes(env.db, organizationId, badge.id, query);
      return pageAnswer(
        call,
        rows,
        ({ id }) => id,
        (row) => show(env, row),
      );
    },
  }),
  operation({
    id: "getClaimCode",
    method: "get",
    path: "/badges/{id}/claim-codes/{code}",
    tag,
    summary: "Read how often a claim code was used",
    scope: "awards:read",
    params: codeParam,
    answers: [{ status: 200, description: "What is stored of it.", schema: shown }],
    async handle({ env, organizationId, params }) {
      const row = await codeOf(env, organizationId, params);
      return { status: 200, body: show(env, row), tagged: true };
    },
  }),
  operation({
    id: "revokeClaimCode",
    method: "delete",
    path: "/badges/{id}/claim-codes/{code}",
    tag,
    summary: "Revoke a claim code",
    description:
      "It stays in the list, and nobody can use it any more. What was claimed stays. A coordinator revokes codes they made, and those of badges they may award.",
    scope: "awards:write",
    params: codeParam,
    answers: [{ status: 204, description: "It is revoked." }],
    async handle({ env, organizationId, principal, params, expectUnchanged }) {
      const row = await codeOf(env, organizationId, params);
      await expectUnchanged(show(env, row));
      if (principal.kind === "user" && row.created_by_id !== principal.id) {
        await requireMayGive(env, organizationId, row.badge_id, null, principal);
      }
      return { status: 204, writes: revokeClaimCode(env, row, principal).writes };
    },
  }),
];
