// What is wrong with what the form for verifying was sent, in the reader's language.
import type { Language } from "../language.ts";
import { Problem, type ProblemCode } from "../problem.ts";
import { tellProblem } from "./problem-words.tsx";
import type { VerifyPageProps } from "./verify-page.tsx";
import { speaker } from "./words/speak.tsx";
import { VERIFICATION_WORDS } from "./words/verification.ts";

/** A form that asks nothing that can be answered; each has a sentence and an advice of its own. */
export class VerifyFault extends Problem {
  readonly fault: "both-given" | "nothing-given" | "too-many-addresses" | "form-damaged";

  constructor(code: ProblemCode, fault: VerifyFault["fault"], cause?: unknown) {
    super(code, VERIFICATION_WORDS.en[fault], { cause });
    this.fault = fault;
  }
}

/** `most` addresses may be compared. */
export function faultOf(
  problem: Problem,
  language: Language,
  most: number,
): NonNullable<VerifyPageProps["fault"]> {
  if (problem instanceof VerifyFault) {
    const t = speaker(language, VERIFICATION_WORDS);
    const detail = t(problem.fault);
    return { title: detail, detail, fix: t(`${problem.fault}-fix`, { most }) };
  }
  const { title, heading, detail, fix } = tellProblem(problem, language);
  return {
    title,
    detail: heading,
    fix: (
      <>
        {detail} {fix}
      </>
    ),
  };
}
