// The remote database: libSQL over HTTP, the same from Node and from Workers.
import { type Client, createClient, type InStatement } from "@libsql/client/web";
import type { Engine, Statement, StatementResult, Value } from "../db/database.ts";
import { toDatabaseError } from "../db/errors.ts";

/** No call to the server may hang a request: there is no default limit in the client. */
const CALL_TIMEOUT_MS = 10_000;

export interface RemoteDatabase {
  readonly url: string;
  readonly authToken: string | null;
}

type Fetch = typeof fetch;

function toInStatement(statement: Statement): InStatement {
  return { sql: statement.sql, args: [...statement.params] };
}

function toResult(set: {
  rows: ArrayLike<ArrayLike<unknown>>;
  rowsAffected: number;
  columns: string[];
}): StatementResult {
  const rows = Array.from(set.rows, (row) =>
    Array.from({ length: set.columns.length }, (_, i) => fromDriver(row[i])),
  );
  return { rows, rowsAffected: set.rowsAffected };
}

function fromDriver(value: unknown): Value {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return value as Value;
}

/**
 * An engine over one libSQL server. Every call makes a client of its own: on Workers nothing that
 * belongs to one request may be used by another, and over HTTP a client holds no connection.
 */
export function openRemote(database: RemoteDatabase, fetcher: Fetch): Engine {
  const withTimeout: Fetch = (input, init) =>
    fetcher(input, { ...init, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });

  async function call<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = createClient({
      url: database.url,
      ...(database.authToken === null ? {} : { authToken: database.authToken }),
      intMode: "number",
      fetch: withTimeout,
    });
    try {
      return await work(client);
    } catch (error) {
      throw toDatabaseError(error);
    } finally {
      client.close();
    }
  }

  return {
    read: (statement) =>
      call(async (client) => toResult(await client.execute(toInStatement(statement)))),
    write: (statements) =>
      call(async (client) =>
        (await client.batch(statements.map(toInStatement), "write")).map(toResult),
      ),
    close: async () => {},
  };
}
