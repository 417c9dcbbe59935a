// A signed badge judged by Node's own cryptography, and what a copy of the database gives away.
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCurrentKey } from "../../src/db/signing-keys.ts";
import { rotateSigningKey } from "../../src/issuer/signing-key.ts";
import { unseal } from "../../src/seal.ts";
import { everything } from "../api/ask.ts";
import { testApp } from "../app.ts";
import * as shapes from "./shapes.ts";
import { givenWorld } from "./world.ts";

const OPERATOR = { kind: "operator", id: "operator" } as const;

async function signedWorld() {
  const t = await testApp();
  const { award, organization } = await givenWorld(t.env);
  const response = await t.request(`/ob/v2/assertions/${award.unique_hash}/signed`);
  await t.settle();
  return { t, organization, jws: await response.text() };
}

describe("a signed badge", () => {
  it("OB20-S-01 OB20-S-02 OB20-K-03 verifies with node:crypto, by the key its creator leads to", async () => {
    const { t, jws } = await signedWorld();
    const [header = "", payload = "", signature = ""] = jws.split(".");
    const { verification } = shapes.signedAssertion.parse(
      JSON.parse(Buffer.from(payload, "base64url").toString()),
    );
    const document = await (await t.request(verification.creator)).json();
    const key = createPublicKey(shapes.cryptographicKey.parse(document).publicKeyPem);
    expect(key.asymmetricKeyType).toBe("rsa");
    expect(key.asymmetricKeyDetails?.modulusLength).toBeGreaterThanOrEqual(2048);
    expect(key.export({ type: "spki", format: "pem" })).toBe(document.publicKeyPem);
    const input = Buffer.from(`${header}.${payload}`);
    expect(verify("sha256", input, key, Buffer.from(signature, "base64url"))).toBe(true);
    input[input.length - 1] = (input.at(-1) ?? 0) ^ 1;
    expect(verify("sha256", input, key, Buffer.from(signature, "base64url"))).toBe(false);
  });
});

describe("a copy of the database", () => {
  it("OB20-K-04 holds no private key, of a current or a retired one, in any row or byte", async () => {
    const { t, organization } = await signedWorld();
    const planted: string[] = [];
    for (let i = 0; i < 3; i++) {
      const row = await findCurrentKey(t.env.db, organization.id);
      if (row === null) throw new Error("no key was made");
      const place = { table: "signing_keys", row: row.id, column: "private_jwk_sealed" };
      const { text } = await unseal(t.env.config, place, row.private_jwk_sealed ?? "");
      const { d, p, q, dp, dq, qi } = JSON.parse(text);
      planted.push(d, p, q, dp, dq, qi);
      const { writes } = await rotateSigningKey(t.env, organization.id, OPERATOR);
      await t.env.db.batch(writes);
    }
    expect(planted.every((member) => member.length > 100)).toBe(true);
    const path = join(t.env.config.dataDir, "rosette.db");
    const bytes = Buffer.concat([readFileSync(path), readFileSync(`${path}-wal`)]);
    const rows = await everything(t);
    const current = await findCurrentKey(t.env.db, organization.id);
    expect(rows.includes(current?.private_jwk_sealed ?? "nothing sealed")).toBe(true);
    const found = planted.filter(
      (member) =>
        rows.includes(member) ||
        bytes.includes(member) ||
        bytes.includes(Buffer.from(member, "base64url")),
    );
    expect(found).toEqual([]);
    expect(JSON.stringify(t.logged)).not.toContain(planted[0]);
  });

  it("keeps the sealed half of the current key only", async () => {
    const { t, organization } = await signedWorld();
    const { writes } = await rotateSigningKey(t.env, organization.id, OPERATOR);
    await t.env.db.batch(writes);
    const { rows } = await t.env.db.read({
      sql: "SELECT retired_at IS NULL, private_jwk_sealed IS NOT NULL FROM signing_keys ORDER BY 1",
      params: [],
    });
    expect(rows.map((row) => row.map(Number))).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });
});
