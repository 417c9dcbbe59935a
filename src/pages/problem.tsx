// What a person sees when something is not there or went wrong.
import type { Problem } from "../problem.ts";
import type { Urls } from "../urls.ts";
import { layout } from "./layout.tsx";
import { here } from "./web-address.ts";
import { Words } from "./words.tsx";

export { PAGE_HEADERS } from "./headers.ts";

export interface ProblemPageProps {
  readonly problem: Problem;
  readonly requestId: string;
  readonly urls: Urls;
}

/** Send with PAGE_HEADERS. */
export function problemPage({ problem, requestId, urls }: ProblemPageProps) {
  return layout({
    title: `${problem.message} (${problem.status})`,
    noindex: true,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <p class="kind">Error {problem.status}</p>
          <h1 dir="auto">{problem.message}</h1>
          {problem.errors.length > 0 ? (
            <ul class="plain-list">
              {problem.errors.map((error) => (
                <li>
                  {error.detail} <Words text={error.fix} />
                </li>
              ))}
            </ul>
          ) : null}
          <h2>What to do</h2>
          <p>
            <Words text={problem.fix} />
          </p>
          <p>
            <a href={here(urls.problem(problem.code))}>More about this error</a>
          </p>
          <p class="soft small">
            Reference: <code>{requestId}</code>
          </p>
        </div>
      </div>
    ),
  });
}
