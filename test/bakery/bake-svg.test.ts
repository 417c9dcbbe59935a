// Baking, unbaking and stripping SVGs, rule by rule.

import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import { bakeSvg, type SvgPayload, stripSvg } from "../../src/bakery/bake-svg.ts";
import { inspectSvg } from "../../src/bakery/inspect-svg.ts";
import { MAX_PAYLOAD_BYTES, SVG_ROOT_WITHIN_BYTES } from "../../src/bakery/limits.ts";
import { OB2_SVG, OB3_SVG, type SvgVocabulary } from "../../src/bakery/svg-plan.ts";
import { unbakeSvg } from "../../src/bakery/unbake-svg.ts";
import { ADDRESS, bytesOf, fromUtf8, JSON_TEXT, JWS, svg, utf8 } from "./fixtures.ts";

const HOSTED = { json: JSON_TEXT, url: ADDRESS };
const NAMESPACE = 'xmlns:openbadges="http://openbadges.org"';

const bake = (bytes: Uint8Array, payload: SvgPayload = HOSTED, vocabulary?: SvgVocabulary) =>
  bytesOf(bakeSvg(bytes, payload, undefined, vocabulary));

/** The payload found, or the reason why none could be read. */
function found(bytes: Uint8Array, vocabulary?: SvgVocabulary) {
  const unbaked = unbakeSvg(bytes, vocabulary);
  return unbaked.ok ? unbaked.payload : unbaked.reason;
}

const json = (text: string) => ({ kind: "json", text });
const count = (text: string, part: string) => text.split(part).length - 1;

/** What an XML reader that is not ours sees: tags with their namespaces, in order. */
function tagsOf(bytes: Uint8Array) {
  const parser = new SaxesParser({ xmlns: true });
  const tags: { name: string; uri: string; attributes: Record<string, string> }[] = [];
  parser.on("opentag", ({ name, uri, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value]);
    tags.push({ name, uri, attributes: Object.fromEntries(values) });
  });
  parser.write(fromUtf8(bytes)).close();
  return tags;
}

describe("OB20-SVG-01 the namespace on the root", () => {
  test("is declared once, by that exact name", () => {
    const baked = bake(svg());
    expect(count(fromUtf8(baked), NAMESPACE)).toBe(1);
    expect(tagsOf(baked)[0]).toMatchObject({
      name: "svg",
      attributes: { "xmlns:openbadges": "http://openbadges.org" },
    });
  });

  test("is not declared again where the root has it", () => {
    const baked = fromUtf8(bake(svg("<g/>", ` ${NAMESPACE}`)));
    expect(count(baked, NAMESPACE)).toBe(1);
  });

  test("moves to the element where the root binds the prefix to something else", () => {
    const other = svg("<g/>", ' xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"');
    const [root, badge] = tagsOf(bake(other));
    expect(root?.attributes["xmlns:openbadges"]).toBe("https://purl.imsglobal.org/ob/v3p0");
    expect(badge).toMatchObject({ name: "openbadges:assertion", uri: "http://openbadges.org" });
  });
});

describe("OB20-SVG-02 the element", () => {
  test.each([
    ["before other elements", svg("<title>a</title><g/>")],
    ["before text", svg("\n  <g/>")],
    ["in an empty root", svg("")],
    ["in a root that closes itself", utf8('<svg xmlns="http://www.w3.org/2000/svg" />')],
    ["behind attributes that hold >", svg("<g/>", ' id="a>b" data-x=\'">\'')],
    [
      "behind a prolog with comments",
      utf8(`<?xml version="1.0"?><!-- <svg> -->${fromUtf8(svg())}`),
    ],
  ])("stands first: %s", (_, bytes) => {
    const baked = bake(bytes);
    expect(tagsOf(baked)[1]).toMatchObject({
      name: "openbadges:assertion",
      uri: "http://openbadges.org",
      attributes: { verify: ADDRESS },
    });
    expect(found(baked)).toEqual(json(JSON_TEXT));
  });
});

describe("OB20-SVG-03 signed", () => {
  test("verify holds the JWS and the element is empty", () => {
    const baked = bake(svg(), { jws: JWS });
    const element = `<openbadges:assertion verify="${JWS}"></openbadges:assertion>`;
    expect(fromUtf8(baked)).toContain(element);
    expect(found(baked)).toEqual({ kind: "jws", text: JWS });
  });
});

describe("OB20-SVG-04 hosted", () => {
  test("JSON in one CDATA section, the address in verify", () => {
    const baked = bake(svg());
    expect(fromUtf8(baked)).toContain(`><![CDATA[${JSON_TEXT}]]></openbadges:assertion>`);
    expect(unbakeSvg(baked)).toEqual({ ok: true, payload: json(JSON_TEXT), verify: ADDRESS });
  });

  test.each([
    ["the end of CDATA", '{"a":"x]]>y"}', '{"a":"x]]\\u003ey"}'],
    ["two of them, overlapping", '{"a":"]]]>]]>"}', '{"a":"]]]\\u003e]]\\u003e"}'],
    ["characters XML does not have", '{"a":"\ufffe\uffff"}', '{"a":"\\ufffe\\uffff"}'],
    ["lists that end with brackets", '{"a":[[1]]}', '{"a":[[1]]}'],
    ["markup", '{"a":"<b>&amp;</b><![CDATA["}', '{"a":"<b>&amp;</b><![CDATA["}'],
    ["any language", '{"a":"Größe 長さ 🏅"}', '{"a":"Größe 長さ 🏅"}'],
  ])("the same JSON comes out that went in: %s", (_, text, written) => {
    const payload = found(bake(svg(), { json: text }));
    expect(payload).toEqual(json(written));
    expect(JSON.parse(written)).toEqual(JSON.parse(text));
  });

  test("an address that would end the attribute does not", () => {
    const url = "https://x.example/?a=\"><script>\n&b='";
    const baked = bake(svg(), { json: "{}", url });
    expect(tagsOf(baked)).toHaveLength(3);
    expect(tagsOf(baked)[1]?.attributes.verify).toBe(url.replace("\n", "%0A"));
  });
});

describe("OB20-SVG-05 the contradiction about verify", () => {
  test("with the address by default, without on demand", () => {
    expect(tagsOf(bake(svg()))[1]?.attributes).toEqual({ verify: ADDRESS });
    const without = bake(svg(), { json: JSON_TEXT });
    expect(tagsOf(without)[1]?.attributes).toEqual({});
    expect(unbakeSvg(without)).toEqual({ ok: true, payload: json(JSON_TEXT), verify: undefined });
  });
});

describe("OB20-SVG-06 the prefix", () => {
  test("is written literally", () => {
    expect(tagsOf(bake(svg()))[1]?.name).toBe("openbadges:assertion");
  });

  test.each([
    [
      "another prefix",
      `<ob:assertion xmlns:ob="http://openbadges.org"><![CDATA[{}]]></ob:assertion>`,
    ],
    ["the default namespace", `<assertion xmlns="http://openbadges.org">{}</assertion>`],
    [
      "a prefix bound far above",
      `<g xmlns:q="http://openbadges.org"><g><q:assertion>{}</q:assertion></g></g>`,
    ],
    [
      "a namespace written with a reference",
      `<ob:assertion xmlns:ob="http&#58;//openbadges.org">{}</ob:assertion>`,
    ],
  ])("read: %s", (_, content) => {
    expect(found(svg(content))).toEqual(json("{}"));
  });

  test.each([
    [
      "the right prefix bound elsewhere",
      `<openbadges:assertion xmlns:openbadges="https://openbadges.org">{}</openbadges:assertion>`,
    ],
    ["the right name in no namespace", `<assertion xmlns="">{}</assertion>`],
    [
      "a prefix that ended",
      `<g xmlns:q="http://openbadges.org"/><q:assertion xmlns:q="urn:x">{}</q:assertion>`,
    ],
    ["the name in a comment", `<!-- <openbadges:assertion>{}</openbadges:assertion> -->`],
    [
      "the name in CDATA",
      `<text><![CDATA[<openbadges:assertion>{}</openbadges:assertion>]]></text>`,
    ],
  ])("not read: %s", (_, content) => {
    expect(found(svg(content))).toBeUndefined();
  });
});

describe("OB20-SVG-07 <svg early in the file", () => {
  const prolog = (length: number) => utf8(`<!--${"x".repeat(length - 7)}-->${fromUtf8(svg())}`);

  test("holds for what is baked", () => {
    const most = SVG_ROOT_WITHIN_BYTES - "<svg".length;
    const baked = fromUtf8(bake(prolog(most)));
    expect(baked.indexOf("<svg") + 4).toBe(SVG_ROOT_WITHIN_BYTES);
    expect(bakeSvg(prolog(most + 1), HOSTED)).toMatchObject({ reason: "svg-long-prolog" });
  });

  test("is not asked of what is read", () => {
    expect(found(utf8(`<!--${"x".repeat(9000)}-->${fromUtf8(bake(svg()))}`))).toEqual(
      json(JSON_TEXT),
    );
  });
});

describe("OB20-SVG-08 one element only", () => {
  test("baking again replaces", () => {
    const twice = bake(bake(svg(), { jws: JWS }));
    expect(twice).toEqual(bake(svg()));
    expect(bake(twice)).toEqual(twice);
  });

  test.each([
    ["bound to another prefix", `<g/><ob:assertion xmlns:ob="http://openbadges.org" verify="x"/>`],
    ["deep inside", `<g><g><assertion xmlns="http://openbadges.org">{}<b/></assertion></g></g>`],
    [
      "within another",
      `<a:assertion xmlns:a="http://openbadges.org"><a:assertion>{}</a:assertion></a:assertion>`,
    ],
    [
      "twice",
      `<a:assertion xmlns:a="http://openbadges.org"/> <a:assertion xmlns:a="http://openbadges.org"/>`,
    ],
  ])("an older one is replaced: %s", (_, content) => {
    const tags = tagsOf(bake(svg(content)));
    expect(tags.filter(({ uri }) => uri === "http://openbadges.org")).toHaveLength(1);
    expect(tags[1]?.name).toBe("openbadges:assertion");
  });

  test("a badge of Open Badges 3.0 stays, and both read", () => {
    const both = bake(bake(svg(), { json: '{"v":3}' }, OB3_SVG), { json: '{"v":2}' });
    expect(found(both, OB3_SVG)).toEqual(json('{"v":3}'));
    expect(found(both, OB2_SVG)).toEqual(json('{"v":2}'));
    expect(tagsOf(both).map(({ name }) => name)).toEqual([
      "svg",
      "openbadges:assertion",
      "openbadges:credential",
      "rect",
    ]);
    expect(bytesOf(stripSvg(both))).toEqual(svg());
  });
});

describe("OB20-SVG-09 reading", () => {
  const element = (attributes: string, body: string) =>
    svg(`<ob:assertion xmlns:ob="http://openbadges.org"${attributes}>${body}</ob:assertion>`);

  test.each([
    ["body over verify", element(` verify="${JWS}"`, "{}"), json("{}")],
    ["body in text", element("", "{&quot;a&quot;:1}"), json('{"a":1}')],
    ["body in several sections", element("", "<![CDATA[{]]>\n<![CDATA[}]]>"), json("{\n}")],
    ["body around a comment", element("", "{<!-- x -->}"), json("{}")],
    ["JWS in verify", element(` verify="${JWS}"`, ""), { kind: "jws", text: JWS }],
    ["JWS in verify, blank body", element(` verify="${JWS}"`, " \n"), { kind: "jws", text: JWS }],
    [
      "legacy URL in verify",
      element(' verify="https://x.example/?a&amp;b"', ""),
      { kind: "url", text: "https://x.example/?a&b" },
    ],
    ["neither", element("", ""), "payload-unrecognized"],
    ["only text within other elements", element("", "<b>{}</b>"), "payload-unrecognized"],
    ["prose", element("", "hello"), "payload-unrecognized"],
    [
      "the first of two",
      svg(
        `<g xmlns:q="http://openbadges.org"><q:assertion>{"n":1}</q:assertion><q:assertion>{"n":2}</q:assertion></g>`,
      ),
      json('{"n":1}'),
    ],
    ["no badge", svg(), undefined],
  ])("%s", (_, bytes, expected) => {
    expect(found(bytes)).toEqual(expected);
  });

  test("scripts elsewhere in a stranger's file do not keep its badge from being read", () => {
    expect(found(element("", "{}<script>alert(1)</script>"))).toEqual(json("{}"));
  });

  test("text of the largest size is read, one octet more is not", () => {
    const of = (length: number) => `{"a":"${"ü".repeat((length - 8) / 2)}"}`;
    const largest = of(MAX_PAYLOAD_BYTES);
    expect(found(bake(svg(), { json: largest }))).toEqual(json(largest));
    expect(bakeSvg(svg(), { json: `${largest} ` })).toMatchObject({
      reason: "payload-over-byte-limit",
    });
    expect(found(element("", `${largest} `))).toBe("payload-over-byte-limit");
    expect(found(element("", "x".repeat(MAX_PAYLOAD_BYTES + 1)))).toBe("payload-over-byte-limit");
  });
});

describe("every other character", () => {
  const prolog = '\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n<!-- ü -->\r\n';
  const root = "<svg\r\n  xmlns='http://www.w3.org/2000/svg'\tviewBox = \"0 0 9 9\"\r\n>";

  test("stays: byte order mark, line ends, quotes, blanks, references, any language", () => {
    const rest = "\r\n <text>&#x41;&amp;長さ🏅</text>\r<!-- x --></svg >\r\n<!-- end -->\n";
    const original = utf8(prolog + root + rest);
    const baked = fromUtf8(bake(original));
    const badge = /<openbadges:assertion[\s\S]*<\/openbadges:assertion>/;
    expect(baked.replace(` ${NAMESPACE}`, "").replace(badge, "")).toBe(prolog + root + rest);
    expect(baked.startsWith(`${prolog}<svg ${NAMESPACE}\r\n`)).toBe(true);
    expect(bytesOf(stripSvg(bake(original)))).toEqual(original);
  });

  test("of a file that uses the prefix itself is kept by stripping too", () => {
    const original = svg(`<metadata openbadges:by="x"/>`, ` ${NAMESPACE}`);
    expect(bytesOf(stripSvg(bake(original)))).toEqual(original);
  });

  test("of a file without a badge is kept by stripping", () => {
    const original = svg("<g/>", ` ${NAMESPACE}`);
    expect(bytesOf(stripSvg(original))).toEqual(original);
  });

  test("a root that closed itself is opened and closed", () => {
    const baked = bake(utf8('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>\n'), {
      jws: JWS,
    });
    expect(fromUtf8(baked)).toBe(
      `<?xml version="1.0"?><svg ${NAMESPACE} xmlns="http://www.w3.org/2000/svg">` +
        `<openbadges:assertion verify="${JWS}"></openbadges:assertion></svg>\n`,
    );
  });
});

describe("the plan", () => {
  test("made at upload bakes without parsing, to the same octets", () => {
    const original = svg("<title>ü</title>");
    const inspected = inspectSvg(original);
    if (!inspected.ok) throw new Error(inspected.reason);
    const stored = JSON.parse(JSON.stringify(inspected.plan));
    expect(bytesOf(bakeSvg(original, HOSTED, stored))).toEqual(bake(original));
  });

  test("of a file of another size is not used", () => {
    const inspected = inspectSvg(svg());
    if (!inspected.ok) throw new Error(inspected.reason);
    const other = svg("<g/>");
    expect(bytesOf(bakeSvg(other, HOSTED, inspected.plan))).toEqual(bake(other));
    expect(bakeSvg(svg("<script/>"), HOSTED, inspected.plan)).toMatchObject({
      reason: "svg-script",
    });
  });

  test("without one, a file that must not be accepted is not baked", () => {
    expect(bakeSvg(svg("<script/>"), HOSTED)).toMatchObject({ ok: false, reason: "svg-script" });
    expect(stripSvg(utf8("<svg"))).toMatchObject({ ok: false, reason: "svg-not-well-formed" });
  });
});
