// What a person sees when something is not there or went wrong.
import type { Language } from "../language.ts";
import { type FieldError, PROBLEMS, type Problem } from "../problem.ts";
import type { Urls } from "../urls.ts";
import { layout } from "./layout.tsx";
import { English, tellBusy, tellProblem } from "./problem-words.tsx";
import { here } from "./web-address.ts";
import { PROBLEM_PAGE_WORDS } from "./words/problems.ts";
import { speaker } from "./words/speak.tsx";
import { Words } from "./words.tsx";

export { PAGE_HEADERS, spoken } from "./headers.ts";

export interface ProblemPageProps {
  readonly problem: Problem;
  readonly requestId: string;
  /** Whether a form was sent. */
  readonly sent: boolean;
  readonly urls: Urls;
  readonly language: Language;
}

/** Send with PAGE_HEADERS. */
export function problemPage({ problem, requestId, sent, urls, language }: ProblemPageProps) {
  const { status, code, errors } = problem;
  const t = speaker(language, PROBLEM_PAGE_WORDS);
  const isBusy = code === "temporarily-unavailable";
  const told = isBusy ? tellBusy(sent, language) : tellProblem(problem, language);
  // The advice that programs get as well speaks of keys, which nobody has who mistyped an address.
  const isUsual = code === "not-found" && problem.fix === PROBLEMS[code].fix;
  return layout({
    title: t("title", { title: told.title, status: String(status) }),
    language,
    noindex: true,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <p class="kind">{t("error", { status: String(status) })}</p>
          <h1 dir="auto">{told.heading}</h1>
          {told.detail === null ? null : <p>{told.detail}</p>}
          {errors.length > 0 ? (
            <ul class="plain-list">
              {errors.map((error) => (
                <FieldFault error={error} language={language} />
              ))}
            </ul>
          ) : null}
          <h2>{t("what-to-do")}</h2>
          <p>
            {isUsual
              ? t.rich("nothing-here", { home: (inside) => <a href="/">{inside}</a> })
              : told.fix}
          </p>
          <p>
            <a href={here(urls.problem(code))}>{t("more-about")}</a>
          </p>
          <p class="soft small">{t.rich("reference", { id: <code>{requestId}</code> })}</p>
        </div>
      </div>
    ),
  });
}

/** The rules of single values speak English. */
function FieldFault({ error, language }: { error: FieldError; language: Language }) {
  if (language !== "en") {
    return (
      <li>
        <English text={`${error.detail} ${error.fix}`} />
      </li>
    );
  }
  return (
    <li>
      {error.detail} <Words text={error.fix} />
    </li>
  );
}
