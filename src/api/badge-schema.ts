// Badges as the API takes them: which values each member may have.
import { z } from "@hono/zod-openapi";
import { BADGE_CATEGORIES } from "../db/badges.ts";
import { ART_SHAPES } from "../issuer/art-shapes.ts";
import type { BadgeInput } from "../issuer/badge.ts";
import type { BadgeChange } from "../issuer/badge-change.ts";
import { MAX_EXPIRE_PERIOD } from "../issuer/badge-details.ts";
import { secondsIn } from "../issuer/duration.ts";
import { canonicalLanguage } from "../issuer/language.ts";
import { placeholderFault } from "../mail/placeholders.ts";
import { criteriaFields, criteriaOf, toRules } from "./criteria-schema.ts";
import { email, httpUrl, language, line, moment, prose, rule } from "./fields.ts";
import type { RuleCodes } from "./rule-codes.ts";

export const MAX_NAME = 255;
const MAX_DESCRIPTION = 5_000;
export const MAX_NARRATIVE = 20_000;
const MAX_MESSAGE = 20_000;
/** Alignments, relations, tags and roles of one badge; the document that lists them stays small. */
export const MAX_LISTED = 50;
const MAX_TIERS = 20;
const MAX_ICON_KEY = 64;
const MOST = Number.MAX_SAFE_INTEGER;

/** Codes for whatever is wrong with a member: the rule each is under. */
export const BADGE_RULES: RuleCodes = {
  name: "name_non_empty_and_bounded",
  description: "description_non_empty_and_bounded",
  trigger_condition: "trigger_condition_json_schema_valid",
  asset_url: "asset_url_format_valid",
  eligibility_roles: "eligibility_roles_non_empty_array",
  sort_order: "sort_order_non_negative",
  max_awards_per_user: "max_awards_positive_integer",
  criteria_type: "criteria_type_valid_enum",
  criteria_value: "criteria_value_min_one",
  icon_key: "icon_key_format",
  expire_period: "expire_period_positive",
};

/** What stands in the recipient's mail; empty for the organization's words, or ours. */
const mailWords = (max: number) =>
  z
    .string()
    .max(max)
    .superRefine((text, context) => {
      const fault = placeholderFault("award.created", text);
      if (fault === null) return;
      const { code, detail: message, fix } = fault;
      context.addIssue({ code: "custom", message, params: { code, fix } });
    });

/** Text of any number of lines that says something. */
export const words = (max: number) =>
  prose(max).refine(
    (text) => text.trim() !== "",
    rule("blank", "This must say something.", "Send text that is not only blanks."),
  );

const PERIOD = {
  detail: "This must be a length of time from one second to 100 years.",
  fix: 'Send seconds, such as 31536000, or an ISO 8601 duration, such as "P1Y" (365 days) or "P6M" (180 days).',
};

/** Seconds, or an ISO 8601 duration, given out as seconds. */
const period = z
  .union([z.number(), z.string()], { error: PERIOD.detail })
  .transform((value) => (typeof value === "number" ? value : secondsIn(value)))
  .refine(
    (seconds): seconds is number =>
      seconds !== null && Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_EXPIRE_PERIOD,
    rule("expire_period_positive", PERIOD.detail, PERIOD.fix),
  )
  .openapi({ description: "How long an award is valid: seconds, or an ISO 8601 duration." });

export const tier = z
  .strictObject({
    level: z.int().min(1),
    name: line(100),
    threshold: z.int().min(1).nullable().default(null),
  })
  .openapi("Tier");

export const alignment = z
  .strictObject({
    id: z.string().max(100).optional(),
    target_name: line(255),
    target_url: httpUrl(),
    target_code: line(255).nullable().default(null),
    target_description: words(MAX_DESCRIPTION).nullable().default(null),
    target_framework: line(255).nullable().default(null),
  })
  .openapi("NewAlignment");

export const endorsement = z
  .strictObject({
    id: z.string().max(100).optional(),
    issuer_name: line(255),
    issuer_url: httpUrl(),
    issuer_email: email(),
    claim_id: httpUrl().optional(),
    claim_comment: z.string().max(MAX_NARRATIVE).optional(),
    date_issued: moment().optional(),
  })
  .openapi("NewEndorsement");

/** BCP 47 tags have one spelling each: `EN-us` is kept as `en-US`. */
const spelledLanguage = language().transform(canonicalLanguage);

const fields = {
  name: line(MAX_NAME),
  description: words(MAX_DESCRIPTION),
  criteria: criteriaOf(
    words(MAX_NARRATIVE).openapi({ description: "What must be done; Markdown." }),
  ),
  type: z.literal([1, 2]).openapi({ description: "1 site, 2 course." }),
  course_id: line(255).nullable(),
  category: z.enum(BADGE_CATEGORIES),
  tags: z.array(line(100)).max(MAX_LISTED),
  language: spelledLanguage,
  version: line(50),
  sort_order: z.int().min(0),
  is_active: z.boolean(),
  is_visible_when_locked: z.boolean(),
  is_renewable: z
    .boolean()
    .openapi({ description: "Whether who holds an expired award may be awarded it anew." }),
  eligibility_roles: z.array(line(100)).min(1).max(MAX_LISTED),
  max_awards_per_user: z.int().min(1).max(MOST).nullable().openapi({
    description: "How often one person may be awarded it; null is without limit.",
  }),
  ...criteriaFields,
  tiers: z.array(tier).max(MAX_TIERS),
  expire_date: moment().nullable(),
  expire_period: period.nullable(),
  image: line(100).openapi({ description: "Id of an image of the registry." }),
  asset_url: httpUrl().openapi({ description: "Address of an image of the registry." }),
  icon_key: line(MAX_ICON_KEY)
    .refine(
      (key) => /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(key),
      rule(
        "icon_key_format",
        "This must be lower-case words joined by dots, hyphens or underscores.",
        "Send a key such as first-session.",
      ),
    )
    .nullable(),
  art: z
    .strictObject({
      shape: z.enum(ART_SHAPES).nullable().default(null),
      colour: z
        .string()
        .refine(
          (text) => /^#[0-9a-f]{6}$/i.test(text),
          rule("art_colour_format", "This must be a colour.", "Send six hex digits as #1f6f5b."),
        )
        .transform((text) => text.toLowerCase())
        .nullable()
        .default(null),
    })
    .nullable()
    .openapi({
      description:
        "Has the picture drawn: with this shape and colour, where one is null with what the category and the name choose, and with the icon `icon_key` names. Counts only where neither image nor asset_url is given.",
    }),
  image_author_name: line(255).nullable(),
  image_author_email: email().nullable(),
  image_author_url: httpUrl().nullable(),
  image_caption: line(500).nullable(),
  issuer_name: line(255).nullable(),
  issuer_url: httpUrl().nullable(),
  issuer_contact: line(255).nullable(),
  message: mailWords(MAX_MESSAGE),
  message_subject: mailWords(255),
  attachment: z.boolean(),
  notification: z.literal([0, 1, 2, 3, 4]).openapi({
    description:
      "How often its maker is told of awards: 0 never, 1 each, 2 daily, 3 weekly, 4 monthly.",
  }),
  alignments: z.array(alignment).max(MAX_LISTED),
  related: z.array(line(100)).max(MAX_LISTED).openapi({ description: "Ids of badges." }),
  endorsement: endorsement.nullable(),
};

const { name, description, criteria } = fields;

export const newBadge = z
  .strictObject(fields)
  .partial()
  .extend({ name, description, criteria })
  .openapi("NewBadge");

export const badgeChanges = z
  .strictObject({
    ...fields,
    criteria: criteria.partial(),
    status: z.enum(["active", "inactive", "archived"]),
  })
  .partial()
  .openapi("BadgeChanges");

type Given = z.output<typeof badgeChanges>;

/** What the API calls one thing and the rules another. */
export function toChange({ criteria, trigger_condition, ...given }: Given): BadgeChange {
  return {
    ...given,
    ...(criteria?.narrative === undefined ? {} : { criteria_narrative: criteria.narrative }),
    ...toRules(criteria ?? {}),
    ...(trigger_condition === undefined ? {} : { trigger_condition_json: trigger_condition }),
  };
}

export function toInput(given: z.output<typeof newBadge>): BadgeInput {
  const { name, description, criteria } = given;
  return { ...toChange(given), name, description, criteria_narrative: criteria.narrative };
}
