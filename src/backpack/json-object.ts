// What a backpack sends, read as one JSON object; nothing in it has a type before it was looked at.
import { isObject } from "../strict-json.ts";

/** Null for bytes that are no JSON object in UTF-8. */
export function readObject(bytes: Uint8Array<ArrayBuffer>): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
