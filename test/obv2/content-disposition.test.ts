import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentDisposition, MAX_NAME } from "../../src/obv2/content-disposition.ts";

const HASH = "0123456789abcdef0123456789abcdef01234567";

describe("Content-Disposition", () => {
  it.each([
    ["Streak Champion", 'inline; filename="Streak-Champion-01234567.png"'],
    ["  a  --  b  ", 'inline; filename="a-b-01234567.png"'],
    ['Quoted "name"\\', 'inline; filename="Quoted-name-01234567.png"'],
    ["../../etc/passwd", 'inline; filename="etc-passwd-01234567.png"'],
    ["line\r\nbreak: x", 'inline; filename="line-break-x-01234567.png"'],
    ["!!!", 'inline; filename="badge-01234567.png"'],
    ["", 'inline; filename="badge-01234567.png"'],
    [
      "Größe",
      "inline; filename=\"Groe-01234567.png\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe-01234567.png",
    ],
    [
      "Žluťoučký kůň",
      "inline; filename=\"Zlutoucky-kun-01234567.png\"; filename*=UTF-8''%C5%BDlu%C5%A5ou%C4%8Dk%C3%BD-k%C5%AF%C5%88-01234567.png",
    ],
    [
      "日本",
      "inline; filename=\"badge-01234567.png\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC-01234567.png",
    ],
  ])("%j", (name, expected) => {
    expect(contentDisposition("inline", name, HASH, "png")).toBe(expected);
  });

  it("says attachment and svg where asked", () => {
    expect(contentDisposition("attachment", "A", HASH, "svg")).toBe(
      'attachment; filename="A-01234567.svg"',
    );
  });

  it("a name of the most characters is kept, a longer one is cut", () => {
    const longest = "a".repeat(MAX_NAME);
    expect(contentDisposition("inline", longest, HASH, "png")).toContain(`"${longest}-0123`);
    expect(contentDisposition("inline", `${longest}b`, HASH, "png")).toContain(`"${longest}-0123`);
  });

  it("is one header line of visible ASCII for every name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (name) => {
        const header = contentDisposition("inline", name, HASH, "png");
        expect(header).toMatch(
          /^inline; filename="[A-Za-z0-9-]+\.png"(?:; filename\*=UTF-8''[A-Za-z0-9%.~_-]+)?$/,
        );
      }),
    );
  });
});
