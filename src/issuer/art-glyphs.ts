// The glyphs of generated art, drawn for it, and the words in a badge's name that choose one.

/** Strokes on a 24 by 24 grid, two units wide, with round ends; `o` marks circles as x, y, radius. */
const GLYPHS = {
  star: ["M12 3.2l2.7 5.6 6.1.8-4.5 4.3 1.1 6.1-5.4-3-5.4 3 1.1-6.1L3.2 9.6l6.1-.8z"],
  flame: [
    "M12.4 2.8c.3 3.9 5.8 5.7 5.8 11.3a6.2 6.2 0 0 1-12.4 0c0-2.4 1.1-4 2.5-5.4.2 1.7.8 2.7 1.9 3.2-.5-3.6.3-6.9 2.2-9.1z",
  ],
  shield: [
    "M12 2.9l7.4 2.6v5.7c0 4.6-2.9 8-7.4 9.9-4.5-1.9-7.4-5.3-7.4-9.9V5.5z",
    "M8.5 11.9l2.6 2.6 4.5-4.9",
  ],
  check: ["M4.6 12.8l4.9 4.9L19.6 6.9"],
  clock: ["o12 12 9", "M12 6.8v5.4l3.5 2.1"],
  calendar: ["M4 6h16v14H4z", "M4 10.3h16M8.4 3.4v4M15.6 3.4v4", "M9 15.1l2.2 2.1 3.9-4"],
  steps: ["M2.8 20.2h4.9v-4.7h4.8v-4.7h4.8V6.1h3.9"],
  footprints: [
    "M4.4 13.3C2.6 9.4 3.2 5.6 5.9 5.2s4.8 3.2 4 7.4z",
    "M4.9 16.4l4.9-.6c.4 2.6-.2 4.2-1.7 4.4s-2.7-1.1-3.2-3.8z",
    "M19.6 11.3c1.8-3.9 1.2-7.7-1.5-8.1s-4.8 3.2-4 7.4z",
    "M19.1 14.4l-4.9-.6c-.4 2.6.2 4.2 1.7 4.4s2.7-1.1 3.2-3.8z",
  ],
  trophy: [
    "M7 3.7h10v5.6a5 5 0 0 1-10 0z",
    "M7 5.6H3.6c0 3.3 1.3 5 4 5.2M17 5.6h3.4c0 3.3-1.3 5-4 5.2",
    "M12 14.3v3.1M7.7 20.4h8.6M9.4 20.2c0-1.8.9-2.8 2.6-2.8s2.6 1 2.6 2.8",
  ],
  crown: ["M4.3 16.8L2.9 7.3l5.3 4L12 4.6l3.8 6.7 5.3-4-1.4 9.5z", "M4.6 20.2h14.8"],
  medal: ["o12 9 5.9", "M8.3 13.6L6.9 21.2l5.1-2.7 5.1 2.7-1.4-7.6"],
  people: [
    "o9 8.2 3.5",
    "M2.7 20c0-3.7 2.6-6 6.3-6s6.3 2.3 6.3 6",
    "M15.4 4.9a3.5 3.5 0 0 1 0 6.6M17.8 14.4c2.3.8 3.6 2.8 3.6 5.6",
  ],
  join: [
    "o9.5 8 3.7",
    "M2.9 20.2c0-3.9 2.7-6.3 6.6-6.3s6.6 2.4 6.6 6.3",
    "M18.6 6.4v6.4M15.4 9.6h6.4",
  ],
  heart: [
    "M12 20.4C6.3 16.1 3.2 13 3.2 9.2a4.7 4.7 0 0 1 4.7-4.8c1.8 0 3.2.9 4.1 2.5.9-1.6 2.3-2.5 4.1-2.5a4.7 4.7 0 0 1 4.7 4.8c0 3.8-3.1 6.9-8.8 11.2z",
  ],
  book: [
    "M12 6.6c-1.9-1.6-4.7-2.3-9-2.1v13.6c4.3-.2 7.1.5 9 2.1 1.9-1.6 4.7-2.3 9-2.1V4.5c-4.3-.2-7.1.5-9 2.1z",
    "M12 6.6v13.6",
  ],
  cap: [
    "M2.2 9.4L12 5l9.8 4.4-9.8 4.4z",
    "M6.4 11.6v4.6c0 1.5 2.6 2.8 5.6 2.8s5.6-1.3 5.6-2.8v-4.6",
    "M21.8 9.4v6",
  ],
  idea: ["M9.2 16.9c0-2-3.2-3.2-3.2-7.1a6 6 0 0 1 12 0c0 3.9-3.2 5.1-3.2 7.1z", "M10.2 20.6h3.6"],
  sprout: [
    "M12 21v-8",
    "M12 13c.1-4.3-2.8-6.8-8.2-6.8C3.7 10.8 6.8 13.3 12 13z",
    "M12 15.6c-.1-5.6 2.8-8.7 8.4-8.9.2 5.6-2.7 8.8-8.4 8.9z",
  ],
  leaf: [
    "M6.9 17.6C3 9.9 9.2 3.9 20.3 3.7c.4 12.1-5.8 17.4-13.4 13.9z",
    "M3.7 20.8c2.2-4.8 5.3-8.2 9.6-10.4",
  ],
  mountain: ["M2 19.6L9 6.2l4.2 7.6 2.5-3.9 6.3 9.7z"],
  compass: ["o12 12 9", "M16 8l-2.4 5.6L8 16l2.4-5.6z"],
  flag: ["M5.2 21.2V3.6", "M5.2 4.7c4.4-2 7.4 1.7 14.2 0l-2.5 4.6 2.5 4.6c-6.8 1.7-9.8-2-14.2 0"],
  target: ["o12 12 9.2", "o12 12 5", "o12 12 .9"],
  bolt: ["M13.6 2.6L5 13.7h6.2l-.8 7.7L19 10.3h-6.2z"],
  wrench: [
    "M20.5 7.3a5.4 5.4 0 0 1-7.2 6.2l-6 6a2.1 2.1 0 0 1-3-3l6-6a5.4 5.4 0 0 1 6.2-7.2l-3.1 3.1.9 3.1 3.1.9z",
  ],
  code: ["M7.8 6.7L2.7 12l5.1 5.3M16.2 6.7l5.1 5.3-5.1 5.3M13.7 4.6l-3.4 14.8"],
  chat: [
    "M5 4.6h14a1.6 1.6 0 0 1 1.6 1.6v8.6a1.6 1.6 0 0 1-1.6 1.6h-7.2L7 20.4v-4H5a1.6 1.6 0 0 1-1.6-1.6V6.2A1.6 1.6 0 0 1 5 4.6z",
    "M8 9h8M8 12.2h4.6",
  ],
  megaphone: ["M3.6 9.7v4.6h3.9l8.8 4.4V5.3L7.5 9.7z", "M19.2 9a4 4 0 0 1 0 6M7.9 14.6l1.4 5.7"],
  key: ["o7.8 15.7 4.4", "M11 12.6l8.7-8.7M15.9 7.7l3.2 3.2M13.2 10.4l1.8 1.8"],
  house: ["M3 11.4L12 3.8l9 7.6", "M5.7 9.4V20h12.6V9.4", "M9.9 20v-5.6h4.2V20"],
  globe: ["o12 12 9", "M3.2 12h17.6M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18"],
  cross: ["M9.2 3.6h5.6v5.6h5.6v5.6h-5.6v5.6H9.2v-5.6H3.6V9.2h5.6z"],
  music: ["o6.6 17.7 2.8", "o16.6 15.7 2.8", "M9.4 17.7V5.9l10-2.3v12.1"],
  palette: [
    "M12 3.2c5 0 8.9 3.4 8.9 7.8 0 2.8-1.9 4.2-4.3 4.2h-1.7c-1.7 0-2.3 1.6-1.3 2.8.9 1.2.2 2.8-1.6 2.8a8.8 8.8 0 0 1 0-17.6z",
    "o7.9 10.6 .5",
    "o11.5 7.5 .5",
    "o15.9 9 .5",
  ],
} as const satisfies Record<string, readonly string[]>;

export type Glyph = keyof typeof GLYPHS;

export const GLYPH_NAMES = Object.keys(GLYPHS) as readonly Glyph[];

export function isGlyph(name: string): name is Glyph {
  return Object.hasOwn(GLYPHS, name);
}

/** The glyph's strokes as SVG elements, for a group that sets the stroke and scales the grid. */
export function glyphStrokes(glyph: Glyph): string {
  const lines: string[] = [];
  let path = "";
  for (const stroke of GLYPHS[glyph]) {
    if (!stroke.startsWith("o")) {
      path += stroke;
      continue;
    }
    const [x, y, r] = stroke.slice(1).split(" ");
    lines.push(`<circle cx="${x}" cy="${y}" r="${r}"/>`);
  }
  return (path === "" ? "" : `<path d="${path}"/>`) + lines.join("");
}

/** Word beginnings, in lower case; the first word of a name that begins so decides. */
const WORDS: readonly (readonly [Glyph, string])[] = [
  ["flame", "streak consecutive habit daily passion ignite fire"],
  ["footprints", "walk march hike stride"],
  ["steps", "step progress level path"],
  ["flag", "first start begin launch milestone kickoff finish"],
  ["cap", "graduat certif diploma degree academ train qualif school"],
  ["book", "read learn stud course book knowledge literac librar writ story"],
  ["shield", "safe protect secur guard privacy shield"],
  ["cross", "aid medic health nurs care clinic emergency"],
  ["clock", "hour time minute punctual"],
  ["calendar", "week month year annual attend event session season"],
  ["join", "recruit invit refer welcome onboard join"],
  ["trophy", "champion winner trophy cup tournament victor"],
  ["crown", "leader lead master expert captain chief"],
  ["medal", "honor honour medal award recogn best excellen merit"],
  ["heart", "volunteer kind dedicat giv love compass thank support friend"],
  ["people", "team peer coordinat group collab together member partner social"],
  ["chat", "speak talk discuss listen feedback convers languag communicat"],
  ["megaphone", "advoca ambassador present campaign market voice"],
  ["house", "communit neighbo home house host local resident"],
  ["globe", "world global international travel cultur earth"],
  ["leaf", "green sustain environment climate nature eco forest"],
  ["sprout", "grow garden plant new rookie novice seed"],
  ["mountain", "summit peak climb challenge endur resilien"],
  ["compass", "explor discover adventure navigat guid mentor coach research"],
  ["target", "goal target focus precis accura score"],
  ["bolt", "fast quick speed energy power electric sprint lightning"],
  ["wrench", "build maker fix repair tool engineer mechanic technic workshop craft"],
  ["code", "code coding program develop software data web digital hack comput"],
  ["idea", "idea innovat creativ invent think solv solution design"],
  ["key", "key access unlock open trust"],
  ["music", "music song choir band sing concert danc"],
  ["palette", "art paint draw colour color photo craft"],
  ["star", "star super outstanding shine"],
  ["check", "complet pass approv done check verif"],
].map(([glyph, words]) => [glyph as Glyph, words as string] as const);

/** The glyph that a name speaks of, or null when none of its words says anything. */
export function glyphFor(name: string): Glyph | null {
  for (const word of name.toLowerCase().split(/[^\p{L}\p{N}]+/u)) {
    for (const [glyph, beginnings] of WORDS) {
      if (beginnings.split(" ").some((beginning) => word.startsWith(beginning))) return glyph;
    }
  }
  return null;
}
