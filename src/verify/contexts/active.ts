// What the keys of a document mean at one place in it: JSON-LD contexts, and no fetching of them.
import { KNOWN_CONTEXTS } from "./known.ts";

export interface Term {
  /** Null for a key that a context takes the meaning away from. */
  readonly iri: string | null;
  /** `@id`, `@vocab` or the IRI of a datatype; null for none. */
  readonly type: string | null;
  /** Undefined where the context's own language holds. */
  readonly language: string | null | undefined;
  /** Whether names after a colon may be put behind it. */
  readonly prefix: boolean;
  readonly protected: boolean;
}

export interface ActiveContext {
  readonly terms: ReadonlyMap<string, Term>;
  readonly vocab: string | null;
  readonly language: string | null;
  /** What relative ids are resolved against; null leaves them relative. */
  readonly base: string | null;
}

/** Most terms of one context that is written into a document. */
export const MAX_CONTEXT_TERMS = 500;
/** Most contexts of one document, however nested. */
export const MAX_CONTEXTS = 1_000;

export type ContextReason =
  | "context-unknown"
  | "context-unsupported"
  | "document-too-complex"
  | "document-ambiguous";

/** Thrown inside this folder only: `expand` turns it into its answer. */
export class Refused extends Error {
  readonly reason: ContextReason;
  readonly detail: string;

  constructor(reason: ContextReason, detail: string) {
    super(reason);
    this.reason = reason;
    this.detail = detail;
  }
}

const KEYWORD =
  /^@(?:base|container|context|direction|graph|id|included|index|json|language|list|nest|none|prefix|propagate|protected|reverse|set|type|value|version|vocab)$/;
/** Names kept free for keywords to come mean nothing (JSON-LD 1.1, section 9.16). */
const KEYWORD_LIKE = /^@[A-Za-z]+$/;
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:/;

export function isKeyword(text: string): boolean {
  return text.startsWith("@") && KEYWORD.test(text);
}

export function isAbsoluteIri(text: string): boolean {
  return ABSOLUTE.test(text) || text.startsWith("_:");
}

export function emptyContext(base: string | null): ActiveContext {
  return { terms: NO_TERMS, vocab: null, language: null, base };
}

const NO_TERMS: ReadonlyMap<string, Term> = new Map();

/** Known contexts read once, as they are by themselves: what nearly every document starts with. */
const read = new Map<string, ActiveContext>();

/** Counts contexts for one document, so that a document cannot be mostly contexts. */
export interface Budget {
  contexts: number;
}

/**
 * The context inside an object with this `@context` (JSON-LD 1.1 API, section 4.1). Throws `Refused`
 * for one that is not known by its address, and for what the 1.0 documents of badges never used.
 */
export function enter(
  active: ActiveContext,
  local: unknown,
  budget: Budget,
  nested = false,
): ActiveContext {
  if (++budget.contexts > MAX_CONTEXTS) {
    throw new Refused("document-too-complex", `more than ${MAX_CONTEXTS} contexts`);
  }
  if (local === null) {
    if ([...active.terms.values()].some((term) => term.protected)) {
      throw new Refused("context-unsupported", "a context takes away terms that are protected");
    }
    return emptyContext(active.base);
  }
  if (typeof local === "string") return enterKnown(active, local);
  if (Array.isArray(local)) {
    if (nested) throw new Refused("context-unsupported", "a list of contexts inside a list");
    return local.reduce<ActiveContext>((outer, one) => enter(outer, one, budget, true), active);
  }
  if (typeof local === "object") return define(active, local);
  throw new Refused("context-unsupported", "a context that is neither an address nor an object");
}

function enterKnown(active: ActiveContext, address: string): ActiveContext {
  const known = KNOWN_CONTEXTS.get(address);
  if (known === undefined) throw new Refused("context-unknown", address);
  const alone = read.get(address) ?? [known].flat().reduce(define, emptyContext(null));
  read.set(address, alone);
  if (active.vocab === null && active.language === null) {
    if (active.terms === alone.terms) return active;
    if (active.terms === NO_TERMS) return { ...alone, base: active.base };
  }
  return [known].flat().reduce(define, active);
}

/** The work of reading one context object. */
interface Definition {
  readonly outer: ActiveContext;
  readonly local: Readonly<Record<string, unknown>>;
  readonly terms: Map<string, Term>;
  readonly vocab: string | null;
  readonly protect: boolean;
  /** False while a term is being defined, true afterwards. */
  readonly defined: Map<string, boolean>;
}

const UNSUPPORTED_KEYS = ["@import", "@propagate", "@direction"];

function define(outer: ActiveContext, local: object): ActiveContext {
  const entries: Record<string, unknown> = Object.fromEntries(Object.entries(local));
  const names = Object.keys(entries);
  if (names.length > MAX_CONTEXT_TERMS) {
    throw new Refused("document-too-complex", `a context of more than ${MAX_CONTEXT_TERMS} terms`);
  }
  const strange = UNSUPPORTED_KEYS.find((key) => key in entries);
  if (strange !== undefined) throw new Refused("context-unsupported", strange);
  const vocab = stringOr(entries["@vocab"], outer.vocab, "@vocab");
  if (vocab !== null && vocab !== "" && !isAbsoluteIri(vocab)) {
    throw new Refused("context-unsupported", "@vocab that is no address");
  }
  const definition: Definition = {
    outer,
    local: entries,
    terms: new Map(outer.terms),
    vocab,
    protect: entries["@protected"] === true,
    defined: new Map(),
  };
  for (const name of names) {
    if (!name.startsWith("@")) defineTerm(definition, name);
    else if (!/^@(?:base|vocab|language|version|protected)$/.test(name) && isKeyword(name)) {
      throw new Refused("context-unsupported", `a context that gives ${name} a meaning`);
    }
  }
  return {
    terms: definition.terms,
    vocab,
    language: stringOr(entries["@language"], outer.language, "@language"),
    base: baseOf(entries["@base"], outer.base),
  };
}

function stringOr(value: unknown, otherwise: string | null, key: string): string | null {
  if (value === undefined) return otherwise;
  if (value === null || typeof value === "string") return value;
  throw new Refused("context-unsupported", `${key} that is not text`);
}

function baseOf(value: unknown, outer: string | null): string | null {
  const base = stringOr(value, outer, "@base");
  if (value === undefined || base === null) return base;
  return resolve(base, outer);
}

const TERM_KEYS = new Set(["@id", "@type", "@container", "@language", "@protected", "@prefix"]);
const CONTAINERS = new Set(["@set", "@list"]);

function defineTerm(definition: Definition, name: string): void {
  const state = definition.defined.get(name);
  if (state === true) return;
  if (state === false) throw new Refused("context-unsupported", `${name} is defined by itself`);
  if (name === "") throw new Refused("context-unsupported", "a term without a name");
  definition.defined.set(name, false);
  const term = readTerm(definition, name, definition.local[name]);
  const before = definition.outer.terms.get(name);
  if (before?.protected && !sameMeaning(before, term)) {
    throw new Refused("context-unsupported", `${name} is protected and gets another meaning`);
  }
  definition.terms.set(name, before?.protected ? before : term);
  definition.defined.set(name, true);
}

function sameMeaning(a: Term, b: Term): boolean {
  return a.iri === b.iri && a.type === b.type && a.language === b.language;
}

function readTerm(definition: Definition, name: string, value: unknown): Term {
  const none = { type: null, language: undefined, prefix: false, protected: definition.protect };
  if (value === null) return { ...none, iri: null };
  if (typeof value === "string") {
    const iri = termIri(definition, name, value);
    return { ...none, iri, prefix: !name.includes(":") && endsAsPrefix(iri) };
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new Refused("context-unsupported", `the meaning of ${name} is not text`);
  }
  const given: Record<string, unknown> = Object.fromEntries(Object.entries(value));
  const strange = Object.keys(given).find((key) => !TERM_KEYS.has(key));
  if (strange !== undefined) throw new Refused("context-unsupported", `${strange} of ${name}`);
  const containers = [given["@container"] ?? []].flat();
  if (!containers.every((container) => CONTAINERS.has(String(container)))) {
    throw new Refused("context-unsupported", `@container of ${name}`);
  }
  const id = given["@id"] === undefined ? name : given["@id"];
  return {
    ...none,
    iri: id === null ? null : termIri(definition, name, id),
    type: termType(definition, name, given["@type"]),
    language:
      given["@language"] === undefined
        ? undefined
        : stringOr(given["@language"], null, "@language"),
    prefix: given["@prefix"] === true,
    protected:
      given["@protected"] === undefined ? definition.protect : given["@protected"] === true,
  };
}

const endsAsPrefix = (iri: string) => /[:/?#[\]@]$/.test(iri);

function termIri(definition: Definition, name: string, id: unknown): string {
  if (typeof id !== "string") throw new Refused("context-unsupported", `@id of ${name}`);
  const iri = id === name ? ownIri(definition, name) : localIri(definition, id);
  if (iri === null || iri === "@context" || !(isKeyword(iri) || isAbsoluteIri(iri))) {
    throw new Refused("context-unsupported", `${name} means nothing that is an address`);
  }
  return iri;
}

/** A term that is its own id: a compact or whole IRI, or a name of the vocabulary. */
function ownIri(definition: Definition, name: string): string | null {
  if (name.includes(":")) return localIri(definition, name, false);
  return definition.vocab === null ? null : definition.vocab + name;
}

function termType(definition: Definition, name: string, type: unknown): string | null {
  if (type === undefined || type === null) return null;
  if (typeof type !== "string" || type === "@json" || type === "@none") {
    throw new Refused("context-unsupported", `@type of ${name}`);
  }
  const iri = localIri(definition, type);
  if (iri === "@id" || iri === "@vocab") return iri;
  if (iri === null || !isAbsoluteIri(iri)) {
    throw new Refused("context-unsupported", `@type of ${name}`);
  }
  return iri;
}

/** An IRI inside a context, where terms it needs may still have to be defined. */
function localIri(definition: Definition, text: string, asTerm = true): string | null {
  const { local, terms, vocab } = definition;
  if (isKeyword(text)) return text;
  if (KEYWORD_LIKE.test(text)) return null;
  if (asTerm) {
    if (Object.hasOwn(local, text)) defineTerm(definition, text);
    const term = terms.get(text);
    if (term) return term.iri;
  }
  const colon = text.indexOf(":");
  if (colon > 0) {
    const prefix = text.slice(0, colon);
    if (prefix === "_" || text.startsWith("//", colon + 1)) return text;
    if (Object.hasOwn(local, prefix)) defineTerm(definition, prefix);
    return fromPrefix(terms, prefix, text);
  }
  return vocab === null ? text : vocab + text;
}

function fromPrefix(terms: ReadonlyMap<string, Term>, prefix: string, text: string): string {
  const term = terms.get(prefix);
  return term?.prefix && term.iri !== null ? term.iri + text.slice(prefix.length + 1) : text;
}

/** The meaning of a key or a type: an IRI, a keyword, null for none; a name nobody defined stays. */
export function expandVocabulary(active: ActiveContext, text: string): string | null {
  const term = active.terms.get(text);
  if (term) return term.iri;
  if (isKeyword(text)) return text;
  if (KEYWORD_LIKE.test(text)) return null;
  const colon = text.indexOf(":");
  if (colon > 0) {
    const prefix = text.slice(0, colon);
    if (prefix === "_" || text.startsWith("//", colon + 1)) return text;
    return fromPrefix(active.terms, prefix, text);
  }
  return active.vocab === null ? text : active.vocab + text;
}

/** The id of a thing: compact IRIs opened, relative ones resolved against the document's address. */
export function expandId(active: ActiveContext, text: string): string {
  const colon = text.indexOf(":");
  if (colon > 0) {
    const prefix = text.slice(0, colon);
    if (prefix === "_" || text.startsWith("//", colon + 1)) return text;
    const iri = fromPrefix(active.terms, prefix, text);
    if (isAbsoluteIri(iri)) return iri;
  }
  return resolve(text, active.base);
}

function resolve(text: string, base: string | null): string {
  if (base === null || !URL.canParse(text, base)) return text;
  return new URL(text, base).href;
}
