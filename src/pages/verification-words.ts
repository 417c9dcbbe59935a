// What a verification says to a person: which words of the catalogues stand for its verdict, its checks and its reasons.
import type { Language } from "../language.ts";
import type { Check, Outcome, Reason, Verdict, Verification } from "../verify/result.ts";
import { speaker } from "./words/speak.tsx";
import type { VerificationSpeaker, VerificationWord } from "./words/verification.ts";
import { ADVICE_WORDS, type Advice } from "./words/verification-advice.ts";
import { REASON_WORDS } from "./words/verification-reasons.ts";

/** A class of the stylesheet; the sign and the words say the same without colour. */
export type Tone = "valid" | "expired" | "revoked" | "hidden";

const TONES: Readonly<Record<Verdict, Tone>> = {
  valid: "valid",
  expired: "expired",
  revoked: "revoked",
  "not-yet-valid": "expired",
  invalid: "revoked",
  "could-not-check": "hidden",
};

/** Where no badge was read, nothing is said about one. */
const WITHOUT_BADGE: Readonly<Partial<Record<Reason, VerificationWord>>> = {
  "picture-without-badge": "only-picture",
  "input-empty": "nothing-to-check",
  "input-too-large": "too-large-to-check",
  "input-unrecognized": "no-badge",
  "file-damaged": "damaged-file",
  "json-malformed": "unreadable-text",
  "token-malformed": "unreadable-text",
  "not-an-assertion": "no-award",
};

export function verdictWords(
  { verdict, reason }: Verification,
  t: VerificationSpeaker,
): { readonly words: string; readonly tone: Tone } {
  const instead = reason === null ? undefined : WITHOUT_BADGE[reason];
  return instead === undefined
    ? { words: t(`verdict-${verdict}`), tone: TONES[verdict] }
    : { words: t(instead), tone: "hidden" };
}

/** For the tab, one or two words. */
export function verdictTitle(verdict: Verdict, t: VerificationSpeaker): string {
  return t(`title-${verdict}`);
}

export const OUTCOME_TONES: Readonly<Record<Outcome, Tone>> = {
  passed: "valid",
  failed: "revoked",
  warned: "expired",
  "not-possible": "hidden",
};

/**
 * Why a check did not pass. The verifier says it in English, of the very badge; in another language
 * the sentence of the reason stands for it. Null where there is nothing to say.
 */
export function reasonWords(
  { reason, words }: Pick<Check, "reason" | "words">,
  language: Language,
): string | null {
  if (language === "en") return words;
  return reason === null ? null : speaker(language, REASON_WORDS)(reason);
}

const ADVICE: Readonly<Partial<Record<Reason, readonly Advice[]>>> = {
  "picture-without-badge": ["ask-for-file"],
  "input-empty": ["give-something"],
  "input-too-large": ["smaller-than-this"],
  "input-unrecognized": ["give-badge"],
  "file-damaged": ["file-cut", "ask-for-file"],
  "json-malformed": ["text-cut", "ask-again"],
  "token-malformed": ["text-cut", "ask-again"],
  "nowhere-hosted": ["name-own-address"],
  "not-an-assertion": ["ask-for-award"],
  "version-unsupported": ["ask-for-2-0"],
  "address-unusable": ["not-public"],
  "address-refused": ["not-public"],
  unreachable: ["try-later"],
  "too-large": ["try-later"],
  "over-budget": ["refers-to-much"],
  "status-refused": ["not-shown"],
  "not-json": ["leads-to-page"],
  "recipient-mismatch": ["somebody-else"],
  "recipient-not-comparable": ["not-comparable"],
  "not-yet-valid": ["look-later"],
  expired: ["ask-renewed"],
  revoked: ["withdrawn"],
};

const BY_VERDICT: Readonly<Record<Verdict, readonly Advice[]>> = {
  valid: ["compare-name"],
  expired: ["ask-renewed"],
  revoked: ["withdrawn"],
  "not-yet-valid": ["look-later"],
  invalid: ["do-not-rely"],
  "could-not-check": ["try-later"],
};

/** What to do now, in one or two sentences. */
export function adviceFor({ verdict, reason }: Verification, language: Language): string {
  const t = speaker(language, ADVICE_WORDS);
  const advice = (reason === null ? undefined : ADVICE[reason]) ?? BY_VERDICT[verdict];
  return advice.map((one) => t(one)).join(" ");
}
