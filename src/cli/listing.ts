// Lists of the API, read to their last page, and shown as a table.
import type { Api, ApiCall, Document } from "./installation.ts";
import { columns } from "./out.ts";
import type { Out } from "./verb.ts";

/** One page of the API at a time, newest first. */
export async function* each(api: Api, path: string, call: ApiCall = {}): AsyncGenerator<Document> {
  const separator = path.includes("?") ? "&" : "?";
  let cursor: unknown = null;
  do {
    const after = typeof cursor === "string" ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page = await api("GET", `${path}${separator}limit=100${after}`, call);
    if (Array.isArray(page.data)) for (const item of page.data) yield item as Document;
    cursor = page.next_cursor;
  } while (typeof cursor === "string");
}

export async function listAll(api: Api, path: string, call: ApiCall = {}): Promise<Document[]> {
  const found: Document[] = [];
  for await (const item of each(api, path, call)) found.push(item);
  return found;
}

/** A member as a person reads it; empty for what is absent or null. */
export function text(document: Document | undefined, name: string): string {
  const value = document?.[name];
  return value === undefined || value === null ? "" : String(value);
}

/** A member that is an object of its own. */
export function inner(document: Document, name: string): Document {
  const value = document[name];
  return typeof value === "object" && value !== null ? (value as Document) : {};
}

export function printTable(out: Out, rows: readonly Document[], names: readonly string[]): void {
  const head = names.map((name) => name.replaceAll("_", " "));
  const cells = rows.map((row) => names.map((name) => text(row, name)));
  if (rows.length === 0) out.line("none yet");
  else for (const line of columns([head, ...cells])) out.line(line);
  out.document({ data: rows });
}

/** A time in milliseconds since 1970, as it stands in a column. */
export function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
