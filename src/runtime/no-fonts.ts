// In place of the library that reads fonts, where nothing is drawn: it is an eighth of what a Worker may weigh.

/** As `parse` of opentype.js. Throws, since whoever can rasterise nothing must not come here. */
export function parse(): never {
  throw new TypeError("No font is read where there is no image engine.");
}
