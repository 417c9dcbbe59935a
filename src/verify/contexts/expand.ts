// Turns a JSON-LD document into things and what is said of them, by meaning and never by key.
import { looksSigned } from "../jws.ts";
import {
  type ActiveContext,
  type Budget,
  type ContextReason,
  emptyContext,
  enter,
  expandId,
  expandVocabulary,
  isAbsoluteIri,
  isKeyword,
  Refused,
  type Term,
} from "./active.ts";

/** A thing: what it is called, what it is, and what is said of it by the IRIs of the properties. */
export interface Node {
  readonly kind: "node";
  readonly id: string | null;
  readonly types: readonly string[];
  readonly properties: ReadonlyMap<string, readonly Value[]>;
  readonly language: string | null;
  /** The context nobody here knows, for which nothing of this thing but its id was read. */
  readonly opaque: string | null;
  /** The object it was written as; null where there is nothing but an id. */
  readonly source: Members | null;
}

export interface Literal {
  readonly kind: "literal";
  readonly value: string | number | boolean;
  /** IRI of the datatype, where there is one. */
  readonly type: string | null;
  readonly language: string | null;
}

export type Value = Node | Literal;

export type Expanded =
  | { readonly ok: true; readonly node: Node }
  | { readonly ok: false; readonly reason: ContextReason; readonly detail: string };

/** Deepest objects within one another that are read. */
export const MAX_DEPTH = 32;

export type Members = Readonly<Record<string, unknown>>;

/**
 * Expands a document (JSON-LD 1.1 API, section 5.1) as far as documents about badges need it. What
 * no context maps has no meaning and is not in the answer (OB20-D-02). Types are not resolved
 * against the document's address: a type nobody defined stays a bare word and is known by that.
 *
 * `base`: the address the document came from, null for none. Time is linear in the document.
 */
export function expand(document: object, base: string | null, context?: unknown): Expanded {
  const expander = new Expander();
  try {
    const root = emptyContext(base);
    const active = context === undefined ? root : enter(root, context, expander.budget);
    return { ok: true, node: expander.node(active, membersOf(document), 0) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, reason: error.reason, detail: error.detail };
    throw error;
  }
}

function membersOf(value: object): Members {
  // A copy without a prototype's names is not needed: keys are only ever listed.
  return value as Members;
}

class Expander {
  readonly budget: Budget = { contexts: 0 };

  /** Reads an object as a thing. */
  node(outer: ActiveContext, members: Members, depth: number): Node {
    if (depth > MAX_DEPTH) {
      throw new Refused("document-too-complex", `objects ${MAX_DEPTH} levels deep`);
    }
    const active = this.inside(outer, members, depth);
    if (typeof active === "string") return opaque(outer, members, active);
    const builder = new Builder(members);
    for (const key of Object.keys(members)) {
      if (key !== "@context") this.member(active, builder, key, members[key], depth);
    }
    return builder.finish();
  }

  /** The context of an object; below the root an unknown one is named, and its object closed. */
  private inside(outer: ActiveContext, members: Members, depth: number): ActiveContext | string {
    if (!Object.hasOwn(members, "@context")) return outer;
    try {
      return enter(outer, members["@context"], this.budget);
    } catch (error) {
      if (error instanceof Refused && error.reason === "context-unknown" && depth > 0) {
        return error.detail;
      }
      throw error;
    }
  }

  private member(
    active: ActiveContext,
    builder: Builder,
    key: string,
    value: unknown,
    depth: number,
  ): void {
    const term = active.terms.get(key);
    const iri = term ? term.iri : expandVocabulary(active, key);
    if (iri === null) return;
    if (isKeyword(iri)) {
      this.keyword(active, builder, iri, value);
    } else if (value !== null && (term || isAbsoluteIri(iri))) {
      // A context gives a term no other meaning than a keyword or an absolute IRI.
      builder.add(iri, this.values(active, term, value, depth + 1));
    }
  }

  private keyword(active: ActiveContext, builder: Builder, keyword: string, value: unknown): void {
    if (keyword === "@id") {
      if (typeof value !== "string") throw new Refused("document-ambiguous", "an id is not text");
      builder.setId(expandId(active, value));
    } else if (keyword === "@type") {
      builder.addTypes(typesOf(active, value));
    } else if (keyword === "@language") {
      builder.language = typeof value === "string" ? value : builder.language;
    } else if (keyword !== "@index") {
      throw new Refused("document-ambiguous", `${keyword} where a badge's documents have none`);
    }
  }

  private values(
    active: ActiveContext,
    term: Term | undefined,
    value: unknown,
    depth: number,
  ): Value[] {
    if (value === null || value === undefined) return [];
    if (Array.isArray(value)) {
      if (depth > MAX_DEPTH) throw new Refused("document-too-complex", "lists within lists");
      return value.flatMap((one) => this.values(active, term, one, depth + 1));
    }
    if (typeof value === "object") return this.object(active, term, membersOf(value), depth);
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      return [scalar(active, term, value)];
    }
    return [];
  }

  /** A value that is written as an object: a literal, a set or list, or a thing. */
  private object(
    active: ActiveContext,
    term: Term | undefined,
    members: Members,
    depth: number,
  ): Value[] {
    let set: string | null = null;
    let list: string | null = null;
    for (const key of Object.keys(members)) {
      const meaning = expandVocabulary(active, key);
      if (meaning === "@value") return literal(active, members);
      if (meaning === "@set") set = key;
      else if (meaning === "@list") list = key;
    }
    const container = set ?? list;
    if (container !== null) {
      if (depth > MAX_DEPTH) throw new Refused("document-too-complex", "lists within lists");
      return this.values(active, term, members[container], depth + 1);
    }
    const node = this.node(active, members, depth);
    const empty = node.properties.size === 0 && node.types.length === 0 && node.id === null;
    // A language by itself says nothing about anything.
    return empty && node.language !== null ? [] : [node];
  }
}

/** What is gathered of one thing. */
class Builder {
  id: string | null = null;
  language: string | null = null;
  private readonly types: string[] = [];
  private readonly properties = new Map<string, Value[]>();
  private readonly source: Members;

  constructor(source: Members) {
    this.source = source;
  }

  setId(id: string): void {
    if (this.id !== null) throw new Refused("document-ambiguous", "two ids on one thing");
    this.id = id;
  }

  addTypes(types: readonly string[]): void {
    this.types.push(...types);
  }

  /** Takes the list over. */
  add(iri: string, values: Value[]): void {
    const known = this.properties.get(iri);
    if (known) for (const value of values) known.push(value);
    else this.properties.set(iri, values);
  }

  finish(): Node {
    const { id, types, properties, language, source } = this;
    return { kind: "node", id, types, properties, language, opaque: null, source };
  }
}

function typesOf(active: ActiveContext, value: unknown): string[] {
  if (typeof value === "string") return [expandVocabulary(active, value) ?? value];
  return [value].flat().map((type) => {
    if (typeof type !== "string") throw new Refused("document-ambiguous", "a type is not text");
    return expandVocabulary(active, type) ?? type;
  });
}

function scalar(
  active: ActiveContext,
  term: Term | undefined,
  value: string | number | boolean,
): Value {
  const type = term?.type ?? null;
  if (typeof value === "string" && type === "@id") {
    // A signed document in place of its address is no address, not even a relative one.
    return reference(looksSigned(value) ? value : expandId(active, value));
  }
  if (typeof value === "string" && type === "@vocab") {
    return reference(expandVocabulary(active, value) ?? value);
  }
  const datatype = type === "@id" || type === "@vocab" ? null : type;
  const language = term?.language === undefined ? active.language : term.language;
  return {
    kind: "literal",
    value,
    type: datatype,
    language: typeof value === "string" && datatype === null ? language : null,
  };
}

function literal(active: ActiveContext, members: Members): Value[] {
  let value: unknown;
  let type: string | null = null;
  let language: string | null = null;
  for (const [key, given] of Object.entries(members)) {
    const meaning = expandVocabulary(active, key);
    if (meaning === "@value") value = given;
    else if (meaning === "@type" && typeof given === "string") {
      type = expandVocabulary(active, given);
    } else if (meaning === "@language" && typeof given === "string") language = given;
    else if (meaning !== "@index" && key !== "@context") {
      throw new Refused("document-ambiguous", `${key} beside a value`);
    }
  }
  if (value === null || value === undefined) return [];
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
    throw new Refused("document-ambiguous", "a value that is neither text, number nor boolean");
  }
  return [{ kind: "literal", value, type, language }];
}

const NO_TYPES: readonly string[] = [];
const NO_PROPERTIES: ReadonlyMap<string, readonly Value[]> = new Map();

/** A thing of which nothing but its id is said. */
export function reference(id: string | null): Node {
  return {
    kind: "node",
    id,
    types: NO_TYPES,
    properties: NO_PROPERTIES,
    language: null,
    opaque: null,
    source: null,
  };
}

/** All that may be said of a thing in a context nobody knows: its id, if it is an address. */
function opaque(outer: ActiveContext, members: Members, context: string): Node {
  const id = members["@id"] ?? members.id;
  const known = typeof id === "string" && isAbsoluteIri(id) ? expandId(outer, id) : null;
  return { ...reference(known), opaque: context, source: members };
}
