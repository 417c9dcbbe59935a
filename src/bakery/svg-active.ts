// Finds what makes an SVG more than a picture: scripts, handlers, links out, and ways to them.

import type { SvgAttribute, SvgElement, SvgFault } from "./svg-walk.ts";

export const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/** Namespaces whose elements browsers act upon. */
const ACTIVE_NAMESPACES = new Set([
  "http://www.w3.org/1999/xhtml",
  "http://www.w3.org/1998/math/mathml",
  "http://www.w3.org/1999/xsl/transform",
  "http://www.w3.org/2001/xinclude",
  "http://www.w3.org/2001/xml-events",
  "http://www.w3.org/2002/xforms",
  "http://www.mozilla.org/xbl",
  "http://www.mozilla.org/keymaster/gatekeeper/there.is.only.xul",
]);

/** Elements of scripts, in SVG and in any language an SVG may be pasted into. */
const SCRIPT_ELEMENTS = new Set(["script", "handler", "listener"]);

/** Elements that bring in other documents, whatever namespace they claim. */
const FOREIGN_ELEMENTS = new Set(
  "foreignobject iframe frame object embed applet audio video source link meta base form html body img input math template noscript".split(
    " ",
  ),
);

/** Elements of SVG 1.1, SVG 2, and what common editors write into the SVG namespace. */
const SVG_ELEMENTS = new Set(
  (
    "a altglyph altglyphdef altglyphitem animate animatecolor animatemotion animatetransform circle " +
    "clippath color-profile cursor defs desc discard ellipse feblend fecolormatrix " +
    "fecomponenttransfer fecomposite feconvolvematrix fediffuselighting fedisplacementmap " +
    "fedistantlight fedropshadow feflood fefunca fefuncb fefuncg fefuncr fegaussianblur feimage " +
    "femerge femergenode femorphology feoffset fepointlight fespecularlighting fespotlight fetile " +
    "feturbulence filter flowdiv flowline flowpara flowregion flowregionexclude flowroot flowspan " +
    "flowtref font font-face font-face-format font-face-name font-face-src font-face-uri g glyph " +
    "glyphref hatch hatchpath hkern image line lineargradient marker mask mesh meshgradient " +
    "meshpatch meshrow metadata missing-glyph mpath path pattern polygon polyline radialgradient " +
    "rect set solidcolor stop style svg switch symbol text textpath title tref tspan unknown use " +
    "view vkern"
  ).split(" "),
);

const ANIMATIONS = new Set(["animate", "set", "animatecolor", "animatemotion", "animatetransform"]);

/** Attributes that hold a reference, by local name. */
const REFERENCES = new Set(
  "href src srcset srcdoc ping action formaction data poster background codebase attributionsrc".split(
    " ",
  ),
);

/** Bitmap formats that may be embedded: none of them can refer to anything. */
const EMBEDDED_IMAGE = /^data:image\/(png|jpe?g|gif|webp)(;[^,]*)?,/i;
const EMBEDDED_FONT =
  /^data:(font\/[\w+-]+|application\/(x-)?font-[\w+-]+|application\/vnd\.ms-fontobject)(;[^,]*)?,/i;

/** Schemes that run what follows them. */
const SCRIPT_SCHEME =
  /^((javascript|vbscript|livescript|mocha):|data:(text|application\/(xhtml|xml|javascript)|image\/svg))/;

/** Attributes that hold words and names: "JavaScript: first steps", or "image(1)". */
const WORDS = /^(aria-|data-|id$|class$)/;

/** What animations put into attributes. */
const ANIMATED = new Set(["from", "to", "by", "values"]);

/** What is active about this start tag, or undefined. Names are compared without their case. */
export function findActive(element: SvgElement): SvgFault | undefined {
  return checkElement(element) ?? checkAttributes(element);
}

function checkElement({ name, prefix, local, namespace }: SvgElement): SvgFault | undefined {
  const folded = local.toLowerCase();
  if (SCRIPT_ELEMENTS.has(folded)) {
    return { reason: "svg-script", detail: `The element ${name} can run a script. Remove it.` };
  }
  // With a prefix and a harmless namespace the name means something else: dc:source, say.
  const bare = prefix === "" || namespace === SVG_NAMESPACE;
  if (
    (bare && FOREIGN_ELEMENTS.has(folded)) ||
    ACTIVE_NAMESPACES.has(namespace.trim().toLowerCase())
  ) {
    const detail = `The element ${name} brings a foreign document into the image. Remove it.`;
    return { reason: "svg-foreign-content", detail };
  }
  if (namespace === SVG_NAMESPACE && !SVG_ELEMENTS.has(folded)) {
    return { reason: "svg-unknown-element", detail: `SVG has no element ${name}. Remove it.` };
  }
  return undefined;
}

function checkAttributes(element: SvgElement): SvgFault | undefined {
  const folded = element.local.toLowerCase();
  const animates = ANIMATIONS.has(folded);
  for (const attribute of element.attributes) {
    const local = attribute.local.toLowerCase();
    if (attribute.name === "xmlns" || attribute.name.startsWith("xmlns:")) continue;
    if (local.startsWith("on")) {
      const detail = `The attribute ${attribute.name} can run a script. Remove it.`;
      return { reason: "svg-event-handler", detail };
    }
    const fault =
      (animates ? checkAnimation(local, attribute.value) : undefined) ??
      checkReference(attribute, local, folded) ??
      // Presentation attributes have no namespace, and some others hold a person's words.
      (attribute.namespace === "" && !WORDS.test(local)
        ? checkStyle(attribute.value, local === "style")
        : undefined);
    if (fault) return fault;
  }
  return undefined;
}

/** An animation may move what is drawn, never where a link leads or what a handler does. */
function checkAnimation(local: string, value: string): SvgFault | undefined {
  const folded = squeeze(value);
  const target = folded.slice(folded.lastIndexOf(":") + 1);
  const active =
    local === "attributename"
      ? target.startsWith("on") || target === "base" || REFERENCES.has(target)
      : ANIMATED.has(local) && folded.includes("javascript:");
  if (!active) return undefined;
  return { reason: "svg-active-animation", detail: `An animation sets ${value}. Remove it.` };
}

function checkReference(
  { name, value }: SvgAttribute,
  local: string,
  element: string,
): SvgFault | undefined {
  // xml:base would turn every "#id" into a link to somewhere else.
  const isBase = name === "xml:base";
  if (!REFERENCES.has(local) && !isBase) return undefined;
  if (SCRIPT_SCHEME.test(squeeze(value))) {
    return { reason: "svg-script-link", detail: `${name} holds a link that can run a script.` };
  }
  // Of blanks a URL parser drops these four and no others.
  const target = value.replace(/[\t\n\r ]/g, "");
  if (!isBase && (target === "" || target.startsWith("#"))) return undefined;
  const embeds = element === "image" || element === "feimage";
  if (embeds && EMBEDDED_IMAGE.test(target)) return undefined;
  const detail = `${name} refers to something outside the image. Embed it as a bitmap, or remove it.`;
  return { reason: "svg-external-reference", detail };
}

/** Without blanks and control characters, which browsers skip in a scheme, and in lower case. */
function squeeze(value: string): string {
  return value.replace(/[\s\p{Cc}\p{Cf}]/gu, "").toLowerCase();
}

/** Words without which CSS loads and runs nothing; an escape may spell any of them. */
const CSS_SUSPECT = /url|image|src|cross|element|paint|import|expression|binding|behavio|\\/i;
const CSS_URL = /url\([\t\n\f\r ]*(["']?)[\t\n\f\r ]*/gi;
const CSS_ACTIVE = /@import|expression\s*\(|-moz-binding|behaviou?r\s*:/i;
const CSS_LOADER = /(image-set|cross-fade|\bimage|\bsrc|\belement|\bpaint)\(/i;

/**
 * Checks CSS for what loads or runs something: `@import`, `expression()`, bindings, and `url()` or
 * its kin with anything but a fragment or an embedded bitmap or font. `isCss` tells a style sheet or
 * `style` attribute from other attributes, where only `url()` and its kin mean anything.
 */
export function checkStyle(text: string, isCss: boolean): SvgFault | undefined {
  if (!CSS_SUSPECT.test(text)) return undefined;
  const css = unescapeCss(text);
  if (isCss && CSS_ACTIVE.test(css)) {
    const detail = "A style imports or runs something. Keep only plain declarations.";
    return { reason: "svg-active-style", detail };
  }
  if (!urlsStayInside(css) || CSS_LOADER.test(css)) {
    const detail = "A style refers to something outside the image. Embed it, or remove it.";
    return { reason: "svg-external-reference", detail };
  }
  return undefined;
}

/**
 * Whether every `url(` is followed by a fragment or an embedded file. Strings and comments are not
 * told apart on purpose: what looks quoted here may be live where an escape moved the quote.
 */
function urlsStayInside(css: string): boolean {
  for (const { 0: opening, 1: quote, index } of css.matchAll(CSS_URL)) {
    const at = index + opening.length;
    const target = css.slice(at, at + 128);
    const isEmpty = target === "" || target.startsWith(quote || ")");
    if (isEmpty || target.startsWith("#")) continue;
    if (!EMBEDDED_IMAGE.test(target) && !EMBEDDED_FONT.test(target)) return false;
  }
  return true;
}

/** Undoes CSS escapes (CSS Syntax Level 3, section 4.3.7). */
function unescapeCss(text: string): string {
  return text.replace(/\\(?:([0-9a-f]{1,6})\s?|\n|([\s\S]))/gi, (_, hex, plain) => {
    if (typeof hex !== "string") return typeof plain === "string" ? plain : "";
    const code = Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}
