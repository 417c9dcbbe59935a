// Whose words a mail has, and in which language.
import type { MailTemplate } from "../db/notifications.ts";
import type { MailKind, MailWords } from "./kinds.ts";
import { isShipped, LAST_LANGUAGE, shippedWords } from "./shipped.ts";

export interface ChosenWords extends MailWords {
  /** BCP 47. */
  readonly language: string;
}

type Template = Pick<MailTemplate, "kind" | "language" | "subject" | "body">;

/**
 * The words in the first of the languages that there are any in: the organization's own before ours;
 * English in the end. A language is also met by a shorter tag: `pt-BR` by `pt` (RFC 4647, section 3.4).
 */
export function chosenWords(
  templates: readonly Template[],
  kind: MailKind,
  languages: readonly (string | null)[],
): ChosenWords {
  const own = new Map(
    templates.filter((one) => one.kind === kind).map((one) => [one.language.toLowerCase(), one]),
  );
  for (const tag of languages.flatMap(withShorter)) {
    const found = own.get(tag);
    if (found) return { subject: found.subject, body: found.body, language: found.language };
    if (isShipped(tag)) return { ...shippedWords(kind, tag), language: tag };
  }
  const { subject, body } = own.get(LAST_LANGUAGE) ?? shippedWords(kind, LAST_LANGUAGE);
  return { subject, body, language: LAST_LANGUAGE };
}

/** `zh-hant-tw`, `zh-hant`, `zh`. */
function withShorter(tag: string | null): string[] {
  const subtags = tag === null ? [] : tag.toLowerCase().split("-");
  return subtags.map((_, i) => subtags.slice(0, subtags.length - i).join("-"));
}
