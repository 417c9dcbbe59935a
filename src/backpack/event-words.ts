// What happened at a connection, as a page is told it: which sentence stands for a kind of event, and what is in it.
import type { ShelfEvent } from "../db/backpack-shelf.ts";
import type { BackpackEvent } from "../db/deliveries.ts";
import type { BackpackEventView, FoundCounts } from "../pages/backpack-events.tsx";
import { grantProblem, readProblem, sendProblem } from "./reasons.ts";

const OF_BADGE = [
  "delivered",
  "withdrawn",
  "refused",
  "parked",
  "delayed",
  "scope_missing",
] as const;

/** An event of a kind that another version wrote is told by its name. */
export function eventView(event: BackpackEvent, badge: ShelfEvent["badge"]): BackpackEventView {
  const { kind, detail, created_at: at } = event;
  const ofBadge = OF_BADGE.find((one) => one === kind);
  if (ofBadge !== undefined) {
    const code = textIn(detail, "code");
    return { at, kind: ofBadge, badge, why: code === null ? null : sendProblem(code) };
  }
  switch (kind) {
    case "connected":
      return { at, kind, again: detail?.again === true };
    case "reconnect":
      return { at, kind: "problem", problem: grantProblem(textIn(detail, "code")) };
    case "pull_failed":
      return { at, kind: "problem", problem: readProblem(textIn(detail, "problem")) };
    case "pulled":
      return { at, kind, found: foundIn(detail), more: detail?.more === true };
    default:
      return { at, kind: "other", name: kind.replaceAll("_", " ") };
  }
}

function textIn(detail: BackpackEvent["detail"], name: string): string | null {
  const value = detail?.[name];
  return typeof value === "string" ? value : null;
}

function foundIn(detail: BackpackEvent["detail"]): FoundCounts {
  const count = (name: keyof FoundCounts) => {
    const value = detail?.[name];
    return typeof value === "number" ? value : 0;
  };
  return {
    added: count("added"),
    changed: count("changed"),
    gone: count("gone"),
    unchecked: count("unchecked"),
  };
}
