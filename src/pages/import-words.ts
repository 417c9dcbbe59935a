// Why a file or one of its rows is refused, in words for the coordinator who sent it.
import type { Language } from "../language.ts";
import type { ProblemDocument } from "../problem-document.ts";
import { ruleWord } from "./award-faults.ts";
import { faultWords } from "./fault-words.ts";
import { type Faults, faultsOf } from "./form.tsx";
import { AWARD } from "./words/award.ts";
import { IMPORT } from "./words/import.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export type ImportSpeaker = Speaker<keyof typeof IMPORT.en>;

function isImportWord(code: string): code is keyof typeof IMPORT.en {
  return Object.hasOwn(IMPORT.en, code);
}

/** Of a file as a whole, at the form's field; `line` is said where the API says it. */
export function fileFaults(problem: ProblemDocument, field: string, language: Language): Faults {
  const t = speaker(language, IMPORT);
  const errors = problem.errors ?? [];
  const all = errors.length > 0 ? errors : [problem];
  const said = all.flatMap(({ code, detail }) => {
    const known = isImportWord(code) ? code : isImportWord(problem.code) ? problem.code : null;
    const line = /\b[Ll]ine (\d+)/.exec(detail)?.[1] ?? "1";
    return known === null ? [] : [{ field, detail: t(known, { line }), fix: "", language }];
  });
  return said.length === all.length ? said : faultsOf(problem, { "": field }, language);
}

/** A row of an import as the API shows it. */
export interface ImportRowView {
  readonly line: number;
  readonly outcome: "awarded" | "held" | "refused" | null;
  readonly code: string | null;
  readonly field: string | null;
  readonly detail: string | null;
  readonly award: { readonly id: string; readonly page: string } | null;
  readonly values: Readonly<Record<string, string>>;
}

const ROW_WORDS: Readonly<Record<string, keyof typeof IMPORT.en>> = {
  badge_held: "row-held",
  max_awards_per_user_enforced: "row-held",
  tier_level_monotonically_increasing: "row-held-tier",
  cells_beyond_heading: "row-beyond",
  org_scope_matches_badge_definition: "row-badge",
  recipient_or_user: "row-person",
};

/** Why a row was skipped or refused, and in which language that is said; null where it was not. */
export function whyOf(
  { code, field, detail, values }: ImportRowView,
  t: ImportSpeaker,
): { readonly words: string; readonly language: Language } | null {
  if (code === null) return null;
  const own = Object.hasOwn(ROW_WORDS, code) ? ROW_WORDS[code] : undefined;
  const rule = ruleWord(code);
  const told =
    own !== undefined
      ? { detail: t(own, { cells: (values[""] ?? "").trim() }), language: t.language }
      : rule !== null
        ? { detail: speaker(t.language, AWARD)(rule), language: t.language }
        : faultWords({ code, detail: detail ?? code, fix: "" }, code, t.language);
  const why = told.detail;
  return {
    words: field === null ? why : t("why-at", { column: field, why }),
    language: told.language,
  };
}
