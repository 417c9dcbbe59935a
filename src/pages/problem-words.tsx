// A problem in the reader's language: in English the one case, elsewhere what its kind says there.
import type { Child } from "hono/jsx";
import type { Language } from "../language.ts";
import { PROBLEMS, type Problem } from "../problem.ts";
import { PROBLEM_FIXES } from "./words/problem-fixes.ts";
import { PROBLEM_PAGE_WORDS, PROBLEM_WORDS } from "./words/problems.ts";
import { speaker } from "./words/speak.tsx";
import { Words } from "./words.tsx";

export interface ToldProblem {
  /** For a title: text. */
  readonly title: string;
  readonly heading: Child;
  /** What happened, where the heading does not say it; else null. */
  readonly detail: Child | null;
  readonly fix: Child;
}

export function tellProblem(problem: Problem, language: Language): ToldProblem {
  const { code, message } = problem;
  const fix = fixOf(problem, language);
  if (language === "en") {
    const title = asHeading(message);
    return { title, heading: title, detail: null, fix };
  }
  const t = speaker(language, PROBLEM_WORDS);
  const title = t(`${code}.title`);
  return { title, heading: title, detail: <Words text={t(`${code}.what`)} />, fix };
}

const FIXES = Object.keys(PROBLEM_FIXES.en) as (keyof typeof PROBLEM_FIXES.en)[];

/** What is advised in the one case, where there are words for it; else what is of its kind. */
function fixOf({ code, fix, headers }: Problem, language: Language): Child {
  const own = FIXES.find((key) => PROBLEM_FIXES.en[key] === fix);
  if (own !== undefined) return speaker(language, PROBLEM_FIXES)(own);
  const t = speaker(language, PROBLEM_PAGE_WORDS);
  // The advice that programs get as well speaks of keys, which nobody has who mistyped an address.
  if (code === "not-found" && (language !== "en" || fix === PROBLEMS[code].fix)) {
    return t.rich("nothing-here", { home: (inside) => <a href="/">{inside}</a> });
  }
  if (language === "en") return <Words text={fix} />;
  const seconds = Number(headers["retry-after"]);
  if (seconds > 0) return t("wait", { minutes: Math.ceil(seconds / 60) });
  return <Words text={speaker(language, PROBLEM_WORDS)(`${code}.fix`)} />;
}

/** One sentence stands in a heading without its full stop. */
function asHeading(message: string): string {
  return message.indexOf(". ") === -1 ? message.replace(/\.$/, "") : message;
}

/**
 * To a person, what is said to programs of headers to heed and to send. `sent` is whether they sent a
 * form, which the browser can send again.
 */
export function tellBusy(sent: boolean, language: Language): ToldProblem {
  const title = speaker(language, PROBLEM_WORDS)("temporarily-unavailable.title");
  const t = speaker(language, PROBLEM_PAGE_WORDS);
  return { title, heading: title, detail: t("busy"), fix: t(sent ? "busy-sent" : "busy-read") };
}
