// What a person sees when something is not there or went wrong.
import type { Problem } from "../problem.ts";
import type { Urls } from "../urls.ts";

export interface ProblemPageProps {
  readonly problem: Problem;
  readonly requestId: string;
  readonly urls: Urls;
}

export function problemPage({ problem }: ProblemPageProps) {
  return (
    <main>
      <h1>{problem.message}</h1>
      <p>{problem.fix}</p>
    </main>
  );
}
