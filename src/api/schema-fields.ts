// A JSON Schema of the OpenAPI document as lines a person reads: name, type, bounds.
import type { OpenApiDocument } from "./document.ts";

type Schemas = NonNullable<NonNullable<OpenApiDocument["components"]>["schemas"]>;
export type Schema = Schemas[string];
type SchemaObject = Exclude<Schema, { $ref: string }>;

export interface FieldLine {
  /** With its place: `identities[].type`. */
  readonly name: string;
  readonly required: boolean;
  /** As `string, at most 255 characters, or null`. */
  readonly kind: string;
  readonly note: string;
}

/** Objects within objects are shown to this depth; deeper ones are named only. */
const SHOWN_DEPTH = 3;

/** The members of an object schema, and of the objects in it, in the order they are declared. */
export function fieldLines(
  document: OpenApiDocument,
  schema: Schema,
  place = "",
  depth = 0,
): FieldLine[] {
  const object = resolved(document, schema);
  // A body that may be one of several: the members of each.
  if (depth === 0 && object.anyOf) {
    return object.anyOf.flatMap((one) => fieldLines(document, one, place, depth));
  }
  const required = new Set(object.required ?? []);
  return Object.entries(object.properties ?? {}).flatMap(([name, member]) => {
    const inner = resolved(document, member);
    const path = `${place}${name}`;
    const line = {
      name: path,
      required: required.has(name),
      kind: kindOf(document, inner),
      note: inner.description ?? "",
    };
    return [line, ...(depth < SHOWN_DEPTH ? within(document, inner, path, depth) : [])];
  });
}

function within(
  document: OpenApiDocument,
  schema: SchemaObject,
  path: string,
  depth: number,
): FieldLine[] {
  const items = itemsOf(schema);
  if (items) return fieldLines(document, items, `${path}[].`, depth + 1);
  return fieldLines(document, schema, `${path}.`, depth + 1);
}

function itemsOf(schema: SchemaObject): Schema | undefined {
  return "items" in schema ? schema.items : undefined;
}

function resolved(document: OpenApiDocument, schema: Schema): SchemaObject {
  if (!isReference(schema)) return schema;
  const name = schema.$ref.split("/").at(-1) ?? "";
  const target = document.components?.schemas?.[name];
  return target === undefined ? {} : resolved(document, target);
}

function isReference(schema: Schema): schema is Exclude<Schema, SchemaObject> {
  return schema.$ref !== undefined;
}

/** What a value may be, in words. */
export function kindOf(document: OpenApiDocument, schema: Schema): string {
  const object = resolved(document, schema);
  const choices = object.anyOf ?? object.oneOf;
  if (choices) return [...new Set(choices.map((one) => kindOf(document, one)))].join(" or ");
  const types = [object.type ?? []].flat();
  const values = object.enum?.filter((value) => value !== null).map(String);
  const words =
    values ?? types.filter((type) => type !== "null").map((type) => nounOf(type, object));
  const items = itemsOf(object);
  const kind = items ? `array of ${kindOf(document, items)}` : words.join(values ? " | " : " or ");
  return [
    kind || "any value",
    ...boundsOf(object),
    ...(types.includes("null") ? ["or null"] : []),
  ].join(", ");
}

function nounOf(type: string, { format }: SchemaObject): string {
  return format === undefined ? type : `${type} (${format})`;
}

function boundsOf(schema: SchemaObject): string[] {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems } = schema;
  return [
    ...range(minLength, maxLength, "characters"),
    ...range(minimum, maximum, ""),
    ...range(minItems, maxItems, "items"),
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
  ];
}

function range(least: number | undefined, most: number | undefined, unit: string): string[] {
  if (least !== undefined && most !== undefined) return [`${least} to ${most} ${unit}`.trim()];
  if (most !== undefined) return [`at most ${most} ${unit}`.trim()];
  return least === undefined ? [] : [`at least ${least} ${unit}`.trim()];
}
