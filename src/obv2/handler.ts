// What answers one kind of public address: from an id and what is asked, without a server in sight.
import { Problem } from "../problem.ts";
import type { Answer, Ask } from "./hosted.ts";
import { OPEN_TO_ALL } from "./serving.ts";

export type AnyAnswer = Answer<string | Uint8Array<ArrayBuffer>>;
export type Query = (name: string) => string | undefined;
/** `request` is for what few ask of it, such as a reader's language. */
export type Handler = (ask: Ask, id: string, query: Query, request: Request) => Promise<AnyAnswer>;

export function notPublished(): Problem {
  return new Problem("not-found", "Nothing was ever published at this address.", {
    headers: OPEN_TO_ALL,
  });
}

/** What was found; a 404 where nothing was. */
export function known<Row>(row: Row | null): Row {
  if (row === null) throw notPublished();
  return row;
}
