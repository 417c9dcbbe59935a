// The remote database: libSQL over HTTP, the same from Node and from Workers.
import { type Client, createClient, type InStatement } from "@libsql/client/web";
import type { Engine, Statement, StatementResult, Value } from "../db/database.ts";
import { DatabaseError, toDatabaseError } from "../db/errors.ts";
import { deadlineIn } from "./deadline.ts";

/** No call to the server may hang a request: there is no default limit in the client. */
const CALL_TIMEOUT_MS = 10_000;

export interface RemoteDatabase {
  readonly url: string;
  readonly authToken: string | null;
}

type Fetch = typeof fetch;

/** A number goes over the wire as a float unless it is a bigint, and a float is stored as one. */
function toInStatement(statement: Statement): InStatement {
  const args = statement.params.map((value) =>
    Number.isSafeInteger(value) ? BigInt(value as number) : value,
  );
  return { sql: statement.sql, args };
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
 * Brings a whole answer home, or says that the server cannot be reached. What a failed call looks
 * like differs from runtime to runtime, so the place decides, not the error.
 */
function bounded(fetcher: Fetch, timeoutMs: number): Fetch {
  return async (input, init) => {
    let response: Response;
    let body: ArrayBuffer;
    const deadline = deadlineIn(timeoutMs);
    try {
      response = await fetcher(input, { ...init, signal: deadline.signal });
      body = await response.arrayBuffer();
    } catch (cause) {
      throw unreachable(cause);
    } finally {
      deadline.forget();
    }
    // The client would take a proxy's page or a failing server's words for the database's answer.
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    if (response.status >= 500 || response.status === 429 || (response.ok && !isJson)) {
      throw unreachable(new Error(`the server answered ${response.status}`));
    }
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

function unreachable(cause: unknown): DatabaseError {
  const error = new DatabaseError("unreachable");
  error.cause = cause;
  return error;
}

/**
 * An engine over one libSQL server. Every call makes a client of its own: on Workers nothing that
 * belongs to one request may be used by another, and over HTTP a client holds no connection.
 */
export function openRemote(
  database: RemoteDatabase,
  fetcher: Fetch,
  timeoutMs = CALL_TIMEOUT_MS,
): Engine {
  const withTimeout = bounded(fetcher, timeoutMs);

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
