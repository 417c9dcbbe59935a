// A file of events: one JSON document, or JSON Lines, each with its place for whoever corrects it.
import { Failure } from "./verb.ts";

export interface Entry {
  /** The line, or the place in the array, from 1. */
  readonly place: number;
  readonly event: unknown;
  /** As JSON in UTF-8. */
  readonly bytes: number;
}

/** Throws a Failure that says where it is neither. */
export function readEntries(bytes: Uint8Array<ArrayBuffer>): Entry[] {
  const text = decoded(bytes);
  const whole = parsed(text);
  const entries = whole === undefined ? linesOf(text) : eventsIn(whole).map(entryAt);
  if (entries.length > 0) return entries;
  const detail = "There are no events in the file.";
  throw new Failure(detail, { code: "no-events", detail });
}

function decoded(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const detail = "The file is not UTF-8.";
    throw new Failure(detail, { code: "file-not-json", detail });
  }
}

/** Undefined, which no JSON says, for what is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function eventsIn(whole: unknown): readonly unknown[] {
  if (Array.isArray(whole)) return whole;
  const isEnvelope = typeof whole === "object" && whole !== null && "events" in whole;
  return isEnvelope && Array.isArray(whole.events) ? whole.events : [whole];
}

function linesOf(text: string): Entry[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === "") return [];
    const event = parsed(line);
    if (event !== undefined) return [entryAt(event, i)];
    const detail = `Line ${i + 1} is not JSON.`;
    throw new Failure(`${detail}\n  Give one JSON array, or one event on each line.`, {
      code: "file-not-json",
      detail,
    });
  });
}

function entryAt(event: unknown, index: number): Entry {
  const bytes = new TextEncoder().encode(JSON.stringify(event)).length;
  return { place: index + 1, event, bytes };
}
