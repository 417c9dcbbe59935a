// What an upload's check lets pass, and every fault it names.

import { describe, expect, test } from "vitest";
import { inspectSvg } from "../../src/bakery/inspect-svg.ts";
import {
  MAX_FILE_BYTES,
  MAX_SVG_ATTRIBUTES,
  MAX_SVG_DEPTH,
  MAX_SVG_ELEMENTS,
  MAX_SVG_EXPANDED_ELEMENTS,
} from "../../src/bakery/limits.ts";
import { unbakeSvg } from "../../src/bakery/unbake-svg.ts";
import { fromUtf8, latin1, svg, utf8 } from "./fixtures.ts";

const reasonOf = (bytes: Uint8Array) => {
  const inspected = inspectSvg(bytes);
  return inspected.ok ? "ok" : inspected.reason;
};

const xlink = ' xmlns:xlink="http://www.w3.org/1999/xlink"';
const pixel = "data:image/png;base64,iVBORw0KGgo=";
const behind = (prolog: string) => utf8(prolog + fromUtf8(svg()));
const W3C = '"-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"';

/** UTF-16 with or without a byte order mark. */
function utf16(text: string, bigEndian: boolean, mark: string): Uint8Array {
  const units = [...`${mark}${text}`].map((c) => c.charCodeAt(0));
  return Uint8Array.from(units.flatMap((u) => (bigEndian ? [u >> 8, u & 255] : [u & 255, u >> 8])));
}

describe("accepted", () => {
  test.each<[string, Uint8Array]>([
    [
      "labels that are a person's words",
      svg(`<g aria-label="JavaScript: the image(s), see url(x)" data-a="@import" id="image(1)"/>`),
    ],
    [
      "an editor's label",
      svg(
        '<g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:label="javascript: src(1)"/>',
      ),
    ],
    ["empty references", svg(`<use href=""/><g fill="url()" style='mask:url("")'/>`)],
    ["bitmap broken into lines", svg('<image href="&#10; data:image/png;base64,&#10;AAAA"/>')],
    ["byte order mark", behind("\ufeff")],
    ["CR LF", utf8(fromUtf8(svg("<g/>\r\n<g/>")).replace(" ", "\r\n"))],
    ["declaration of UTF-8", behind('<?xml version="1.0" encoding="utf-8" standalone="no"?>')],
    ["W3C's public doctype", behind(`<!DOCTYPE svg PUBLIC ${W3C}>`)],
    ["bare doctype", behind("<!DOCTYPE svg>")],
    [
      "fragment references",
      svg(`<defs><g id="a"/></defs><use href="#a"/><use${xlink} xlink:href="#a"/>`),
    ],
    ["embedded bitmap", svg(`<image href="${pixel}"/>`)],
    [
      "paint and filter references",
      svg(`<rect fill="url(#a)" style="filter: url('#b'); fill: red"/>`),
    ],
    [
      "style sheet",
      svg("<style><![CDATA[.a > b{fill:url(#x)} @media (min-width: 1px){a{fill:red}}]]></style>"),
    ],
    ["embedded font", svg("<style>@font-face{src:url(data:font/woff2;base64,AA==)}</style>")],
    [
      "animation of what is drawn",
      svg(
        '<rect><animate attributeName="fill" values="red;blue"/><set attributeName="x" to="1"/></rect>',
      ),
    ],
    [
      "metadata of other vocabularies",
      svg(
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:RDF><dc:source>x</dc:source><dc:type r:resource="http://purl.org/dc/dcmitype/StillImage"/></r:RDF></metadata>',
      ),
    ],
    [
      "editor's private elements",
      svg(
        '<s:namedview xmlns:s="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" showgrid="true"/>',
      ),
    ],
    [
      "words that only look active",
      svg("<title>javascript: onload, @import url(http://x)</title><desc>&lt;script></desc>"),
    ],
    [
      "addresses that are names",
      svg('<switch><g requiredFeatures="http://www.w3.org/TR/SVG11/feature#Shape"/></switch>'),
    ],
    ["references and characters", svg("<text>&lt;&amp;&#x1F3C5;&#65;</text>")],
  ])("%s", (_, bytes) => {
    expect(inspectSvg(bytes)).toMatchObject({ ok: true });
  });

  test("says how many elements there are and whether a badge is inside", () => {
    expect(inspectSvg(svg("<g><g/></g>"))).toMatchObject({ elements: 3, baked: false });
    const baked = svg('<a:assertion xmlns:a="http://openbadges.org">{}</a:assertion>');
    expect(inspectSvg(baked)).toMatchObject({ ok: true, elements: 2, baked: true });
  });
});

describe("size", () => {
  test.each<[string, number | undefined, number | undefined]>([
    ['width="100" height="50"', 100, 50],
    ['width="100px" height=" 5e1 "', 100, 50],
    ['width="1in" height="2.54cm"', 96, 96],
    ['width="25.4mm" height="72pt"', 96, 96],
    ['width="6pc" height="101.6Q"', 96, 96],
    ['viewBox="0 0 400 300"', 400, 300],
    ['viewBox="-5,-5, 10.5 20"', 10.5, 20],
    ['width="100%" height="100%" viewBox="0 0 8 9"', 8, 9],
    ['width="2em" viewBox="0 0 8 9"', 8, 9],
    ['width="16" viewBox="0 0 8 9"', 16, 9],
    ["", undefined, undefined],
    ['width="auto"', undefined, undefined],
  ])("of %s", (attributes, width, height) => {
    expect(inspectSvg(svg("<g/>", ` ${attributes}`))).toMatchObject({ ok: true, width, height });
  });

  test.each([
    'width="0" height="10"',
    'width="-1" height="10"',
    'viewBox="0 0 0 10"',
    'viewBox="0 0 a b"',
    'width="1e999" viewBox="0 0 1e999 1"',
  ])("that is none: %s", (attributes) => {
    expect(reasonOf(svg("<g/>", ` ${attributes}`))).toBe("svg-bad-dimensions");
  });
});

describe("refused by its fault", () => {
  const entities = (subset: string) => `<!DOCTYPE svg [${subset}]>`;
  const laughs = Array.from(
    { length: 9 },
    (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`,
  );
  const faults: [string, string, Uint8Array][] = [
    ["nothing", "svg-not-well-formed", new Uint8Array()],
    ["cut off", "svg-not-well-formed", svg().subarray(0, -3)],
    ["tags crossed", "svg-not-well-formed", svg("<g><a></g></a>")],
    ["two roots", "svg-not-well-formed", utf8(fromUtf8(svg()).repeat(2))],
    ["attribute twice", "svg-not-well-formed", svg('<g id="a" id="b"/>')],
    [
      "attribute twice under two prefixes",
      "svg-not-well-formed",
      svg('<g xmlns:a="urn:x" xmlns:b="urn:x" a:c="" b:c=""/>'),
    ],
    ["attribute without quotes", "svg-not-well-formed", svg("<g id=a/>")],
    ["prefix bound to nothing", "svg-not-well-formed", svg("<x:g/>")],
    ["attribute prefix bound to nothing", "svg-not-well-formed", svg('<g x:a=""/>')],
    ["prefix bound to the empty name", "svg-not-well-formed", svg('<g xmlns:x=""/>')],
    ["element with the prefix xmlns", "svg-not-well-formed", svg("<xmlns:a/>")],
    ["prefix xmlns bound", "svg-not-well-formed", svg('<g xmlns:xmlns="urn:x"/>')],
    ["prefix xml bound elsewhere", "svg-not-well-formed", svg('<g xmlns:xml="urn:x"/>')],
    ["name of two colons", "svg-not-well-formed", svg('<a:b:c xmlns:a="urn:x"/>')],
    ["end of CDATA in text", "svg-not-well-formed", svg("<text>]]></text>")],
    ["control character", "svg-not-well-formed", svg("<text>\u0001</text>")],
    ["undefined entity", "svg-not-well-formed", svg("<text>&nbsp;</text>")],
    ["character reference to nothing", "svg-not-well-formed", svg("<text>&#0;</text>")],
    ["double hyphen in a comment", "svg-not-well-formed", svg("<!-- a -- b -->")],
    ["instruction with a colon", "svg-not-well-formed", svg("<?a:b?>")],
    ["XML 1.1", "svg-not-well-formed", behind('<?xml version="1.1"?>')],
    ["declaration not first", "svg-not-well-formed", behind(' <?xml version="1.0"?>')],
    ["UTF-16 little endian", "svg-encoding", utf16("<svg/>", false, "\ufeff")],
    ["UTF-16 big endian", "svg-encoding", utf16("<svg/>", true, "\ufeff")],
    ["UTF-16 little endian, unmarked", "svg-encoding", utf16("<svg/>", false, "")],
    ["UTF-16 big endian, unmarked", "svg-encoding", utf16("<svg/>", true, "")],
    ["Latin-1", "svg-encoding", latin1("<svg xmlns='http://www.w3.org/2000/svg' id='é'/>")],
    [
      "declaration of Latin-1",
      "svg-encoding",
      behind('<?xml version="1.0" encoding="ISO-8859-1"?>'),
    ],
    ["declaration of UTF-7", "svg-encoding", behind('<?xml version="1.0" encoding="utf-7"?>')],
    [
      "billion laughs (OB20-SVG-10)",
      "svg-doctype",
      behind(entities(`<!ENTITY l0 "ha">${laughs.join("")}`)),
    ],
    [
      "XXE to a file (OB20-SVG-10)",
      "svg-doctype",
      behind(entities('<!ENTITY x SYSTEM "file:///etc/passwd">')),
    ],
    [
      "parameter entity",
      "svg-doctype",
      behind(entities('<!ENTITY % x SYSTEM "http://x.example/"> %x;')),
    ],
    [
      "attribute default in the DTD",
      "svg-doctype",
      behind(entities('<!ATTLIST svg onload CDATA "x">')),
    ],
    ["empty internal subset", "svg-doctype", behind(entities(""))],
    [
      "internal subset behind W3C's name",
      "svg-doctype",
      behind(`<!DOCTYPE svg PUBLIC ${W3C} [<!ENTITY a "b">]>`),
    ],
    ["foreign DTD", "svg-doctype", behind('<!DOCTYPE svg SYSTEM "http://x.example/a.dtd">')],
    ["local DTD", "svg-doctype", behind('<!DOCTYPE svg SYSTEM "file:///etc/passwd">')],
    [
      "foreign DTD under W3C's name",
      "svg-doctype",
      behind('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x.example/www.w3.org/">'),
    ],
    ["doctype of HTML", "svg-doctype", behind("<!DOCTYPE html>")],
    ["root of HTML", "svg-not-svg", utf8('<html xmlns="http://www.w3.org/1999/xhtml"/>')],
    ["root without namespace", "svg-not-svg", utf8("<svg/>")],
    ["root in upper case", "svg-not-svg", utf8('<SVG xmlns="http://www.w3.org/2000/svg"/>')],
    [
      "root with a prefix",
      "svg-prefixed-root",
      utf8('<x:svg xmlns:x="http://www.w3.org/2000/svg"/>'),
    ],
    ["very long prolog", "svg-long-prolog", behind(`<!--${"x".repeat(100_000)}-->`)],
    [
      "style sheet by instruction",
      "svg-stylesheet",
      behind('<?xml-stylesheet href="https://x.example/a.css"?>'),
    ],
    [
      "style sheet by instruction, odd case",
      "svg-stylesheet",
      behind('<?XML-StyleSheet type="text/xsl" href="#a"?>'),
    ],
  ];

  test.each(faults)("%s: %s", (_, reason, bytes) => {
    expect(reasonOf(bytes)).toBe(reason);
  });

  test("OB20-SVG-10 entities and DTDs are refused when reading too", () => {
    const [bomb] = faults.filter(([name]) => name.startsWith("billion"));
    expect(unbakeSvg(bomb?.[2] ?? svg())).toMatchObject({ ok: false, reason: "svg-doctype" });
  });

  test("says where, counted from 1", () => {
    const refused = inspectSvg(svg("\n\n  <g/><script/>"));
    expect(refused).toMatchObject({ ok: false, reason: "svg-script", line: 3 });
    expect(refused).toMatchObject({ detail: "The element script can run a script. Remove it." });
  });
});

test("a detail that quotes the file is cut short", () => {
  const detailOf = (name: string) => {
    const inspected = inspectSvg(svg(`<${name}/>`));
    return inspected.ok ? "" : inspected.detail;
  };
  expect(detailOf("blink")).toBe("SVG has no element blink. Remove it.");
  expect(detailOf("b".repeat(169))).toMatch(/^.{198}t\.$/);
  expect(detailOf("b".repeat(170))).toMatch(/^.{199}…$/);
  expect(detailOf("b".repeat(100_000))).toHaveLength(200);
});

describe("active content", () => {
  const style = (css: string) => svg(`<style>${css}</style>`);
  const attribute = (css: string) => svg(`<g style='${css}'/>`);
  const cases: [string, string, Uint8Array][] = [
    [
      "fragment behind a zero-width space",
      "svg-external-reference",
      svg('<use href="&#x200B;#a"/>'),
    ],
    [
      "fragment behind a no-break space in CSS",
      "svg-external-reference",
      svg('<g fill="url(&#xA0;#a)"/>'),
    ],
    [
      "quotes of two kinds",
      "svg-external-reference",
      svg(`<g style="fill:url('&quot;//x.example')"/>`),
    ],
    [
      "script in an animated target",
      "svg-active-animation",
      svg('<set attributeName="x" to=" JavaScript :x"/>'),
    ],
    ["script", "svg-script", svg("<script>alert(1)</script>")],
    ["script in odd case", "svg-script", svg("<ScRiPt/>")],
    [
      "script behind a prefix",
      "svg-script",
      svg('<x:script xmlns:x="http://www.w3.org/2000/svg"/>'),
    ],
    ["script of HTML", "svg-script", svg('<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>')],
    ["script in no namespace", "svg-script", svg('<script xmlns=""/>')],
    ["script deep inside", "svg-script", svg("<defs><g><a><script/></a></g></defs>")],
    ["handler of SVG Tiny", "svg-script", svg("<handler/>")],
    ["onload on the root", "svg-event-handler", svg("<g/>", ' onload="alert(1)"')],
    ["onclick", "svg-event-handler", svg('<rect onclick="x"/>')],
    ["ONCLICK", "svg-event-handler", svg('<rect ONCLICK="x"/>')],
    ["handler behind a prefix", "svg-event-handler", svg('<rect x:onbegin="y" xmlns:x="urn:x"/>')],
    [
      "handler on a foreign element",
      "svg-event-handler",
      svg('<x:a xmlns:x="urn:x" onerror="y"/>'),
    ],
    ["foreignObject", "svg-foreign-content", svg("<foreignObject/>")],
    ["foreignobject in odd case", "svg-foreign-content", svg("<FOREIGNobject/>")],
    ["HTML", "svg-foreign-content", svg('<p xmlns="http://www.w3.org/1999/xhtml"/>')],
    ["HTML in odd case", "svg-foreign-content", svg('<p xmlns="HTTP://WWW.W3.ORG/1999/XHTML"/>')],
    ["MathML", "svg-foreign-content", svg('<math xmlns="http://www.w3.org/1998/Math/MathML"/>')],
    [
      "XSLT",
      "svg-foreign-content",
      svg('<x:value-of xmlns:x="http://www.w3.org/1999/XSL/Transform"/>'),
    ],
    [
      "XInclude",
      "svg-foreign-content",
      svg('<x:include xmlns:x="http://www.w3.org/2001/XInclude"/>'),
    ],
    ["iframe", "svg-foreign-content", svg("<iframe/>")],
    ["iframe in no namespace", "svg-foreign-content", svg('<iframe xmlns=""/>')],
    ["element SVG does not have", "svg-unknown-element", svg("<blink/>")],
    ["javascript link", "svg-script-link", svg('<a href="javascript:alert(1)"/>')],
    [
      "javascript link, odd case and blanks",
      "svg-script-link",
      svg('<a href=" jAvA&#x9;sc&#10;ript:alert(1)"/>'),
    ],
    [
      "javascript link behind 5,000 blanks",
      "svg-script-link",
      svg(`<a href="${" ".repeat(5000)}javascript:x"/>`),
    ],
    [
      "javascript link behind a soft hyphen",
      "svg-script-link",
      svg('<a href="&#xAD;javascript:x"/>'),
    ],
    [
      "javascript link by reference",
      "svg-script-link",
      svg('<a href="&#106;avascript&#58;alert(1)"/>'),
    ],
    ["javascript in xlink", "svg-script-link", svg(`<a${xlink} xlink:href="javascript:x"/>`)],
    [
      "javascript in xlink under another prefix",
      "svg-script-link",
      svg('<a xmlns:q="http://www.w3.org/1999/xlink" q:href="javascript:x"/>'),
    ],
    ["vbscript link", "svg-script-link", svg('<a href="vbscript:x"/>')],
    ["HTML in a data link", "svg-script-link", svg('<a href="data:text/html,x"/>')],
    ["SVG in an image", "svg-script-link", svg('<image href="data:image/svg+xml;base64,AA=="/>')],
    ["SVG in a use", "svg-script-link", svg('<use href="data:image/svg+xml,x#a"/>')],
    ["web link", "svg-external-reference", svg('<a href="https://x.example/"/>')],
    ["image from the web", "svg-external-reference", svg('<image href="http://x.example/a.png"/>')],
    ["image without scheme", "svg-external-reference", svg('<image href="//x.example/a.png"/>')],
    ["image of the neighbourhood", "svg-external-reference", svg('<image href="a.png"/>')],
    ["use of another file", "svg-external-reference", svg('<use href="a.svg#b"/>')],
    ["bitmap where none is drawn", "svg-external-reference", svg(`<use href="${pixel}"/>`)],
    ["src", "svg-external-reference", svg('<image src="https://x.example/a.png"/>')],
    ["ping", "svg-external-reference", svg('<a href="#a" ping="https://x.example/"/>')],
    ["xml:base", "svg-external-reference", svg('<g xml:base="https://x.example/a.svg"/>')],
    ["xml:base of nothing", "svg-external-reference", svg('<g xml:base=""/>')],
    [
      "fill from the web",
      "svg-external-reference",
      svg('<g fill="url(https://x.example/a.svg#b)"/>'),
    ],
    [
      "fill from the web in quotes",
      "svg-external-reference",
      svg(`<g fill="url( 'https://x.example/#b')"/>`),
    ],
    ["fill in odd case", "svg-external-reference", svg('<g fill="URL(//x.example)"/>')],
    ["fill with an escape", "svg-external-reference", svg('<g fill="\\75 rl(//x.example)"/>')],
    [
      "second of two references",
      "svg-external-reference",
      svg('<g style="fill:url(#a);mask:url(b.svg#c)"/>'),
    ],
    ["image-set", "svg-external-reference", svg(`<g mask="image-set('//x.example' 1x)"/>`)],
    ["style attribute", "svg-external-reference", attribute("fill:url(//x.example)")],
    [
      "style attribute with an escaped letter",
      "svg-external-reference",
      attribute("fill:u\\72 l(//x.example)"),
    ],
    [
      "style attribute with an escaped quote",
      "svg-external-reference",
      attribute('a:url(\\"#);fill:url(//x.example)"'),
    ],
    [
      "style attribute with a comment in a string",
      "svg-external-reference",
      attribute('a:"/*";fill:url(//x.example);b:"*/"'),
    ],
    ["style sheet url", "svg-external-reference", style("a{fill:url(//x.example)}")],
    [
      "style sheet url in CDATA",
      "svg-external-reference",
      style("<![CDATA[a{fill:url(//x.example)}]]>"),
    ],
    [
      "style sheet url in two pieces",
      "svg-external-reference",
      style("a{fill:ur<!-- -->l(//x.example)}"),
    ],
    [
      "font from the web",
      "svg-external-reference",
      style("@font-face{src:url(https://x.example/f.woff)}"),
    ],
    ["HTML in a style", "svg-external-reference", style("a{fill:url(data:text/html,x)}")],
    ["import", "svg-active-style", style("@import '//x.example/a.css';")],
    ["import in odd case, escaped", "svg-active-style", style("@IM\\50 ort '//x.example/a.css';")],
    ["import in STYLE", "svg-active-style", svg("<STYLE>@import 'x';</STYLE>")],
    ["element in a style sheet", "svg-active-style", style("@imp<g>x</g>ort 'x';")],
    ["expression", "svg-active-style", attribute("width:expression(alert(1))")],
    ["binding", "svg-active-style", attribute("-moz-binding:none")],
    ["behaviour", "svg-active-style", attribute("behavior:none")],
    [
      "animated link",
      "svg-active-animation",
      svg('<a><animate attributeName="href" values="javascript:x"/></a>'),
    ],
    [
      "animated link in xlink",
      "svg-active-animation",
      svg('<a><set attributeName="xlink:href" to="x"/></a>'),
    ],
    [
      "animated handler",
      "svg-active-animation",
      svg('<a><set attributeName="onclick" to="x"/></a>'),
    ],
    [
      "animated handler, odd case and blanks",
      "svg-active-animation",
      svg('<a><SET attributeName=" oNclick" to="x"/></a>'),
    ],
    [
      "script in animated values",
      "svg-active-animation",
      svg('<animate attributeName="x" values="1;javascript:x"/>'),
    ],
  ];

  test.each(cases)("%s: %s", (_, reason, bytes) => {
    expect(reasonOf(bytes)).toBe(reason);
  });
});

describe("limits", () => {
  test("doctype", () => {
    const of = (length: number) => `<!DOCTYPE${" svg".padEnd(length)}>`;
    const early = (prolog: string) => unbakeSvg(behind(prolog));
    expect(early(of(512))).toMatchObject({ ok: true });
    expect(early(of(513))).toMatchObject({ ok: false, reason: "svg-doctype" });
  });

  const nested = (depth: number) => svg("<g>".repeat(depth - 1) + "</g>".repeat(depth - 1));

  test("file size", () => {
    const of = (bytes: number) => svg(" ".repeat(bytes - svg("").length));
    expect(of(MAX_FILE_BYTES)).toHaveLength(MAX_FILE_BYTES);
    expect(reasonOf(of(MAX_FILE_BYTES))).toBe("ok");
    expect(reasonOf(of(MAX_FILE_BYTES + 1))).toBe("svg-over-byte-limit");
    expect(inspectSvg(svg(), { maxBytes: 10 })).toMatchObject({ reason: "svg-over-byte-limit" });
    expect(unbakeSvg(of(MAX_FILE_BYTES + 1))).toMatchObject({ reason: "svg-over-byte-limit" });
  });

  test("depth", () => {
    expect(reasonOf(nested(MAX_SVG_DEPTH))).toBe("ok");
    expect(reasonOf(nested(MAX_SVG_DEPTH + 1))).toBe("svg-over-depth-limit");
    expect(inspectSvg(nested(3), { maxDepth: 2 })).toMatchObject({
      reason: "svg-over-depth-limit",
    });
    expect(unbakeSvg(nested(MAX_SVG_DEPTH + 1))).toMatchObject({ reason: "svg-over-depth-limit" });
  });

  test("nesting 50,000 deep, and never closed, stops at the limit", () => {
    expect(reasonOf(nested(50_000))).toBe("svg-over-depth-limit");
    expect(reasonOf(svg("<g xmlns:a='urn:a'>".repeat(50_000)))).toBe("svg-over-depth-limit");
  });

  test("elements", () => {
    const of = (elements: number) => svg("<g/>".repeat(elements - 1));
    expect(reasonOf(of(MAX_SVG_ELEMENTS))).toBe("ok");
    expect(reasonOf(of(MAX_SVG_ELEMENTS + 1))).toBe("svg-over-element-limit");
    expect(inspectSvg(of(3), { maxElements: 2 })).toMatchObject({
      reason: "svg-over-element-limit",
    });
  });

  test("attributes, and 200,000 of them", () => {
    const of = (count: number) =>
      svg(`<g${Array.from({ length: count }, (_, i) => ` a${i.toString(36)}=''`).join("")}/>`);
    expect(reasonOf(of(MAX_SVG_ATTRIBUTES))).toBe("ok");
    expect(reasonOf(of(MAX_SVG_ATTRIBUTES + 1))).toBe("svg-over-attribute-limit");
    expect(inspectSvg(of(200_000), { maxBytes: 1e7 })).toMatchObject({
      reason: "svg-over-attribute-limit",
    });
    expect(inspectSvg(of(3), { maxAttributes: 2 })).toMatchObject({
      reason: "svg-over-attribute-limit",
    });
  });

  test("elements once references are followed", () => {
    // One group of 999 elements and itself, shown by as many uses as it takes.
    const group = `<g id="a">${"<g/>".repeat(999)}</g>`;
    const of = (extra: number) => {
      // Each use is an element itself: fewer of them, and the rest made up one by one.
      const count = Math.floor((MAX_SVG_EXPANDED_ELEMENTS - 1001) / 1001);
      const rest = MAX_SVG_EXPANDED_ELEMENTS - 1001 - count * 1001;
      return svg(group + '<use href="#a"/>'.repeat(count) + "<g/>".repeat(rest + extra));
    };
    expect(reasonOf(of(0))).toBe("ok");
    expect(reasonOf(of(1))).toBe("svg-over-expansion-limit");
    expect(
      inspectSvg(svg('<g id="a"/><use href="#a"/>'), { maxExpandedElements: 3 }),
    ).toMatchObject({
      reason: "svg-over-expansion-limit",
    });
  });

  const bomb = (reference: (id: string) => string) => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `<g id="l${i + 1}">${reference(`l${i}`).repeat(10)}</g>`,
    );
    return svg(`<rect id="l0"/>${levels.join("")}`);
  };

  test.each([
    ["href", (id: string) => `<use href="#${id}"/>`],
    ["mask", (id: string) => `<rect mask="url(#${id})"/>`],
    ["style", (id: string) => `<rect style="clip-path: url( '#${id}' )"/>`],
  ])("a bomb of nested references by %s, in 2 KB", (_, reference) => {
    expect(bomb(reference).length).toBeLessThan(6000);
    expect(reasonOf(bomb(reference))).toBe("svg-over-expansion-limit");
  });

  test("circles and references to nothing end", () => {
    expect(reasonOf(svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'))).toBe(
      "ok",
    );
    expect(reasonOf(svg('<g id="a"><use href="#a"/><use href="#none"/></g>'))).toBe("ok");
  });

  test("gradients paint, and are not drawn again each time", () => {
    const stops = "<stop/>".repeat(100);
    const shapes = '<rect fill="url(#a)"/>'.repeat(20_000);
    expect(reasonOf(svg(`<linearGradient id="a">${stops}</linearGradient>${shapes}`))).toBe("ok");
  });

  test("a chain of 40,000 references is followed without running out of stack", () => {
    const chain = Array.from(
      { length: 20_000 },
      (_, i) => `<g id="c${i}"><use href="#c${i + 1}"/></g>`,
    );
    expect(["ok", "svg-over-expansion-limit"]).toContain(reasonOf(svg(chain.join(""))));
  });
});
