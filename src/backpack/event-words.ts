// What happened at a connection, in a sentence for each kind of event.
import type { ShelfEvent } from "../db/backpack-shelf.ts";
import type { BackpackEvent } from "../db/deliveries.ts";
import { connectionReason, problemWords } from "./reasons.ts";

interface EventWords {
  readonly words: string;
  /** What the words go on from; null where they stand alone. */
  readonly badge: ShelfEvent["badge"];
}

/** Of a delivery: goes on from the badge's name, which stands before it. */
const OF_BADGE: Readonly<Record<string, (why: string) => string>> = {
  delivered: () => "was sent.",
  withdrawn: () => "was revoked here, and is no longer sent.",
  refused: (why) => `was refused. ${why}`,
  parked: (why) => `could not be sent, and waits for you to try again. ${why}`,
  delayed: (why) => `takes longer than usual. ${why}`,
  scope_missing: (why) => `could not be sent. ${why}`,
};

const OF_CONNECTION: Readonly<Record<string, (event: BackpackEvent) => string>> = {
  connected: ({ detail }) => (detail?.again === true ? "Connected again." : "Connected."),
  reconnect: ({ detail }) => connectionReason(textIn(detail, "code")).words,
  pulled: ({ detail }) => `Looked what is there. ${textIn(detail, "words") ?? ""}`.trimEnd(),
  pull_failed: ({ detail }) => textIn(detail, "words") ?? "The backpack could not be read.",
};

/** An event of a kind that another version wrote is told by its name. */
export function eventWords(event: BackpackEvent, badge: ShelfEvent["badge"]): EventWords {
  const { kind, detail } = event;
  if (Object.hasOwn(OF_CONNECTION, kind)) {
    return { badge: null, words: OF_CONNECTION[kind]?.(event) ?? kind };
  }
  const rest = Object.hasOwn(OF_BADGE, kind) ? OF_BADGE[kind] : undefined;
  if (rest === undefined) return { badge, words: kind.replaceAll("_", " ") };
  const words = rest(problemWords(textIn(detail, "code"))).trimEnd();
  return badge === null ? { badge, words: `A badge ${words}` } : { badge, words };
}

function textIn(detail: BackpackEvent["detail"], name: string): string | null {
  const value = detail?.[name];
  return typeof value === "string" ? value : null;
}
