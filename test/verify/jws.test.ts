import fc from "fast-check";
import { exportSPKI, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import { importKey, MAX_TOKEN_LENGTH, MIN_RSA_BITS, parseToken } from "../../src/verify/jws.ts";

const encode = (text: string) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const token = (header: unknown, payload = "{}", signature = "AAAA") =>
  `${encode(typeof header === "string" ? header : JSON.stringify(header))}.${encode(payload)}.${signature}`;
const GOOD = token({ alg: "RS256" });

describe("the compact form, held to its letter", () => {
  it("reads one", () => {
    expect(parseToken(GOOD)).toMatchObject({
      ok: true,
      token: { algorithm: "RS256", payload: "{}" },
    });
    expect(parseToken(token({ alg: "RS256" }, "Zoë"))).toMatchObject({ token: { payload: "Zoë" } });
  });

  it.each([
    ["nothing", ""],
    ["two parts", GOOD.split(".").slice(0, 2).join(".")],
    ["four parts", `${GOOD}.AAAA`],
    ["an empty header", `.${GOOD.split(".").slice(1).join(".")}`],
    ["an empty payload", `${GOOD.split(".")[0]}..AAAA`],
    ["an empty signature", GOOD.replace(/\.[^.]*$/, ".")],
    ["a blank in front", ` ${GOOD}`],
    ["a blank within", GOOD.replace(".", " .")],
    ["a line end", `${GOOD}\n`],
    ["padding", `${GOOD}=`],
    ["base64 that is not of URLs", token({ alg: "RS256" }, "{}", "AA+/")],
    ["bits left over", token({ alg: "RS256" }, "{}", "AAB")],
    ["a length that cannot be", token({ alg: "RS256" }, "{}", "AAAAA")],
    ["a header that is no JSON", token("alg: RS256")],
    ["a header that is a list", token(["RS256"])],
    ["a header with a name twice", token('{"alg":"none","alg":"RS256"}')],
    ["a header with a byte order mark", token(`\ufeff{"alg":"RS256"}`)],
    ["a payload that is not UTF-8", `${GOOD.split(".")[0]}._w.AAAA`],
    ["more than can be", "A".repeat(MAX_TOKEN_LENGTH + 1)],
  ])("refuses %s", (_name, text) => {
    expect(parseToken(text)).toMatchObject({ ok: false, reason: "token-malformed" });
  });

  it.each([
    "none",
    "None",
    "HS256",
    "ES256",
    "PS256",
    "EdDSA",
    "rs256",
    "RS1",
    256,
    null,
    undefined,
  ])("OB20-S-02 refuses the algorithm %s", (alg) => {
    expect(parseToken(token({ alg }))).toMatchObject({ ok: false, reason: "algorithm-refused" });
  });

  it.each([{ crit: ["exp"] }, { crit: [] }, { b64: false, crit: ["b64"] }, { b64: true }])(
    "OB20-S-04 refuses what changes the meaning: %j",
    (member) => {
      const parsed = parseToken(token({ alg: "RS256", ...member }));
      expect(parsed).toMatchObject({ ok: false, reason: "critical-header" });
    },
  );

  it("OB20-S-07 names the members that would bring a key", () => {
    const brought = { jku: "https://a.example", jwk: {}, x5u: "https://a.example", x5c: [] };
    const parsed = parseToken(token({ alg: "RS256", kid: "1", ...brought }));
    expect(parsed.ok && [...parsed.token.ignored].sort()).toEqual(["jku", "jwk", "x5c", "x5u"]);
  });

  it("never throws, and reads nothing that it would not write the same", () => {
    fc.assert(
      fc.property(
        fc.nat(GOOD.length - 1),
        fc.nat(2),
        fc.string({ unit: "binary", minLength: 1, maxLength: 3 }),
        (at, length, text) => {
          const changed = GOOD.slice(0, at) + text + GOOD.slice(at + length);
          const parsed = parseToken(changed);
          if (parsed.ok) expect(parsed.token.text).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("OB20-K-03 keys", () => {
  it("are RSA, public, in PEM, and large enough", async () => {
    const { publicKey } = await generateKeyPair("RS256", {
      modulusLength: MIN_RSA_BITS,
      extractable: true,
    });
    const pem = await exportSPKI(publicKey);
    expect((await importKey(pem, "RS256")).ok).toBe(true);
    expect((await importKey(`${pem}\n`, "RS512")).ok).toBe(true);
    expect((await importKey(pem.replaceAll("\n", "\r\n"), "RS256")).ok).toBe(true);
    for (const bad of ["", "x", pem.slice(0, 100), pem.replaceAll("PUBLIC", "RSA PUBLIC")]) {
      expect((await importKey(bad, "RS256")).ok).toBe(false);
    }
  });

  it("of fewer bits are refused", async () => {
    const algorithm = {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 1_024,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    };
    const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    if (!("publicKey" in pair)) throw new Error("not a pair");
    expect(await importKey(await exportSPKI(pair.publicKey), "RS256")).toMatchObject({ ok: false });
  });
});
