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

const KNOWN = [
  "valid",
  "expired",
  "revoked",
  "not-yet-valid",
  "invalid",
  "could-not-check",
] as const;

/**
 * What is kept of a verdict is the verifier's own English sentence about the very badge, with a date
 * or its issuer's reason in it. In another language the sentence of the verdict stands before it.
 */
export function JudgedDetail({ verdict, detail, isTheirs, language }: JudgedDetailProps) {
  if (detail === null) return null;
  const own = <WithTimes text={detail} />;
  if (language === "en") {
    return (
      <p class="small" dir="auto">
        {own}
      </p>
    );
  }
  const t = speaker(language, JUDGED_WORDS);
  const known = KNOWN.find((one) => one === verdict);
  // Whose a badge is that did not pass, or was not checked, nobody has found out.
  const isForeign = !isTheirs && known !== "invalid" && known !== "could-not-check";
  return (
    <p class="small">
      {known === undefined ? null : `${t(known)} `}
      {isForeign ? `${t("not-theirs")} ` : null}
      {known === "valid" ? null : (
        <span class="soft" lang="en" dir="auto">
          {own}
        </span>
      )}
    </p>
  );
}
