// Pages read from the right as well: the stylesheet knows start and end, and neither left nor right.
import { describe, expect, it } from "vitest";
import { STYLESHEET } from "../../../src/pages/stylesheet.ts";

interface Declaration {
  readonly property: string;
  readonly value: string;
}

/** Every `property: value` inside of braces; a sign that is drawn as a turned box is one for everybody. */
function declarations(css: string): Declaration[] {
  const blocks = [...css.matchAll(/\{([^{}]*)\}/g)].map(([, block = ""]) => block);
  return blocks
    .filter((block) => !/\brotate[:(]/.test(block))
    .flatMap((block) => block.split(";"))
    .flatMap((line) => {
      const colon = line.indexOf(":");
      if (colon === -1) return [];
      return [{ property: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }];
    });
}

/** Values of a shorthand, where a function is one value. */
const valuesOf = (value: string) =>
  value.match(/(?:[^\s(]+\([^()]*(?:\([^()]*\)[^()]*)*\)|\S+)/g) ?? [];

const SIDE = /(^|-)(left|right)(-|$)/;
/** Shorthands that say top, right, bottom, left. */
const BOXES = /^(margin|padding|inset|border-(width|style|color)|scroll-(margin|padding))$/;
const ALIGNED = /^(text-align|float|clear|justify-(content|items|self)|caption-side)$/;

function isPhysical({ property, value }: Declaration): boolean {
  if (property.startsWith("--")) return false;
  if (SIDE.test(property)) return true;
  if (ALIGNED.test(property)) return /\b(left|right)\b/.test(value);
  if (!BOXES.test(property)) return false;
  const [, right, , left] = valuesOf(value);
  return left !== undefined && left !== right;
}

describe("the stylesheet", () => {
  const all = declarations(STYLESHEET);

  it("has no side that is left or right whichever way is read", () => {
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter(isPhysical)).toEqual([]);
  });

  it.each([
    "margin-left: 1rem",
    "border-right: 0",
    "border-top-left-radius: 4px",
    "left: 0",
    "text-align: right",
    "float: left",
    "padding: 0 1rem 0 clamp(1rem, 2vw, 2rem)",
    "inset: 0 auto 0 0",
  ])("would be told of %s", (line) => {
    expect(declarations(`p { ${line} }`).filter(isPhysical)).toHaveLength(1);
  });

  it.each([
    "margin-inline-start: 1rem",
    "text-align: end",
    "padding: 0 clamp(1rem, 2vw, 2rem) 0 clamp(1rem, 2vw, 2rem)",
    "inset: 0",
    "--left: 1rem",
  ])("would not mind %s", (line) => {
    expect(declarations(`p { ${line} }`).filter(isPhysical)).toEqual([]);
  });
});
