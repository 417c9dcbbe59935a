// What a stranger's text becomes before it is kept for people to read: short, and without tricks.

/** Most characters of a name; what is longer ends in an ellipsis. */
export const MAX_NAME_LENGTH = 200;
/** Most characters of a sentence about a badge. */
export const MAX_DETAIL_LENGTH = 500;
/** Most characters of an id or an address that is kept as it is. */
export const MAX_ID_LENGTH = 2_048;

/** Control characters, and those that turn the direction of what surrounds them. */
const TRICKS = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

/** What cannot be stored as UTF-8. */
const HALF_CHARACTERS = /\p{Surrogate}/gu;

/**
 * The text as one line of at most `most` characters, or null where nothing is left of it. Anything
 * that is no text is null too. It is still a stranger's: to be escaped wherever it is shown.
 */
export function shortText(value: unknown, most = MAX_NAME_LENGTH): string | null {
  if (typeof value !== "string") return null;
  // Long before it is counted: cutting a megabyte into characters costs more than reading it.
  const line = value
    .slice(0, most * 8)
    .replace(HALF_CHARACTERS, "\ufffd")
    .replace(TRICKS, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (line === "") return null;
  const characters = Array.from(line);
  if (characters.length <= most) return line;
  return `${characters
    .slice(0, most - 1)
    .join("")
    .trimEnd()}…`;
}

/** An http(s) address without credentials, short enough to keep; null for anything else. */
export function webAddress(value: unknown): string | null {
  if (typeof value !== "string" || value.length > MAX_ID_LENGTH || !URL.canParse(value))
    return null;
  const url = new URL(value);
  if (!/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return null;
  return url.href.length <= MAX_ID_LENGTH ? url.href : null;
}
