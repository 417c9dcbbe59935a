// Why something did not go through, and who can do something about it.
import type { Language } from "../language.ts";
import { BACKPACK_PROBLEMS, type BackpackProblem, type Turn } from "./words/backpack-problems.ts";
import { speaker } from "./words/speak.tsx";

export interface Reason {
  readonly problem: BackpackProblem;
  /** Whose turn it is; null where the problem's words have said it. */
  readonly turn: Turn | null;
}

/** The same as text; `who` is null where `words` have said it. */
export function reasonWords(
  { problem, turn }: Reason,
  language: Language,
): { readonly words: string; readonly who: string | null } {
  const t = speaker(language, BACKPACK_PROBLEMS);
  return { words: t(problem), who: turn === null ? null : t(`turn-${turn}`) };
}

interface WhyProps {
  readonly reason: Reason;
  readonly language: Language;
}

export function Why({ reason, language }: WhyProps) {
  const { words, who } = reasonWords(reason, language);
  return (
    <p dir="auto">
      {words} {who === null ? null : <span class="soft">{who}</span>}
    </p>
  );
}
