// What travels between a Hrana client and server, version 2, in JSON.
// https://github.com/tursodatabase/libsql/blob/main/docs/HTTP_V2_SPEC.md

export type WireValue =
  | { readonly type: "null" }
  | { readonly type: "integer"; readonly value: string }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "blob"; readonly base64: string };

export interface WireStatement {
  readonly sql?: string;
  readonly sql_id?: number;
  readonly args?: readonly WireValue[];
  readonly named_args?: readonly { readonly name: string; readonly value: WireValue }[];
  readonly want_rows?: boolean;
}

export type WireCondition =
  | { readonly type: "ok" | "error"; readonly step: number }
  | { readonly type: "not"; readonly cond: WireCondition }
  | { readonly type: "and" | "or"; readonly conds: readonly WireCondition[] }
  | { readonly type: "is_autocommit" };

export interface WireStep {
  readonly condition?: WireCondition | null;
  readonly stmt: WireStatement;
}

export type WireRequest =
  | { readonly type: "execute"; readonly stmt: WireStatement }
  | { readonly type: "batch"; readonly batch: { readonly steps: readonly WireStep[] } }
  | { readonly type: "sequence"; readonly sql?: string; readonly sql_id?: number }
  | { readonly type: "store_sql"; readonly sql_id: number; readonly sql: string }
  | { readonly type: "close_sql"; readonly sql_id: number }
  | { readonly type: "get_autocommit" }
  | { readonly type: "close" };

export interface PipelineRequest {
  readonly baton?: string | null;
  readonly requests: readonly WireRequest[];
}

export interface StatementOutcome {
  readonly cols: readonly { readonly name: string; readonly decltype: string | null }[];
  readonly rows: readonly (readonly WireValue[])[];
  readonly affected_row_count: number;
  readonly last_insert_rowid: string;
}

export interface WireError {
  readonly message: string;
  readonly code: string;
}

export interface BatchOutcome {
  readonly step_results: readonly (StatementOutcome | null)[];
  readonly step_errors: readonly (WireError | null)[];
}

/** A failure that the client is told of, by code. */
export class HranaError extends Error {
  override readonly name = "HranaError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }

  toWire(): WireError {
    return { message: this.message, code: this.code };
  }
}

/** What the native binding takes and, with safe integers on, gives: an integer is a bigint. */
export type NativeValue = null | bigint | number | string | Uint8Array;

export function fromWire(value: WireValue): NativeValue {
  switch (value.type) {
    case "null":
      return null;
    case "integer":
      return BigInt(value.value);
    case "float":
    case "text":
      return value.value;
    case "blob":
      // Reads base64 with and without padding.
      return Buffer.from(value.base64, "base64");
  }
}

export function toWire(value: NativeValue): WireValue {
  if (value === null) return { type: "null" };
  if (typeof value === "bigint") return { type: "integer", value: String(value) };
  if (typeof value === "number") return { type: "float", value };
  if (typeof value === "string") return { type: "text", value };
  return { type: "blob", base64: Buffer.from(value).toString("base64").replace(/=+$/, "") };
}
