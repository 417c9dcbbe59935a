// What the schema of an extension asks of what it holds, as far as such schemas go.

/** What a value must be. `date`: a calendar date, with hyphens or without. */
export type Kind =
  | "text"
  | "uri"
  | "number"
  | "boolean"
  | "object"
  | "date"
  | "dateTime"
  /** In lower case, as those schemas have it. */
  | "uuid";

export type Shape = Kind | ObjectShape;

export interface ObjectShape {
  /** By terms of the extension's context. Each may be there several times. */
  readonly properties: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  /** Terms of classes, of which it must be one; anything, where not given. */
  readonly types?: readonly string[];
}
