// Requests to the API with a key, raw enough for every fault, and a look at all that is stored.
import type { Env } from "../../src/env.ts";
import type { FieldError } from "../../src/problem.ts";
import type { TestApp } from "../app.ts";

/** Members that tests look into; what an answer lacks is `undefined`, whatever its type says. */
export interface Body {
  readonly [name: string]: unknown;
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly key: string;
  readonly prefix: string;
  readonly detail: string;
  readonly fix: string;
  readonly data: readonly Body[];
  readonly errors: readonly FieldError[];
  readonly identities: readonly Body[];
  readonly next_cursor: string | null;
}

export interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; `{}` where there is none, or it is a file. */
  readonly json: Body;
}

export interface Asked {
  readonly body?: unknown;
  /** Sent as it is, in place of JSON. */
  readonly raw?: BodyInit;
  readonly headers?: Record<string, string>;
}

export type Ask = (method: string, path: string, asked?: Asked) => Promise<Said>;

/** Asks with a key; null asks without one. */
export function asking({ request }: TestApp, key: string | null): Ask {
  return async (method, path, asked = {}) => {
    const headers: Record<string, string> = { ...asked.headers };
    if (key !== null) headers.authorization ??= `Bearer ${key}`;
    const init: RequestInit & { duplex?: "half" } = { method, headers };
    if (asked.raw !== undefined) {
      init.body = asked.raw;
      init.duplex = "half";
    } else if (asked.body !== undefined) {
      headers["content-type"] ??= "application/json";
      init.body = JSON.stringify(asked.body);
    }
    const response = await request(`/api/v1${path}`, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson(response) && text !== "" ? JSON.parse(text) : {},
    };
  };
}

/** A file is none. */
function isJson({ headers }: Response): boolean {
  return /\bjson\b/.test(headers.get("content-type") ?? "");
}

/** The bytes in pieces, as chunked transfer hands them over: nobody says how many there will be. */
export function chunked(bytes: Uint8Array<ArrayBuffer>, size = 1_000): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(offset, offset + size));
      offset += size;
    },
  });
}

/**
 * Every row of every table, in one text: equal before and after is nothing changed, but for when a key
 * was used last.
 */
export async function everything({ env }: TestApp): Promise<string> {
  const tables = await env.db.read({
    sql: "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
    params: [],
  });
  const columns = await columnsOfKeys(env);
  const contents = [];
  for (const [name] of tables.rows) {
    const { rows } = await env.db.read({
      sql: `select ${name === "api_keys" ? columns : "*"} from "${name}" order by 1, 2`,
      params: [],
    });
    contents.push([name, rows]);
  }
  return JSON.stringify(contents, (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
}

async function columnsOfKeys({ db }: Pick<Env, "db">): Promise<string> {
  const { rows } = await db.read({
    sql: "select name from pragma_table_info('api_keys')",
    params: [],
  });
  return rows
    .map(([name]) => String(name))
    .filter((name) => name !== "last_used_at")
    .join(", ");
}
