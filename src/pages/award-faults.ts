// Why a badge is not awarded, or nobody nominated, in words for the coordinator who tried.
import type { Language } from "../language.ts";
import type { ProblemDocument } from "../problem-document.ts";
import { type Faults, faultsInWords, type RuleWords } from "./form.tsx";
import { AWARD, type AwardWord } from "./words/award.ts";
import { speaker } from "./words/speak.tsx";

/** Which field of our forms a member of the API's request is. */
const FIELDS: Readonly<Record<string, string>> = {
  "/recipient": "person",
  "/recipient/name": "name",
  "/user": "person",
  "/badge": "badge",
  "/tier_level": "badge",
  "/tier": "badge",
  "/role": "role",
  "/expires_at": "expires",
  "/evidence": "evidence",
  "/narrative": "note",
  "/reason": "note",
  "/note": "note",
};

/** By the code of a rule, or of the problem where no rule is named. */
const WORDS: RuleWords<AwardWord> = {
  "own-badge": ["person", "rule-own-badge"],
  award_only_to_active_users: ["person", "rule-not-active"],
  eligibility_role_check: ["person", "rule-not-eligible"],
  inactive_badge_not_evaluated: ["badge", "rule-inactive"],
  coordinator_nomination_requires_authorization: ["badge", "rule-role"],
  auto_badge_requires_trigger_condition: ["badge", "rule-not-nominatable"],
  one_pending_nomination: ["person", "rule-pending"],
  max_awards_per_user_enforced: ["person", "rule-held"],
  tier_level_monotonically_increasing: ["person", "rule-held"],
  expires_at_in_future: ["expires", "rule-expires"],
  expire_date_in_future: ["expires", "rule-badge-expired"],
  tier_level_of_the_badge: ["badge", "rule-tier"],
  tier_level_without_tiers: ["badge", "rule-tier"],
  awarded_at_not_future: ["", "rule-date"],
  user_id_must_exist: ["person", "rule-user"],
  user_has_identity: ["person", "rule-user"],
  email_format: ["person", "rule-email"],
  evidence_valid: ["evidence", "rule-evidence"],
  assertion_fits_in_a_picture: ["evidence", "rule-too-large"],
};

/** What the API refused, at the fields of the form; in words of the pages' own where they have some. */
export function awardFaults(problem: ProblemDocument, language: Language): Faults {
  const say = speaker(language, AWARD);
  return faultsInWords(problem, { rules: WORDS, say, fields: FIELDS }, language);
}

/** The words for a rule's code; null where these pages have none. */
export function ruleWord(code: string): AwardWord | null {
  return Object.hasOwn(WORDS, code) ? (WORDS[code]?.[1] ?? null) : null;
}

/** One fault of a form's own finding. */
export function awardFault(field: string, word: AwardWord, language: Language): Faults {
  return [{ field, detail: speaker(language, AWARD)(word), fix: "", language }];
}
