// Why something did not go through, as a page says it: the words of a code, and who can act.
import { RECONNECT_WORDS } from "../oauth/words.ts";
import type { Reason } from "../pages/backpack.tsx";
import { PULL_WORDS } from "./pull-result.ts";

const WHO = {
  you: "You can put this right.",
  backpack: "Only the backpack can put this right.",
  administrator: "An administrator of this site has to look at it.",
  nobody: "It is tried again by itself.",
} as const;

/** Of a pull that did not go through; null where the last one did. */
export function pullReason(code: string | null): Reason | null {
  if (code === null) return null;
  const known = Object.entries(PULL_WORDS).find(([name]) => name === code)?.[1];
  if (known === undefined) return { words: "The backpack could not be read.", who: WHO.nobody };
  return { words: known.words, who: WHO[known.who] };
}

export function deliveryReason(code: string | null): Reason | null {
  return code === null ? null : { words: code, who: WHO.you };
}

/** Of a connection that waits for its person. */
export function connectionReason(code: string | null): Reason {
  const known = Object.entries(RECONNECT_WORDS).find(([name]) => name === code)?.[1];
  return { words: known ?? RECONNECT_WORDS["grant-gone"], who: null };
}
