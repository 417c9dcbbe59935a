// Whatever a backpack answers, a pull ends with a result, and nothing of it becomes valid by being said.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pullConnection } from "../../src/backpack/pull.ts";
import { pullWorld } from "./pull-world.ts";

const HEADERS = { "content-type": "application/json" };

/** Entries that look like badges here and there. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "https://issuer.example/assertions/real",
    "https://issuer.example/assertions/REAL/",
    "https://issuer.example/badge",
    "https://issuer.example/issuer",
    "https://issuer.example/key",
    "urn:uuid:0b6f2f0e-7d52-4c0b-9a3e-5f3a0f9c6b1d",
    "did:web:issuer.example",
    "https://badges.example.org/ob/v2/assertions/0000000000000000000000000000000000000000",
    "Assertion",
    "HostedBadge",
    "SignedBadge",
    "https://w3id.org/openbadges/v2",
    "eyJhbGciOiJub25lIn0.eyJpZCI6IngifQ.",
    "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6InVybjp1dWlkOjEifQ.AAAA",
    "__proto__",
  ),
);
const member = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));
const badge = fc.dictionary(
  fc.constantFrom(
    "@context",
    "id",
    "@id",
    "type",
    "recipient",
    "badge",
    "verification",
    "verify",
    "expires",
    "revoked",
    "name",
    "__proto__",
  ),
  member,
);
const list = fc.oneof(fc.array(fc.oneof(badge, member), { maxLength: 6 }), member);
const body = fc.oneof(
  fc.record(
    {
      status: fc.oneof(
        fc.constant({ error: null, statusCode: 200, statusText: "OK" }),
        fc.jsonValue({ maxDepth: 2 }),
      ),
      assertions: list,
      signedAssertions: list,
    },
    { requiredKeys: ["status"] },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const link = fc.option(
  fc.oneof(
    fc.string(),
    text.map((target) => `<${target}>; rel="next"`),
    fc.constant(`<?n=1>; rel=next`),
  ),
  { nil: undefined },
);

describe("a pull from a host that may answer anything", () => {
  it("ends, keeps no badge that is not its issuer's, and writes no row twice", async () => {
    const { env, host, issuer, rows, connectionId, test, connection } = await pullWorld();
    await issuer.award("real");
    await fc.assert(
      fc.asyncProperty(
        body,
        link,
        fc.constantFrom(200, 200, 200, 201, 204, 299),
        async (given, next, status) => {
          host.before = ({ path }) =>
            path === "/oauth/token"
              ? undefined
              : {
                  status,
                  headers: { ...HEADERS, ...(next === undefined ? {} : { link: next }) },
                  body: JSON.stringify(given) ?? "",
                };
          test.clock.advance(3_600_000);
          const result = await pullConnection(env, connectionId);
          expect(result.ok || result.reason !== "gone").toBe(true);
          const kept = await rows();
          const vouched = kept.filter(({ verdict }) => verdict === "valid");
          for (const { canonical_id: id } of vouched) expect(id).toBe(issuer.at("assertions/real"));
          const names = kept.map(({ collection_id, entity_id }) => `${collection_id} ${entity_id}`);
          expect(new Set(names).size).toBe(names.length);
          expect((await connection()).status).toMatch(/^(connected|reconnect)$/);
          await env.db.batch([
            { sql: "UPDATE badge_backpacks SET status = 'connected'", params: [] },
          ]);
          await env.db.batch([{ sql: "DELETE FROM outbound_hosts", params: [] }]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
