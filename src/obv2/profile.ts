// Profile: an organization as the issuer that Open Badges 2.0 publishes, and the policy it may state.
import type { Organization } from "../db/organizations.ts";
import type { Urls } from "../urls.ts";
import { OPEN_BADGES_V2 } from "./context.ts";

export interface IssuerVerification {
  readonly type: "VerificationObject";
  readonly startsWith?: string;
  readonly allowedOrigins?: readonly string[];
}

export interface Profile {
  readonly "@context": typeof OPEN_BADGES_V2;
  /** `Issuer`: one validator reads a revocation list from nothing else (OB20-P-11). */
  readonly type: "Issuer";
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly email: string;
  readonly "@language"?: string;
  readonly description?: string;
  readonly telephone?: string;
  readonly image?: string;
  /** The one key that signs now: the reference validator takes no second (OB20-P-07). */
  readonly publicKey?: string;
  /** Every key whose signatures count, where there are more than the current one. */
  readonly "sec:assertionMethod"?: readonly { readonly id: string }[];
  readonly revocationList?: string;
  readonly verification?: IssuerVerification;
}

export type ProfileFields = Pick<
  Organization,
  | "id"
  | "name"
  | "url"
  | "email"
  | "language"
  | "description"
  | "telephone"
  | "image_id"
  | "verification_starts_with"
  | "verification_allowed_origins"
>;

/** Ids of an issuer's keys that were not revoked. */
export interface IssuerKeys {
  readonly current: string | null;
  readonly retired: readonly string[];
}

export const NO_KEYS: IssuerKeys = { current: null, retired: [] };

/**
 * The organization's Profile (Open Badges 2.0, section Profile). A retired key stands beside the
 * current one under a term that the published context can spell and that means just this: keys for
 * making assertions (https://w3id.org/security#assertionMethod).
 */
export function profileDocument(
  organization: ProfileFields,
  urls: Urls,
  { current, retired }: IssuerKeys = NO_KEYS,
): Profile {
  const trusted = [...(current === null ? [] : [current]), ...retired];
  const verification = verificationDocument(organization, urls);
  return {
    "@context": OPEN_BADGES_V2,
    type: "Issuer",
    id: urls.issuer(organization.id),
    name: organization.name,
    url: organization.url,
    email: organization.email,
    "@language": organization.language,
    ...(organization.description ? { description: organization.description } : {}),
    ...(organization.telephone ? { telephone: organization.telephone } : {}),
    ...(organization.image_id ? { image: urls.issuerImage(organization.id) } : {}),
    ...(current === null ? {} : { publicKey: urls.key(current) }),
    ...(retired.length > 0
      ? { "sec:assertionMethod": trusted.map((id) => ({ id: urls.key(id) })) }
      : {}),
    revocationList: urls.revocationList(organization.id),
    ...(verification ? { verification } : {}),
  };
}

/** RFC 3986 reg-name with a dot and an alphabetic last label: what both validators take. */
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/**
 * Whether a host may stand in `allowedOrigins`: a name, without scheme, port or path. Addresses and
 * `localhost` are refused by validators; such hosts work through the default rule (OB20-V-06, V-07).
 */
export function isAllowedOrigin(text: string): boolean {
  return text.length <= 253 && HOST_NAME.test(text);
}

/**
 * Whether a prefix may stand in `startsWith`. Without the slash at its end it would also cover
 * addresses that only begin with the same letters (OB20-V-05).
 */
export function isStartsWith(text: string): boolean {
  return /^https?:\/\/[^/?#\s]+\/(?:[^?#\s]*\/)?$/.test(text) && URL.canParse(text);
}

/**
 * The policy as it is published; null when there is none. Every assertion of ours stands under this
 * installation's address, so a policy never goes out that would make all of them invalid: our host
 * is among the origins, and a prefix that does not cover our assertions, which an organization can
 * have kept from another address, is left out. Where our own host is one that validators do not take
 * in `allowedOrigins`, only the default rule can work, and nothing is stated (OB20-V-07).
 */
export function verificationDocument(
  organization: Pick<ProfileFields, "verification_starts_with" | "verification_allowed_origins">,
  urls: Urls,
): IssuerVerification | null {
  const own = new URL(urls.base).host;
  if (!isAllowedOrigin(own)) return null;
  const prefix = organization.verification_starts_with;
  const covers = prefix !== null && isStartsWith(prefix) && urls.assertion("").startsWith(prefix);
  const stated = (organization.verification_allowed_origins ?? []).filter(isAllowedOrigin);
  if (!covers && stated.length === 0) return null;
  return {
    type: "VerificationObject",
    ...(covers ? { startsWith: prefix } : {}),
    ...(stated.length > 0 ? { allowedOrigins: [...new Set([own, ...stated])] } : {}),
  };
}
