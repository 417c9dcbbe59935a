// Rows of files as they come: whatever stands in a cell, it is a wish or a fault in words, never a failure.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf, MEMBERS, unknownColumns } from "../../src/api/import-columns.ts";
import { importReader } from "../../src/api/import-reader.ts";
import type { Reading } from "../../src/db/imports.ts";

const reading = (names: readonly string[]): { reading: Reading } => ({
  reading: {
    encoding: "utf-8",
    delimiter: ",",
    columns: names.map((name) => ({ name, as: name })),
  },
});

const source = reading(MEMBERS);

/** What people and programs put into cells, and what nobody should. */
const cell = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 10 }),
  fc.constantFrom(
    "kim@example.org",
    "'+16175551212",
    "telephone:+16175551212",
    "did:web:example.org",
    "https://example.org/kim",
    "mailto:kim@example.org",
    "never",
    "2027-01-31",
    "2027-02-30",
    "1",
    "-1",
    "1e9",
    "999999999999",
    "__proto__",
    "constructor",
    "=1+1",
    " ",
  ),
);

describe("rows", () => {
  it("are read or refused in words, whatever stands in them", () => {
    const values = fc.dictionary(fc.constantFrom(...MEMBERS, "", "other", "__proto__"), cell);
    fc.assert(
      fc.property(values, (given) => {
        const read = importReader.read(source, given);
        if (read.ok) {
          const { user, recipient } = read.wish.input;
          expect((user === undefined) !== (recipient === undefined)).toBe(true);
        } else {
          expect(read.fault.code).toMatch(/^[a-z_]+$/);
          expect(read.fault.detail).toMatch(/\.$/);
        }
        importReader.personOf(source, given);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ["user", { user: "u", email: "a@example.org" }, "user u"],
    ["email", { email: " Kim@Example.org ", identity: "x" }, "email kim@example.org"],
    ["identity", { identity: "email:KIM@example.org" }, "email kim@example.org"],
    [
      "an address without its type",
      { identity: "https://kim.example/" },
      "url https://kim.example/",
    ],
    ["what a result file escaped", { identity: "'+1" }, "telephone +1"],
    ["nobody", { name: "Kim" }, null],
  ])("name a person by %s", (_what, values: Record<string, string>, person) => {
    expect(importReader.personOf(source, values)).toBe(person);
  });
});

describe("headings", () => {
  it.each([
    ["email", "email"],
    ["E-Mail", "email"],
    [" EMAIL Address ", "email"],
    ["e_mail", "email"],
    ["ｅｍａｉｌ", "email"],
    ["Full name", "name"],
    ["Badge-ID", "badge"],
    ["Expires at", "expires_at"],
    ["expiry date", "expires_at"],
    ["Tier Level", "tier"],
    ["Evidence URL", "evidence"],
    ["User ID", "user"],
    ["e-mail of the parent", null],
    ["", null],
  ])("%j is %s", (name, as) => {
    const read = columnsOf({ line: 1, cells: ["identity", name] }, { hasBadge: true });
    expect(read.ok && read.columns[1]?.as).toBe(as);
  });

  it("without a name are called by their place, and nothing is read from them", () => {
    const read = columnsOf({ line: 1, cells: ["email", "", "Team", "award"] }, { hasBadge: true });
    expect(read.ok && unknownColumns(read.columns)).toEqual(["column 2", "Team"]);
  });
});
