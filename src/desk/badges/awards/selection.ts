// What is done with several awards of a badge, one after the other by the API: none is done twice, and what failed is told.
import type { Question } from "../../../api/ask.ts";
import type { Award } from "../../../db/awards.ts";
import type { Env } from "../../../env.ts";
import type { Language } from "../../../language.ts";
import type { AwardDeed, FailedAward } from "../../../pages/badge-awards.tsx";
import type { ProblemDocument } from "../../../problem-document.ts";
import type { DeskForm } from "../../../signin/desk.ts";
import { askOnce } from "../../asked.ts";

/** Awards worked on with one press: as many as a page of them has, and some more. */
export const MOST_SELECTED = 100;

/** Ids of awards in a form, each once. */
export function selectedIn(form: FormData): string[] {
  const ids = form.getAll("award").flatMap((id) => (typeof id === "string" ? [id] : []));
  return [...new Set(ids)];
}

export interface Work {
  readonly env: Env;
  readonly request: Request;
  readonly sent: DeskForm;
  readonly language: Language;
  readonly awards: readonly Award[];
  readonly deed: AwardDeed;
  /** Why they are revoked. */
  readonly reason?: string;
  readonly reset?: boolean;
}

export interface Worked {
  readonly done: number;
  readonly failed: readonly FailedAward[];
  readonly problem: ProblemDocument | null;
}

function questionOf({ deed, reason, reset }: Work, { id }: Award): Question {
  const path = `/awards/${id}`;
  switch (deed) {
    case "revoke":
      return {
        method: "POST",
        path: `${path}/revoke`,
        body: { reason: reason ?? "", reset_criteria: reset === true },
      };
    case "renew":
      return { method: "POST", path: `${path}/renew`, body: {} };
    case "resend":
      return { method: "POST", path: `${path}/resend` };
    case "hide":
    case "show":
      return { method: "PUT", path: `${path}/visibility`, body: { visible: deed === "show" } };
  }
}

/** `name` says who an award is for; `say` what is wrong, in words of the reader's language or the API's. */
export async function workOn(
  work: Work,
  name: (award: Award) => string,
  say: (problem: ProblemDocument) => { readonly detail: string; readonly language: string },
): Promise<Worked> {
  const failed: FailedAward[] = [];
  let done = 0;
  let first: ProblemDocument | null = null;
  for (const award of work.awards) {
    const { env, request, sent } = work;
    const answer = await askOnce(env, request, sent, questionOf(work, award));
    if (answer.ok) {
      done++;
      continue;
    }
    const { detail, language } = say(answer.problem);
    first ??= answer.problem;
    failed.push({ name: name(award), reason: detail, language });
  }
  return { done, failed, problem: first };
}
