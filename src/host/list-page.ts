// Which part of a list is asked for, and where its other parts are (Open Badges 2.1, GET /assertions).
import { parseDateTime } from "../verify/documents/date-time.ts";
import { Refusal } from "./envelope.ts";

/** Entries of one page where nothing else is asked for, and at most. */
export const DEFAULT_LIMIT = 25;
export const MAX_LIMIT = 50;

export interface ListPage {
  readonly limit: number;
  readonly offset: number;
  /** Milliseconds since 1970; null for all. */
  readonly since: number | null;
}

const LIMIT = /^[1-9]\d{0,8}$/;
const OFFSET = /^\d{1,9}$/;

/** Throws a Refusal that names the parameter. A limit above `MAX_LIMIT` means that (OB21-G-08). */
export function readPage(query: URLSearchParams): ListPage {
  const limit = one(query, "limit") ?? String(DEFAULT_LIMIT);
  if (!LIMIT.test(limit)) throw invalid("limit must be a whole number, at least 1.");
  const offset = one(query, "offset") ?? "0";
  if (!OFFSET.test(offset)) throw invalid("offset must be a whole number, at least 0.");
  const since = one(query, "since");
  return {
    limit: Math.min(Number(limit), MAX_LIMIT),
    offset: Number(offset),
    since: since === null ? null : readSince(since),
  };
}

function one(query: URLSearchParams, name: string): string | null {
  const values = query.getAll(name);
  if (values.length > 1) throw invalid(`${name} is given more than once.`);
  return values[0] ?? null;
}

/** A plus sign that was not escaped arrives as a blank; between time and zone nothing else can be. */
const ESCAPED_PLUS = /(?<=\d) (?=\d\d:?\d\d$)/;

function readSince(text: string): number {
  const at = text.length > 64 ? null : parseDateTime(text.replace(ESCAPED_PLUS, "+"));
  if (at === null) {
    throw invalid("since must be an ISO 8601 date and time with its zone: 2026-10-04T14:02:00Z.");
  }
  return at;
}

function invalid(words: string): Refusal {
  return new Refusal(400, "REQUEST_VALIDATION_ERROR", words);
}

/** The headers of a page of a list with so many entries (RFC 8288; OB21-G-06, G-07, G-09). */
export function pageHeaders(
  address: string,
  { limit, offset, since }: ListPage,
  total: number,
): Readonly<Record<string, string>> {
  const last = total === 0 ? 0 : Math.floor((total - 1) / limit) * limit;
  const offsets: [string, number | null][] = [
    ["first", 0],
    ["prev", offset > 0 ? Math.max(0, Math.min(offset - limit, last)) : null],
    ["next", offset + limit < total ? offset + limit : null],
    ["last", last],
  ];
  const links = offsets.flatMap(([relation, at]) =>
    at === null ? [] : [`<${addressOf(address, { limit, offset: at, since })}>; rel="${relation}"`],
  );
  return { link: links.join(", "), "x-total-count": String(total) };
}

function addressOf(address: string, { limit, offset, since }: ListPage): string {
  const query = new URLSearchParams({ limit: String(limit), offset: String(offset) });
  if (since !== null) query.set("since", new Date(since).toISOString());
  return `${address}?${query}`;
}
