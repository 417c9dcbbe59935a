// Which entry of a list names a badge: as it is written, and as what it means.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entryFor } from "../../src/verify/checks/revocation.ts";
import { ADDRESS, verify } from "./world.ts";

const UUID = "urn:uuid:0190f3b2-7c55-7d10-9a3e-5b1f0c2a9be1";
const listOf = (...ids: readonly (string | null)[]) => ({
  issuer: null,
  entries: ids.map((id, i) => ({ id, uid: `u${i}`, reason: `${i}` })),
});
const reasonFor = (id: string | null, uid: string | null, ...ids: readonly (string | null)[]) =>
  entryFor(listOf(...ids), id, uid)?.reason ?? null;

describe("OB20-RL-05 an entry", () => {
  it.each([
    ["https://a.example/1", "https://a.example/1"],
    ["https://A.EXAMPLE/1", "https://a.example/1"],
    ["HTTPS://a.example/1", "https://a.example/1"],
    ["https://a.example:443/1", "https://a.example/1"],
    ["https://a.example", "https://a.example/"],
    ["https://a.example/x/../1", "https://a.example/1"],
    ["https://bücher.example/1", "https://xn--bcher-kva.example/1"],
    ["https://a.example/ü", "https://a.example/%C3%BC"],
    [UUID.toUpperCase().replace("URN:UUID", "urn:uuid"), UUID],
    ["not an address", "not an address"],
  ])("%s names %s, and the other way round", (a, b) => {
    expect(reasonFor(a, null, "https://a.example/0", b)).toBe("1");
    expect(reasonFor(b, null, "https://a.example/0", a)).toBe("1");
  });

  it.each([
    ["https://a.example/1", "https://a.example/1/"],
    ["https://a.example/1", "https://a.example/1?x"],
    ["https://a.example/1", "https://a.example/1#x"],
    ["https://a.example/a", "https://a.example/A"],
    ["https://a.example/1", "http://a.example/1"],
    ["https://a.example/1", "https://a.example:8443/1"],
    ["https://a.example/1", "https://b.example/1"],
    [UUID, `${UUID.slice(0, -1)}2`],
  ])("%s does not name %s", (a, b) => {
    expect(reasonFor(a, null, b)).toBeNull();
    expect(reasonFor(b, null, a)).toBeNull();
  });

  it("is one, where several mean it: as it is written before what it means", () => {
    const [plain, loud] = ["https://a.example/1", "https://A.example/1"];
    expect(reasonFor(plain, null, "https://a.EXAMPLE/1", plain)).toBe("0");
    expect(reasonFor(loud, null, plain, loud)).toBe("1");
    expect(reasonFor(plain, null, plain, plain)).toBe("0");
  });

  it("is found however its host is spelled and its port said", () => {
    const host = fc.stringMatching(/^(?:[a-z0-9]{1,8}\.){1,3}[a-z]{2,6}$/);
    const path = fc.stringMatching(/^[\w~/.-]{0,20}$/);
    fc.assert(
      fc.property(host, path, (name, rest) => {
        const [plain, loud] = [
          `https://${name}/${rest}`,
          `HTTPS://${name.toUpperCase()}:443/${rest}`,
        ];
        fc.pre(URL.canParse(plain));
        expect(reasonFor(plain, null, loud)).toBe("0");
        expect(reasonFor(loud, null, plain)).toBe("0");
      }),
    );
  });

  it("is found by the uid where there is no id, and only there", () => {
    expect(reasonFor(null, "u1", null, null)).toBe("1");
    expect(reasonFor("https://a.example/1", "u1", null, null)).toBeNull();
    expect(reasonFor(null, null, null)).toBeNull();
  });

  it("takes a badge back that it spells in another way", async () => {
    const found = await verify({
      change: {
        issuer: { revocationList: ADDRESS.list },
        list: { revokedAssertions: ["https://ISSUER.example:443/assertion"] },
      },
    });
    expect(found.verdict).toBe("revoked");
  });
});
