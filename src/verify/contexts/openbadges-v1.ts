// The terms of the Open Badges 1.0 and 1.1 contexts, as a table of our own.
import {
  type ContextObject,
  contextOf,
  DC,
  EXTENSIONS,
  OBI,
  SCHEMA,
  SEC,
  sameNames,
  XSD,
} from "./namespaces.ts";

/** The terms both versions share; where 1.0 and 1.1 differ they differ in the prefix `sec` alone. */
const SHARED = {
  plain: {
    ...sameNames("obi", "Assertion BadgeClass Issuer Extension TypeValidation FrameValidation"),
    ...sameNames("obi", "validation validatesType validationSchema validationFrame"),
    hosted: "obi:HostedBadge",
    signed: "obi:SignedBadge",
    email: "schema:email",
  },
  texts: {
    ...sameNames("schema", "name description"),
    ...sameNames("obi", "uid salt"),
    identity: "obi:identityHash",
    tags: "schema:keywords",
  },
  links: {
    ...sameNames("schema", "url image"),
    ...sameNames("obi", "recipient evidence verify badge criteria alignment issuer revocationList"),
  },
  dateTimes: { issuedOn: "obi:issueDate", expires: "sec:expiration" },
  booleans: sameNames("obi", "hashed"),
};

const NAMESPACES = { obi: OBI, extensions: EXTENSIONS, xsd: XSD, schema: SCHEMA };

/**
 * What Open Badges 1.0 documents mean; they name no context themselves. Its prefix `sec` was
 * forgotten, which changes nothing but what `expires` is called: it is put right here.
 */
export const OPEN_BADGES_V0_TERMS: ContextObject = contextOf({
  ...SHARED,
  namespaces: { ...NAMESPACES, sec: SEC },
  plain: { ...SHARED.plain, issued_on: "issuedOn" },
});

/** The context that the 1.1 context leans on: it came from a draft about identity. */
export const OPEN_BADGES_LEGACY_TERMS: ContextObject = contextOf({
  namespaces: {
    ob: OBI,
    dc: DC,
    rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    rdfs: "http://www.w3.org/2000/01/rdf-schema#",
    sec: SEC,
    schema: SCHEMA,
    xsd: XSD,
  },
  plain: {
    ...sameNames(
      "ob",
      "recipientEmail recipientPassword tag Identity Badge BadgeOffer BadgeTemplate",
    ),
    ...sameNames("schema", "addressCountry addressLocality addressRegion description email"),
    ...sameNames("schema", "familyName givenName name postalCode streetAddress PostalAddress"),
    ...sameNames("rdfs", "comment label"),
    ...sameNames("sec", "cipherAlgorithm cipherData cipherKey digestAlgorithm digestValue domain"),
    ...sameNames("sec", "initializationVector nonce normalizationAlgorithm password privateKeyPem"),
    ...sameNames("sec", "publicKeyPem signature signatureAlgorithm signatureValue"),
    ...sameNames("sec", "EncryptedMessage GraphSignature2012"),
    title: "dc:title",
    CryptographicKey: "sec:Key",
  },
  texts: {},
  links: {
    ...sameNames(
      "ob",
      "alignment badge badgeOffer badgeTemplate criteria evidence issuer recipient",
    ),
    ...sameNames("schema", "about address image url"),
    ...sameNames("sec", "credential claim owner privateKey publicKey publicKeyService"),
    creator: "dc:creator",
    identityService: "https://w3id.org/identity#identityService",
  },
  dateTimes: {
    created: "dc:created",
    issued: "ob:issued",
    expires: "sec:expiration",
    revoked: "sec:revoked",
  },
  booleans: {},
});

/** Open Badges 1.1. */
export const OPEN_BADGES_V1_TERMS: readonly ContextObject[] = [
  OPEN_BADGES_LEGACY_TERMS,
  contextOf({
    ...SHARED,
    namespaces: { ...NAMESPACES, sec: SEC },
    plain: { ...SHARED.plain, IssuerOrg: "obi:Issuer" },
  }),
];
