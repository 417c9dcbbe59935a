// What this backpack answers, held against the schemas that were published with Open Badges 2.1.
import { Ajv, type AnySchemaObject } from "ajv";
import { describe, expect, it } from "vitest";
import { MANIFEST_PATH } from "../../src/host/addresses.ts";
import { hasSpecData, specJson } from "../spec-data.ts";
import { backpack } from "./backpack.ts";

const ERRORS = "400-401-404-405";

function judge(name: string) {
  const schema = specJson(`ob21/schemas/imsob_v2p1v2p1-${name}-schemav1p0.json`) as AnySchemaObject;
  const { $schema: _draft, $id: _id, ...rest } = schema;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile(rest);
  return (document: unknown) => (validate(document) ? [] : validate.errors);
}

/** The prose has `error: null` on success, which the schemas' plain text forbids (OB21-E-03). */
function withoutNull(document: unknown): unknown {
  const { status, ...rest } = document as { status: Record<string, unknown> };
  const { error, ...others } = status;
  return { ...rest, status: error === null ? others : { error, ...others } };
}

describe.skipIf(!hasSpecData)("the published schemas", () => {
  it("OB21-M-03 hold for the manifest, but for its context", async () => {
    const { app } = await backpack();
    const document = (await (await app.request(MANIFEST_PATH)).json()) as Record<string, unknown>;
    const validate = judge("getmanifest-200-responsepayload");
    expect(validate(document)).not.toEqual([]);
    const { "@context": _context, ...rest } = document;
    expect(validate(rest)).toEqual([]);
  });

  it("OB21-E-01 OB21-E-07 hold for every answer of the API", async () => {
    const { get, post, put, issuer, app } = await backpack();
    const answers: [string, Response][] = [
      [`postassertion-200-${ERRORS}-500-responsepayload`, await put(await issuer.badge("one"))],
      [`postassertion-200-${ERRORS}-500-responsepayload`, await post("/assertions", {})],
      ["getassertions-200-responsepayload", await get("/assertions")],
      [`getassertions-${ERRORS}-500-responsepayload`, await get("/assertions?limit=0")],
      [`getassertions-${ERRORS}-500-responsepayload`, await app.request("/ims/ob/v2p1/assertions")],
      ["getprofile-200-responsepayload", await get("/profile")],
      [`getprofile-${ERRORS}-500-responsepayload`, await app.request("/ims/ob/v2p1/profile")],
      [
        "postprofile-200-responsepayload",
        await post("/profile", { id: "urn:uuid:0", type: "Profile", email: "a@example.org" }),
      ],
      [`postprofile-${ERRORS}-responsepayload`, await post("/profile", {})],
    ];
    for (const [name, response] of answers) {
      expect(judge(name)(withoutNull(await response.json())), name).toEqual([]);
    }
  });
});
