// One shape for what goes wrong in a database, whichever driver said it.

export type DatabaseErrorCode =
  /** A UNIQUE or PRIMARY KEY constraint; `columns` names it. */
  | "unique"
  | "foreign_key"
  | "not_null"
  | "check"
  /** RAISE(ABORT, 'code') in a trigger; `raised` is the code. */
  | "raised"
  /** Another process held the database for longer than we wait. */
  | "busy"
  /** No room left where the database lives. */
  | "full"
  /** The server did not answer in time, or at all; nobody knows whether a write happened. */
  | "unreachable"
  | "other";

/** Carries no SQL and no parameters: those hold people's data, and errors end in logs. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly code: DatabaseErrorCode;
  /**
   * For `unique`, `not_null`: `table.column` names in the constraint's order. For `check`: the
   * constraint's name.
   */
  readonly columns: readonly string[];
  /** For `raised`: the code a trigger gave. */
  readonly raised: string | null;

  constructor(
    code: DatabaseErrorCode,
    columns: readonly string[] = [],
    raised: string | null = null,
  ) {
    super(`database error: ${code}${columns.length > 0 ? ` (${columns.join(", ")})` : ""}`);
    this.code = code;
    this.columns = columns;
    this.raised = raised;
  }
}

/**
 * Whether a batch was undone by this constraint of a column, as `table.column`. A write that may only
 * happen on a condition makes a column NULL where that does not hold: `not_null` then says so.
 */
export function isBreach(error: unknown, code: "unique" | "not_null", column: string): boolean {
  return error instanceof DatabaseError && error.code === code && error.columns.includes(column);
}

function driverText(cause: unknown): { code: string; message: string } {
  let message = "";
  let code = "";
  let node: unknown = cause;
  for (let depth = 0; depth < 5 && node instanceof Error; depth++) {
    message += ` ${node.message}`;
    if ("code" in node && typeof node.code === "string") code += ` ${node.code}`;
    node = node.cause;
  }
  return { code, message };
}

const COLUMNS = /constraint failed: ([\w.]+(?:, [\w.]+)*)/;
const RAISED = /rosette:([a-z_]+)/;

/**
 * Classes an error of the native binding, of libSQL over HTTP or of the network.
 * The constraint's columns exist only in SQLite's message, so this one place reads messages.
 */
export function toDatabaseError(cause: unknown): DatabaseError {
  if (cause instanceof DatabaseError) return cause;
  const { code, message } = driverText(cause);
  const raised = RAISED.exec(message);
  if (raised) return new DatabaseError("raised", [], raised[1] ?? null);
  const columns = COLUMNS.exec(message)?.[1]?.split(", ") ?? [];
  if (message.includes("UNIQUE constraint failed")) return new DatabaseError("unique", columns);
  if (message.includes("FOREIGN KEY constraint failed")) return new DatabaseError("foreign_key");
  if (message.includes("NOT NULL constraint failed")) return new DatabaseError("not_null", columns);
  if (message.includes("CHECK constraint failed")) return new DatabaseError("check", columns);
  if (/SQLITE_BUSY|SQLITE_LOCKED/.test(code) || message.includes("database is locked")) {
    return new DatabaseError("busy");
  }
  if (/SQLITE_FULL/.test(code) || message.includes("disk is full")) {
    return new DatabaseError("full");
  }
  if (/HRANA|SERVER_ERROR/.test(code)) return new DatabaseError("unreachable");
  const other = new DatabaseError("other");
  other.cause = cause;
  return other;
}
