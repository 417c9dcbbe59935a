// Documents that were read at another origin than their id's: used, and told.
import { describe, expect, it } from "vitest";
import { ADDRESS, type Change, type DocumentName, documents, verify, warnings } from "./world.ts";

const AWAY = "https://b.example/anything";

/** The document at its address, to which a redirect led. */
async function ledTo(name: DocumentName, url: string): Promise<Change["pages"]> {
  return { [ADDRESS[name]]: { url, body: JSON.stringify((await documents())[name]) } };
}

describe("OB20-H-03 a redirect", () => {
  it.each(["assertion", "badge", "issuer"] as const)(
    "to another origin is told, where it leads to the %s",
    async (name) => {
      const found = await verify({ pages: await ledTo(name, AWAY) });
      expect([found.verdict, warnings(found)]).toEqual(["valid", ["read-elsewhere"]]);
      const warned = found.checks.find(({ reason }) => reason === "read-elsewhere");
      expect(warned).toMatchObject({
        id: "identifier",
        outcome: "warned",
        evidence: { document: ADDRESS[name], found: AWAY },
      });
      expect(warned?.words).toContain("b.example");
    },
  );

  it.each(["key", "list"] as const)("to another origin is told, of a %s", async (name) => {
    const all = await documents();
    const pages = {
      [ADDRESS[name]]: { url: AWAY, body: JSON.stringify(all[name]) },
    };
    const found = await verify({ sign: {}, pages });
    expect([found.verdict, warnings(found)]).toEqual(["valid", ["read-elsewhere"]]);
  });

  it.each([
    ["within the origin", `${ADDRESS.badge}/moved`],
    ["by a capital letter", "https://ISSUER.example/badge"],
    ["to the port that goes without saying", "https://issuer.example:443/badge"],
  ])("%s is not told", async (_name, url) => {
    const found = await verify({ pages: await ledTo("badge", url) });
    expect([found.verdict, warnings(found)]).toEqual(["valid", []]);
  });

  it.each([
    ["another port", "https://issuer.example:8443/badge"],
    ["another scheme", "http://issuer.example/badge"],
    ["a name below it", "https://www.issuer.example/badge"],
  ])("to %s is told", async (_name, url) => {
    expect(warnings(await verify({ pages: await ledTo("badge", url) }))).toEqual([
      "read-elsewhere",
    ]);
  });

  it("to where the document says that it is, is told as another id and nothing more", async () => {
    const { badge } = await documents();
    const body = JSON.stringify({ ...badge, id: AWAY });
    const found = await verify({
      pages: { [ADDRESS.badge]: { url: AWAY, body }, [AWAY]: { body } },
    });
    expect([found.verdict, warnings(found)]).toEqual(["valid", []]);
  });

  it("of a signed badge's picture or of nothing is told of nothing", async () => {
    expect(warnings(await verify({ sign: {} }))).toEqual([]);
  });
});
