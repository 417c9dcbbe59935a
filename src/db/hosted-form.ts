// How the text of an Assertion is stored: once what it shares with others of its badge, and then what is its own.

/**
 * Words that every Assertion of a form has, or a hole in them: a number of characters of what is an
 * Assertion's own, or `HASH` for its award's hash, or `REST` for all that is left of its own.
 */
export type FormPiece = string | number;
export type FormPieces = readonly FormPiece[];

const HASH = 0;
const REST = -1;

/** What stands before a value that each award has its own of. */
const BEFORE_OWN = ['"salt":"', '"identity":"sha256$', '"issuedOn":"', '"expires":"'];
/** The members that say something of one award alone come last: from the first of them, all is own. */
const OWN_TO_THE_END = [',"narrative":', ',"evidence":'];

interface Hole {
  readonly start: number;
  readonly end: number;
  readonly piece: number;
}

/**
 * A text in two parts, the pieces of its form and what is its own. `putTogether` gives back every
 * character of it, whatever the text is, since both are cut from it one after the other; where it
 * is an Assertion, its form is that of all others of its badge.
 */
export function takenApart(hash: string, text: string): { pieces: FormPieces; own: string } {
  const pieces: FormPiece[] = [];
  let own = "";
  let at = 0;
  for (const { start, end, piece } of holesOf(hash, text)) {
    if (start < at) continue;
    if (start > at) pieces.push(text.slice(at, start));
    pieces.push(piece);
    if (piece !== HASH) own += text.slice(start, end);
    at = end;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return { pieces, own };
}

/** In the order of the text; one may begin within another. */
function holesOf(hash: string, text: string): Hole[] {
  const lasts = OWN_TO_THE_END.map((before) => text.indexOf(before)).filter((at) => at >= 0);
  const rest = Math.min(text.length, ...lasts);
  const holes: Hole[] = rest < text.length ? [{ start: rest, end: text.length, piece: REST }] : [];
  for (let start = text.indexOf(hash); start >= 0; start = text.indexOf(hash, start + 1)) {
    holes.push({ start, end: start + hash.length, piece: HASH });
  }
  for (const before of BEFORE_OWN) {
    const found = text.indexOf(before);
    const start = found + before.length;
    const end = text.indexOf('"', start);
    if (found >= 0 && end > start) holes.push({ start, end, piece: end - start });
  }
  return holes
    .filter(({ end, piece }) => end <= rest || piece === REST)
    .sort((one, other) => one.start - other.start);
}

/** The text that was taken apart. */
export function putTogether(pieces: FormPieces, hash: string, own: string): string {
  let text = "";
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else if (piece === HASH) text += hash;
    else if (piece === REST) text += own.slice(at);
    else {
      text += own.slice(at, at + piece);
      at += piece;
    }
  }
  return text;
}

/** Pieces as they are stored. Throws a SyntaxError or a TypeError for what nobody here has stored. */
export function readPieces(json: string): FormPieces {
  const read: unknown = JSON.parse(json);
  if (Array.isArray(read) && read.every(isPiece)) return read;
  throw new TypeError("what is stored is no form of Assertions");
}

function isPiece(value: unknown): value is FormPiece {
  return typeof value === "string" || Number.isInteger(value);
}
