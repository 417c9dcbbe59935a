// IRIs of the properties and classes of Open Badges 1.x and 2.0, by the standard's names.
import { CRED, DC, DQM, OBI, SCHEMA, SEC } from "../contexts/namespaces.ts";

export const PROPERTY = {
  alignment: [`${OBI}alignment`],
  allowedOrigins: [`${OBI}allowedOrigins`],
  /** Where an issuer lists keys that it signs with no more, beside the one that it does. */
  assertionMethod: [`${SEC}assertionMethod`],
  audience: [`${OBI}audience`],
  author: [`${SCHEMA}author`],
  badge: [`${OBI}badge`],
  caption: [`${SCHEMA}caption`],
  claim: [`${CRED}claim`],
  creator: [`${DC}creator`],
  criteria: [`${OBI}criteria`],
  description: [`${SCHEMA}description`],
  email: [`${SCHEMA}email`],
  endorsement: [`${CRED}credential`],
  endorsementComment: [`${OBI}endorsementComment`],
  evidence: [`${OBI}evidence`],
  expires: [`${SEC}expiration`],
  genre: [`${SCHEMA}genre`],
  hashed: [`${OBI}hashed`],
  identity: [`${OBI}identityHash`],
  image: [`${SCHEMA}image`],
  issuedOn: [`${OBI}issueDate`],
  issuer: [`${OBI}issuer`],
  name: [`${SCHEMA}name`],
  narrative: [`${OBI}narrative`],
  owner: [`${SEC}owner`],
  publicKey: [`${SEC}publicKey`],
  publicKeyPem: [`${SEC}publicKeyPem`],
  recipient: [`${OBI}recipient`],
  related: [`${DC}relation`],
  revocationList: [`${OBI}revocationList`],
  revocationReason: [`${OBI}revocationReason`],
  /** One IRI for two terms: a boolean says that this is revoked, anything else is on a list. */
  revoked: [`${OBI}revoked`],
  revokedAssertions: [`${OBI}revoked`],
  salt: [`${OBI}salt`],
  startsWith: [`${DQM}startsWith`],
  tags: [`${SCHEMA}keywords`],
  targetCode: [`${OBI}targetCode`],
  targetDescription: [`${SCHEMA}targetDescription`],
  /** Two IRIs: the second is what contexts said before the erratum of 2020 (OB20-L-03). */
  targetFramework: [`${SCHEMA}educationalFramework`, `${SCHEMA}targetFramework`],
  targetName: [`${SCHEMA}targetName`],
  targetUrl: [`${SCHEMA}targetUrl`],
  telephone: [`${SCHEMA}telephone`],
  uid: [`${OBI}uid`],
  url: [`${SCHEMA}url`],
  verification: [`${OBI}verify`],
  verificationProperty: [`${OBI}verificationProperty`],
  version: [`${SCHEMA}version`],
} as const satisfies Record<string, readonly string[]>;

export type PropertyName = keyof typeof PROPERTY;

export const CLASS = {
  Assertion: `${OBI}Assertion`,
  BadgeClass: `${OBI}BadgeClass`,
  Issuer: `${OBI}Issuer`,
  Profile: `${OBI}Profile`,
  CryptographicKey: `${SEC}Key`,
  RevocationList: `${OBI}RevocationList`,
  Endorsement: `${CRED}Credential`,
  Extension: `${OBI}Extension`,
  AlignmentObject: `${SCHEMA}AlignmentObject`,
  Criteria: `${OBI}Criteria`,
  Evidence: `${OBI}Evidence`,
  Image: `${OBI}Image`,
  ImageObject: `${SCHEMA}ImageObject`,
  IdentityObject: `${OBI}IdentityObject`,
  VerificationObject: `${OBI}VerificationObject`,
  HostedBadge: `${OBI}HostedBadge`,
  SignedBadge: `${OBI}SignedBadge`,
} as const;

const CLASSES = Object.entries(CLASS) as readonly (readonly [keyof typeof CLASS, string])[];
const NAMES: ReadonlyMap<string, keyof typeof CLASS> = new Map(
  CLASSES.map(([name, iri]) => [iri, name]),
);

/** The class of a document, of several the one that is the first of these; null for none. */
export function classOf(types: readonly string[]): keyof typeof CLASS | null {
  const [only] = types;
  if (types.length <= 1) return (only !== undefined && NAMES.get(only)) || null;
  return CLASSES.find(([, iri]) => types.includes(iri))?.[0] ?? null;
}
