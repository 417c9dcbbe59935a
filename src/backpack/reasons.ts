// Why something did not go through, as a page says it: the words of a code, and who can act.
import type { Delivery } from "../db/deliveries.ts";
import { RECONNECT_WORDS } from "../oauth/words.ts";
import type { Reason } from "../pages/backpack-reason.tsx";
import { PULL_WORDS } from "./pull-result.ts";
import { deliveryWords, type Words } from "./words.ts";

const WHO: Readonly<Record<Words["who"], string | null>> = {
  you: null,
  backpack: "Only the backpack’s operator can put this right.",
  administrator: "An administrator of this site has to look at it.",
  nobody: "It is tried again by itself.",
};

function reasonOf({ words, who }: Words): Reason {
  return { words, who: WHO[who] };
}

/** Of a pull that did not go through; null where the last one did. */
export function pullReason(code: string | null): Reason | null {
  if (code === null) return null;
  const known = Object.entries(PULL_WORDS).find(([name]) => name === code)?.[1];
  return reasonOf(known ?? { words: "The backpack could not be read.", who: "nobody" });
}

/** Only of a state in which something is wrong: what hindered a badge that arrived is past. */
export function deliveryReason({
  state,
  last_problem: code,
}: Pick<Delivery, "state" | "last_problem">): Reason | null {
  if (code === null || state === "delivered") return null;
  const { words, who } = deliveryWords(code);
  if (state === "parked" && who === "nobody") return { words, who: GIVEN_UP };
  const isOnItsWay = state === "pending" || state === "sending" || state === "unknown";
  if (isOnItsWay && who === "backpack") return { words, who: TRIED_AGAIN };
  return reasonOf({ words, who });
}

const TRIED_AGAIN =
  "It is tried again by itself. If it stays so, only the backpack’s operator can put it right.";
const GIVEN_UP = "It is no longer tried by itself: try again once the backpack works.";

/** The words alone; nothing for no code. */
export function problemWords(code: string | null): string {
  return code === null ? "" : deliveryWords(code).words;
}

/** Of a connection that waits for its person. */
export function connectionReason(code: string | null): Reason {
  const known = Object.entries(RECONNECT_WORDS).find(([name]) => name === code)?.[1];
  return { words: known ?? RECONNECT_WORDS["grant-gone"], who: null };
}
