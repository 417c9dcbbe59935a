import { describe, expect, it } from "vitest";
import { assertionDocument, revokedAssertionDocument } from "../../src/obv2/assertion.ts";
import { badgeClassDocument, imageAuthorDocument } from "../../src/obv2/badge-class.ts";
import { bakedImageOf } from "../../src/obv2/baked-image.ts";
import {
  endorsementDocument,
  endorserDocument,
  withdrawnEndorsementDocument,
} from "../../src/obv2/endorsement.ts";
import {
  isAllowedOrigin,
  isStartsWith,
  profileDocument,
  verificationDocument,
} from "../../src/obv2/profile.ts";
import { revocationListDocument, tombstone } from "../../src/obv2/revocation-list.ts";
import { urls } from "../../src/urls.ts";
import { DOCUMENTS } from "./documents.ts";
import {
  AWARD,
  BADGE,
  BARE_AWARD,
  BARE_BADGE,
  BARE_ORGANIZATION,
  ENDORSEMENT,
  KEY,
  NO_PARTS,
  ORGANIZATION,
  PARTS,
  RETIRED_KEY_ID,
  URLS,
} from "./rows.ts";
import * as shapes from "./shapes.ts";

const PNG = { urls: URLS, bakedImage: "png" } as const;

const SHAPES: [string, { safeParse(value: unknown): { error?: unknown } }][] = [
  ["assertion", shapes.assertion],
  ["assertion-bare", shapes.assertion],
  ["assertion-revoked", shapes.revokedAssertion],
  ["assertion-signed", shapes.signedAssertion],
  ["badge-class", shapes.badgeClass],
  ["badge-class-bare", shapes.badgeClass],
  ["issuer", shapes.issuer],
  ["issuer-bare", shapes.issuer],
  ["issuer-signing", shapes.issuer],
  ["issuer-rotated", shapes.issuer],
  ["key", shapes.cryptographicKey],
  ["key-revoked", shapes.revokedKey],
  ["endorsement", shapes.endorsement],
  ["endorsement-withdrawn", shapes.withdrawnEndorsement],
  ["endorsement-issuer", shapes.issuer],
  ["revocation-list", shapes.revocationList],
];

/** Every value in a document, with the name it stands under. */
function valuesOf(value: unknown, name = ""): [string, unknown][] {
  if (Array.isArray(value)) return value.flatMap((inner) => valuesOf(inner, name));
  if (typeof value !== "object" || value === null) return [[name, value]];
  return Object.entries(value).flatMap(([key, inner]) => valuesOf(inner, key));
}

describe("every document", () => {
  it.each(SHAPES)(
    "OB20-A-01 OB20-B-01 OB20-P-01 OB20-N-01 %s has what its class requires and nothing unknown",
    (name, shape) => {
      expect(shape.safeParse(JSON.parse(JSON.stringify(DOCUMENTS[name]))).error).toBeUndefined();
    },
  );

  it.each(Object.entries(DOCUMENTS))("OB20-D-01 %s names the one context", (_name, document) => {
    expect(document).toHaveProperty("@context", "https://w3id.org/openbadges/v2");
  });

  it.each(Object.entries(DOCUMENTS))(
    "OB20-A-03 %s: every type is one plain string",
    (_name, document) => {
      const types = valuesOf(document).filter(([key]) => key === "type");
      expect(types.every(([, type]) => typeof type === "string")).toBe(true);
      const arrays = JSON.stringify(document).match(/"type":\[/g);
      expect(arrays).toBeNull();
    },
  );

  it.each(Object.entries(DOCUMENTS))(
    "OB20-D-05 OB20-D-13 %s: no null, nothing empty, no list for a single value",
    (_name, document) => {
      expect(valuesOf(document).filter(([, value]) => value === null || value === "")).toEqual([]);
      const lists = new Set(
        [...JSON.stringify(document).matchAll(/"([^"]+)":\[/g)].map((match) => match[1]),
      );
      const many = [
        "alignment",
        "tags",
        "related",
        "endorsement",
        "evidence",
        "sec:assertionMethod",
      ];
      const allowed = new Set([...many, "allowedOrigins", "revokedAssertions"]);
      expect([...lists].filter((name) => !allowed.has(name ?? ""))).toEqual([]);
      expect(JSON.stringify(document)).not.toContain("[]");
    },
  );

  it.each(Object.entries(DOCUMENTS))(
    "OB20-D-08 OB20-D-09 %s: every id of ours is a web address, no URN",
    (_name, document) => {
      const ids = valuesOf(document).filter(([key]) =>
        ["id", "badge", "issuer", "image", "author", "revocationList"].includes(key),
      );
      expect(ids.length).toBeGreaterThan(0);
      expect(ids.filter(([, id]) => !String(id).startsWith("https://"))).toEqual([]);
    },
  );

  it.each(Object.entries(DOCUMENTS))(
    "OB20-A-10 OB20-A-14 %s: no data URI and no uid",
    (_name, document) => {
      expect(JSON.stringify(document)).not.toMatch(/"data:|"uid"/);
    },
  );
});

describe("Assertion", () => {
  it("OB20-A-01 its id is the address it is served at", async () => {
    const { id } = await assertionDocument(AWARD, PNG);
    expect(id).toBe(URLS.assertion(AWARD.unique_hash));
  });

  it("OB20-A-02 OB20-A-04 OB20-A-05 OB20-A-06 type, one recipient, the badge by its id, verification", async () => {
    const document = await assertionDocument(AWARD, PNG);
    expect(document.type).toBe("Assertion");
    expect(shapes.identityObject.safeParse(document.recipient).success).toBe(true);
    expect(document.badge).toBe(URLS.badgeClass(AWARD.badge_id));
    expect(document).not.toHaveProperty("verify");
  });

  it("OB20-V-01 is verified as hosted", async () => {
    const { verification } = await assertionDocument(AWARD, PNG);
    expect(verification).toEqual({ type: "HostedBadge" });
  });

  it("OB20-D-06 OB20-D-07 OB20-A-07 OB20-A-08 times are ISO 8601 in UTC", async () => {
    const document = await assertionDocument(AWARD, PNG);
    expect(document.issuedOn).toBe("2026-10-04T14:02:00.000Z");
    expect(document.expires).toBe("2027-10-04T14:02:00.250Z");
    expect(await assertionDocument(BARE_AWARD, PNG)).not.toHaveProperty("expires");
  });

  it("OB20-A-09 names the baked file and never the plain picture", async () => {
    const png = await assertionDocument(AWARD, PNG);
    const svg = await assertionDocument(AWARD, { urls: URLS, bakedImage: "svg" });
    const none = await assertionDocument(AWARD, { urls: URLS, bakedImage: null });
    expect(png.image).toBe(URLS.bakedPng(AWARD.unique_hash));
    expect(svg.image).toBe(URLS.bakedSvg(AWARD.unique_hash));
    expect(none).not.toHaveProperty("image");
  });

  it("OB20-A-11 OB20-A-12 OB20-E-01 all evidence goes out, with the narrative that ties it together", async () => {
    const document = await assertionDocument(AWARD, PNG);
    expect(document.narrative).toBe(AWARD.narrative);
    expect(document.evidence?.map(({ type, ...rest }) => [type, rest])).toEqual(
      AWARD.evidence?.map((item) => ["Evidence", item]),
    );
  });

  it("OB20-E-01 members that say nothing, or that nobody asked for, stay behind", async () => {
    const award = { ...AWARD, evidence: [{ id: "https://a.example", name: "", secret: "x" }] };
    const document = await assertionDocument(award, PNG);
    expect(document.evidence).toEqual([{ type: "Evidence", id: "https://a.example" }]);
  });

  it("OB20-R-08 no name of the recipient and no plain identity goes out", async () => {
    const text = JSON.stringify(await assertionDocument(AWARD, PNG));
    expect(text).not.toContain("nobody@example.org");
    expect(text).not.toContain("md5$");
  });

  it("OB20-H-05 OB20-H-07 what is left when revoked: no recipient, badge or date", () => {
    expect(revokedAssertionDocument(AWARD, URLS)).toEqual({
      "@context": "https://w3id.org/openbadges/v2",
      type: "Assertion",
      id: URLS.assertion(AWARD.unique_hash),
      revoked: true,
      revocationReason: "Awarded by mistake",
    });
    expect(revokedAssertionDocument(BARE_AWARD, URLS)).not.toHaveProperty("revocationReason");
  });

  it.each([
    ["a PNG", { media_type: "image/png", hasPngTwin: false }, false, "png"],
    ["an SVG with a twin", { media_type: "image/svg+xml", hasPngTwin: true }, false, "png"],
    ["an SVG that can be drawn", { media_type: "image/svg+xml", hasPngTwin: false }, true, "png"],
    ["an SVG that cannot", { media_type: "image/svg+xml", hasPngTwin: false }, false, "svg"],
    ["art made when shown", null, true, "svg"],
  ] as const)("OB20-A-09 the baked file of %s", (_name, picture, canDraw, expected) => {
    expect(bakedImageOf(picture, canDraw)).toBe(expected);
  });
});

describe("BadgeClass", () => {
  const full = badgeClassDocument(BADGE, PARTS, URLS);
  const bare = badgeClassDocument(BARE_BADGE, NO_PARTS, URLS);

  it("OB20-B-02 OB20-B-06 its id is a web address, its issuer one Profile: the organization's own", () => {
    expect(full.id).toBe(URLS.badgeClass(BADGE.id));
    expect(full.issuer).toBe(URLS.issuer(BADGE.organization_id));
  });

  it("OB20-B-05 OB20-C-01 criteria always have an id, and the narrative where there is one", () => {
    expect(full.criteria).toEqual({
      type: "Criteria",
      id: URLS.badgeCriteria(BADGE.id),
      narrative: BADGE.criteria_narrative,
    });
    expect(bare.criteria).toEqual({ type: "Criteria", id: URLS.badgeCriteria(BADGE.id) });
  });

  it("OB20-B-07 OB20-L-01 OB20-L-02 alignments are objects with all they hold", () => {
    expect(full.alignment).toEqual([
      {
        type: "AlignmentObject",
        id: expect.stringContaining("/alignments/"),
        targetName: "Leads and supports others",
        targetUrl: "https://skills.example/v2/leads",
        targetDescription: "Takes responsibility for how others learn.",
        targetFramework: "Volunteer Skills Framework",
        targetCode: "V2.1",
      },
      {
        type: "AlignmentObject",
        id: expect.stringContaining("/alignments/"),
        targetName: "Keeps at it",
        targetUrl: "https://skills.example/v2/keeps",
      },
    ]);
    expect(bare).not.toHaveProperty("alignment");
  });

  it("OB20-B-08 tags are a list of text, left out when there are none", () => {
    expect(full.tags).toEqual(["mentoring", "streak"]);
    expect(bare).not.toHaveProperty("tags");
  });

  it("OB20-D-11 OB20-D-12 OB20-B-09 language, version, relations and endorsements", () => {
    expect(full["@language"]).toBe("en-US");
    expect(full.version).toBe("2");
    expect(full.related).toEqual([
      {
        type: "BadgeClass",
        id: expect.stringContaining("/badges/"),
        version: "1",
        "@language": "de",
      },
    ]);
    expect(full.endorsement).toEqual([URLS.endorsement(ENDORSEMENT.id)]);
  });

  it("OB20-I-01 an image with a caption or an author is an object with an id, else its address", () => {
    expect(full.image).toEqual({
      id: URLS.badgeImage(BADGE.id),
      caption: "A flame in a circle",
      author: URLS.badgeImageAuthor(BADGE.id),
    });
    expect(bare.image).toBe(URLS.badgeImage(BADGE.id));
    const captioned = badgeClassDocument({ ...BARE_BADGE, image_caption: "A" }, NO_PARTS, URLS);
    expect(captioned.image).toEqual({ id: URLS.badgeImage(BADGE.id), caption: "A" });
  });

  it("OB20-I-01 an author of whom only a web address is known is that address", () => {
    const badge = { ...BARE_BADGE, image_author_url: "https://ada.example.net" };
    expect(badgeClassDocument(badge, NO_PARTS, URLS).image).toEqual({
      id: URLS.badgeImage(BADGE.id),
      author: "https://ada.example.net",
    });
    expect(imageAuthorDocument(badge, URLS)).toBeNull();
  });

  it("OB20-I-01 an author with a name or e-mail address has a Profile that holds them", () => {
    const badge = { ...BARE_BADGE, image_author_email: "ada@example.net" };
    const { image } = badgeClassDocument(badge, NO_PARTS, URLS);
    expect(image).toEqual({
      id: URLS.badgeImage(BADGE.id),
      author: imageAuthorDocument(badge, URLS)?.id,
    });
    expect(imageAuthorDocument(badge, URLS)?.email).toBe("ada@example.net");
  });
});

describe("Profile", () => {
  it("OB20-P-05 OB20-P-08 OB20-P-09 OB20-P-11 an Issuer at a web address, with its list and its policy", () => {
    const document = profileDocument(ORGANIZATION, URLS);
    expect(document.type).toBe("Issuer");
    expect(document.id).toBe(URLS.issuer(ORGANIZATION.id));
    expect(document.revocationList).toBe(URLS.revocationList(ORGANIZATION.id));
    expect(document.verification?.type).toBe("VerificationObject");
    expect(document.image).toBe(URLS.issuerImage(ORGANIZATION.id));
    expect(document.telephone).toBe("+16175551212");
    expect(document.description).toBe(ORGANIZATION.description);
  });

  it("OB20-P-07 lists no key while nothing is signed", () => {
    expect(profileDocument(ORGANIZATION, URLS)).not.toHaveProperty("publicKey");
  });

  it("OB20-P-07 lists the one current key, and a retired one under a term of its own", () => {
    expect(DOCUMENTS["issuer-signing"]).toHaveProperty("publicKey", URLS.key(KEY.id));
    expect(DOCUMENTS["issuer-signing"]).not.toHaveProperty("sec:assertionMethod");
    expect(DOCUMENTS["issuer-rotated"]).toHaveProperty("publicKey", URLS.key(KEY.id));
    expect(DOCUMENTS["issuer-rotated"]).toHaveProperty("sec:assertionMethod", [
      { id: URLS.key(KEY.id) },
      { id: URLS.key(RETIRED_KEY_ID) },
    ]);
    const without = profileDocument(ORGANIZATION, URLS, {
      current: null,
      retired: [RETIRED_KEY_ID],
    });
    expect(without).not.toHaveProperty("publicKey");
    expect(without["sec:assertionMethod"]).toEqual([{ id: URLS.key(RETIRED_KEY_ID) }]);
  });

  it("OB20-V-02 OB20-V-05 a prefix that covers our assertions is stated", () => {
    const document = profileDocument(ORGANIZATION, URLS);
    expect(document.verification?.startsWith).toBe(`${URLS.base}/ob/v2/assertions/`);
  });

  it.each([
    ["https://badges.example.org/ob/v2/assertions/", true],
    ["https://badges.example.org/", true],
    ["http://badges.example.org:8080/a/", true],
    ["https://badges.example.org/ob/v2/assertions", false],
    ["https://badges.example.org", false],
    ["https://badges.example.org/?a=/", false],
    ["https://badges.example.org/#/", false],
    ["ftp://badges.example.org/", false],
    ["badges.example.org/", false],
    ["https://", false],
    ["https:///", false],
    ["", false],
  ])("OB20-V-05 startsWith %j: %s", (text, expected) => {
    expect(isStartsWith(text)).toBe(expected);
  });

  it.each([
    ["badges.example.org", true],
    ["a-b.example", true],
    ["xn--bcher-kva.example", true],
    ["http://example.org", false],
    ["example.org/", false],
    ["example.org:8080", false],
    ["localhost", false],
    ["127.0.0.1", false],
    ["[::1]", false],
    ["-a.example", false],
    ["a..example", false],
    [`${"a".repeat(63)}.example`, true],
    [`${"a".repeat(64)}.example`, false],
    [`${"abcdefg.".repeat(30)}example.com`, true],
    [`${"abcdefg.".repeat(32)}com`, false],
    ["", false],
  ])("OB20-V-06 OB20-V-07 allowedOrigins %j: %s", (text, expected) => {
    expect(isAllowedOrigin(text)).toBe(expected);
  });

  it("OB20-V-08 OB20-V-09 our own host is always among the origins that are stated", () => {
    expect(profileDocument(ORGANIZATION, URLS).verification?.allowedOrigins).toEqual([
      "badges.example.org",
      "assertions.example.net",
    ]);
  });

  it("OB20-V-08 no policy is stated where none was given", () => {
    expect(profileDocument(BARE_ORGANIZATION, URLS)).not.toHaveProperty("verification");
    const empty = { ...BARE_ORGANIZATION, verification_allowed_origins: [] };
    expect(verificationDocument(empty, URLS)).toBeNull();
  });

  it("OB20-V-09 a policy that would make our own assertions invalid is not stated", () => {
    const elsewhere = {
      verification_starts_with: "https://old.example.org/assertions/",
      verification_allowed_origins: ["not a host"],
    };
    expect(verificationDocument(elsewhere, URLS)).toBeNull();
  });

  it.each(["http://localhost:8787", "http://127.0.0.1:8787", "https://badges.example.org:8443"])(
    "OB20-V-07 an installation at %s states none: validators would refuse its host",
    (base) => {
      const here = urls(base);
      const organization = { ...ORGANIZATION, verification_starts_with: here.assertion("") };
      expect(verificationDocument(organization, here)).toBeNull();
    },
  );
});

describe("Endorsement", () => {
  it("OB20-N-02 claims something of what it names, by its id", () => {
    expect(endorsementDocument(ENDORSEMENT, URLS).claim).toEqual({
      id: ENDORSEMENT.claim_id,
      endorsementComment: ENDORSEMENT.claim_comment,
    });
    const silent = endorsementDocument({ ...ENDORSEMENT, claim_comment: "" }, URLS);
    expect(silent.claim).toEqual({ id: ENDORSEMENT.claim_id });
  });

  it("OB20-N-05 OB20-V-08 is issued by the endorser, under the endorsement's own authority", () => {
    const document = endorsementDocument(ENDORSEMENT, URLS);
    const endorser = endorserDocument(ENDORSEMENT, URLS);
    expect(document.issuer).toBe(endorser.id);
    expect(new URL(document.id).host).toBe(new URL(endorser.id).host);
    expect(document.issuer).not.toBe(URLS.issuer(ORGANIZATION.id));
    expect(endorser.name).toBe("City Youth Council");
  });

  it("OB20-N-04 withdrawn, it keeps id, revoked and issuer", () => {
    expect(withdrawnEndorsementDocument(ENDORSEMENT, URLS)).toEqual({
      "@context": "https://w3id.org/openbadges/v2",
      type: "Endorsement",
      id: URLS.endorsement(ENDORSEMENT.id),
      revoked: true,
      issuer: URLS.endorsementIssuer(ENDORSEMENT.id),
    });
  });
});

describe("RevocationList", () => {
  const list = revocationListDocument(ORGANIZATION.id, [AWARD, BARE_AWARD], URLS);

  it("OB20-RL-01 OB20-RL-02 has a type, its id, its issuer and its entries", () => {
    expect(list.type).toBe("RevocationList");
    expect(list.id).toBe(URLS.revocationList(ORGANIZATION.id));
    expect(list.issuer).toBe(URLS.issuer(ORGANIZATION.id));
  });

  it("OB20-RL-03 OB20-RL-04 OB20-RL-05 entries are objects with the assertion's id and the reason", () => {
    const id = URLS.assertion(AWARD.unique_hash);
    expect(list.revokedAssertions.slice(1)).toEqual([
      { id, revocationReason: "Awarded by mistake" },
      { id },
    ]);
  });

  it("OB20-RL-06 never holds one award alone: an entry that is no award's is always there", () => {
    const one = revocationListDocument(ORGANIZATION.id, [AWARD], URLS);
    expect(one.revokedAssertions).toHaveLength(2);
    const none = revocationListDocument(ORGANIZATION.id, [], URLS);
    expect(none.revokedAssertions).toEqual([tombstone(ORGANIZATION.id, URLS)]);
    const { id } = tombstone(ORGANIZATION.id, URLS);
    expect(id.startsWith(`${URLS.revocationList(ORGANIZATION.id)}#`)).toBe(true);
  });
});
