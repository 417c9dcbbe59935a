// The beginning of a text that is longer than its place.

/** At most `most` UTF-16 code units, and no half of a sign outside the basic plane, which would be none. */
export function beginningOf(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}
