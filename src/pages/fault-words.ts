// What the API refused, in the reader's language: in the words of the rule's code, else of the problem's kind.
import type { Language } from "../language.ts";
import { PROBLEMS, type ProblemCode } from "../problem.ts";
import { FAULT_WORDS, FAULTS_ALIKE } from "./words/faults.ts";
import { PROBLEM_WORDS } from "./words/problems.ts";
import { speaker } from "./words/speak.tsx";

export interface ToldFault {
  readonly detail: string;
  readonly fix: string;
  /** Of both. */
  readonly language: Language;
}

interface Refused {
  readonly code: string;
  readonly detail: string;
  readonly fix: string;
}

/**
 * In English as the API said it of the very value. `kind` is the code of the problem that came with
 * it. Codes that only programs get have no words in other languages, and are shown in English.
 */
export function faultWords(
  { code, detail, fix }: Refused,
  kind: string,
  language: Language,
): ToldFault {
  if (language === "en") return { detail, fix, language };
  const worded = Object.hasOwn(FAULTS_ALIKE, code)
    ? FAULTS_ALIKE[code as keyof typeof FAULTS_ALIKE]
    : code;
  if (isWorded(worded))
    return { detail: speaker(language, FAULT_WORDS)(worded), fix: "", language };
  if (kind === "invalid-request" || !isKind(kind)) return { detail, fix, language: "en" };
  const t = speaker(language, PROBLEM_WORDS);
  return { detail: `${t(`${kind}.title`)}.`, fix: t(`${kind}.fix`), language };
}

function isWorded(code: string): code is keyof typeof FAULT_WORDS.en {
  return Object.hasOwn(FAULT_WORDS.en, code);
}

function isKind(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
