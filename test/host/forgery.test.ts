// What an app that may add badges, and hosts what it likes elsewhere, can do to badges that others put here.
import { exportSPKI } from "jose";
import { describe, expect, it } from "vitest";
import { listHostedBadges } from "../../src/db/hosted-badges.ts";
import { API_PATH } from "../../src/host/addresses.ts";
import { CREATE_ASSERTIONS } from "../../src/host/scopes.ts";
import { ADDRESS, type Members, otherPair, world } from "../verify/world.ts";
import { type Backpack, backpack, envelopeOf, givenAccess } from "./backpack.ts";

const ELSEWHERE = "https://forger.example";

/** A signed badge under a name, kept here for Kim. */
async function kept(id: string) {
  const made = await backpack();
  const genuine = await world({ sign: {}, change: { assertion: { id } } });
  for (const name of ["key", "issuer", "badge", "list"] as const) {
    made.issuer.pages.set(ADDRESS[name], genuine.documents[name]);
  }
  const response = await made.post("/assertions", { signedAssertion: genuine.token });
  expect(response.status).toBe(200);
  made.app.clock.advance(1_000);
  return { made, token: genuine.token ?? "" };
}

interface Forgery {
  readonly id: string;
  readonly revokes?: boolean;
  /** What the forger's issuer says of itself besides. */
  readonly issuer?: Members;
}

/** The same name, signed by an issuer of the forger's own. */
async function forged(made: Backpack, { id, revokes = false, issuer = {} }: Forgery) {
  const at = (path: string) => `${ELSEWHERE}/${path}`;
  const owner = issuer.id ?? at("issuer");
  const change: Record<string, Members> = {
    assertion: {
      id,
      badge: at("badge"),
      verification: { type: "SignedBadge", creator: at("key") },
    },
    badge: { id: at("badge"), issuer: at("issuer"), name: "Forged" },
    issuer: { id: at("issuer"), publicKey: at("key"), revocationList: at("list"), ...issuer },
    key: {
      id: at("key"),
      owner,
      publicKeyPem: await exportSPKI((await otherPair).publicKey),
    },
    list: {
      id: at("list"),
      issuer: owner,
      revokedAssertions: revokes ? [{ id, revocationReason: "Cheated." }] : [],
    },
  };
  const { documents, token } = await world({ sign: { keys: otherPair }, change });
  for (const name of ["badge", "issuer", "key", "list"] as const) {
    made.issuer.pages.set(at(name), documents[name]);
  }
  return token ?? "";
}

/** By an app of its own, which may do nothing but add badges. */
async function sentByAnother(made: Backpack, signedAssertion: string): Promise<Response> {
  const { token } = await givenAccess(made.app.env, made.person.user.id, CREATE_ASSERTIONS);
  return made.app.request(`${API_PATH}/assertions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ signedAssertion }),
  });
}

const shelf = async ({ app, person }: Backpack) =>
  listHostedBadges(app.env.db, person.user.id, { limit: 10 });

const NAME = "urn:uuid:9d3f1a52-5b0c-4b58-9a39-0c5b7f1f0a01";
const FORGERIES: [string, Forgery][] = [
  ["a name that is no address", { id: NAME }],
  [
    "an address that the forger's issuer calls its own",
    { id: ADDRESS.assertion, issuer: { verification: { allowedOrigins: "issuer.example" } } },
  ],
  ["the issuer's own name", { id: NAME, issuer: { id: ADDRESS.issuer } }],
];

describe("a badge that somebody else signs under the name of one that is kept", () => {
  it.each(FORGERIES)("has it not called revoked: %s", async (_what, forgery) => {
    const { made, token } = await kept(forgery.id);
    const response = await sentByAnother(made, await forged(made, { ...forgery, revokes: true }));
    expect((await envelopeOf(response)).status.statusText).toBe("INVALID_BADGE");
    expect(await shelf(made)).toMatchObject([
      { verdict: "valid", jws: token, issuer_name: "Northside" },
    ]);
  });

  it.each(FORGERIES)("does not take its place: %s", async (_what, forgery) => {
    const { made, token } = await kept(forgery.id);
    await sentByAnother(made, await forged(made, forgery));
    expect((await shelf(made)).map(({ jws }) => jws)).toContain(token);
  });

  it("is kept beside it, once, however often it is sent", async () => {
    const { made, token } = await kept(NAME);
    const other = await forged(made, { id: NAME });
    for (const one of [other, token, other]) {
      expect((await sentByAnother(made, one)).status).toBe(200);
    }
    expect((await shelf(made)).map(({ jws }) => jws).sort()).toEqual([token, other].sort());
  });

  it("of a badge that is hosted, is no way either", async () => {
    const made = await backpack();
    const badge = await made.issuer.badge("hosted");
    expect((await made.put(badge)).status).toBe(200);
    made.app.clock.advance(1_000);
    const issuer = { verification: { allowedOrigins: "issuer.example" } };
    await sentByAnother(made, await forged(made, { id: badge.id, revokes: true, issuer }));
    await sentByAnother(made, await forged(made, { id: badge.id, issuer }));
    const kept = await shelf(made);
    expect(kept.filter(({ jws }) => jws === null)).toMatchObject([{ verdict: "valid" }]);
  });
});
