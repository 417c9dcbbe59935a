// Reads the properties of one document and keeps every fault it meets, each with its name.
import { type Node, reference, type Value } from "../contexts/expand.ts";
import { type BadgeVersion, MAX_EVIDENCE_LENGTH, type Reason } from "../result.ts";
import { parseDateTime, parseLegacyDateTime } from "./date-time.ts";
import { PROPERTY, type PropertyName } from "./vocabulary.ts";

export interface Fault {
  readonly reason: Reason;
  /** A path of the standard's names. */
  readonly property: string;
  readonly words: string;
  readonly found?: string;
  readonly expected?: string;
}

/** Most faults of one document that are told; the first ones say what is wrong with it. */
export const MAX_FAULTS = 20;

const HTTP_URL = /^https?:\/\/[^\s\p{Cc}]+$/iu;
const URN_UUID =
  /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export function isHttpUrl(text: string): boolean {
  return HTTP_URL.test(text) && URL.canParse(text);
}

/** What may name a thing: an http(s) address, a `urn:uuid:` or a blank node (OB20-D-08). */
export function isUsableId(text: string): boolean {
  return isHttpUrl(text) || URN_UUID.test(text) || text.startsWith("_:");
}

export function excerpt(text: string): string {
  return text.length <= MAX_EVIDENCE_LENGTH ? text : `${text.slice(0, MAX_EVIDENCE_LENGTH)}…`;
}

const NONE: readonly Value[] = [];

/** What stands in a value, for evidence. */
export function show(value: Value): string {
  if (value.kind === "literal") return excerpt(String(value.value));
  return excerpt(value.id ?? "an object");
}

export class Reader {
  readonly node: Node;
  readonly version: BadgeVersion;
  readonly faults: Fault[];
  private readonly path: string;

  constructor(node: Node, version: BadgeVersion, faults: Fault[] = [], path = "") {
    this.node = node;
    this.version = version;
    this.faults = faults;
    this.path = path;
    if (node.opaque !== null) {
      this.fault("context-unknown", "", `The context ${excerpt(node.opaque)} is not known here.`);
    }
    if (node.language !== null && !/^[a-z]{1,8}(?:-[a-z0-9]{1,8})*$/i.test(node.language)) {
      const words = "The language is not a language tag such as en or pt-BR.";
      this.fault("property-invalid", "@language", words, excerpt(node.language));
    }
  }

  get legacy(): boolean {
    return this.version !== "2.0";
  }

  fault(reason: Reason, property: string, words: string, found?: string, expected?: string): void {
    if (this.faults.length >= MAX_FAULTS) return;
    const path = [this.path, property].filter((step) => step !== "").join(".");
    this.faults.push({ reason, property: path, words, found, expected });
  }

  /** A reader of an object inside, which keeps its faults with these. */
  inside(node: Node, property: string): Reader {
    const path = this.path === "" ? property : `${this.path}.${property}`;
    return new Reader(node, this.version, this.faults, path);
  }

  all(property: PropertyName): readonly Value[] {
    const { properties } = this.node;
    const iris: readonly string[] = PROPERTY[property];
    if (iris.length > 1) return iris.flatMap((iri) => properties.get(iri) ?? NONE);
    return properties.get(PROPERTY[property][0]) ?? NONE;
  }

  /** The value of a property that may have one; what is missing is a fault where it is required. */
  one(property: PropertyName, required: boolean): Value | null {
    const values = this.all(property);
    if (values.length > 1) {
      const words = `There are ${values.length} values of "${property}", and there may be one.`;
      this.fault("property-repeated", property, words);
      return null;
    }
    const [value] = values;
    if (value === undefined && required) this.missing(property);
    return value ?? null;
  }

  missing(property: string): void {
    this.fault("property-missing", property, `"${property}" is missing.`);
  }

  invalid(property: string, expected: string, value?: Value): void {
    const words = `"${property}" is not ${expected}.`;
    this.fault("property-invalid", property, words, value && show(value), expected);
  }

  text(property: PropertyName, required = false): string | null {
    const value = this.one(property, required);
    if (value === null) return null;
    if (value.kind === "literal" && typeof value.value === "string") {
      if (value.value.trim() !== "" || !required) return value.value;
      this.missing(property);
      return null;
    }
    this.invalid(property, "text", value);
    return null;
  }

  /** Texts, where each may also have been written as something that reads as an id. */
  texts(property: PropertyName): string[] {
    return this.all(property).flatMap((value) => {
      const text = value.kind === "node" ? value.id : value.value;
      if (typeof text === "string") return [text];
      this.invalid(property, "text", value);
      return [];
    });
  }

  /** An http(s) address, whether the context makes it an id or leaves it text. */
  url(property: PropertyName, required = false): string | null {
    const value = this.one(property, required);
    if (value === null) return null;
    const text = value.kind === "node" ? value.id : value.value;
    if (typeof text === "string" && isHttpUrl(text)) return text;
    this.invalid(property, "a web address", value);
    return null;
  }

  boolean(property: PropertyName, required = false): boolean | null {
    const value = this.one(property, required);
    if (value === null) return null;
    if (value.kind === "literal" && typeof value.value === "boolean") return value.value;
    this.invalid(property, "true or false", value);
    return null;
  }

  /** In milliseconds since 1970. */
  dateTime(property: PropertyName, required = false): number | null {
    const value = this.one(property, required);
    if (value === null) return null;
    const given = value.kind === "literal" ? value.value : null;
    let instant: number | null = null;
    if (this.legacy && given !== null && typeof given !== "boolean") {
      instant = parseLegacyDateTime(given);
    } else if (typeof given === "string") {
      instant = parseDateTime(given);
    }
    if (instant === null) this.invalid(property, "a date and time with a zone", value);
    return instant;
  }

  /** A thing, embedded or by its id. A bare text is taken for an id: it can mean nothing else. */
  reference(property: PropertyName, required = false): Node | null {
    const value = this.one(property, required);
    return value === null ? null : this.asNode(property, value);
  }

  references(property: PropertyName): Node[] {
    return this.all(property).flatMap((value) => this.asNode(property, value) ?? []);
  }

  private asNode(property: string, value: Value): Node | null {
    if (value.kind === "node") return value;
    if (typeof value.value === "string" && value.value !== "") {
      return reference(value.value);
    }
    this.invalid(property, "a thing or the address of one", value);
    return null;
  }

  /** An object written in place: an address alone does not do. */
  object(property: PropertyName, required = false): Node | null {
    const node = this.reference(property, required);
    if (node === null) return null;
    if (node.properties.size > 0 || node.types.length > 0 || node.opaque !== null) return node;
    this.invalid(property, "an object", node);
    return null;
  }

  /** Optional texts that only have to be texts. */
  optionalTexts(...properties: PropertyName[]): void {
    for (const property of properties) this.text(property);
  }

  /** The id, which must be there and be of a usable scheme. */
  id(): string | null {
    const { id } = this.node;
    if (id === null || id === "") {
      this.fault("id-missing", "id", "There is no id.");
      return null;
    }
    if (isUsableId(id)) return id;
    const words = "The id is neither a web address nor a urn:uuid.";
    this.fault("id-scheme", "id", words, excerpt(id));
    return id;
  }

  /** Whether the types name one of these classes, and nothing that nobody defines. */
  type(expected: readonly string[], named: string): void {
    const { types } = this.node;
    if (types.length === 0) {
      // 1.0 had no types.
      if (this.version !== "1.0") this.fault("type-missing", "type", "There is no type.");
      return;
    }
    const unknown = types.find((type) => !/^[a-z][a-z0-9+.-]*:/i.test(type));
    if (unknown !== undefined) {
      const words = `The type "${excerpt(unknown)}" is defined nowhere.`;
      this.fault("type-unknown", "type", words, excerpt(unknown), named);
    } else if (!expected.some((type) => types.includes(type))) {
      const words = `The type is not ${named}.`;
      this.fault("type-unexpected", "type", words, excerpt(types.join(" ")), named);
    }
  }
}
