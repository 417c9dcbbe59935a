// Whose words a mail has, and in which language.
import type { MailTemplate } from "../db/notifications.ts";
import { type MailKind, type MailWords, SHIPPED, SHIPPED_LANGUAGE } from "./kinds.ts";

export interface ChosenWords extends MailWords {
  /** BCP 47. */
  readonly language: string;
}

type Template = Pick<MailTemplate, "kind" | "language" | "subject" | "body">;

/**
 * The organization's words in the first of the languages that it has, or ours where English comes
 * first; in the end ours. A language is also met by a shorter tag: `pt-BR` by `pt` (RFC 4647,
 * section 3.4).
 */
export function chosenWords(
  templates: readonly Template[],
  kind: MailKind,
  languages: readonly (string | null)[],
): ChosenWords {
  const shipped = { ...SHIPPED[kind], language: SHIPPED_LANGUAGE };
  const own = new Map(
    templates.filter((one) => one.kind === kind).map((one) => [one.language.toLowerCase(), one]),
  );
  for (const tag of [...languages, SHIPPED_LANGUAGE].flatMap(withShorter)) {
    const found = own.get(tag);
    if (found) return { subject: found.subject, body: found.body, language: found.language };
    if (tag === SHIPPED_LANGUAGE) return shipped;
  }
  return shipped;
}

/** `zh-hant-tw`, `zh-hant`, `zh`. */
function withShorter(tag: string | null): string[] {
  const subtags = tag === null ? [] : tag.toLowerCase().split("-");
  return subtags.map((_, i) => subtags.slice(0, subtags.length - i).join("-"));
}
