import { exportSPKI, importJWK, type JWK } from "jose";
import { describe, expect, it } from "vitest";
import type { ReadRsaKey } from "../../src/env.ts";
import { readRsaKey, readRsaKeyInPlace } from "../../src/runtime/rsa-public-key.ts";
import { importKey, parseToken } from "../../src/verify/jws.ts";
import { hasSpecData, specJson } from "../spec-data.ts";

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly jws: unknown;
  readonly result: "valid" | "invalid";
  readonly flags: readonly string[];
}

interface Group {
  readonly comment: string;
  readonly public?: JWK;
  readonly private?: JWK;
  readonly tests: readonly Vector[];
}

/** What our reader makes of a vector: a token whose signature stands by this key, and nothing else. */
async function accepted(jws: unknown, jwk: JWK, engine?: ReadRsaKey): Promise<boolean> {
  const text = typeof jws === "string" ? jws : JSON.stringify(jws);
  const parsed = parseToken(text);
  if (!parsed.ok) return false;
  // A PEM does not say what it is for; a key that does is used for nothing else.
  if ((jwk.use ?? "sig") !== "sig" || !(jwk.key_ops ?? ["verify"]).includes("verify")) return false;
  if (jwk.kty !== "RSA" || (jwk.alg !== undefined && jwk.alg !== parsed.token.algorithm))
    return false;
  const key = await importJWK(
    { kty: jwk.kty, n: jwk.n, e: jwk.e, ext: true },
    parsed.token.algorithm,
  );
  if (!(key instanceof CryptoKey)) return false;
  const imported = await importKey(await exportSPKI(key), parsed.token.algorithm, engine);
  return imported.ok && (await imported.signed(parsed.token));
}

function isText(jws: unknown): boolean {
  const payload = typeof jws === "string" ? (jws.split(".")[1] ?? "") : "";
  return payload !== "" && !Buffer.from(payload, "base64url").toString().includes("\ufffd");
}

const groups = hasSpecData
  ? (specJson("jose/wycheproof-json-web-signature.json") as { testGroups: Group[] }).testGroups
  : [];

const ENGINES: readonly (readonly [string, ReadRsaKey | undefined])[] = [
  ["jose", undefined],
  ["Node", readRsaKey],
  ["Node, in place", readRsaKeyInPlace],
];

describe.skipIf(!hasSpecData).each(ENGINES)("Wycheproof's signatures by %s", (_, engine) => {
  it("are all there", () => {
    expect(groups.flatMap(({ tests }) => tests).length).toBe(401);
  });

  it.each(groups.map((group) => [group.comment, group] as const))("%s", async (_name, group) => {
    const jwk = group.public ?? group.private ?? {};
    for (const { tcId, comment, jws, result } of group.tests) {
      const ours = await accepted(jws, jwk, engine);
      if (result === "invalid") expect([tcId, comment, ours]).toEqual([tcId, comment, false]);
      // Signed as badges are signed. Some sign nothing, or no text: no badge is that.
      else if (isText(jws) && /^RS(?:256|384|512)$/.test(jwk.alg ?? ""))
        expect([tcId, ours]).toEqual([tcId, true]);
      else expect([tcId, ours]).toEqual([tcId, false]);
    }
  });
});
