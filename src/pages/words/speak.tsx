// What a page says, in the reader's language: messages with values, plurals and links in them, dates and numbers.
import type { Child } from "hono/jsx";
import { Fragment } from "hono/jsx";
import type { Language } from "../../language.ts";
import { type Message, type Part, parseMessage } from "./message.ts";

type Messages = Readonly<Record<string, string>>;

/** What a group of pages says: the same messages in every language. */
export interface Area<K extends string = string> {
  readonly en: Readonly<Record<K, string>>;
  readonly de: Readonly<Record<K, string>>;
}

export function area<const E extends Messages>(
  en: E,
  de: { readonly [K in keyof E]: string },
): Area<keyof E & string> {
  return { en, de };
}

export type Values = Readonly<Record<string, string | number>>;
type RichValues = Readonly<Record<string, Child | ((inside: Child) => Child)>>;

export interface Speaker<K extends string = string> {
  /** A message as text. `values` are those it names in braces. */
  (key: K, values?: Values): string;
  /** A message with elements in it: `<link>…</link>` is what the function `link` makes of its inside. */
  rich(key: K, values: RichValues): Child;
  /** `4 October 2026`; `at` in milliseconds since 1970. */
  day(at: number): Child;
  /** `4 October 2026 at 14:02 UTC`. */
  minute(at: number): Child;
  number(value: number): string;
  readonly language: Language;
}

/** One for each page that is made; what it needs of messages and formats is made once and kept. */
export function speaker<K extends string>(language: Language, words: Area<K>): Speaker<K> {
  const messages = language === "de" ? words.de : words.en;
  const messageOf = (key: K) => compiled(messages[key], language);
  const say = (key: K, values: Values = {}) => flat(messageOf(key).parts, values, language);
  return Object.assign(say, {
    language,
    rich: (key: K, values: RichValues) => (
      <Fragment>{rich(messageOf(key).parts, values, language)}</Fragment>
    ),
    day: (at: number) => timeElement(at, formats(language).day.format(toDate(at))),
    minute: (at: number) => timeElement(at, `${formats(language).minute.format(toDate(at))} UTC`),
    number: (value: number) => formats(language).number.format(value),
  });
}

/** By message and language; as many as the catalogues have. */
const COMPILED = new Map<string, Message>();

function compiled(text: string, language: Language): Message {
  const key = language === "en-XA" ? `~${text}` : text;
  const known = COMPILED.get(key);
  if (known !== undefined) return known;
  const message = parseMessage(text);
  const made = language === "en-XA" ? { parts: strange(message.parts) } : message;
  COMPILED.set(key, made);
  return made;
}

function flat(parts: readonly Part[], values: Values, language: Language): string {
  return parts.map((part) => flatPart(part, values, language)).join("");
}

function flatPart(part: Part, values: Values, language: Language): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "value":
      return shown(values[part.name], part.name, language);
    case "choice":
      return flat(chosen(part, values[part.name], language), values, language);
    case "tag":
      return flat(part.parts, values, language);
  }
}

function rich(parts: readonly Part[], values: RichValues, language: Language): Child[] {
  return parts.flatMap((part) => richPart(part, values, language));
}

function richPart(part: Part, values: RichValues, language: Language): Child[] {
  if (part.kind === "text") return [part.text];
  const value = values[part.name];
  if (part.kind === "choice") {
    const count = typeof value === "string" || typeof value === "number" ? value : undefined;
    return rich(chosen(part, count, language), values, language);
  }
  if (part.kind === "tag") {
    const inside = <Fragment>{rich(part.parts, values, language)}</Fragment>;
    return [typeof value === "function" ? value(inside) : inside];
  }
  if (typeof value === "function") return [value("")];
  const isPlain = value === undefined || typeof value === "string" || typeof value === "number";
  return [isPlain ? shown(value, part.name, language) : value];
}

/** A value that is missing is a mistake of the page's: it must be seen, and break nothing. */
function shown(value: string | number | undefined, name: string, language: Language): string {
  if (value === undefined) return `{${name}}`;
  return typeof value === "number" ? formats(language).number.format(value) : value;
}

function chosen(
  choice: Extract<Part, { kind: "choice" }>,
  value: string | number | undefined,
  language: Language,
): readonly Part[] {
  const { branches, plural } = choice;
  const exact = `${plural ? "=" : ""}${value}`;
  const rule = plural ? formats(language).plural.select(Number(value)) : "other";
  const name = [exact, rule].find((one) => Object.hasOwn(branches, one)) ?? "other";
  return branches[name] ?? [];
}

interface Formats {
  readonly day: Intl.DateTimeFormat;
  readonly minute: Intl.DateTimeFormat;
  readonly number: Intl.NumberFormat;
  readonly plural: Intl.PluralRules;
}

const FORMATS = new Map<Language, Formats>();

/** Made with the first page that needs them: they are costly, and a start needs none. */
function formats(language: Language): Formats {
  const known = FORMATS.get(language);
  if (known !== undefined) return known;
  const locale = language === "de" ? "de-DE" : "en-GB";
  const made: Formats = {
    day: new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }),
    minute: new Intl.DateTimeFormat(locale, {
      dateStyle: "long",
      timeStyle: "short",
      timeZone: "UTC",
    }),
    number: new Intl.NumberFormat(locale),
    plural: new Intl.PluralRules(locale),
  };
  FORMATS.set(language, made);
  return made;
}

/** Furthest instants a Date can hold (ECMA-262, section 21.4.1.1), in milliseconds. */
const FURTHEST = 8_640_000_000_000_000;

function toDate(at: number): Date {
  return new Date(Math.min(Math.max(at, -FURTHEST), FURTHEST));
}

function timeElement(at: number, words: string): Child {
  return <time datetime={toDate(at).toISOString()}>{words}</time>;
}

const STRANGE: Readonly<Record<string, string>> = {
  a: "á",
  e: "é",
  i: "í",
  o: "ó",
  u: "ú",
  A: "Á",
  E: "É",
  I: "Í",
  O: "Ó",
  U: "Ú",
};

/** Accents, a third more length, and brackets around the whole: what is cut off or not in a catalogue is seen. */
function strange(parts: readonly Part[]): readonly Part[] {
  const length = parts.reduce(
    (sum, part) => sum + (part.kind === "text" ? part.text.length : 0),
    0,
  );
  const longer = "·".repeat(Math.ceil(length / 3));
  const inside = parts.map(strangePart);
  return [{ kind: "text", text: "⟦" }, ...inside, { kind: "text", text: `${longer}⟧` }];
}

function strangePart(part: Part): Part {
  if (part.kind === "value") return part;
  if (part.kind === "text") {
    return {
      kind: "text",
      text: part.text.replace(/[aeiou]/gi, (letter) => STRANGE[letter] ?? letter),
    };
  }
  if (part.kind === "tag") return { ...part, parts: part.parts.map(strangePart) };
  const branches = Object.entries(part.branches).map(
    ([name, inside]) => [name, inside.map(strangePart)] as const,
  );
  return { ...part, branches: Object.fromEntries(branches) };
}
