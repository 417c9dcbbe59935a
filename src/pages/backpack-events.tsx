// What happened at a connection last: a sentence for each event.
import type { Child } from "hono/jsx";
import type { ShelfEvent } from "../db/backpack-shelf.ts";
import type { Language } from "../language.ts";
import { BACKPACK_WORDS } from "./words/backpack.ts";
import { BACKPACK_PROBLEMS, type BackpackProblem } from "./words/backpack-problems.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

/** Numbers of badges that a look into a backpack found. */
export interface FoundCounts {
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  readonly unchecked: number;
}

export type BackpackEventView = {
  /** Milliseconds since 1970. */
  readonly at: number;
} & (
  | {
      readonly kind: "delivered" | "withdrawn" | "refused" | "parked" | "delayed" | "scope_missing";
      readonly badge: ShelfEvent["badge"];
      readonly why: BackpackProblem | null;
    }
  | { readonly kind: "connected"; readonly again: boolean }
  | { readonly kind: "problem"; readonly problem: BackpackProblem }
  | { readonly kind: "pulled"; readonly found: FoundCounts; readonly more: boolean }
  /** Of another version, by its name. */
  | { readonly kind: "other"; readonly name: string }
);

interface EventsProps {
  readonly events: readonly BackpackEventView[];
  readonly language: Language;
}

export function Events({ events, language }: EventsProps) {
  const t = speaker(language, BACKPACK_WORDS);
  return (
    <section class="sheet pad result-part" aria-labelledby="events">
      <h2 id="events">{t("happened")}</h2>
      {events.length === 0 ? <p>{t("nothing-yet")}</p> : null}
      <ol class="items log">
        {events.map((event) => (
          <li>
            <span>{sentence(event, t)}</span>
            <span class="soft small">{t.minute(event.at)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

type T = Speaker<keyof typeof BACKPACK_WORDS.en>;

function sentence(event: BackpackEventView, t: T): Child {
  const why = speaker(t.language, BACKPACK_PROBLEMS);
  switch (event.kind) {
    case "connected":
      return t(event.again ? "event-connected-again" : "event-connected");
    case "problem":
      return why(event.problem);
    case "pulled": {
      const found = foundWords(event.found, t);
      return t("event-pulled", {
        found: event.more ? `${found} ${why("read_more_than_read")}` : found,
      });
    }
    case "other":
      return event.name;
    default:
      return t.rich(`event-${event.kind}`, {
        badge: badgeName(event.badge, t),
        why: event.why === null ? "" : why(event.why),
      });
  }
}

function badgeName(badge: ShelfEvent["badge"], t: T): Child {
  if (badge === null) return t("a-badge");
  return t.rich("the-badge", { name: <bdi lang={badge.language}>{badge.name}</bdi> });
}

function foundWords({ added, changed, gone, unchecked }: FoundCounts, t: T): string {
  const parts = [
    added > 0 ? t("found-added", { count: added }) : null,
    changed > 0 ? t("found-changed", { count: changed }) : null,
    gone > 0 ? t("found-gone", { count: gone }) : null,
    unchecked > 0 ? t("found-unchecked", { count: unchecked }) : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? t("found-nothing") : `${parts.join(", ")}.`;
}
