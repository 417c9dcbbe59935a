// Awards as the API takes them: which values each member may have.
import { z } from "@hono/zod-openapi";
import { REPLACED } from "../issuer/reissue.ts";
import { MAX_NARRATIVE, words } from "./badge-schema.ts";
import { httpUrl, line, moment, rule } from "./fields.ts";
import { identityFields, identityMatchesType } from "./identity.ts";
import type { RuleCodes } from "./rule-codes.ts";

const MAX_EVIDENCE = 20;
const MAX_REASON = 1_000;
/** Characters of JSON: it is a handful of numbers for a progress ring, not a store. */
const MAX_SNAPSHOT = 16_384;

/** Codes for whatever is wrong with a member: the rule each is under. */
export const AWARD_RULES: RuleCodes = {
  awarded_by: "awarded_by_valid_enum",
  awarded_at: "awarded_at_not_future",
  tier_level: "tier_level_positive_integer",
  progress_snapshot: "progress_snapshot_valid_json",
  evidence: "evidence_valid",
  narrative: "narrative_bounded",
  reason: "revocation_reason_non_empty_and_bounded",
};

/** OB20-E-01: every member optional, but one of them must lead to something. */
const evidenceItem = z
  .strictObject({
    id: httpUrl().optional(),
    name: line(255).optional(),
    description: words(MAX_NARRATIVE).optional(),
    narrative: words(MAX_NARRATIVE).optional(),
    genre: line(255).optional(),
    audience: line(255).optional(),
  })
  .refine(
    ({ id, narrative }) => id !== undefined || narrative !== undefined,
    rule(
      "evidence_valid",
      "Evidence has an id, which is its address, or a narrative, or both.",
      "Add id or narrative.",
    ),
  )
  .openapi("Evidence");

export const evidenceList = z.array(evidenceItem).max(MAX_EVIDENCE);

const recipient = z
  .strictObject({ ...identityFields, name: line(255).optional() })
  .superRefine(identityMatchesType)
  .openapi("Recipient");

const progressSnapshot = z
  .record(z.string(), z.unknown())
  .refine(
    (snapshot) => JSON.stringify(snapshot).length <= MAX_SNAPSHOT,
    rule(
      "progress_snapshot_valid_json",
      `This must be at most ${MAX_SNAPSHOT} characters of JSON.`,
      "Keep the few values that were counted.",
    ),
  );

export const NAMING =
  'Give recipient, as {"type":"email","identity":"kim@example.org"}, or user, a user\'s id.';

export const newAward = z
  .strictObject({
    badge: line(100).openapi({ description: "A badge's id." }),
    recipient: recipient.optional(),
    user: line(100).optional().openapi({ description: "A user's id, instead of recipient." }),
    evidence: evidenceList.optional(),
    narrative: words(MAX_NARRATIVE).optional(),
    expires_at: moment().nullable().optional().openapi({
      description: "When it expires, null for never; as the badge says unless given.",
    }),
    tier_level: z.int().min(1).optional(),
    progress_snapshot: progressSnapshot.optional(),
    awarded_at: z
      .string()
      .refine(
        () => false,
        rule(
          "awarded_at_not_future",
          "The time of an award is when it is made; it is not the caller's to set.",
          "Leave it out.",
        ),
      )
      .optional()
      .openapi({ description: "Set by the server; refused here." }),
  })
  .refine(({ recipient: by, user }) => (by === undefined) !== (user === undefined), {
    ...rule("recipient_or_user", "Exactly one of recipient and user says whom to award.", NAMING),
    path: ["recipient"],
  })
  .openapi("NewAward");

/** What of an award may be corrected; at least one. */
const corrections = {
  recipient: recipient.optional(),
  user: line(100).optional().openapi({ description: "A user's id, instead of recipient." }),
  evidence: evidenceList.optional(),
  narrative: words(MAX_NARRATIVE).nullable().optional(),
  expires_at: moment().nullable().optional().openapi({
    description: "When it expires, null for never; as before unless given.",
  }),
  tier_level: z.int().min(1).optional(),
  progress_snapshot: progressSnapshot.nullable().optional(),
};

export const newReissue = z
  .strictObject({
    ...corrections,
    reason: words(MAX_REASON)
      .optional()
      .openapi({
        description: `Why the former award is revoked; public. “${REPLACED}” unless given.`,
      }),
  })
  .refine(({ recipient: by, user }) => by === undefined || user === undefined, {
    ...rule("recipient_or_user", "One of recipient and user says whom to award.", NAMING),
    path: ["recipient"],
  })
  .refine(
    ({ reason: _reason, ...given }) => Object.values(given).some((value) => value !== undefined),
    rule(
      "correction_given",
      "Nothing is to be corrected.",
      `Give one or more of ${Object.keys(corrections).join(", ")}.`,
    ),
  )
  .openapi("Reissue");

export const newRenewal = z
  .strictObject({
    evidence: evidenceList.optional(),
    narrative: words(MAX_NARRATIVE).optional(),
    expires_at: moment().nullable().optional().openapi({
      description: "When it expires, null for never; as the badge says unless given.",
    }),
  })
  .openapi("Renewal");

export const newVisibility = z
  .strictObject({
    visible: z.boolean().openapi({
      description: "False hides the award from shelves, search engines and its page.",
    }),
  })
  .openapi("Visibility");

export const newRevocation = z
  .strictObject({
    reason: words(MAX_REASON).openapi({ description: "Public: verifiers show it." }),
    reset_criteria: z.boolean().default(false).openapi({
      description:
        "True forgets what the person had met of the badge, and lets the rules award it anew; else no rule awards it to them again.",
    }),
  })
  .openapi("Revocation");
