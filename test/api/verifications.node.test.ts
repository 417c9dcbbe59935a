// What the OpenAPI document says of a verification, held to what is answered.
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { TEST_ORIGIN } from "../app.ts";
import { givenStandings, HOLDER, verifyingApp } from "../verify/installation.ts";

it("every answer is of the published schema, with nothing that it does not name", async () => {
  const t = await verifyingApp();
  const standings = await givenStandings(t);
  const document = JSON.parse(
    (await (await t.request("/openapi.json")).text()).replaceAll('"format":"date-time",', ""),
  );
  const { schemas } = document.components;
  const closed = JSON.parse(
    JSON.stringify(schemas, (_, value) =>
      value?.type === "object" || (Array.isArray(value?.type) && value.type.includes("object"))
        ? { additionalProperties: false, ...value }
        : value,
    ),
  );
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: "https://api.example/", components: { schemas: closed } });
  const valid = ajv.compile({ $ref: "https://api.example/#/components/schemas/Verification" });
  const inputs = [
    ...Object.values(standings).map((hash) => `${TEST_ORIGIN}/b/${hash}`),
    `${TEST_ORIGIN}/ob/v2/assertions/${standings.valid}/signed`,
    "https://down.example/a",
    "hello",
  ];
  for (const input of inputs) {
    const response = await t.request("/api/v1/verifications", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input, recipient: [HOLDER], receipt: true }),
    });
    expect(response.status).toBe(200);
    valid(await response.json());
    expect(valid.errors, input).toBe(null);
  }
  valid({ verdict: "maybe" });
  expect(valid.errors).not.toBe(null);
});
