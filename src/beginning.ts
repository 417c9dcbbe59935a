// The beginning of a text that is longer than its place.

/** At most `most` UTF-16 code units; a surrogate whose other half is cut off goes with it. */
export function beginningOf(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}
