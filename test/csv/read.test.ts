// Files of comma-separated values as the world writes them, and as nobody should.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_BYTES, MAX_CELL_LENGTH, MAX_COLUMNS, MAX_ROWS } from "../../src/csv/limits.ts";
import { readCsv } from "../../src/csv/read.ts";
import { BYTE_ORDER_MARK, csvLine, unescaped } from "../../src/csv/write.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), isLittle);
  return bytes;
}

function cellsOf(bytes: Uint8Array): (readonly string[])[] {
  const read = readCsv(bytes);
  if (!read.ok) throw new Error(read.fault.code);
  return [read.heading.cells, ...read.rows.map(({ cells }) => cells)];
}

function faultOf(bytes: Uint8Array) {
  const read = readCsv(bytes);
  return read.ok ? null : read.fault;
}

describe("RFC 4180", () => {
  it.each<[name: string, text: string, cells: string[][]]>([
    [
      "2.1 each record is a line",
      "a,b\r\n1,2\r\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "2.2 the last may lack its line end",
      "a,b\r\n1,2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "2.4 blanks are part of a cell",
      "a,b\r\n 1 ,2 ",
      [
        ["a", "b"],
        [" 1 ", "2 "],
      ],
    ],
    [
      "2.5 cells may stand in quotes",
      'a,b\r\n"1","2"',
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "2.6 quotes hold commas and line ends",
      'a,b\r\n"Doe, Jane","x\r\ny"',
      [
        ["a", "b"],
        ["Doe, Jane", "x\r\ny"],
      ],
    ],
    [
      "2.7 a quote within is doubled",
      'a,b\r\n"5"" nail",""""',
      [
        ["a", "b"],
        ['5" nail', '"'],
      ],
    ],
  ])("%s", (_name, text, cells) => {
    expect(cellsOf(utf8(text))).toEqual(cells);
  });
});

describe("what programs write besides", () => {
  it.each<[name: string, text: string, cells: string[][]]>([
    [
      "LF alone",
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "CR alone",
      "a,b\r1,2\r",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "line ends of all kinds",
      "a,b\r1,2\n3,4\r\n5,6",
      [
        ["a", "b"],
        ["1", "2"],
        ["3", "4"],
        ["5", "6"],
      ],
    ],
    [
      "semicolons",
      "a;b\n1,5;2",
      [
        ["a", "b"],
        ["1,5", "2"],
      ],
    ],
    [
      "tabs",
      "a\tb\n1,5\t2;",
      [
        ["a", "b"],
        ["1,5", "2;"],
      ],
    ],
    ["one column", "a\n1\n2", [["a"], ["1"], ["2"]]],
    [
      "a heading with a comma, under semicolons",
      "e;n, full\n1;2\n3;4",
      [
        ["e", "n, full"],
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    [
      "the line that names the delimiter",
      "sep=;\r\na;b,c\r\n1;2",
      [
        ["a", "b,c"],
        ["1", "2"],
      ],
    ],
    [
      "blank lines, and lines of delimiters",
      "\n\na,b\n\n1,2\n,\n \n\n3,4\n\n",
      [
        ["a", "b"],
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    [
      "fewer and more cells than the heading",
      "a,b\n1\n1,2,3",
      [["a", "b"], ["1"], ["1", "2", "3"]],
    ],
    [
      "blanks around quotes",
      'a,b\n "x, y" ,2',
      [
        ["a", "b"],
        ["x, y", "2"],
      ],
    ],
    [
      "a quote within a cell without quotes",
      'a,b\n5" nail,2',
      [
        ["a", "b"],
        ['5" nail', "2"],
      ],
    ],
    [
      "an empty cell in quotes",
      'a,b\n"",2',
      [
        ["a", "b"],
        ["", "2"],
      ],
    ],
    [
      "formulas, which are text",
      "a,b\n=1+1,@x",
      [
        ["a", "b"],
        ["=1+1", "@x"],
      ],
    ],
  ])("%s", (_name, text, cells) => {
    expect(cellsOf(utf8(text))).toEqual(cells);
  });

  it("counts lines as an editor does", () => {
    const read = readCsv(utf8('a,b\n\n"x\r\ny\nz",2\r\n3,4\r5,6'));
    expect(read.ok && [read.heading, ...read.rows].map(({ line }) => line)).toEqual([1, 3, 6, 7]);
  });
});

describe("encodings", () => {
  const text = "name,city\nZoë Ångström,Kraków 😀\n";
  it.each<[string, Uint8Array, string]>([
    ["utf-8", utf8(text), "utf-8"],
    ["utf-8 with a byte order mark", utf8(BYTE_ORDER_MARK + text), "utf-8"],
    ["utf-16le", utf16(BYTE_ORDER_MARK + text, true), "utf-16le"],
    ["utf-16be", utf16(BYTE_ORDER_MARK + text, false), "utf-16be"],
  ])("%s", (_name, bytes, encoding) => {
    const read = readCsv(bytes);
    expect(read).toMatchObject({ ok: true, encoding, delimiter: "," });
    expect(cellsOf(bytes)).toEqual([
      ["name", "city"],
      ["Zoë Ångström", "Kraków 😀"],
    ]);
  });

  it("windows-1252 where it is no UTF-8, and says so", () => {
    const bytes = Uint8Array.from([
      ...utf8("name;fee\nJos"),
      0xe9,
      ...utf8(" "),
      0x93,
      0x94,
      0x3b,
      0x80,
      0x35,
    ]);
    expect(readCsv(bytes)).toMatchObject({ ok: true, encoding: "windows-1252", delimiter: ";" });
    expect(cellsOf(bytes)).toEqual([
      ["name", "fee"],
      ["José “”", "€5"],
    ]);
  });

  it.each<[string, Uint8Array, string]>([
    ["a workbook", Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 1, 2]), "csv_not_text"],
    ["a workbook of before", Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 1]), "csv_not_text"],
    ["UTF-16 that does not say so", utf16("a,b", true), "csv_not_text"],
    ["half a unit", Uint8Array.from([0xff, 0xfe, 0x61]), "csv_encoding_broken"],
    ["half a pair", Uint8Array.from([0xff, 0xfe, 0x00, 0xd8]), "csv_encoding_broken"],
    ["NUL in UTF-16", Uint8Array.from([0xff, 0xfe, 0, 0]), "csv_encoding_broken"],
    ["nothing", new Uint8Array(0), "csv_empty"],
    ["a byte order mark and nothing", utf8(BYTE_ORDER_MARK), "csv_empty"],
    ["blank lines alone", utf8("\r\n \n,,\n"), "csv_empty"],
  ])("%s is refused", (_name, bytes, code) => {
    expect(faultOf(bytes)).toMatchObject({ code, line: null });
  });
});

describe("faults name their line", () => {
  it.each<[string, string, string, number]>([
    ["a quote that is never closed", 'a,b\n1,2\n"3,4\n5,6', "csv_quote_unclosed", 3],
    ["text after a closing quote", 'a,b\n"1"x,2', "csv_quote_misplaced", 2],
    ["the same, some lines into the cell", 'a,b\n"1\n2\n"x,2', "csv_quote_misplaced", 4],
  ])("%s", (_name, text, code, line) => {
    expect(faultOf(utf8(text))).toMatchObject({ code, line });
  });
});

describe("limits", () => {
  it("cells", () => {
    const withCell = (length: number) => utf8(`a,b\n1,2\n${"x".repeat(length)},y`);
    expect(faultOf(withCell(MAX_CELL_LENGTH))).toBeNull();
    expect(faultOf(withCell(MAX_CELL_LENGTH + 1))).toMatchObject({
      code: "csv_cell_too_long",
      line: 3,
    });
  });
  it.each<[name: string, cell: (length: number) => string]>([
    ["in quotes", (length) => `"${"x".repeat(length)}"`],
    ["of line breaks", (length) => `"${"\n".repeat(length)}"`],
    ["of quotes", (length) => `"${'""'.repeat(length)}"`],
    ["of blanks", (length) => " ".repeat(length)],
  ])("a cell %s", (_name, cell) => {
    const withCell = (length: number) => utf8(`a,b\n1,2\n${cell(length)},y`);
    expect(faultOf(withCell(MAX_CELL_LENGTH))).toBeNull();
    const tooLong = { code: "csv_cell_too_long", line: 3 };
    expect(faultOf(withCell(MAX_CELL_LENGTH + 1))).toMatchObject(tooLong);
  });
  it.each<[name: string, text: string]>([
    ["", "x".repeat(MAX_BYTES)],
    [" in quotes", `"${"x".repeat(MAX_BYTES - 2)}"`],
    [" of quotes", '"'.repeat(MAX_BYTES)],
    [" of blanks", " ".repeat(MAX_BYTES)],
  ])("a file that is one cell%s", (_name, text) => {
    expect(faultOf(utf8(text))).toMatchObject({ code: "csv_cell_too_long", line: 1 });
  });
  it("blank lines are no rows, and are counted", () => {
    const faults = faultOf(utf8(`a,b\n${"\r\n\n\r".repeat(3)}1,"2`));
    expect(faults).toMatchObject({ code: "csv_quote_unclosed", line: 11 });
  });
  it("columns", () => {
    const withColumns = (count: number) => utf8(`a\n${Array(count).fill("x").join(",")}`);
    expect(faultOf(withColumns(MAX_COLUMNS))).toBeNull();
    expect(faultOf(withColumns(MAX_COLUMNS + 1))).toMatchObject({
      code: "csv_too_many_columns",
      line: 2,
    });
  });
  it("rows", () => {
    const withRows = (count: number) => utf8(`a,b\n${"1,2\n".repeat(count)}`);
    const most = readCsv(withRows(MAX_ROWS));
    expect(most.ok && most.rows.length).toBe(MAX_ROWS);
    expect(faultOf(withRows(MAX_ROWS + 1))).toMatchObject({ code: "csv_too_many_rows" });
  });
  it("bytes", () => {
    const ofSize = (size: number) => new Uint8Array(size).fill(0x0a);
    expect(faultOf(ofSize(MAX_BYTES))).toMatchObject({ code: "csv_empty" });
    expect(faultOf(ofSize(MAX_BYTES + 1))).toMatchObject({ code: "csv_too_large" });
  });
});

const delimiter = fc.constantFrom(",", ";", "\t") as fc.Arbitrary<"," | ";" | "\t">;
const cell = fc
  .oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(..."ab,;\t\r\n\"'=+-@ "), maxLength: 8 }),
  )
  .filter((text) => !text.includes("\0") && !/^'[=+\-@\t\r]/.test(text));

describe("properties", () => {
  it("what was written is read again, whatever the cells hold", () => {
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
          minLength: 1,
          maxLength: 6,
        }),
      )
      .filter((rows) => rows.every((row) => row.some((text) => text.trim() !== "")));
    fc.assert(
      fc.property(table, delimiter, fc.boolean(), (rows, by, marked) => {
        // The line that names the delimiter takes the guess out of it.
        const text = `sep=${by}\r\n${rows.map((row) => csvLine(row, by)).join("")}`;
        const bytes = utf8(marked ? BYTE_ORDER_MARK + text : text);
        expect(cellsOf(bytes).map((row) => row.map(unescaped))).toEqual(rows);
      }),
    );
  });

  it("whatever the bytes, the answer is rows or one fault in words", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(..."a,;\t\r\n\"' é"), maxLength: 80 }).map(utf8),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        const read = readCsv(given);
        if (read.ok) {
          const lines = [read.heading, ...read.rows].map(({ line }) => line);
          expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
        } else expect(read.fault.fix).not.toBe("");
      }),
      { numRuns: 500 },
    );
  });
});

describe("written for spreadsheets", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+49 30", "'+49 30"],
    ["-5", "'-5"],
    ["@sum(A1)", "'@sum(A1)"],
    ["\tx", '"\'\tx"'],
    ["\rx", '"\'\rx"'],
    ['=cmd|" /C calc"!A0', `"'=cmd|"" /C calc""!A0"`],
    ["a=b", "a=b"],
    ["Doe, Jane", '"Doe, Jane"'],
    ["a;b", '"a;b"'],
    [" a", '" a"'],
    ["", ""],
  ])("%j becomes %s", (given, expected) => {
    expect(csvLine([given], ",")).toBe(`${expected}\r\n`);
    expect(unescaped(cellsOf(utf8(`sep=,\n${csvLine(["x", given], ",")}`))[0]?.[1] ?? "")).toBe(
      given,
    );
  });
});
