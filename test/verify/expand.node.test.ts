import { readdirSync } from "node:fs";
import jsonld from "jsonld";
import { describe, expect, it } from "vitest";
import { expand, type Node, type Value } from "../../src/verify/contexts/expand.ts";
import { KNOWN_EXTENSIONS } from "../../src/verify/contexts/extensions.ts";
import { OPEN_BADGES_V0_TERMS } from "../../src/verify/contexts/openbadges-v1.ts";
import { hasSpecData, specFolder, specJson } from "../spec-data.ts";

const LEGACY = "https://w3id.org/openbadges/legacy-v1";

const FILES: Record<string, string> = {
  "https://w3id.org/openbadges/v2": "ob20/contexts/openbadges-v2.json",
  "https://w3id.org/openbadges/v1": "ob20/contexts/openbadges-v1.json",
  [LEGACY]: "ob20/contexts/openbadges-legacy-v1.json",
};
for (const { folder } of KNOWN_EXTENSIONS) {
  FILES[`https://w3id.org/openbadges/extensions/${folder}/context.json`] =
    `ob20/extensions/${folder}/context.json`;
}

async function offline(url: string) {
  const file = FILES[url];
  if (file === undefined) throw new Error(`not to be fetched: ${url}`);
  return { contextUrl: undefined, documentUrl: url, document: specJson(file) };
}

/** Our form as JSON-LD's expanded form. */
function asExpanded(value: Value): object {
  if (value.kind === "literal") {
    return {
      ...(value.type === null ? {} : { "@type": value.type }),
      ...(value.language === null ? {} : { "@language": value.language }),
      "@value": value.value,
    };
  }
  return {
    ...(value.id === null ? {} : { "@id": value.id }),
    ...(value.types.length === 0 ? {} : { "@type": [...value.types] }),
    ...(value.language === null ? {} : { "@language": value.language.toLowerCase() }),
    ...Object.fromEntries(
      [...value.properties].map(([iri, values]) => [iri, values.map(asExpanded)]),
    ),
  };
}

async function compare(document: object): Promise<void> {
  const [theirs] = await jsonld.expand(document, { documentLoader: offline });
  const ours = expand(document, null);
  if (!ours.ok) throw new Error(`${ours.reason}: ${ours.detail}`);
  expect(withoutEmptyTypes(theirs ?? {})).toEqual(asExpanded(ours.node));
}

/** An empty list of types and an absent one are the same thing here. */
function withoutEmptyTypes(expanded: object): object {
  return Object.fromEntries(
    Object.entries(expanded).filter(([key, value]) => key !== "@type" || value.length > 0),
  );
}

const samples = hasSpecData
  ? ["ob20/samples", "ob20/samples/assets", "ob20/samples/rdf-validation"].flatMap((folder) =>
      readdirSync(specFolder(folder))
        .filter((name) => name.endsWith(".json"))
        .map((name) => `${folder}/${name}`),
    )
  : [];

describe.skipIf(!hasSpecData)("expansion, compared with a JSON-LD processor", () => {
  it.each(samples.filter((path) => !/invalid-context/.test(path)))("%s", async (path) => {
    const document = specJson(path);
    if (typeof document !== "object" || document === null) throw new Error("not an object");
    // Without a context nothing means anything, and the processor answers with nothing at all.
    if (!("@context" in document)) expect(expand(document, null)).toMatchObject({ ok: true });
    else await compare(document);
  });

  /** Every term of a published context, with a value of each form a document may give it. */
  it.each(Object.entries(FILES))("every term of %s", async (url, path) => {
    const leansOn = path.endsWith("-v1.json") ? termsOf(specJson(FILES[LEGACY] ?? "")) : [];
    const terms = [...new Set([...termsOf(specJson(path)), ...leansOn])];
    expect(terms.length).toBeGreaterThan(1);
    const value = ["https://a.example/1", { id: "https://a.example/2" }, true, 7, "text"];
    for (const term of terms.filter((name) => name !== "id")) {
      await compare({
        "@context": url,
        id: "https://a.example/0",
        ...(term === "type" ? {} : { [term]: value }),
        type: [term],
        [`${term}:tail`]: "behind a prefix",
      });
    }
  });

  it.each([
    ["an alias of a term", { title: "name" }, { title: "A" }],
    ["an alias of @id and @type", { uri: "@id", kind: "@type" }, { uri: "a:b", kind: "Image" }],
    [
      "an alias of a typed term",
      { given: { "@id": "obi:issueDate", "@type": "xsd:dateTime" } },
      { given: "2020-01-01T00:00:00Z" },
    ],
    ["a term taken away", { name: null }, { name: "A", description: "B" }],
    ["a term with another meaning", { name: "https://a.example/other" }, { name: "A" }],
    ["a vocabulary", { "@vocab": "https://a.example/#" }, { unheardOf: "A", type: "Thing" }],
    ["a language", { "@language": "fr" }, { name: "Un" }],
    ["a language of one term", { nom: { "@id": "schema:name", "@language": "fr" } }, { nom: "Un" }],
    ["a prefix", { s: "http://schema.org/" }, { "s:name": "A", "s:url": { id: "s:x" } }],
    ["a prefix that is none", { s: "http://schema.org/x" }, { "s:name": "A" }],
    ["whole addresses as keys", {}, { "http://schema.org/name": "A" }],
    ["a value object", {}, { name: { "@value": "A", "@language": "en" } }],
    ["a set", {}, { name: { "@set": ["A", "B"] } }],
    [
      "a term to a list",
      { names: { "@id": "schema:name", "@container": "@set" } },
      { names: ["A"] },
    ],
    ["keys without a meaning", {}, { unheardOf: "A", name: "B" }],
    ["nothing", {}, { name: null, tags: [], description: "A" }],
    ["a context inside", {}, { badge: { "@context": { n: "schema:name" }, n: "A", name: "B" } }],
    ["a term that leans on a later one", { a: "b:x", b: "https://b.example/" }, { a: 1 }],
    ["words kept for later", {}, { "@future": 1, name: "A" }],
    [
      "a term of a vocabulary's terms",
      { t: { "@type": "@vocab", "@id": "obi:t" } },
      { t: "Image" },
    ],
  ])("%s", async (_name, local, members) => {
    await compare({
      "@context": ["https://w3id.org/openbadges/v2", local],
      ...members,
      version: "1",
    });
  });

  it("every term of Open Badges 1.0, but for the prefix that it forgot", async () => {
    const published = specJson("ob20/contexts/openbadges-v0.json");
    const context = Object.assign({}, ...contextsOf(published), {
      sec: "https://w3id.org/security#",
    });
    for (const term of termsOf(published).filter((name) => name !== "id")) {
      const value = ["https://a.example/1", { id: "https://a.example/2" }, true, 7, "text"];
      const document = {
        id: "https://a.example/0",
        type: [term],
        ...(term === "type" ? {} : { [term]: value }),
      };
      const [theirs] = await jsonld.expand(
        { "@context": context, ...document },
        { documentLoader: offline },
      );
      const ours = expand(document, null, OPEN_BADGES_V0_TERMS);
      expect(ours.ok && asExpanded(ours.node)).toEqual(theirs);
    }
  });

  it("a context of nothing takes every meaning away", async () => {
    const badge = { "@context": null, name: "A", "http://schema.org/name": "B" };
    await compare({ "@context": "https://w3id.org/openbadges/v2", badge });
  });
});

function contextsOf(document: unknown): object[] {
  if (typeof document !== "object" || document === null || !("@context" in document)) return [];
  return [document["@context"]].flat().filter((one) => typeof one === "object" && one !== null);
}

const termsOf = (document: unknown) => contextsOf(document).flatMap((one) => Object.keys(one));

describe("what is refused by name", () => {
  const V2 = "https://w3id.org/openbadges/v2";
  it.each([
    ["context-unknown", { "@context": "https://w3id.org/openbadges/invalid" }],
    ["context-unknown", { "@context": [V2, "https://a.example/ctx"] }],
    ["context-unknown", { "@context": "v2" }],
    ["context-unsupported", { "@context": 7 }],
    ["context-unsupported", { "@context": [[V2]] }],
    ["context-unsupported", { "@context": { a: "a" } }],
    ["context-unsupported", { "@context": { a: "b", b: "a" } }],
    ["context-unsupported", { "@context": { a: { "@reverse": "https://a.example/" } } }],
    ["context-unsupported", { "@context": { a: { "@id": "x:y", "@context": {} } } }],
    ["context-unsupported", { "@context": { a: { "@id": "x:y", "@container": "@index" } } }],
    ["context-unsupported", { "@context": { "@import": V2 } }],
    ["context-unsupported", { "@context": { "@id": "x:y" } }],
    ["context-unsupported", { "@context": { "@vocab": "relative" } }],
    ["context-unsupported", { "@context": [{ "@protected": true, a: "x:y" }, { a: "x:z" }] }],
    ["context-unsupported", { "@context": [{ "@protected": true, a: "x:y" }, null] }],
    ["document-ambiguous", { "@context": V2, id: "a:b", "@id": "a:c" }],
    ["document-ambiguous", { "@context": V2, id: 7 }],
    ["document-ambiguous", { "@context": V2, type: [7] }],
    ["document-ambiguous", { "@context": V2, "@graph": [] }],
    ["document-ambiguous", { "@context": V2, name: { "@value": {} } }],
    ["document-ambiguous", { "@context": V2, name: { "@value": "A", id: "a:b" } }],
  ])("%s %j", (reason, document) => {
    expect(expand(document, null)).toMatchObject({ ok: false, reason });
  });

  it("an unknown context below the root closes its object and nothing else", () => {
    const inner = { "@context": "https://a.example/ctx", id: "https://a.example/1", name: "A" };
    const expanded = expand({ "@context": V2, name: "B", "extensions:X": inner }, null);
    const node = expanded.ok ? expanded.node : null;
    expect(node?.properties.size).toBe(2);
    const [closed] = node?.properties.get("https://w3id.org/openbadges/extensions#X") ?? [];
    expect(closed).toMatchObject({ id: "https://a.example/1", opaque: "https://a.example/ctx" });
    expect((closed as Node).properties.size).toBe(0);
  });
});
