// Pictures for tests of the registry, sound ones and such as carry one fault each.
import { bakePng } from "../../src/bakery/bake-png.ts";
import { bakeSvg } from "../../src/bakery/bake-svg.ts";
import { chunk, IEND, ihdr, pngOf, utf8, zlibStored } from "../bakery/fixtures.ts";

/** A grey PNG whose pixels are really there. */
export function png(width: number, height = width, ...extra: Uint8Array[]) {
  const rows = new Uint8Array(height * (width + 1));
  const pixels = chunk("IDAT", zlibStored(rows));
  return pngOf(ihdr({ width, height }), ...extra, pixels, IEND);
}

export const SQUARE = 'viewBox="0 0 512 512"';

export function svg(content = '<circle cx="256" cy="256" r="200"/>', attributes = SQUARE) {
  return utf8(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${content}</svg>`);
}

/** What stands in a file that carries somebody's badge. */
export const ASSERTION = '{"id":"https://elsewhere.example/1","type":"Assertion"}';

export function bakedPng(width: number) {
  return whole(bakePng(png(width), ASSERTION));
}

export function bakedSvg() {
  return whole(bakeSvg(svg(), { json: ASSERTION }));
}

function whole(baked: { ok: true; bytes: Uint8Array<ArrayBuffer> } | { ok: false }) {
  if (!baked.ok) throw new Error("the fixture cannot be baked");
  return baked.bytes;
}
