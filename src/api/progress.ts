// How far people are, over the API: with every active badge, or with one badge.
import { z } from "@hono/zod-openapi";
import { hasScope, type Principal, requireScope } from "../auth.ts";
import { findBadge } from "../db/badges.ts";
import type { Progress } from "../issuer/criteria/kind.ts";
import { REASON_CODES } from "../issuer/evaluation-verdict.ts";
import { type BadgeProgress, badgeProgress, personProgress } from "../issuer/progress.ts";
import type { Language } from "../language.ts";
import { Problem } from "../problem.ts";
import { invalid } from "./faults.ts";
import { idParam, instant, instantOrNull } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";

const param = z
  .object({
    name: z.string(),
    value: z.number(),
    threshold: z.number(),
    met: z.boolean(),
    counted_at: z
      .string()
      .nullable()
      .openapi({ format: "date-time", description: "When what it rests on was last counted." }),
    missing: z.boolean().openapi({ description: "What it refers to is gone." }),
  })
  .openapi("ProgressParam");

export const shownReason = z
  .object({ code: z.enum(REASON_CODES), detail: z.string() })
  .openapi("Reason");

const shownProgress = z
  .object({
    badge: z.object({ id: z.string(), name: z.string(), status: z.string() }),
    method: z.enum(["all", "any"]),
    satisfied: z.boolean().openapi({ description: "Whether what the badge asks for is met." }),
    criteria: z.array(
      z.object({
        id: z.string(),
        type: z.string(),
        method: z.enum(["all", "any"]),
        words: z.string().openapi({
          description: "What it asks for: in English, or in German by Accept-Language.",
        }),
        met: z.boolean().openapi({ description: "Once met, a criterion stays met." }),
        met_at: z.string().nullable().openapi({ format: "date-time" }),
        params: z.array(param),
      }),
    ),
    tiers: z.array(
      z.object({
        level: z.int(),
        name: z.string(),
        threshold: z.int().nullable(),
        reached: z.boolean(),
        held: z.boolean(),
        params: z.array(param),
      }),
    ),
    held: z.array(
      z.object({
        award: z.string(),
        tier_level: z.int().nullable(),
        awarded_at: z.string().openapi({ format: "date-time" }),
        expires_at: z.string().nullable().openapi({ format: "date-time" }),
      }),
    ),
    not_yet: z.array(shownReason).openapi({
      description: "Why no rule awards it now; empty where the next evaluation does.",
    }),
  })
  .openapi("Progress");

const words = { 1: "all", 2: "any" } as const;

function showParam({ param: name, value, threshold, met, countedAt, missing }: Progress) {
  return {
    name,
    value,
    threshold,
    met,
    counted_at: instantOrNull(countedAt),
    missing: missing ?? false,
  };
}

function show(progress: BadgeProgress, language: Language): z.input<typeof shownProgress> {
  const { badge, method, satisfied, held, reasons } = progress;
  return {
    badge: { id: badge.id, name: badge.name, status: badge.status },
    method: words[method],
    satisfied,
    criteria: progress.criteria.map(({ criterion, met, metAt, entries }) => ({
      id: criterion.id,
      type: criterion.type,
      method: words[criterion.method],
      words: criterion.words(language),
      met,
      met_at: instantOrNull(metAt),
      params: entries.map(showParam),
    })),
    tiers: progress.tiers.map(({ tier, reached, entries }) => ({
      level: tier.level,
      name: tier.name,
      threshold: tier.threshold,
      reached,
      held: held.some(({ tier_level }) => tier_level === tier.level),
      params: entries.map(showParam),
    })),
    held: held.map((award) => ({
      award: award.id,
      tier_level: award.tier_level,
      awarded_at: instant(award.awarded_at),
      expires_at: instantOrNull(award.date_expire),
    })),
    not_yet: [...reasons],
  };
}

/**
 * Members see how far they are themselves, but for badges that hide until they are earned; the rest
 * is for those who may read awards. Throws a 403 Problem.
 */
function hidesFrom(principal: Principal, userId: string): boolean {
  if (hasScope(principal, SCOPE)) return false;
  if (principal.kind === "user" && principal.memberIds.includes(userId)) return true;
  requireScope(principal, SCOPE);
  return false;
}

const SCOPE = "awards:read";

const ofBadge = z.strictObject({
  user: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: "A user's id; may be left out by a person who is signed in." }),
});

function personNeeded(principal: Principal): string {
  if (principal.kind === "user") return principal.memberIds[0];
  throw invalid([
    {
      parameter: "user",
      code: "required",
      detail: "Whose progress is not said.",
      fix: "Give the id of a user that GET /api/v1/users lists.",
    },
  ]);
}

function unknownBadge(): Problem {
  return new Problem("not-found", "This organization has no badge with this id.");
}

export const progressOperations: readonly Operation[] = [
  operation({
    id: "getUserProgress",
    method: "get",
    path: "/users/{id}/progress",
    tag: "Evaluation",
    summary: "See how far a person is with every active badge",
    description:
      "Each criterion with its value, its threshold and when it was last counted, and why the badge is not awarded yet. The latest badge first. Members who are signed in see their own, without badges that hide until they are earned.",
    scope: SCOPE,
    forMembers: true,
    params: idParam,
    query: pageQuery,
    answers: [{ status: 200, description: "A page of badges.", schema: pageOf(shownProgress) }],
    async handle(call) {
      const { env, organizationId, principal, params, query } = call;
      const without = hidesFrom(principal, params.id) ? "hidden" : "nothing";
      const rows = await personProgress(env, organizationId, params.id, query, without);
      if (rows === null) {
        throw new Problem("not-found", "This organization has no user with this id.");
      }
      return pageAnswer(
        call,
        rows,
        ({ badge }) => badge.id,
        (row) => show(row, call.language),
      );
    },
  }),
  operation({
    id: "getBadgeProgress",
    method: "get",
    path: "/badges/{id}/progress",
    tag: "Evaluation",
    summary: "See how far a person is with a badge",
    description: "The same of one badge, active or not.",
    scope: SCOPE,
    forMembers: true,
    params: idParam,
    query: ofBadge,
    answers: [{ status: 200, description: "How far the person is.", schema: shownProgress }],
    async handle({ env, organizationId, principal, params, query, language }) {
      const badge = await findBadge(env.db, organizationId, params.id);
      if (badge === null) throw unknownBadge();
      const userId = query.user ?? personNeeded(principal);
      const hides = hidesFrom(principal, userId);
      const progress = await badgeProgress(env, badge, userId);
      if (progress === null) {
        throw invalid([
          {
            parameter: "user",
            code: "user_id_must_exist",
            detail: "This organization has no user with this id.",
            fix: "Give the id of a user that GET /api/v1/users lists.",
          },
        ]);
      }
      if (hides && !badge.is_visible_when_locked && progress.held.length === 0) {
        throw unknownBadge();
      }
      return { status: 200, body: show(progress, language) };
    },
  }),
];
