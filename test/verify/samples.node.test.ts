import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Reason, Verdict, Verification } from "../../src/verify/result.ts";
import { verifyBadge } from "../../src/verify/verify.ts";
import { hasSpecData, specFile, specFolder, specJson } from "../spec-data.ts";
import { type Page, webOf } from "./web.ts";

const NOW = Date.UTC(2026, 9, 4);
const text = (path: string) => new TextDecoder().decode(specFile(path));

/** The published documents at the addresses they give as theirs, whatever the host and scheme. */
function lookUp(sample: string | null) {
  const own = sample === null ? null : specJson(sample);
  const id = typeof own === "object" && own !== null && "id" in own ? own.id : null;
  /** Several samples declare one id for their variants of an issuer: there each is its own. */
  const declared = new Map<string, Page>();
  return (url: string): Page | undefined => {
    const variant = declared.get(url);
    if (variant) return variant;
    if (url === id && sample !== null) return { body: text(sample) };
    const name = new URL(url).pathname.slice(1);
    for (const path of [`ob20/samples/assets/${name}`, `ob20/samples/assets/${name}.json`]) {
      const file = new URL(path, specFolder("."));
      if (!existsSync(file)) continue;
      if (name.endsWith(".png")) {
        return { contentType: "image/png", body: new Uint8Array(readFileSync(file)) };
      }
      const page = { body: text(path) };
      const document = specJson(path);
      if (typeof document === "object" && document !== null && "id" in document) {
        declared.set(String(document.id), page);
      }
      return page;
    }
    return undefined;
  };
}

async function verify(sample: string, options: { subject?: "any"; recipient?: string[] } = {}) {
  const json = sample.endsWith(".json");
  // The sample that is a picture holds an assertion of the same address as this one.
  const web = webOf(lookUp(json ? sample : "ob20/samples/basic-assertion.json"));
  const given = json ? text(sample) : specFile(sample);
  return verifyBadge(given, { ...web, now: () => NOW, ...options });
}

const faults = ({ checks }: Verification) =>
  checks.filter(({ outcome }) => outcome === "failed" || outcome === "not-possible");
const warnings = ({ checks }: Verification) =>
  checks.filter(({ outcome }) => outcome === "warned").map(({ reason }) => reason);

type Expected = [verdict: Verdict, reason: Reason | null, ...warnings: Reason[]];

const EXPECTED: Record<string, Expected> = {
  "assertion-with-data-image.json": ["invalid", "image-data-uri"],
  // Its endorsements are of the badge class, and hang on the assertion too.
  "assertion-with-endorsements.json": ["valid", null, "endorsement-does-not-stand"],
  "assertion-with-extension-node-basic.json": ["valid", null],
  "assertion-with-extension-node-invalid.json": ["invalid", "extension-invalid"],
  "assertion-with-multiple-extensions.json": ["valid", null],
  "basic-assertion.json": ["valid", null],
  "basic-assertion-expired-before-issued.json": ["invalid", "expires-before-issued"],
  "basic-assertion-expired.json": ["expired", "expired"],
  "basic-assertion-in-future.json": ["not-yet-valid", "not-yet-valid"],
  "basic-assertion-invalid-context.json": ["invalid", "context-unknown"],
  "basic-assertion-invalid-type.json": ["invalid", "type-unknown"],
  // Hosted: no key is needed.
  "basic-assertion-no-public-key.json": ["valid", null],
  "basic-assertion-with-allowed-origins.json": ["valid", null],
  "basic-assertion-with-allowed-origins-invalid-multiple-starts-with.json": [
    "invalid",
    "origin-outside-scope",
  ],
  "basic-assertion-with-allowed-origins-invalid-starts-with.json": [
    "invalid",
    "origin-outside-scope",
  ],
  "basic-assertion-with-allowed-origins-valid-multiple-starts-with.json": ["valid", null],
  "basic-assertion-with-allowed-origins-valid-starts-with.json": ["valid", null],
  "basic-assertion-with-language.json": ["valid", null],
  "warning-issuer-non-http.json": ["valid", null, "issuer-not-http"],
  "warning-with-redirection.json": ["valid", null, "id-differs"],
  "simple.jwt": ["valid", null],
  "simple-not-revoked.jwt": ["valid", null],
  "simple-revoked.jwt": ["revoked", "revoked"],
  "simple-badge.png": ["valid", null],
  // Not awards: they describe a badge and an issuer.
  "badge-class-with-language.json": ["invalid", "not-an-assertion"],
  "issuer-compact-iri-validation.json": ["invalid", "not-an-assertion"],
};

describe.skipIf(!hasSpecData)(
  "OB20-VF-02 the published samples, each by the verdict in its name",
  () => {
    it("names every sample that is published", () => {
      const published = readdirSync(specFolder("ob20/samples/")).filter((name) =>
        name.includes("."),
      );
      expect(published.sort()).toEqual(Object.keys(EXPECTED).sort());
    });

    it.each(Object.entries(EXPECTED))("%s", async (name, [verdict, reason, ...expected]) => {
      const verification = await verify(`ob20/samples/${name}`);
      expect([verification.verdict, verification.reason, faults(verification)[0]?.words]).toEqual([
        verdict,
        reason,
        verdict === "valid" ? undefined : expect.any(String),
      ]);
      expect(warnings(verification)).toEqual(expect.arrayContaining(expected));
      expect(verification.checkedAt).toBe(new Date(NOW).toISOString());
      expect(JSON.parse(JSON.stringify(verification))).toEqual(verification);
    });

    it("finds the recipient of a sample by address, in any letter case", async () => {
      const path = "ob20/samples/basic-assertion.json";
      const found = await verify(path, { recipient: ["a@example.org", "Nobody@Example.ORG"] });
      expect(found).toMatchObject({ verdict: "valid", matched: "Nobody@Example.ORG" });
      const other = await verify(path, { recipient: ["somebody@example.org"] });
      expect(other).toMatchObject({
        verdict: "invalid",
        reason: "recipient-mismatch",
        matched: null,
      });
    });
  },
);

/** Judged for what they are: these samples are about types, and say nothing else about validity. */
const TYPES: Record<string, Reason | null> = {
  "badge-class-invalid-issuer-type.json": "type-unexpected",
  "invalid-class.json": "type-unknown",
  "invalid-empty-type.json": "type-missing",
  "invalid-one-invalid-class.json": "type-unknown",
  "valid-alignment-object.json": "type-unexpected",
  "valid-badge-class-empty-criteria-type.json": null,
  "valid-badge-class.json": null,
  "valid-cool-class.json": "type-unexpected",
  "valid-issuer-extension.json": null,
};

describe.skipIf(!hasSpecData)("the published samples about types", () => {
  it("names every sample that is published", () => {
    expect(readdirSync(specFolder("ob20/samples/rdf-validation/")).sort()).toEqual(
      Object.keys(TYPES).sort(),
    );
  });

  it.each(Object.entries(TYPES))("%s: %s", async (name, reason) => {
    const found = await verify(`ob20/samples/rdf-validation/${name}`, { subject: "any" });
    const types = faults(found).filter((check) => check.reason?.startsWith("type-"));
    expect(types.map((check) => check.reason)).toEqual(reason === null ? [] : [reason]);
  });
});
