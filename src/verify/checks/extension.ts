// Extensions in a document, held to what is published about them.

import { type ActiveContext, emptyContext, enter, expandVocabulary } from "../contexts/active.ts";
import type { Node, Value } from "../contexts/expand.ts";
import type { Kind, Shape } from "../contexts/extension-shape.ts";
import { KNOWN_EXTENSIONS, type KnownExtension } from "../contexts/extensions.ts";
import { EXTENSIONS, OBI, SCHEMA } from "../contexts/namespaces.ts";
import { parseDateTime } from "../documents/date-time.ts";
import { isUsableId } from "../documents/reader.ts";
import { CLASS, PROPERTY } from "../documents/vocabulary.ts";
import { type Finding, failed, passed, warned } from "./finding.ts";

/** Most extensions of one document that are looked at. */
export const MAX_EXTENSIONS = 100;

/** Things that are documents of their own, and are judged as such. */
const ELSEWHERE: ReadonlySet<string> = new Set(
  [PROPERTY.badge, PROPERTY.issuer, PROPERTY.endorsement, PROPERTY.publicKey].flat(),
);

/** Every one within a thing, the outer before the inner. */
function gather(node: Node, found: Node[]): Node[] {
  node.properties.forEach((values, iri) => {
    for (const value of values) {
      if (value.kind !== "node" || isOnlyNamed(value) || ELSEWHERE.has(iri)) continue;
      if (value.types.includes(CLASS.Extension) || closed(iri, value)) found.push(value);
      gather(value, found);
    }
  });
  return found;
}

const isOnlyNamed = (node: Node) => node.source === null;

/** An object in a context nobody knows, where only an extension can stand. */
const closed = (iri: string, node: Node) => node.opaque !== null && iri.startsWith(EXTENSIONS);

/** Older contexts name the same classes by a path of the vocabulary itself. */
const modernName = (type: string) =>
  type.startsWith(`${OBI}extensions/#`)
    ? EXTENSIONS + type.slice(`${OBI}extensions/#`.length)
    : type;

/** OB20-X-01 and X-03: each known type's own shape; what is not known is named and left alone. */
export function checkExtensions(node: Node): Finding[] {
  const findings: Finding[] = [];
  for (const extension of gather(node, [])) {
    if (findings.length >= MAX_EXTENSIONS) break;
    findings.push(...checkExtension(extension));
  }
  return findings;
}

function checkExtension(extension: Node): Finding[] {
  const types = extension.types.map(modernName).filter((type) => type !== CLASS.Extension);
  const named = extension.opaque ?? types.join(" ").slice(0, 200);
  const known = KNOWN_EXTENSIONS.filter(({ type }) => types.includes(EXTENSIONS + type));
  if (known.length === 0) {
    const words = "The badge has an extension that is not known here. It was not checked.";
    return [warned("extension", "extension-unknown", words, { found: named || undefined })];
  }
  return known.map((one) => {
    const evidence = { property: one.type };
    const fault = misfit(one.shape, extension, iriOf(one), one.type);
    if (fault === null)
      return passed("extension", `The extension ${one.type} holds what it must.`, evidence);
    return failed(
      "extension",
      "extension-invalid",
      `The extension ${one.type}: ${fault}`,
      evidence,
    );
  });
}

/** Names of a shape are terms of the extension's context, or of the badge's own around it. */
function iriOf({ terms }: KnownExtension): (name: string) => string {
  const prefixes = { obi: OBI, extensions: EXTENSIONS };
  const active: ActiveContext = enter(
    emptyContext(null),
    { ...prefixes, ...terms },
    { contexts: 0 },
  );
  return (name) => {
    if (active.terms.has(name)) return expandVocabulary(active, name) ?? name;
    return name in PROPERTY ? (PROPERTY[name as keyof typeof PROPERTY][0] ?? name) : SCHEMA + name;
  };
}

/** What is wrong with a thing of this shape; null for nothing. */
function misfit(
  shape: Shape,
  value: Value,
  iri: (name: string) => string,
  path: string,
): string | null {
  if (typeof shape === "string")
    return fits(shape, value) ? null : `${path} is not ${WORDS[shape]}.`;
  if (value.kind !== "node") return `${path} is not an object.`;
  const { types } = shape;
  if (types && !types.some((type) => value.types.includes(iri(type)))) {
    return `${path} is of none of the types ${types.join(", ")}.`;
  }
  for (const name of shape.required) {
    if ((value.properties.get(iri(name)) ?? []).length === 0) return `${name} is missing.`;
  }
  for (const [name, inner] of Object.entries(shape.properties)) {
    for (const one of value.properties.get(iri(name)) ?? []) {
      const fault = misfit(inner, one, iri, name);
      if (fault !== null) return fault;
    }
  }
  return null;
}

const WORDS: Readonly<Record<Kind, string>> = {
  text: "text",
  uri: "an address",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  date: "a date",
  dateTime: "a date and time with a zone",
  uuid: "a UUID in lower case",
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function fits(shape: Kind, value: Value): boolean {
  if (shape === "object") return value.kind === "node";
  const plain =
    value.kind === "node" ? (value.properties.size === 0 ? value.id : null) : value.value;
  if (shape === "number" || shape === "boolean") return typeof plain === shape;
  if (typeof plain !== "string") return false;
  if (shape === "uri") return isUsableId(plain) || /^[a-z][a-z0-9+.-]*:\S+$/i.test(plain);
  if (shape === "dateTime") return parseDateTime(plain) !== null;
  if (shape === "uuid") return UUID.test(plain);
  if (shape === "date") return /^\d{4}(-?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])$/.test(plain);
  return true;
}
