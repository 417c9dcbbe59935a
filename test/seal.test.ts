// Sealed texts open in their own place under a secret that is known, and nowhere else.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Place, SealError, type SealErrorCode, seal, unseal } from "../src/seal.ts";

const secret = (seed: number) => new Uint8Array(32).fill(seed);
const SECRETS = { secretKey: secret(1), retiredSecretKeys: [] };
const PLACE: Place = { table: "signing_keys", row: "0199", column: "private_jwk_sealed" };
const TEXT = '{"kty":"RSA","d":"a planted private member – ключ"}';

async function refusal(opening: Promise<unknown>): Promise<SealErrorCode> {
  const error = await opening.then(
    () => new Error("it was opened"),
    (refused: unknown) => refused,
  );
  if (!(error instanceof SealError)) throw error;
  return error.code;
}

describe("a sealed text", () => {
  it("opens where it was sealed", async () => {
    const sealed = await seal(SECRETS, PLACE, TEXT);
    expect(await unseal(SECRETS, PLACE, sealed)).toEqual({ text: TEXT, outdated: false });
  });

  it("gives back any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        const { text: opened } = await unseal(SECRETS, PLACE, await seal(SECRETS, PLACE, text));
        expect(opened).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it("is a compact JWE that names its key and place, and shows nothing of what is inside", async () => {
    const sealed = await seal(SECRETS, PLACE, TEXT);
    const [header = "", encryptedKey, ...rest] = sealed.split(".");
    expect(rest).toHaveLength(3);
    expect(encryptedKey).toBe("");
    expect(JSON.parse(atob(header))).toEqual({
      alg: "dir",
      enc: "A256GCM",
      kid: expect.stringMatching(/^[\w-]{11}$/),
      place: "signing_keys/0199/private_jwk_sealed",
    });
    expect(sealed).not.toContain(btoa("planted").replaceAll("=", ""));
  });

  it("is another each time", async () => {
    expect(await seal(SECRETS, PLACE, TEXT)).not.toBe(await seal(SECRETS, PLACE, TEXT));
  });

  it.each([
    ["row", { ...PLACE, row: "0200" }],
    ["column", { ...PLACE, column: "public_pem" }],
    ["table", { ...PLACE, table: "tokens" }],
  ])("does not open in another %s", async (_name, other) => {
    const sealed = await seal(SECRETS, PLACE, TEXT);
    expect(await refusal(unseal(SECRETS, other, sealed))).toBe("other-place");
  });

  it("does not open in another row with that row's header put before it", async () => {
    const other = { ...PLACE, row: "0200" };
    const [, ...body] = (await seal(SECRETS, PLACE, TEXT)).split(".");
    const [header] = (await seal(SECRETS, other, TEXT)).split(".");
    expect(await refusal(unseal(SECRETS, other, [header, ...body].join(".")))).toBe("tampered");
  });

  it("opens under a retired secret, and says so", async () => {
    const sealed = await seal(SECRETS, PLACE, TEXT);
    const rotated = { secretKey: secret(2), retiredSecretKeys: [secret(3), SECRETS.secretKey] };
    expect(await unseal(rotated, PLACE, sealed)).toEqual({ text: TEXT, outdated: true });
    const again = await seal(rotated, PLACE, TEXT);
    expect(await unseal(rotated, PLACE, again)).toEqual({ text: TEXT, outdated: false });
    expect(await refusal(unseal(SECRETS, PLACE, again))).toBe("unknown-key");
  });

  it.each([
    ["empty", "", "malformed"],
    ["plain text", TEXT, "malformed"],
    ["four parts", "e30.a.b.c", "malformed"],
    ["six parts", "e30.a.b.c.d.e", "malformed"],
    ["a header that is no JSON", "%%%..b.c.d", "malformed"],
    ["a header without a key id", "e30..b.c.d", "malformed"],
    ["a header that is a number", "MQ..b.c.d", "malformed"],
    ["a key id that is a number", `${btoa('{"kid":1}')}..b.c.d`, "malformed"],
    ["a key id of nobody's", `${btoa('{"kid":"x"}')}..b.c.d`, "unknown-key"],
  ] as const)("is refused when it is %s", async (_name, text, code) => {
    expect(await refusal(unseal(SECRETS, PLACE, text))).toBe(code);
  });

  it("is refused with any one character changed, and the error holds none of it", async () => {
    const sealed = await seal(SECRETS, PLACE, TEXT);
    const [header = ""] = sealed.split(".");
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.constantFrom("A", "B", "."), async (at, c) => {
        const changed = `${sealed.slice(0, at)}${c}${sealed.slice(at + 1)}`;
        fc.pre(changed !== sealed);
        const error = await unseal(SECRETS, PLACE, changed).catch((refused: unknown) => refused);
        // The last character of a part may hold bits that decode to nothing.
        if (!(error instanceof SealError)) {
          expect(sealed[at + 1] ?? ".").toBe(".");
          return;
        }
        if (at < header.length) expect(error.code).not.toBe("tampered");
        expect(error.message).not.toContain(sealed.slice(-12));
      }),
      { numRuns: 200 },
    );
  });
});
