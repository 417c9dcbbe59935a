// The page that a problem's `type` opens: what happened, what to do, and how the answer looks.
import type { Language } from "../language.ts";
import { PROBLEMS, type ProblemCode } from "../problem.ts";
import type { ProblemDocument } from "../problem-document.ts";
import type { Urls } from "../urls.ts";
import { layout } from "./layout.tsx";
import { here } from "./web-address.ts";
import { PROBLEM_PAGE_WORDS, PROBLEM_WORDS } from "./words/problems.ts";
import { speaker } from "./words/speak.tsx";
import { Words } from "./words.tsx";

export interface ProblemTypePageProps {
  readonly code: ProblemCode;
  readonly urls: Urls;
  readonly language: Language;
}

function example(code: ProblemCode, urls: Urls): ProblemDocument {
  const { title, status, what, fix } = PROBLEMS[code];
  return {
    type: urls.problem(code),
    title,
    status,
    detail: what,
    code,
    fix,
    request_id: "019a2b6e-7c1f-7d42-9a35-5b8f0f6a1c20",
  };
}

export function problemTypePage({ code, urls, language }: ProblemTypePageProps) {
  const t = speaker(language, PROBLEM_PAGE_WORDS);
  const kind = speaker(language, PROBLEM_WORDS);
  const title = kind(`${code}.title`);
  return layout({
    title: t("title-of-type", { title, code }),
    language,
    head: <link rel="canonical" href={urls.problem(code)} />,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <p class="kind">
            {t.rich("status-and-code", {
              status: String(PROBLEMS[code].status),
              code: <code>{code}</code>,
            })}
          </p>
          <h1>{title}</h1>
          <h2>{t("what-happened")}</h2>
          <p>
            <Words text={kind(`${code}.what`)} />
          </p>
          <h2>{t("what-to-do")}</h2>
          <p>
            <Words text={kind(`${code}.fix`)} />
          </p>
          <h2>{t("how-it-looks")}</h2>
          <p class="soft">
            {t.rich("programs-decide", { code: <code>code</code>, detail: <code>detail</code> })}
          </p>
          <pre tabindex={0}>{JSON.stringify(example(code, urls), null, 2)}</pre>
          <p>
            <a href="/problems">{t("all-errors")}</a>
          </p>
        </div>
      </div>
    ),
  });
}

export interface ProblemIndexPageProps {
  readonly urls: Urls;
  readonly language: Language;
}

/** Every problem type, in the order of the table. */
export function problemIndexPage({ urls, language }: ProblemIndexPageProps) {
  const t = speaker(language, PROBLEM_PAGE_WORDS);
  const kind = speaker(language, PROBLEM_WORDS);
  return layout({
    title: t("what-they-mean"),
    language,
    head: <link rel="canonical" href={urls.problem("").replace(/\/$/, "")} />,
    children: (
      <>
        <div class="intro">
          <h1>{t("what-they-mean")}</h1>
          <p class="lead">{t.rich("every-refusal", { type: <code>type</code> })}</p>
        </div>
        <ul class="items">
          {(Object.keys(PROBLEMS) as ProblemCode[]).map((code) => (
            <li>
              <a href={here(urls.problem(code))}>{kind(`${code}.title`)}</a>
              <p class="soft small">
                {PROBLEMS[code].status} · <code>{code}</code>
              </p>
            </li>
          ))}
        </ul>
      </>
    ),
  });
}
