// From the bytes of a file to its text: by its byte order mark, else UTF-8, else Windows-1252.
import type { CsvFault } from "./fault.ts";

export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type Encoding = (typeof ENCODINGS)[number];

export type Decoded =
  | { readonly ok: true; readonly text: string; readonly encoding: Encoding }
  | { readonly ok: false; readonly fault: CsvFault };

/** Zip (.xlsx, .ods) and the compound files of before (.xls). */
const SPREADSHEETS: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
];

/**
 * The text without its byte order mark. What is not valid UTF-8 is read as Windows-1252, in which
 * spreadsheets of many countries still write CSV; the answer says so. Read as `wanted` where somebody
 * knows better. Never throws.
 */
export function textOf(bytes: Uint8Array, wanted?: Encoding): Decoded {
  if (SPREADSHEETS.some((magic) => startsWith(bytes, magic))) return notText("a spreadsheet file");
  if (wanted === "windows-1252") {
    return { ok: true, text: windows1252(bytes), encoding: wanted };
  }
  if (wanted === "utf-8") return utf8(bytes) ?? broken("UTF-8");
  if (wanted !== undefined) return utf16(hasMark(bytes) ? bytes.subarray(2) : bytes, wanted);
  if (startsWith(bytes, LITTLE)) return utf16(bytes.subarray(2), "utf-16le");
  if (startsWith(bytes, BIG)) return utf16(bytes.subarray(2), "utf-16be");
  // In no text, but in every picture and in UTF-16 that does not say so.
  if (bytes.includes(0)) return notText("not a text file");
  return utf8(bytes) ?? { ok: true, text: windows1252(bytes), encoding: "windows-1252" };
}

/** Byte order marks. */
const LITTLE: readonly number[] = [0xff, 0xfe];
const BIG: readonly number[] = [0xfe, 0xff];

function hasMark(bytes: Uint8Array): boolean {
  return startsWith(bytes, LITTLE) || startsWith(bytes, BIG);
}

/** Null for what is no UTF-8. */
function utf8(bytes: Uint8Array): Decoded | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { ok: true, text, encoding: "utf-8" };
  } catch {
    return null;
  }
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function notText(what: string): Decoded {
  return {
    ok: false,
    fault: {
      code: "csv_not_text",
      line: null,
      detail: `This is ${what}.`,
      fix: "In the spreadsheet program choose “Save as” or “Export”, then CSV in UTF-8.",
    },
  };
}

function utf16(bytes: Uint8Array, encoding: "utf-16le" | "utf-16be"): Decoded {
  const units = unitsOf(bytes, encoding === "utf-16le");
  const text = units === null ? null : textOfUnits(units);
  if (text !== null && !UNPAIRED_OR_NUL.test(text)) {
    return { ok: true, text, encoding };
  }
  return broken("UTF-16");
}

function broken(what: string): Decoded {
  const fault: CsvFault = {
    code: "csv_encoding_broken",
    line: null,
    detail: `This is not the ${what} it is said to be.`,
    fix: "Save it again as CSV in UTF-8.",
  };
  return { ok: false, fault };
}

/** No text has a NUL, or half of a pair of units alone. */
const UNPAIRED_OR_NUL = /[\0\p{Cs}]/u;

/** Null for half a unit at the end. */
function unitsOf(bytes: Uint8Array, isLittle: boolean): Uint16Array | null {
  if (bytes.length % 2 === 1) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < units.length; i++) units[i] = view.getUint16(i * 2, isLittle);
  return units;
}

/** More arguments than this overrun the stack of some engines. */
const PIECE = 8_192;

function textOfUnits(units: Uint16Array): string {
  let text = "";
  for (let i = 0; i < units.length; i += PIECE) {
    text += String.fromCharCode(...units.subarray(i, i + PIECE));
  }
  return text;
}

/** What 0x80 to 0x9f stand for; the five that stand for nothing stay control characters. */
const UPPER = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** https://encoding.spec.whatwg.org/#windows-1252; by a table, since engines disagree on it. */
function windows1252(bytes: Uint8Array): string {
  const units = Uint16Array.from(bytes, (byte) =>
    byte >= 0x80 && byte <= 0x9f ? UPPER.charCodeAt(byte - 0x80) : byte,
  );
  return textOfUnits(units);
}
