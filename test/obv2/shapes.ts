// What the rules ask of each document, written down once more as strict schemas: nothing unknown passes.
import { z } from "zod";

const context = z.literal("https://w3id.org/openbadges/v2");
const web = z.string().regex(/^https?:\/\/[^\s]+$/);
/** OB20-D-06 and D-07: date, time and Z. */
const dateTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
const text = z.string().min(1);
/** OB20-D-11. */
const language = z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/);
const hostedBadge = z.strictObject({ type: z.literal("HostedBadge") });

export const identityObject = z.strictObject({
  type: z.enum(["email", "url", "telephone", "id"]),
  hashed: z.literal(true),
  salt: z.string().min(16),
  identity: z.string().regex(/^sha256\$[0-9a-f]{64}$/),
});

export const evidence = z.strictObject({
  type: z.literal("Evidence"),
  id: web.optional(),
  name: text.optional(),
  description: text.optional(),
  narrative: text.optional(),
  genre: text.optional(),
  audience: text.optional(),
});

export const assertion = z.strictObject({
  "@context": context,
  type: z.literal("Assertion"),
  id: web,
  recipient: identityObject,
  badge: web,
  verification: hostedBadge,
  issuedOn: dateTime,
  expires: dateTime.optional(),
  image: web.optional(),
  narrative: text.optional(),
  evidence: z.array(evidence).min(1).optional(),
});

/** OB20-V-11: the key's address as plain text. */
export const signedAssertion = assertion.extend({
  verification: z.strictObject({ type: z.literal("SignedBadge"), creator: web }),
});

/** OB20-K-01. */
export const cryptographicKey = z.strictObject({
  "@context": context,
  type: z.literal("CryptographicKey"),
  id: web,
  owner: web,
  publicKeyPem: z
    .string()
    .regex(/^-----BEGIN PUBLIC KEY-----\n(?:[\w+/=]{1,64}\n)+-----END PUBLIC KEY-----\n$/),
});

export const revokedKey = z.strictObject({
  "@context": context,
  type: z.literal("CryptographicKey"),
  id: web,
  owner: web,
  revoked: z.literal(true),
  revocationReason: text.optional(),
});

export const revokedAssertion = z.strictObject({
  "@context": context,
  type: z.literal("Assertion"),
  id: web,
  revoked: z.literal(true),
  revocationReason: text.optional(),
});

export const alignmentObject = z.strictObject({
  type: z.literal("AlignmentObject"),
  id: web,
  targetName: text,
  targetUrl: web,
  targetDescription: text.optional(),
  targetFramework: text.optional(),
  targetCode: text.optional(),
});

export const criteria = z.strictObject({
  type: z.literal("Criteria"),
  id: web,
  narrative: text.optional(),
});

export const badgeClass = z.strictObject({
  "@context": context,
  type: z.literal("BadgeClass"),
  id: web,
  name: text,
  description: text,
  "@language": language,
  version: text,
  issuer: web,
  image: z.union([
    web,
    z.strictObject({ id: web, caption: text.optional(), author: web.optional() }),
  ]),
  criteria,
  alignment: z.array(alignmentObject).min(1).optional(),
  tags: z.array(text).min(1).optional(),
  related: z
    .array(
      z.strictObject({
        type: z.literal("BadgeClass"),
        id: web,
        version: text,
        "@language": language,
      }),
    )
    .min(1)
    .optional(),
  endorsement: z.array(web).min(1).optional(),
});

export const issuer = z.strictObject({
  "@context": context,
  type: z.literal("Issuer"),
  id: web,
  name: text,
  url: web,
  email: z.string().regex(/^[^\s@]+@[^\s@]+$/),
  "@language": language.optional(),
  description: text.optional(),
  telephone: z
    .string()
    .regex(/^\+[1-9]\d{1,14}$/)
    .optional(),
  image: web.optional(),
  publicKey: web.optional(),
  "sec:assertionMethod": z
    .array(z.strictObject({ id: web }))
    .min(1)
    .optional(),
  revocationList: web.optional(),
  verification: z
    .strictObject({
      type: z.literal("VerificationObject"),
      startsWith: z
        .string()
        .regex(/^https?:\/\/.*\/$/)
        .optional(),
      allowedOrigins: z
        .array(z.string().regex(/^(?:[a-z0-9-]+\.)+[a-z]{2,}$/))
        .min(1)
        .optional(),
    })
    .optional(),
});

export const endorsement = z.strictObject({
  "@context": context,
  type: z.literal("Endorsement"),
  id: web,
  claim: z.strictObject({ id: web, endorsementComment: text.optional() }),
  issuer: web,
  issuedOn: dateTime,
  verification: hostedBadge,
});

export const withdrawnEndorsement = z.strictObject({
  "@context": context,
  type: z.literal("Endorsement"),
  id: web,
  revoked: z.literal(true),
  issuer: web,
});

export const revocationList = z.strictObject({
  "@context": context,
  type: z.literal("RevocationList"),
  id: web,
  issuer: web,
  revokedAssertions: z.array(z.strictObject({ id: web, revocationReason: text.optional() })).min(1),
});
