// Node's own signing gives what WebCrypto gives, to the byte.
import { describe, expect, it } from "vitest";
import { makeRsaKey, webCryptoRs256 } from "../../src/issuer/rsa-key.ts";
import { rs256 } from "../../src/runtime/rs256.ts";

describe("RS256 by Node", () => {
  it("signs any bytes as WebCrypto does", async () => {
    const { privateJwk } = await makeRsaKey();
    const [native, web] = [rs256(privateJwk), await webCryptoRs256(privateJwk)];
    for (const length of [0, 1, 1_500, 100_000]) {
      const bytes = new Uint8Array(length).fill(length);
      const signature = await native(bytes);
      expect(signature.byteLength).toBe(256);
      expect(signature).toEqual(await web(bytes));
    }
  });

  it("takes no key of another kind", () => {
    expect(() => rs256('{"kty":"RSA"}')).toThrow();
    expect(() => rs256("none")).toThrow();
  });
});
