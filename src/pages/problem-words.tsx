// A problem in the reader's language: what its kind says there, and what only the API's English says of the one case.
import type { Child } from "hono/jsx";
import type { Language } from "../language.ts";
import { PROBLEMS, type Problem } from "../problem.ts";
import { PROBLEM_PAGE_WORDS, PROBLEM_WORDS } from "./words/problems.ts";
import { speaker } from "./words/speak.tsx";
import { Words } from "./words.tsx";

export interface ToldProblem {
  /** For a title: text. */
  readonly title: string;
  /** In English the one case, elsewhere its kind; then `detail` has the case. */
  readonly heading: Child;
  /** The one case in English, where the heading does not say it; null where it adds nothing. */
  readonly detail: Child | null;
  readonly fix: Child;
}

export function tellProblem(problem: Problem, language: Language): ToldProblem {
  const { code, message } = problem;
  const { title: kind, fix: usual } = PROBLEMS[code];
  if (language === "en") {
    const title = asHeading(message);
    return { title, heading: title, detail: null, fix: <Words text={problem.fix} /> };
  }
  const t = speaker(language, PROBLEM_WORDS);
  const title = t(`${code}.title`);
  return {
    title,
    heading: title,
    detail: saysMore(message, kind) ? <English text={message} /> : null,
    fix: problem.fix === usual ? <Words text={t(`${code}.fix`)} /> : <English text={problem.fix} />,
  };
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

/** Whether the case is told otherwise than its kind is called. */
function saysMore(message: string, kind: string): boolean {
  return message.replace(/\.$/, "") !== kind.replace(/\.$/, "");
}

/** What only the API says, marked as the language it is in. */
export function English({ text }: { readonly text: string }) {
  return (
    <span lang="en">
      <Words text={text} />
    </span>
  );
}
