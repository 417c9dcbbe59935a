// Words of criteria in each language that pages speak: every type has its own in its own file.
import type { Language } from "../../language.ts";
import type { FieldError } from "../../problem.ts";

/** Those that there are words in: the pseudo-locale is English between brackets. */
type Spoken = Exclude<Language, "en-XA">;

/** The same in each language; without one of them nothing compiles. */
export type InEach<T> = Readonly<Record<Spoken, T>>;

/** What one function of each language makes of it, marked in the pseudo-locale as a catalogue's is. */
export function said<T>(each: InEach<(of: T) => string>, of: T, language: Language): string {
  return language === "en-XA" ? `⟦${each.en(of)}⟧` : each[language](of);
}

/** A label that is the same whatever it is of. */
export function inLanguage(each: InEach<string>, language: Language): string {
  return said({ en: () => each.en, de: () => each.de }, null, language);
}

const BETWEEN: InEach<readonly [and: string, or: string]> = {
  en: ["and", "or"],
  de: ["und", "oder"],
};

/** `A`, `A and B`, `A, B and C`; or with `or`. */
export function listed(parts: readonly string[], method: 1 | 2, language: Spoken): string {
  const last = parts.at(-1) ?? "";
  if (parts.length < 2) return last;
  return `${parts.slice(0, -1).join(", ")} ${BETWEEN[language][method - 1]} ${last}`;
}

const UNMEETABLE: InEach<(faults: readonly FieldError[]) => string> = {
  en: ([first]) => first?.detail ?? "",
  de: () => "Nicht zu erfüllen: Was hier verlangt wird, gibt es nicht (mehr).",
};

/** Of a criterion whose rows say nothing that can be met. */
export function unmeetableWords(faults: readonly FieldError[], language: Language): string {
  return said(UNMEETABLE, faults, language);
}
