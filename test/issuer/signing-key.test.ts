// The current signing key: one of them however many make it, opened only where it was sealed.
import { beforeEach, describe, expect, it } from "vitest";
import { organizations } from "../../src/db/organizations.ts";
import { findCurrentKey, listTrustedKeys, signingKeys } from "../../src/db/signing-keys.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { makeRsaKey } from "../../src/issuer/rsa-key.ts";
import {
  currentSigner,
  MAX_IMPORTED_KEYS,
  revokeSigningKey,
  rotateSigningKey,
} from "../../src/issuer/signing-key.ts";
import { Problem } from "../../src/problem.ts";
import { seal } from "../../src/seal.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenOrganization } from "../given.ts";

const OPERATOR = { kind: "operator", id: "operator" } as const;
const BYTES = new TextEncoder().encode("to be signed");

let t: TestApp;
let organization: string;

beforeEach(async () => {
  t = await testApp();
  organization = (await givenOrganization(t.env)).id;
});

/** Another process on the same database: it has imported nothing yet. */
function elsewhere(over: Partial<Env["config"]> = {}): Env {
  return { ...t.env, config: { ...t.env.config, ...over } };
}

const sealed = async (id: string) => (await findCurrentKey(t.env.db, id))?.private_jwk_sealed;

async function code(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("it was done"),
    (refused: unknown) => refused,
  );
  if (!(error instanceof Problem)) throw error;
  return error.code;
}

async function swapSealed(one: string, other: string): Promise<void> {
  const [mine, theirs] = [await sealed(one), await sealed(other)];
  const sql = "UPDATE signing_keys SET private_jwk_sealed = ? WHERE organization_id = ?";
  await t.env.db.batch([
    { sql, params: [theirs ?? null, one] },
    { sql, params: [mine ?? null, other] },
  ]);
}

describe("the current key", () => {
  it("is made by the first who needs it, and one it stays when many need it at once", async () => {
    const signers = await Promise.all(
      [1, 2, 3, 4].map(() => currentSigner(elsewhere(), organization)),
    );
    expect(new Set(signers.map(({ keyId }) => keyId)).size).toBe(1);
    expect(await listTrustedKeys(t.env.db, organization)).toHaveLength(1);
    const signatures = await Promise.all(signers.map(({ sign }) => sign(BYTES)));
    expect(new Set(signatures.map(String)).size).toBe(1);
    const { rows } = await t.env.db.read({
      sql: "SELECT actor_kind, action, object_id FROM audit_log",
      params: [],
    });
    expect(rows).toEqual([["system", "signing_key.created", signers[0]?.keyId]]);
  });

  it("is another for each organization, and for the installation itself", async () => {
    const other = await givenOrganization(t.env);
    const owners = [organization, other.id, null];
    const ids = await Promise.all(
      owners.map(async (owner) => (await currentSigner(t.env, owner)).keyId),
    );
    expect(new Set(ids).size).toBe(3);
    const again = await Promise.all(
      owners.map(async (owner) => (await currentSigner(elsewhere(), owner)).keyId),
    );
    expect(again).toEqual(ids);
  });

  it.each([["an organization"], [null]])("of %s cannot be two", async (whose) => {
    const owner = whose === null ? null : organization;
    await currentSigner(t.env, owner);
    const copy = `INSERT INTO signing_keys SELECT ?, organization_id, algorithm, public_jwk, public_pem,
      private_jwk_sealed, created_at, activated_at, retired_at, revoked_at, revocation_reason FROM signing_keys`;
    const twice = t.env.db.batch([{ sql: copy, params: [newId(t.env)] }]);
    await expect(twice).rejects.toHaveProperty("code", "unique");
  });

  it("never becomes another key", async () => {
    await currentSigner(t.env, organization);
    for (const column of ["id", "organization_id", "algorithm", "public_jwk", "public_pem"]) {
      const change = { sql: `UPDATE signing_keys SET ${column} = ${column}`, params: [] };
      const refused = expect(t.env.db.batch([change])).rejects;
      await refused.toHaveProperty("raised", "signing_key_immutable");
    }
  });

  it("stays imported, up to a limit: then the first one is opened again", async () => {
    const pair = await makeRsaKey();
    const ids = Array.from({ length: MAX_IMPORTED_KEYS + 1 }, () => newId(t.env));
    const now = t.env.now();
    const rows = await Promise.all(
      ids.map(async (id) => ({
        id,
        organization_id: id,
        algorithm: "RS256" as const,
        public_jwk: pair.publicJwk,
        public_pem: pair.publicPem,
        private_jwk_sealed: await seal(
          t.env.config,
          { table: "signing_keys", row: id, column: "private_jwk_sealed" },
          pair.privateJwk,
        ),
        activated_at: now,
      })),
    );
    await t.env.db.batch([
      ...ids.map((id) =>
        t.env.db.orm.insert(organizations).values({
          id,
          slug: id,
          name: "One of many",
          url: "https://many.example",
          email: "many@many.example",
          updated_at: now,
        }),
      ),
      ...rows.map((row) => t.env.db.orm.insert(signingKeys).values(row)),
    ]);
    const [first = "", ...others] = ids;
    const last = others.pop() ?? "";
    for (const id of [first, ...others]) await currentSigner(t.env, id);
    await t.env.db.batch([{ sql: "UPDATE signing_keys SET private_jwk_sealed = ''", params: [] }]);
    expect((await currentSigner(t.env, first)).keyId).toBe(first);
    await t.env.db.batch([
      t.env.db.orm
        .update(signingKeys)
        .set({ private_jwk_sealed: rows.at(-1)?.private_jwk_sealed ?? null }),
    ]);
    await currentSigner(t.env, last);
    expect(await code(currentSigner(t.env, first))).toBe("signing-key-sealed");
    expect((await currentSigner(t.env, others[0] ?? "")).keyId).toBe(others[0]);
  });
});

describe("a sealed key", () => {
  it("does not open in another key's row", async () => {
    const other = (await givenOrganization(t.env)).id;
    const [one, two] = [
      await currentSigner(t.env, organization),
      await currentSigner(t.env, other),
    ];
    await swapSealed(organization, other);
    for (const id of [organization, other]) {
      expect(await code(currentSigner(elsewhere(), id))).toBe("signing-key-sealed");
    }
    expect(t.logged.filter(({ event }) => event === "signing_key.sealed")).toMatchObject([
      { key_id: one.keyId, code: "other-place" },
      { key_id: two.keyId, code: "other-place" },
    ]);
  });

  it("opens under a retired secret, and is sealed anew, so that the secret can be forgotten", async () => {
    const { keyId } = await currentSigner(t.env, organization);
    const before = await sealed(organization);
    const secretKey = new Uint8Array(32).fill(7);
    const rotated = { secretKey, retiredSecretKeys: [t.env.config.secretKey] };
    expect((await currentSigner(elsewhere(rotated), organization)).keyId).toBe(keyId);
    await t.settle();
    expect(await sealed(organization)).not.toBe(before);
    const forgotten = elsewhere({ secretKey, retiredSecretKeys: [] });
    expect((await currentSigner(forgotten, organization)).keyId).toBe(keyId);
  });

  it("of a secret that is lost is said to be so, and can be replaced", async () => {
    await currentSigner(t.env, organization);
    const lost = elsewhere({ secretKey: new Uint8Array(32).fill(7) });
    expect(await code(currentSigner(lost, organization))).toBe("signing-key-sealed");
    const { result, writes } = await rotateSigningKey(lost, organization, OPERATOR);
    await t.env.db.batch(writes);
    expect((await currentSigner(lost, organization)).keyId).toBe(result.id);
  });
});

describe("a decision that came too late", () => {
  it("a rotation: nothing of it is written", async () => {
    await currentSigner(t.env, organization);
    const one = await rotateSigningKey(t.env, organization, OPERATOR);
    const two = await rotateSigningKey(t.env, organization, OPERATOR);
    await t.env.db.batch(one.writes);
    await expect(t.env.db.batch(two.writes)).rejects.toHaveProperty("code", "not_null");
    expect((await findCurrentKey(t.env.db, organization))?.id).toBe(one.result.id);
  });

  it("a revocation: the first reason stays", async () => {
    const { keyId } = await currentSigner(t.env, organization);
    const decide = (reason: string) =>
      revokeSigningKey(t.env, organization, keyId, reason, OPERATOR);
    const [one, two] = [await decide("One."), await decide("Two.")];
    await t.env.db.batch(one.writes);
    await expect(t.env.db.batch(two.writes)).rejects.toHaveProperty("code", "not_null");
    expect((await decide("Three.")).result.revocation_reason).toBe("One.");
  });

  it("another organization's key is not there", async () => {
    const { keyId } = await currentSigner(t.env, organization);
    const other = (await givenOrganization(t.env)).id;
    const revoking = revokeSigningKey(t.env, other, keyId, "No.", OPERATOR);
    expect(await code(revoking)).toBe("not-found");
    expect(await code(revokeSigningKey(t.env, null, keyId, "No.", OPERATOR))).toBe("not-found");
  });
});
