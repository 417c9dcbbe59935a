// The vocabularies that Open Badges 1.x and 2.0 draw their terms from.

export const OBI = "https://w3id.org/openbadges#";
export const EXTENSIONS = "https://w3id.org/openbadges/extensions#";
export const CRED = "https://w3id.org/credentials#";
export const DC = "http://purl.org/dc/terms/";
export const SCHEMA = "http://schema.org/";
export const SEC = "https://w3id.org/security#";
export const XSD = "http://www.w3.org/2001/XMLSchema#";
export const DQM = "http://purl.org/dqm-vocabulary/v1/dqm#";

/** What a JSON-LD context maps, as an inline context of a stranger's document looks too. */
export type ContextObject = Readonly<Record<string, unknown>>;

/** A context with terms grouped by what their values are, so that each fact stands once. */
export interface TermTable {
  readonly namespaces: Readonly<Record<string, string>>;
  /** Names of classes, other names for terms, and terms whose values are plain: name to IRI. */
  readonly plain: Readonly<Record<string, string>>;
  /** Terms whose values are plain and that are written as objects, so never a prefix. */
  readonly texts: Readonly<Record<string, string>>;
  /** Terms whose string values are ids of things. */
  readonly links: Readonly<Record<string, string>>;
  readonly dateTimes: Readonly<Record<string, string>>;
  readonly booleans: Readonly<Record<string, string>>;
}

const typed = (terms: Readonly<Record<string, string>>, type?: string): [string, ContextObject][] =>
  Object.entries(terms).map(([term, iri]) => [
    term,
    type === undefined ? { "@id": iri } : { "@id": iri, "@type": type },
  ]);

/** The JSON-LD context of a table. Both versions name `@id` and `@type` without the sign. */
export function contextOf(table: TermTable): ContextObject {
  return {
    id: "@id",
    type: "@type",
    ...table.namespaces,
    ...table.plain,
    ...Object.fromEntries([
      ...typed(table.texts),
      ...typed(table.links, "@id"),
      ...typed(table.dateTimes, `${XSD}dateTime`),
      ...typed(table.booleans, `${XSD}boolean`),
    ]),
  };
}

/** Terms that are called in the context what they are called in the vocabulary. */
export function sameNames(prefix: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name, `${prefix}:${name}`]));
}
