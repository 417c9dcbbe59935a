// The wide picture that a shared link shows: the badge, its name and who awards it, but no verdict.
import { type Font, type PathCommand, parse } from "opentype.js";
import type { ShareCard } from "../env.ts";
import { CARD_HEIGHT, CARD_WIDTH } from "./card-size.ts";

const PAPER = "#f8f5ee";
const SHEET = "#fffefb";
const LINE = "#ddd7ca";
const INK = "#1c1e24";
const SOFT = "#595c64";

const ART = 400;
const TEXT_LEFT = 548;
const TEXT_WIDTH = 560;
const MAX_LINES = 3;
const NAME_SIZES = [80, 66, 54, 46] as const;
const ISSUER_SIZE = 36;
const LABEL_SIZE = 27;
/** Characters looked at; more would not fit. */
const MAX_TEXT = 200;

export interface Card extends ShareCard {
  /** A WOFF, TrueType or OpenType face; null where there is none. */
  readonly font: ArrayBuffer | null;
}

interface Line {
  readonly text: string;
  readonly size: number;
  readonly colour: string;
  /** Pixels from the baseline of the line before. */
  readonly drop: number;
}

/**
 * An SVG of CARD_WIDTH by CARD_HEIGHT, text as outlines: whoever draws it needs no fonts. Where the
 * face lacks a letter of the name there is no text at all, since boxes would be worse.
 */
export function cardSvg({ name, by, issuer, art, font }: Card): string {
  const lines = font === null ? [] : textOf(parse(font), name, by, issuer);
  const left = lines.length === 0 ? (CARD_WIDTH - ART) / 2 : 96;
  const top = (CARD_HEIGHT - ART) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${CARD_HEIGHT}" viewBox="0 0 ${CARD_WIDTH} ${CARD_HEIGHT}">`,
    `<rect width="${CARD_WIDTH}" height="${CARD_HEIGHT}" fill="${PAPER}"/>`,
    `<rect x="28.5" y="28.5" width="${CARD_WIDTH - 57}" height="${CARD_HEIGHT - 57}" rx="10" fill="${SHEET}" stroke="${LINE}"/>`,
    `<rect x="40.5" y="40.5" width="${CARD_WIDTH - 81}" height="${CARD_HEIGHT - 81}" rx="4" fill="none" stroke="${LINE}"/>`,
    `<image x="${left}" y="${top}" width="${ART}" height="${ART}" href="data:image/png;base64,${toBase64(art)}"/>`,
    ...lines,
    "</svg>",
  ].join("");
}

/** One path for each line, the block of them centred against the art. */
function textOf(font: Font, name: string, by: string, issuer: string): string[] {
  const title = tidy(name);
  if (!canSet(font, title)) return [];
  const set = setName(font, title);
  const lines: Line[] = set.lines.map((text, i) => ({
    text,
    size: set.size,
    colour: INK,
    drop: i === 0 ? set.size * 0.78 : set.size * 1.12,
  }));
  const who = tidy(issuer);
  if (canSet(font, who)) {
    const [first = ""] = wrap(font, who, ISSUER_SIZE, 1);
    lines.push({ text: by, size: LABEL_SIZE, colour: SOFT, drop: 66 });
    lines.push({ text: first, size: ISSUER_SIZE, colour: INK, drop: 46 });
  }
  const height = lines.reduce((sum, { drop }) => sum + drop, 0);
  let baseline = (CARD_HEIGHT - height) / 2;
  return lines.map(({ text, size, colour, drop }) => {
    baseline += drop;
    return `<path fill="${colour}" d="${outline(font, text, TEXT_LEFT, baseline, size)}"/>`;
  });
}

/** Letter by letter, each on its own place on the baseline. */
function outline(font: Font, text: string, left: number, baseline: number, size: number): string {
  let x = left;
  let path = "";
  for (const [letter, advance] of advances(font, text, size)) {
    path += font.charToGlyph(letter).getPath(x, baseline, size).commands.map(toData).join("");
    x += advance;
  }
  return path;
}

/** The library's own writing of numbers turns some into NaN (those printed with an exponent). */
function toData(command: PathCommand): string {
  if (command.type === "Z") return "Z";
  const { type, x, y } = command;
  const rounded = (n: number) => Math.round(n * 10) / 10;
  const points =
    type === "C"
      ? [command.x1, command.y1, command.x2, command.y2, x, y]
      : type === "Q"
        ? [command.x1, command.y1, x, y]
        : [x, y];
  return type + points.map(rounded).join(" ");
}

function widthOf(font: Font, text: string, size: number): number {
  return advances(font, text, size).reduce((sum, [, advance]) => sum + advance, 0);
}

/** Each letter with the pixels to the next one, kerning included where the face has any. */
function advances(font: Font, text: string, size: number): [string, number][] {
  const letters = [...text];
  return letters.map((letter, i) => {
    const glyph = font.charToGlyph(letter);
    const next = letters[i + 1];
    const kerning = next === undefined ? 0 : font.getKerningValue(glyph, font.charToGlyph(next));
    const units = (glyph.advanceWidth ?? 0) + (Number.isFinite(kerning) ? kerning : 0);
    return [letter, (units * size) / font.unitsPerEm];
  });
}

/** As one line of ordinary spaces, accents joined to their letters. */
function tidy(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim().slice(0, MAX_TEXT);
}

function canSet(font: Font, text: string): boolean {
  return text !== "" && [...text].every((letter) => font.charToGlyphIndex(letter) > 0);
}

/** The largest size at which the whole name fits; at the smallest, as much of it as does. */
function setName(font: Font, name: string): { size: number; lines: string[] } {
  let size: number = NAME_SIZES[0];
  let lines: string[] = [];
  for (size of NAME_SIZES) {
    lines = wrap(font, name, size, MAX_LINES);
    if (!lines.some((line) => line.endsWith(ELLIPSIS))) break;
  }
  return { size, lines };
}

const ELLIPSIS = "…";

/** Breaks between words; what is left over, or too wide for a line, ends in an ellipsis. */
function wrap(font: Font, text: string, size: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && widthOf(font, longer, size) <= TEXT_WIDTH) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(word);
    }
  }
  const kept = lines.slice(0, most).map((line) => shorten(font, line, size));
  const left = lines.length > most ? kept.pop() : undefined;
  if (left !== undefined) kept.push(shorten(font, `${left}${ELLIPSIS}`, size));
  return kept;
}

function shorten(font: Font, line: string, size: number): string {
  let cut = line;
  while (widthOf(font, cut, size) > TEXT_WIDTH && cut.length > 1) {
    cut = `${cut.replace(/…$/, "").slice(0, -1).trimEnd()}${ELLIPSIS}`;
  }
  return cut;
}

const CHUNK = 8_192;

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return btoa(binary);
}
