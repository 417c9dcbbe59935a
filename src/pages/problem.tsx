// What a person sees when something is not there or went wrong.
import type { Language } from "../language.ts";
import type { Problem } from "../problem.ts";
import type { Urls } from "../urls.ts";
import { faultWords } from "./fault-words.ts";
import { layout } from "./layout.tsx";
import { tellBusy, tellProblem } from "./problem-words.tsx";
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
  const { status, code } = problem;
  const t = speaker(language, PROBLEM_PAGE_WORDS);
  const isBusy = code === "temporarily-unavailable";
  const told = isBusy ? tellBusy(sent, language) : tellProblem(problem, language);
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
          <FieldFaults problem={problem} title={told.title} language={language} />
          <h2>{t("what-to-do")}</h2>
          <p>{told.fix}</p>
          <p>
            <a href={here(urls.problem(code))}>{t("more-about")}</a>
          </p>
          <p class="soft small">{t.rich("reference", { id: <code>{requestId}</code> })}</p>
        </div>
      </div>
    ),
  });
}

interface FieldFaultsProps extends Pick<ProblemPageProps, "problem" | "language"> {
  /** What the page is headed by: no fault says it again. */
  readonly title: string;
}

function FieldFaults({ problem, title, language }: FieldFaultsProps) {
  const told = problem.errors
    .map((error) => faultWords(error, problem.code, language))
    .filter(({ detail }) => language === "en" || detail !== `${title}.`);
  if (told.length === 0) return null;
  return (
    <ul class="plain-list">
      {told.map(({ detail, fix, language: its }) => (
        <li lang={its === language ? undefined : its}>
          {detail} <Words text={fix} />
        </li>
      ))}
    </ul>
  );
}
