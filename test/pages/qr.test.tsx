import fc from "fast-check";
import { encode } from "uqr";
import { describe, expect, it } from "vitest";
import { QrCode, qrOf } from "../../src/pages/qr.tsx";

/** Fills the bars of an outline back into modules. */
function filled({ outline, size }: { outline: string; size: number }): boolean[][] {
  const rows = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  const bars = [...outline.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)];
  expect(bars.map(([bar]) => bar).join("")).toBe(outline);
  for (const [, x, y, length, back] of bars) {
    expect(back).toBe(length);
    rows[Number(y)]?.fill(true, Number(x), Number(x) + Number(length));
  }
  return rows;
}

describe("a QR code's outline", () => {
  it("covers exactly the dark modules, whatever is encoded", () => {
    fc.assert(
      fc.property(fc.webUrl({ size: "medium" }), (text) => {
        const { data } = encode(text, { ecc: "M", border: 4 });
        expect(filled(qrOf(text))).toEqual(data);
      }),
      { numRuns: 30 },
    );
  });

  it("leaves the quiet zone of four modules free", () => {
    const qr = qrOf("https://badges.example.org/");
    const rows = filled(qr);
    const edge = rows.flatMap((row, y) =>
      row.filter((_, x) => Math.min(x, y, qr.size - 1 - x, qr.size - 1 - y) < 4),
    );
    expect(edge).not.toContain(true);
  });

  it("is written once and shown again from there", () => {
    const qr = qrOf("https://badges.example.org/");
    expect(String(<QrCode qr={qr} label="a" />)).toContain(qr.outline);
    const again = String(<QrCode qr={qr} label="b" again />);
    expect(again).not.toContain(qr.outline);
    expect(again).toContain('<use href="#qr-modules">');
  });
});
