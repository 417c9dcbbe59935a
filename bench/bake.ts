// How close baking and unbaking come to a plain copy of the same bytes.

import { bakePng, bakePngParts, unbakePng } from "../src/bakery/bake-png.ts";
import { bakeSvg } from "../src/bakery/bake-svg.ts";
import { crc32 } from "../src/bakery/crc32.ts";
import { inspectPng } from "../src/bakery/inspect-png.ts";
import { inspectSvg } from "../src/bakery/inspect-svg.ts";
import { joinParts } from "../src/bakery/parts.ts";
import { chunkType, PNG_SIGNATURE } from "../src/bakery/png-chunks.ts";
import { unbakeSvg } from "../src/bakery/unbake-svg.ts";
import { measure, type Row, table } from "./measure.ts";

/** As large as a hosted assertion with evidence and a narrative: about 1.5 KB. */
const ASSERTION = JSON.stringify({
  "@context": "https://w3id.org/openbadges/v2",
  type: "Assertion",
  id: "https://badges.example.org/ob/v2/assertions/4f0c2a9be1d3476c8f5ab0de91237c64f5ab0de9",
  recipient: { type: "email", hashed: true, identity: `sha256$${"9f".repeat(32)}` },
  badge: "https://badges.example.org/ob/v2/badges/0190f3b2-7c55-7d10-9a3e-5b1f0c2a9be1",
  verification: { type: "hosted" },
  issuedOn: "2026-11-01T09:30:00Z",
  narrative: "Led the workshop, wrote it up, and helped three others to do the same. ".repeat(14),
});
const ADDRESS =
  "https://badges.example.org/ob/v2/assertions/4f0c2a9be1d3476c8f5ab0de91237c64f5ab0de9";

function chunk(name: string, data: Uint8Array): Uint8Array {
  const whole = new Uint8Array(12 + data.length);
  const view = new DataView(whole.buffer);
  view.setUint32(0, data.length);
  view.setUint32(4, chunkType(name));
  whole.set(data, 8);
  view.setUint32(8 + data.length, crc32(whole, 4, 8 + data.length));
  return whole;
}

/** A PNG of `bytes` bytes, its pixels in chunks of 8 KiB as libpng writes them. */
function png(bytes: number): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, 512);
  view.setUint32(4, 512);
  header[8] = 8;
  header[9] = 6;
  const parts = [PNG_SIGNATURE, chunk("IHDR", header)];
  for (let left = bytes - 57; left > 0; left -= 8204) {
    const data = Uint8Array.from(
      { length: Math.min(8192, left) },
      (_, i) => (i * 131 + left) & 255,
    );
    parts.push(chunk("IDAT", data));
  }
  return joinParts([...parts, chunk("IEND", new Uint8Array())]);
}

/** An SVG of about `bytes` bytes: paths, as a drawing program leaves them. */
function svg(bytes: number): Uint8Array {
  let text =
    '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">\n';
  for (let i = 0; text.length < bytes - 7; i++) {
    text += `<path id="p${i}" fill="#5c3d99" d="M${i} ${i * 2} L${i * 3} 40 C1 2 3 4 5 6z"/>\n`;
  }
  return new TextEncoder().encode(`${text}</svg>`);
}

async function pngRows(name: string, original: Uint8Array): Promise<Row[]> {
  if (!inspectPng(original).ok) throw new Error(`the ${name} fixture is no PNG`);
  const baked = bakePng(original, ASSERTION);
  if (!baked.ok) throw new Error(baked.detail);
  const added = Buffer.from(baked.bytes.subarray(33, 33 + baked.bytes.length - original.length));
  const copy = () => Buffer.concat([original, added]);
  const rows = await measure({ name: `copy ${name} PNG (Buffer.concat)`, run: copy }, [
    { name: `bake ${name} PNG, one array`, run: () => bakePng(original, ASSERTION), target: 0.6 },
    {
      name: `bake ${name} PNG, parts`,
      run: () => bakePngParts(original, ASSERTION),
      target: 0.6,
      note: "what is served: the pixels are not copied",
    },
    { name: `unbake ${name} PNG`, run: () => unbakePng(baked.bytes) },
    { name: `inspect ${name} PNG`, run: () => inspectPng(original), note: "once, at upload" },
  ]);
  return rows;
}

async function svgRows(original: Uint8Array): Promise<Row[]> {
  const inspected = inspectSvg(original);
  if (!inspected.ok) throw new Error(inspected.detail);
  const payload = { json: ASSERTION, url: ADDRESS };
  const baked = bakeSvg(original, payload, inspected.plan);
  if (!baked.ok) throw new Error(baked.detail);
  const added = Buffer.from(ASSERTION);
  const copy = () => Buffer.concat([original, added]);
  return measure({ name: "copy 20 KB SVG (Buffer.concat)", run: copy }, [
    {
      name: "bake 20 KB SVG",
      run: () => bakeSvg(original, payload, inspected.plan),
      target: 0.4,
    },
    { name: "unbake 20 KB SVG", run: () => unbakeSvg(baked.bytes), note: "parses all of it" },
    { name: "inspect 20 KB SVG", run: () => inspectSvg(original), note: "once, at upload" },
  ]);
}

/** Measures all of it; takes about half a minute. */
export async function bakeBench(): Promise<Row[]> {
  return [
    ...(await pngRows("100 KB", png(100 * 1024))),
    ...(await pngRows("2 MB", png(2_000_000))),
    ...(await svgRows(svg(20 * 1024))),
  ];
}

if (import.meta.main) console.log(table(await bakeBench()));
