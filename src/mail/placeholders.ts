// What may stand between two percent signs in the words of a mail, and what is put there.
import type { FieldError } from "../problem.ts";
import { type MailKind, type MailValue, type MailValues, SAMPLES } from "./kinds.ts";

export function placeholdersOf(kind: MailKind): string[] {
  return Object.keys(SAMPLES[kind]);
}

const PLACEHOLDER = /%([A-Za-z][A-Za-z0-9]*)%/g;

/** The names between two percent signs that mean nothing in this kind of mail, each once. */
export function unknownPlaceholders(kind: MailKind, text: string): string[] {
  const known = new Set(placeholdersOf(kind));
  const named = [...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
  return [...new Set(named)].filter((name) => !known.has(name));
}

/** Why words cannot be sent as they are; null where they can. Nobody is to read `%recipientname%`. */
export function placeholderFault(kind: MailKind, text: string): Omit<FieldError, "pointer"> | null {
  const unknown = unknownPlaceholders(kind, text);
  if (unknown.length === 0) return null;
  const written = (names: readonly string[]) => names.map((name) => `%${name}%`).join(", ");
  return {
    code: "placeholder_known",
    detail: `Nothing stands for ${written(unknown)} in this mail.`,
    fix: `Use ${written(placeholdersOf(kind))}.`,
  };
}

/** The text with each known placeholder replaced by what `stand` says; others stay as typed. */
export function filledIn(
  text: string,
  values: MailValues,
  stand: (value: MailValue) => string | null,
): string {
  return text.replace(PLACEHOLDER, (typed, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return (value === undefined ? null : stand(value)) ?? typed;
  });
}
