// Text for a place that shows its beginning only: what nobody sees there is not sent.

/** At most `most` UTF-16 code units, the last one an ellipsis where something is left out. */
export function cutShort(text: string, most: number): string {
  if (text.length <= most) return text;
  // Half of a sign outside the basic plane would be no sign.
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
