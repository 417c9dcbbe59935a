// The archive as its own directory tells it: entries, names in any script, sizes, checksums, bounds.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../src/bakery/crc32.ts";
import { MAX_ENTRIES, type ZipEntry, zipPieces } from "../../src/recipient/zip.ts";
import { TEST_NOW } from "../app.ts";
import { readZip } from "./read-zip.ts";

async function archive(entries: Iterable<ZipEntry>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of zipPieces(each(entries))) pieces.push(piece);
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

async function* each<T>(all: Iterable<T>) {
  yield* all;
}

const text = (words: string) => new TextEncoder().encode(words);

describe("a ZIP archive", () => {
  it("empty, it is an end record alone", async () => {
    expect((await archive([])).length).toBe(22);
    expect(readZip(await archive([]))).toEqual([]);
  });

  it("holds files under their names, with their time to two seconds", async () => {
    const at = Date.UTC(2026, 9, 4, 14, 2, 33);
    const bytes = await archive([
      { name: "Ærøskøbing-徽章.png", bytes: text("picture"), at },
      { name: "empty.json", bytes: text(""), at },
    ]);
    expect(readZip(bytes)).toEqual([
      {
        name: "Ærøskøbing-徽章.png",
        bytes: text("picture"),
        crc: crc32(text("picture")),
        isUtf8: true,
        at: Date.UTC(2026, 9, 4, 14, 2, 32),
      },
      { name: "empty.json", bytes: text(""), crc: 0, isUtf8: true, at: at - 1_000 },
    ]);
  });

  it.each([
    ["before 1980", 0, Date.UTC(1980)],
    ["after 2107", Date.UTC(2200), Date.UTC(2107, 11, 31)],
  ])("a time %s becomes the nearest there is", async (_name, at, shown) => {
    const [entry] = readZip(await archive([{ name: "a", bytes: text("a"), at }]));
    expect(entry?.at).toBe(shown);
  });

  it("any names and bytes come out as they went in", async () => {
    const entries = fc.array(
      fc.record({
        name: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
        bytes: fc.uint8Array({ maxLength: 200 }),
        at: fc.constant(TEST_NOW),
      }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(entries, async (given) => {
        const read = readZip(await archive(given));
        expect(read.map(({ name, bytes }) => [name, [...bytes]])).toEqual(
          given.map(({ name, bytes }) => [name, [...bytes]]),
        );
        for (const { bytes, crc } of read) expect(crc).toBe(crc32(bytes));
      }),
    );
  });

  it("as many files as it can count, and not one more", async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ name: `${i}`, bytes: text(""), at: TEST_NOW }));
    expect(readZip(await archive(many(MAX_ENTRIES)))).toHaveLength(MAX_ENTRIES);
    await expect(archive(many(MAX_ENTRIES + 1))).rejects.toThrow(RangeError);
  });

  it("is written as it is read: nothing of the second file before the first was taken", async () => {
    let made = 0;
    async function* slowly() {
      for (const name of ["one", "two"]) {
        made++;
        yield { name, bytes: text(name), at: TEST_NOW };
      }
    }
    const pieces = zipPieces(slowly());
    await pieces.next();
    await pieces.next();
    expect(made).toBe(1);
    await pieces.next();
    expect(made).toBe(2);
  });
});
