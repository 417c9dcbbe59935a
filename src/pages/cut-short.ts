// Text for a place that shows its beginning only: what nobody sees there is not sent.
import { beginningOf } from "../beginning.ts";

/** At most `most` UTF-16 code units, the last one an ellipsis where something is left out. */
export function cutShort(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${beginningOf(text, most - 1)}…`;
}
