// A badge signed before its issuer took another key: valid for as long as the key is not revoked.
import { decodeProtectedHeader } from "jose";
import { describe, expect, it } from "vitest";
import { revokeSigningKey, rotateSigningKey } from "../../src/issuer/signing-key.ts";
import { verifyBadge } from "../../src/verify/verify.ts";
import { testApp } from "../app.ts";
import { givenWorld } from "../obv2/world.ts";
import { webOfApp } from "./web.ts";
import { ADDRESS, faults, ORIGIN, otherPair, verify } from "./world.ts";

const OPERATOR = { kind: "operator", id: "operator" } as const;

describe("a key that was retired", () => {
  const other = `${ORIGIN}/key-of-today`;

  it.each<[string, unknown]>([
    ["beside the one of today", [{ id: other }, { id: ADDRESS.key }]],
    ["alone", ADDRESS.key],
  ])("signed a badge that is still valid: listed %s", async (_, listed) => {
    const issuer = { publicKey: other, "sec:assertionMethod": listed };
    const found = await verify({ sign: {}, change: { issuer } });
    expect([faults(found), found.verdict]).toEqual([[], "valid"]);
  });

  it("signed nothing that somebody else signed", async () => {
    const issuer = { publicKey: other, "sec:assertionMethod": ADDRESS.key };
    const found = await verify({ sign: { keys: otherPair }, change: { issuer } });
    expect([found.verdict, found.reason]).toEqual(["invalid", "signature-wrong"]);
  });
});

it("our own badge, saved before its key was retired, is valid; once that is revoked, it is not", async () => {
  const t = await testApp();
  const { award, organization } = await givenWorld(t.env);
  const saved = await (await t.request(t.env.urls.signed(award.unique_hash))).text();
  const judge = async () => {
    const found = await verifyBadge(saved, { ...webOfApp(t.request), now: t.env.now });
    return [found.verdict, found.reason];
  };
  expect(await judge()).toEqual(["valid", null]);

  const rotated = await rotateSigningKey(t.env, organization.id, OPERATOR);
  await t.env.db.batch(rotated.writes);
  expect(await judge()).toEqual(["valid", null]);

  const kid = decodeProtectedHeader(saved).kid ?? "";
  const revoked = await revokeSigningKey(t.env, organization.id, kid, "It was copied.", OPERATOR);
  await t.env.db.batch(revoked.writes);
  expect(await judge()).toEqual(["invalid", "key-not-listed"]);
});
