// The page that a problem's `type` opens: what happened, what to do, and how the answer looks.
import { PROBLEMS, type ProblemCode } from "../problem.ts";
import type { ProblemDocument } from "../problem-document.ts";
import type { Urls } from "../urls.ts";
import { layout } from "./layout.tsx";
import { here } from "./web-address.ts";
import { Words } from "./words.tsx";

export interface ProblemTypePageProps {
  readonly code: ProblemCode;
  readonly urls: Urls;
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

export function problemTypePage({ code, urls }: ProblemTypePageProps) {
  const { title, status, what, fix } = PROBLEMS[code];
  return layout({
    title: `${title} (${code})`,
    head: <link rel="canonical" href={urls.problem(code)} />,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <p class="kind">
            Status {status} · <code>{code}</code>
          </p>
          <h1>{title}</h1>
          <h2>What happened</h2>
          <p>
            <Words text={what} />
          </p>
          <h2>What to do</h2>
          <p>
            <Words text={fix} />
          </p>
          <h2>How the answer looks</h2>
          <p class="soft">
            Programs decide by <code>code</code>, which never changes; <code>detail</code> is for
            people and tells of the one case.
          </p>
          <pre tabindex={0}>{JSON.stringify(example(code, urls), null, 2)}</pre>
          <p>
            <a href="/problems">All errors</a>
          </p>
        </div>
      </div>
    ),
  });
}

/** Every problem type, in the order of the table. */
export function problemIndexPage({ urls }: { urls: Urls }) {
  return layout({
    title: "What error messages mean",
    head: <link rel="canonical" href={urls.problem("").replace(/\/$/, "")} />,
    children: (
      <>
        <div class="intro">
          <h1>What error messages mean</h1>
          <p class="lead">
            Every refusal names its kind with a code that never changes, and its <code>type</code>{" "}
            opens the page of that kind.
          </p>
        </div>
        <ul class="items">
          {(Object.keys(PROBLEMS) as ProblemCode[]).map((code) => (
            <li>
              <a href={here(urls.problem(code))}>{PROBLEMS[code].title}</a>
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
