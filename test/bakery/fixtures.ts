// Files made octet by octet, so that each can carry exactly the fault its name says.

import { crc32 } from "../../src/bakery/crc32.ts";
import { joinParts } from "../../src/bakery/parts.ts";
import { chunkType, PNG_SIGNATURE } from "../../src/bakery/png-chunks.ts";

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function fromUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** One octet per character, as Latin-1 has it. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** A chunk with the right length and CRC, whatever is in it. */
export function chunk(name: string, data: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(12 + data.length);
  const view = new DataView(whole.buffer);
  view.setUint32(0, data.length);
  view.setUint32(4, chunkType(name));
  whole.set(data, 8);
  view.setUint32(8 + data.length, crc32(whole, 4, 8 + data.length));
  return whole;
}

interface Header {
  width: number;
  height: number;
  depth: number;
  colour: number;
  compression: number;
  filter: number;
  interlace: number;
}

/** An IHDR chunk; without a word, of one grey pixel. */
export function ihdr(over: Partial<Header> = {}): Uint8Array<ArrayBuffer> {
  const header = {
    width: 1,
    height: 1,
    depth: 8,
    colour: 0,
    compression: 0,
    filter: 0,
    interlace: 0,
  };
  const { width, height, depth, colour, compression, filter, interlace } = { ...header, ...over };
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([depth, colour, compression, filter, interlace], 8);
  return chunk("IHDR", data);
}

/** A zlib stream that stores `data` as it is (RFC 1950, RFC 1951 section 3.2.4). */
export function zlibStored(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let at = 0; at === 0 || at < data.length; at += 0xffff) {
    const block = data.subarray(at, at + 0xffff);
    const last = at + 0xffff >= data.length ? 1 : 0;
    const { length } = block;
    parts.push(Uint8Array.of(last, length, length >> 8, ~length, ~length >> 8), block);
  }
  let a = 1;
  let b = 0;
  for (const octet of data) {
    a = (a + octet) % 65521;
    b = (b + a) % 65521;
  }
  return joinParts([...parts, Uint8Array.of(b >> 8, b, a >> 8, a)]);
}

/** A zlib stream of `data`, really compressed. */
export async function zlibDeflated(
  data: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export const IEND = chunk("IEND");

/** The image data of one grey pixel. */
export const IDAT = chunk("IDAT", zlibStored(Uint8Array.of(0, 0x80)));

/** A file of these parts after the signature. */
export function pngOf(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return joinParts([PNG_SIGNATURE, ...parts]);
}

/** The smallest whole PNG. */
export const PNG = pngOf(ihdr(), IDAT, IEND);

/** A PNG with `parts` between IHDR and the pixels. */
export function pngWith(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return pngOf(ihdr(), ...parts, IDAT, IEND);
}

interface Itxt {
  keyword: string;
  flag: number;
  method: number;
  language: string;
  translated: string;
}

/** An iTXt chunk with its fields as given; without a word, as Open Badges wants it. */
export function itxt(text: string | Uint8Array, over: Partial<Itxt> = {}): Uint8Array<ArrayBuffer> {
  const fields = {
    keyword: "openbadges",
    flag: 0,
    method: 0,
    language: "",
    translated: "",
    ...over,
  };
  const { keyword, flag, method, language, translated } = fields;
  const data = joinParts([
    latin1(`${keyword}\0`),
    Uint8Array.of(flag, method),
    utf8(`${language}\0${translated}\0`),
    typeof text === "string" ? utf8(text) : text,
  ]);
  return chunk("iTXt", data);
}

/** A tEXt chunk. */
export function text(keyword: string, value: string): Uint8Array<ArrayBuffer> {
  return chunk("tEXt", latin1(`${keyword}\0${value}`));
}

/** The chunks of a sound PNG: name and whole octets. */
export function chunksOf(png: Uint8Array): { name: string; data: Uint8Array }[] {
  const chunks: { name: string; data: Uint8Array }[] = [];
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...png.subarray(at + 4, at + 8));
    chunks.push({ name, data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** An SVG with `content`, and `attributes` on its root. */
export function svg(content = "<rect/>", attributes = ""): Uint8Array<ArrayBuffer> {
  return utf8(`<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${content}</svg>`);
}

export const JSON_TEXT = '{"@context":"https://w3id.org/openbadges/v2","narrative":"Größe ≥ 1"}';
export const JWS = "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6IjEifQ.c2lnbmF0dXJl";
export const ADDRESS = "https://badges.example.org/ob/v2/assertions/0a1b2c?x=1&y=2";

/** The octets of an outcome that must have gone well. */
export function bytesOf(
  outcome: { ok: true; bytes: Uint8Array<ArrayBuffer> } | { ok: false; reason: string },
): Uint8Array<ArrayBuffer> {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.bytes;
}
