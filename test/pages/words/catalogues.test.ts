// Holds every catalogue of the pages' words: whole, well-formed, and really said in another language.
/// <reference types="vite/client" />
import { describe, expect, it } from "vitest";
import { type Part, parseMessage } from "../../../src/pages/words/message.ts";
import type { Area } from "../../../src/pages/words/speak.tsx";

const MODULES: Record<string, Record<string, unknown>> = import.meta.glob(
  "../../../src/pages/words/*.{ts,tsx}",
  { eager: true },
);

function isArea(value: unknown): value is Area {
  return typeof value === "object" && value !== null && "en" in value && "de" in value;
}

const AREAS = Object.entries(MODULES).flatMap(([path, module]) =>
  Object.entries(module).flatMap(([name, value]) =>
    isArea(value) ? [[`${path.split("/").at(-1)} ${name}`, value] as const] : [],
  ),
);

/** Written alike in both languages. */
const SAME = new Set([
  "Backpacks",
  "Badge",
  "Badge Connect 2.1",
  "Badges",
  "Code",
  "Export",
  "Import",
  "JSON",
  "Markdown.",
  "Name",
  "Person",
  "Rosette",
  "Status",
  "Status {status} · {code}",
  "Text",
  "Version",
  "Webhook",
  "Webhooks",
  "Website",
]);

/** Words for what is called otherwise on all other pages: Aussteller, Badge, der Backpack, E-Mail. */
const OTHERWISE =
  /Herausgeber|Abzeichen|Rucksack|\b([Dd]as|[Dd]ieses) Backpack\b|(?<!E-)\bMails?\b/;

/** What a message takes: its values, the cases it chooses from, and its tags. */
function takes(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if (part.kind === "text") return [];
    if (part.kind === "value") return [`{${part.name}}`];
    if (part.kind === "tag") return [`<${part.name}>`, ...takes(part.parts)];
    const inside = Object.values(part.branches).flatMap(takes);
    // Whether a count needs cases, and which, each language says itself.
    if (part.plural) return [`{${part.name}}`, ...inside];
    return [`{${part.name}: ${Object.keys(part.branches).sort().join("|")}}`, ...inside];
  });
}

const takenBy = (text: string) => [...new Set(takes(parseMessage(text).parts))].sort();

function textOf(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if (part.kind === "text") return part.text;
      if (part.kind === "value") return "";
      if (part.kind === "tag") return textOf(part.parts);
      return Object.values(part.branches).map(textOf).join(" ");
    })
    .join("");
}

const words = (text: string) => textOf(parseMessage(text).parts);

const SOURCES: Record<string, string> = import.meta.glob("../../../src/**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});
/** Where German may stand: catalogues, mails as they ship, types of criteria, an example of the API. */
const CATALOGUES =
  /\/src\/(pages\/words\/.*|mail\/shipped\.ts|signin\/mail-text\.ts|issuer\/criteria\/.*|api\/mail-templates\.ts)$/;
/** In quotes, or as the text of an element. */
const GERMAN = /["`>][^"`<>\n]*(?:[äöüß]|\b(?:Sie|und|nicht|Ihre?)\b)[^"`<>\n]*["`<]/;

it("German stands in catalogues alone", () => {
  const speaking = Object.entries(SOURCES).flatMap(([path, source]) =>
    GERMAN.test(source.replace(/\/\*.*?\*\/|^\s*\/\/.*?$/gms, "")) ? [path] : [],
  );
  expect(speaking.length).toBeGreaterThan(50);
  expect(speaking.filter((path) => !CATALOGUES.test(path))).toEqual([]);
});

it("finds the catalogues it judges", () => {
  expect(AREAS.length).toBeGreaterThan(15);
});

describe.each(AREAS)("%s", (_name, { en, de }) => {
  const pairs = Object.entries(en).map(([key, text]) => [key, text, de[key] ?? ""] as const);

  it("has the same messages in both languages, none of them empty", () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
    expect(pairs.filter(([, one, other]) => one.trim() === "" || other.trim() === "")).toEqual([]);
  });

  it("is well-formed, and takes the same values, choices and tags in both", () => {
    const different = pairs.filter(([, one, other]) => {
      return JSON.stringify(takenBy(one)) !== JSON.stringify(takenBy(other));
    });
    expect(different).toEqual([]);
  });

  it("is said in German, formally", () => {
    const left = pairs.filter(([, one, other]) => {
      return one === other && /[A-Za-z]{2}/.test(words(one)) && !SAME.has(one);
    });
    expect(left).toEqual([]);
    const familiar = /\b(du|dir|dich|dein(e|em|en|er|es)?|euch|euer|eure[mnrs]?)\b/i;
    expect(pairs.filter(([, , other]) => familiar.test(words(other)))).toEqual([]);
    expect(pairs.filter(([, , other]) => OTHERWISE.test(words(other)))).toEqual([]);
  });
});
