// Why a badge from elsewhere was judged as it was, in the reader's language.
import type { Language } from "../language.ts";
import { WithTimes } from "./time.tsx";
import { JUDGED_WORDS } from "./words/judged.ts";
import { speaker } from "./words/speak.tsx";

interface JudgedDetailProps {
  readonly verdict: string;
  /** As the verifier said it, in English; null where there is nothing to say. */
  readonly detail: string | null;
  /** Made out to an identity that the person has proven here. */
  readonly isTheirs: boolean;
  readonly language: Language;
}

/**
 * What is kept of a verdict is the verifier's own English sentence about the very badge. In another
 * language the sentence of the verdict stands for it, and the verifier's own goes with it where only
 * that says what is wrong.
 */
export function JudgedDetail({ verdict, detail, isTheirs, language }: JudgedDetailProps) {
  if (detail === null) return null;
  const own = (
    <span lang="en">
      <WithTimes text={detail} />
    </span>
  );
  if (language === "en") {
    return (
      <p class="small" dir="auto">
        <WithTimes text={detail} />
      </p>
    );
  }
  const t = speaker(language, JUDGED_WORDS);
  const known = KNOWN.find((one) => one === verdict);
  return (
    <p class="small" dir="auto">
      {known === undefined ? null : `${t(known)} `}
      {isTheirs ? null : `${t("not-theirs")} `}
      {known === undefined || known === "invalid" || known === "could-not-check" ? own : null}
    </p>
  );
}

const KNOWN = [
  "valid",
  "expired",
  "revoked",
  "not-yet-valid",
  "invalid",
  "could-not-check",
] as const;
