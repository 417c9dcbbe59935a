// What must hold for any file: shared by the suite's short run and the long one.

import fc from "fast-check";
import { SaxesParser } from "saxes";
import { bakePng, bakePngParts, stripPng, unbakePng } from "../../src/bakery/bake-png.ts";
import { bakeSvg, stripSvg } from "../../src/bakery/bake-svg.ts";
import { detectKind } from "../../src/bakery/detect.ts";
import { inspectPng } from "../../src/bakery/inspect-png.ts";
import { inspectSvg } from "../../src/bakery/inspect-svg.ts";
import { joinParts } from "../../src/bakery/parts.ts";
import { checkPngPixels } from "../../src/bakery/png-pixels.ts";
import { unbakeSvg } from "../../src/bakery/unbake-svg.ts";
import { bytesOf, chunk, IDAT, IEND, ihdr, itxt, pngOf, utf8, zlibStored } from "./fixtures.ts";

const base64url = fc.stringMatching(/^[\w-]{1,40}$/);
const jws = fc.tuple(base64url, base64url, base64url).map((parts) => parts.join("."));
const member = fc.string({ unit: "binary" });
const json = fc.dictionary(member, fc.jsonValue()).map((value) => JSON.stringify(value));

/** A PNG that is sound but for its pixels, with chunks nobody has heard of. */
const soundPng = fc
  .record({
    before: fc.array(fc.tuple(fc.stringMatching(/^[a-z][A-Za-z]{3}$/), fc.uint8Array())),
    pixels: fc.array(fc.uint8Array(), { minLength: 1, maxLength: 4 }),
    after: fc.array(fc.uint8Array(), { maxLength: 3 }),
    depth: fc.constantFrom(1, 2, 4, 8, 16),
    width: fc.integer({ min: 1, max: 4096 }),
  })
  .map(({ before, pixels, after, depth, width }) =>
    pngOf(
      ihdr({ depth, width }),
      ...before.map(([name, data]) => chunk(name, data)),
      ...pixels.map((data) => chunk("IDAT", data)),
      ...after.map((data) => chunk("tEXt", joinParts([utf8("Comment\0"), data]))),
      IEND,
    ),
  )
  .filter((png) => inspectPng(png).ok);

interface Edit {
  kind: "flip" | "cut" | "repeat" | "insert";
  at: number;
  length: number;
  octets: Uint8Array;
}

const edits = (octets: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Edit[]> =>
  fc.array(
    fc.record({
      kind: fc.constantFrom("flip", "cut", "repeat", "insert"),
      at: fc.nat(),
      length: fc.integer({ min: 1, max: 64 }),
      octets,
    }),
    { minLength: 1, maxLength: 6 },
  );

/** A file with each edit made to what the one before left. */
function edited(original: Uint8Array, changes: Edit[]): Uint8Array {
  return changes.reduce((bytes, { kind, at, length, octets }) => {
    const from = bytes.length === 0 ? 0 : at % bytes.length;
    const head = bytes.subarray(0, from);
    const range = bytes.subarray(from, from + length);
    const tail = bytes.subarray(from + length);
    if (kind === "cut") return joinParts([head, tail]);
    if (kind === "repeat") return joinParts([head, range, range, tail]);
    if (kind === "insert") return joinParts([head, octets, range, tail]);
    return joinParts([
      head,
      range.map((octet, i) => (i === 0 ? octet ^ (1 << (at & 7)) : octet)),
      tail,
    ]);
  }, original);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Baking a PNG and reading it, or stripping it, gives back what went in. */
export async function pngRoundTrip(runs: number): Promise<void> {
  const property = fc.asyncProperty(soundPng, fc.oneof(json, jws), async (png, payload) => {
    const baked = bytesOf(bakePng(png, payload));
    const unbaked = await unbakePng(baked);
    demand(unbaked.ok && unbaked.payload?.text === payload, "unbake(bake(x, p)) is p");
    demand(same(bytesOf(stripPng(baked)), png), "strip(bake(x, p)) is x");
    demand(same(bytesOf(bakePng(baked, payload)), baked), "baking twice is baking once");
    demand(inspectPng(baked).ok, "what is baked passes inspection");
  });
  await fc.assert(property, { numRuns: runs });
}

const pngOctets = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom<Uint8Array>(
    IDAT,
    IEND,
    ihdr(),
    itxt("{}"),
    itxt("{}", { flag: 1 }),
    chunk("PLTE"),
  ),
  fc
    .constantFrom([0x7f, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0])
    .map((octets) => Uint8Array.from(octets)),
);

async function judgePng(bytes: Uint8Array): Promise<void> {
  const inspected = inspectPng(bytes);
  const answers = [await checkPngPixels(bytes), await unbakePng(bytes)];
  const stripped = stripPng(bytes);
  const parts = bakePngParts(bytes, "{}");
  detectKind(bytes);
  demand(parts.ok === stripped.ok, "baking and stripping judge a file alike");
  demand(!inspected.ok || (parts.ok && stripped.ok), "what passes inspection can be baked");
  demand(
    answers.every(({ ok }) => typeof ok === "boolean"),
    "an answer each",
  );
  if (!parts.ok) return;
  const reread = await unbakePng(joinParts(parts.parts));
  demand(reread.ok && reread.payload?.text === "{}", "what is baked can be read");
}

/** No damage to a PNG makes anything throw, and what passes inspection can be baked and read. */
export async function pngDamage(runs: number): Promise<void> {
  const compressed = itxt(zlibStored(utf8("{}")), { flag: 1, language: "en" });
  const seeds = fc.constantFrom(
    pngOf(ihdr(), itxt("{}"), IDAT, IEND),
    pngOf(ihdr(), compressed, IDAT, chunk("tEXt", utf8("openbadges\0https://x.example/")), IEND),
  );
  const property = fc.asyncProperty(seeds, edits(pngOctets), async (seed, changes) => {
    await judgePng(edited(seed, changes));
  });
  await fc.assert(property, { numRuns: runs });
}

const carrierData = fc
  .tuple(
    fc.constantFrom("openbadges\0", "openbadgecredential\0", "openbadges", ""),
    fc.constantFrom([0, 0, 0, 0], [1, 0, 0, 0], [1, 0, 101, 0, 0], [2], [1, 9, 0, 0], []),
    fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      json.map(utf8),
      json.map((text) => zlibStored(utf8(text))),
    ),
  )
  .map(([keyword, fields, data]) => joinParts([utf8(keyword), Uint8Array.from(fields), data]));

/** Chunks in any order, each with its length and CRC right, so that what they say is looked at. */
const anyChunks = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(IDAT, IEND, ihdr(), chunk("acTL", new Uint8Array(8))) },
    {
      weight: 1,
      arbitrary: fc
        .record({ depth: fc.nat(17), colour: fc.nat(7), interlace: fc.nat(2), width: fc.nat() })
        .map(ihdr),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 9 }).map((data) => chunk("PLTE", data)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom("iTXt", "tEXt", "zTXt"), carrierData)
        .map(([name, data]) => chunk(name, data)),
    },
  ),
  { maxLength: 8 },
);

/** No sequence of sound chunks makes anything throw either. */
export async function pngChunks(runs: number): Promise<void> {
  const property = fc.asyncProperty(anyChunks, fc.boolean(), async (chunks, whole) => {
    await judgePng(whole ? pngOf(ihdr(), IDAT, ...chunks, IEND) : pngOf(...chunks));
  });
  await fc.assert(property, { numRuns: runs });
}

const quoted = fc
  .tuple(fc.constantFrom('"', "'"), fc.string({ unit: "grapheme" }))
  .map(([quote, text]) => quote + text.replace(/[&<"'\ufffe\uffff]|\p{Cc}/gu, "") + quote);
const space = fc.constantFrom(" ", "\n", "\r\n", "\t ");
const attributes = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom("id", "d", "fill", "x", "data-a", "transform"), quoted, space),
    {
      selector: ([name]) => name,
    },
  )
  .map((all) => all.map(([name, value, blank]) => `${blank}${name}=${value}`).join(""));
const characters = fc
  .string({ unit: "grapheme" })
  .map((text) => text.replace(/[&<>\]\ufffe\uffff]|\p{Cc}/gu, "&#65;"));

const { node } = fc.letrec<{ node: string; element: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    characters,
    characters.map((text) => `<![CDATA[${text}]]>`),
    characters.map((text) => `<!--${text.replaceAll("-", "")}-->`),
    tie("element"),
  ),
  element: fc
    .tuple(fc.constantFrom("g", "path", "text", "title", "desc"), attributes, fc.array(tie("node")))
    .map(([name, list, nodes]) =>
      nodes.length === 0 ? `<${name}${list}/>` : `<${name}${list}>${nodes.join("")}</${name} >`,
    ),
}));

/** An SVG that passes inspection, in many spellings. */
const soundSvg = fc
  .tuple(
    fc.constantFrom("", "\ufeff", '<?xml version="1.0"?>\r\n', "<!-- ü --><!DOCTYPE svg>"),
    attributes,
    fc.array(node),
    fc.constantFrom("", "\n", "<!-- end -->"),
  )
  .map(([prolog, list, nodes, epilog]) =>
    utf8(
      `${prolog}<svg${list} xmlns='http://www.w3.org/2000/svg'>${nodes.join("")}</svg>${epilog}`,
    ),
  )
  .filter((svg) => inspectSvg(svg).ok);

const svgPayload = fc.oneof(
  fc.record({ json, url: fc.webUrl({ withQueryParameters: true }) }),
  fc.record({ json }),
  fc.record({ jws }),
);

/** Baking an SVG and reading it, or stripping it, gives back what went in. */
export function svgRoundTrip(runs: number): void {
  const property = fc.property(soundSvg, svgPayload, (svg, payload) => {
    const baked = bytesOf(bakeSvg(svg, payload));
    const unbaked = unbakeSvg(baked);
    const text = unbaked.ok ? unbaked.payload?.text : undefined;
    if ("jws" in payload) demand(text === payload.jws, "unbake(bake(x, jws)) is the jws");
    else demand(text !== undefined && sameJson(text, payload.json), "unbake(bake(x, p)) is p");
    demand(same(bytesOf(stripSvg(baked)), svg), "strip(bake(x, p)) is x");
    demand(same(bytesOf(bakeSvg(baked, payload)), baked), "baking twice is baking once");
    demand(isNamespaceWellFormed(baked), "another reader finds it well-formed");
  });
  fc.assert(property, { numRuns: runs });
}

/** Octet for octet, unless XML cannot hold the text and it had to be escaped. */
function sameJson(text: string, json: string): boolean {
  return text === json || (/\]\]>|[\ufffe\uffff]/.test(json) && jsonText(text) === jsonText(json));
}

const jsonText = (text: string) => JSON.stringify(JSON.parse(text));

/** What a reader says that resolves namespaces by itself. */
function isNamespaceWellFormed(bytes: Uint8Array): boolean {
  try {
    new SaxesParser({ xmlns: true }).write(new TextDecoder().decode(bytes)).close();
    return true;
  } catch {
    return false;
  }
}

const PIECES = [
  ..."< > & ' \" = / ]]> <![CDATA[ <!-- --> <? ?> <!DOCTYPE <!ENTITY xmlns xmlns:a xml: : a:".split(
    " ",
  ),
  ..."&a; &#0; &#xD800; &#65; <script> </g> <g> <style> @import url( \\ \0 \r é \ufeff".split(" "),
  ' onload="x"',
  ' href="javascript:x"',
  '<openbadges:assertion verify="a.b.c">{}',
  "</openbadges:assertion>",
  ' xmlns:openbadges="http://openbadges.org"',
  "\ufffe",
  "\u2028",
];
const svgOctets = fc.constantFrom(...PIECES).map(utf8);

/** No damage to an SVG makes anything throw, and what passes inspection can be baked and read. */
export function svgDamage(runs: number): void {
  const root = "<svg xmlns='http://www.w3.org/2000/svg' viewBox=\"0 0 9 9\">";
  const seeds = fc.constantFrom(
    `<?xml version="1.0" encoding="utf-8"?>${root}<g id="a"><use href="#a"/></g></svg>`,
    `${root}<a:assertion xmlns:a="http://openbadges.org"><![CDATA[{}]]></a:assertion><style>a{}</style></svg>`,
    `<!DOCTYPE svg>${root}<metadata xmlns:r="urn:r"><r:a r:b=""/></metadata></svg>\n`,
  );
  const property = fc.property(seeds, edits(svgOctets), (seed, changes) => {
    const damaged = edited(utf8(seed), changes);
    const inspected = inspectSvg(damaged);
    const unbaked = unbakeSvg(damaged);
    const stripped = stripSvg(damaged);
    detectKind(damaged);
    demand(!inspected.ok || isNamespaceWellFormed(damaged), "what passes is well-formed");
    demand(!inspected.ok || stripped.ok, "what passes can be stripped");
    demand(stripped.ok || !unbaked.ok, "what cannot be walked cannot be read");
    if (!inspected.ok) return;
    const baked = bytesOf(bakeSvg(damaged, { json: "{}" }, inspected.plan));
    const again = unbakeSvg(baked);
    demand(again.ok && again.payload?.text === "{}", "what passes can be baked and read");
    demand(isNamespaceWellFormed(baked), "and is well-formed then");
  });
  fc.assert(property, { numRuns: runs });
}
