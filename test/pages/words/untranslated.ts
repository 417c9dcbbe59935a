// Finds what a page in the pseudo-locale says without a catalogue: Latin letters outside its brackets.

/** Elements whose inside is nobody's sentence: code, files, what people called things. */
const DATA = new Set(["bdi", "code", "pre", "time", "style", "script", "textarea"]);
const VOID = new Set(["br", "hr", "img", "input", "link", "meta"]);
/** Attributes that are read to people. */
const SPOKEN = new Set(["title", "aria-label", "alt", "placeholder"]);
/** Metas that are read to people, by their name or property. */
const SPOKEN_METAS = new Set(["description", "og:description", "twitter:description"]);
/** Elements that can hold no others: what is data in them cannot be marked. */
const PLAIN = new Set(["title", "option"]);
/** A sentence that is only said to be in English may still be our own. */
const OURS = new Set(["en", "en-XA"]);
const SAID = new Set(["html", "span", "p", "li", "ul", "dd"]);
const OPEN = "⟦";
const CLOSE = "⟧";

const TOKEN =
  /<!doctype[^>]*>|<!--.*?-->|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z:_-]+(?:="[^"]*")?)*)\s*(\/?)>|([^<]+)/gs;
const ATTRIBUTE = /([a-zA-Z:_-]+)(?:="([^"]*)")?/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function decode(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

interface Element {
  readonly name: string;
  /** Whether its inside is data, by itself or by what it stands in. */
  readonly isData: boolean;
}

function isData(name: string, attributes: ReadonlyMap<string, string>): boolean {
  if (DATA.has(name) || attributes.get("class") === "brand") return true;
  if (attributes.get("dir") === "auto") return true;
  return attributes.has("lang") && !(SAID.has(name) && OURS.has(attributes.get("lang") ?? ""));
}

/** What stands outside of brackets, and how many of them are still open at the end. */
function outside(text: string, open: number): { readonly said: string; readonly open: number } {
  let depth = open;
  let said = "";
  for (const sign of text) {
    if (sign === OPEN) depth++;
    else if (sign === CLOSE) depth--;
    else if (depth === 0) said += sign;
  }
  return { said, open: depth };
}

/** One letter may be a key or a sign; two are a word. */
const isWord = (text: string) => /[A-Za-z]{2}/.test(text);

function without(text: string, known: readonly string[]): string {
  return known.reduce((left, name) => left.replaceAll(name, ""), text);
}

function attributesOf(source: string): ReadonlyMap<string, string> {
  const found = [...source.matchAll(ATTRIBUTE)];
  return new Map(found.map(([, name = "", value = ""]) => [name, decode(value)]));
}

function spokenIn(name: string, attributes: ReadonlyMap<string, string>): string[] {
  const meta = attributes.get("name") ?? attributes.get("property") ?? "";
  const content = name === "meta" && SPOKEN_METAS.has(meta) ? attributes.get("content") : undefined;
  // The title of a link in the head is for programs.
  const values =
    name === "link"
      ? []
      : [...attributes].filter(([key]) => SPOKEN.has(key)).map(([, value]) => value);
  return content === undefined ? values : [...values, content];
}

/**
 * Texts and spoken attributes of a page with a word outside the pseudo-locale's brackets. A message
 * with elements in it opens its bracket in one text and closes it in a later one. `known` are names
 * and examples that may stand where no element can mark them as data: in a title, an option or an
 * attribute. Throws where the page is not the plain HTML that ours are.
 */
export function untranslated(html: string, known: readonly string[] = []): string[] {
  const found: string[] = [];
  const stack: Element[] = [];
  let open = 0;
  let at = 0;
  for (const match of html.matchAll(TOKEN)) {
    if (match.index !== at) throw new TypeError(`no HTML: ${html.slice(at, at + 80)}`);
    at += match[0].length;
    const [, closing, name, attributeText = "", empty, text] = match;
    const within = stack.at(-1)?.isData ?? false;
    if (text !== undefined) {
      if (within) continue;
      const heard = outside(decode(text), open);
      open = heard.open;
      const said = PLAIN.has(stack.at(-1)?.name ?? "") ? without(heard.said, known) : heard.said;
      if (isWord(said)) found.push(text.trim());
    } else if (name !== undefined && closing === "/") {
      const last = stack.pop();
      if (last?.name !== name) throw new TypeError(`</${name}> closes <${last?.name}>`);
    } else if (name !== undefined) {
      const attributes = attributesOf(attributeText);
      const data = within || isData(name, attributes);
      if (!data) {
        for (const value of spokenIn(name, attributes)) {
          const { said } = outside(value, 0);
          if (isWord(without(said, known))) found.push(`<${name}> ${value}`);
        }
      }
      if (empty !== "/" && !VOID.has(name)) stack.push({ name, isData: data });
    }
  }
  if (open !== 0) found.push(`${open} brackets are not closed`);
  return found;
}
