import jsonld from "jsonld";
import { describe, expect, it } from "vitest";
import { hasSpecData, specJson } from "../spec-data.ts";
import { DOCUMENTS } from "./documents.ts";

const CONTEXT = "https://w3id.org/openbadges/v2";

async function offline(url: string) {
  if (url !== CONTEXT) throw new Error(`not to be fetched: ${url}`);
  return {
    contextUrl: undefined,
    documentUrl: url,
    document: specJson("ob20/contexts/openbadges-v2.json"),
  };
}

/** Every key of a document with its path; `@context` and the values inside are not keys of ours. */
function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "@context" ? [] : [key, ...keysOf(inner)],
  );
}

const isIri = (text: string) => text.startsWith("@") || /^[a-z][a-z0-9+.-]*:/i.test(text);

describe.skipIf(!hasSpecData)("OB20-D-01 expansion with the published context", () => {
  it.each(Object.entries(DOCUMENTS))(
    "%s: every key and type expands to an IRI",
    async (_name, document) => {
      const expanded = await jsonld.expand(document, {
        documentLoader: offline,
      });
      const keys = keysOf(expanded).filter((key) => key !== "@value" && key !== "@list");
      expect(keys.filter((key) => !isIri(key))).toEqual([]);
      expect(keysOf(document).length).toBeGreaterThan(2);
      // A key that no term maps is dropped without a word, so none may go missing on the way back.
      const compacted = await jsonld.compact(expanded, CONTEXT, {
        documentLoader: offline,
        compactArrays: false,
      });
      const back = keysOf(compacted).filter((key) => key !== "@graph" && key !== "@value");
      expect(new Set(back)).toEqual(new Set(keysOf(document)));
    },
  );

  it.each(Object.entries(DOCUMENTS))(
    "%s: every type is one the context knows",
    async (_name, document) => {
      const expanded = JSON.stringify(await jsonld.expand(document, { documentLoader: offline }));
      const types = [...expanded.matchAll(/"@type":\["([^"]+)"\]/g)].map((match) => match[1] ?? "");
      expect(types.filter((type) => !/^https?:/.test(type))).toEqual([]);
    },
  );

  it("OB20-D-02 a key that no term maps vanishes, which is what this test would notice", async () => {
    const expanded = await jsonld.expand(
      { "@context": CONTEXT, id: "https://a.example/1", name: "A", awardedBy: "B" },
      { documentLoader: offline },
    );
    expect(JSON.stringify(expanded)).not.toContain("awardedBy");
  });

  it("OB20-L-03 the framework of an alignment is schema.org's educationalFramework", async () => {
    const expanded = await jsonld.expand(DOCUMENTS.alignment ?? {}, {
      documentLoader: offline,
    });
    expect(JSON.stringify(expanded)).toContain("http://schema.org/educationalFramework");
  });
});
