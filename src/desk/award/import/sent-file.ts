// The file or the lines that a form brought, as bytes for the API.
import { isEmail } from "../../../email-address.ts";

export interface SentRows {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const PASTED = "pasted.csv";
const MAX_NAME = 255;

/** A file before lines that were pasted; null where there is neither. */
export async function sentRows(form: FormData): Promise<SentRows | null> {
  const file = form.get("file");
  if (file instanceof File && file.size > 0) {
    const name = file.name.slice(-MAX_NAME) || PASTED;
    return { name, bytes: new Uint8Array(await file.arrayBuffer()) };
  }
  const text = form.get("text");
  if (typeof text !== "string" || text.trim() === "") return null;
  return { name: PASTED, bytes: new TextEncoder().encode(withHeading(text)) };
}

/** Nothing but addresses, one a line, needs no heading. */
export function withHeading(text: string): string {
  const lines = text.split(/\r\n?|\n/).filter((line) => line.trim() !== "");
  return isEmail((lines[0] ?? "").trim()) ? `email\n${text}` : text;
}
