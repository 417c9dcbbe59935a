// Profile: an issuer, its keys, and where it says its badges are hosted.
import type { Node } from "../contexts/expand.ts";
import { type ImageReference, readImage } from "./image.ts";
import { isHttpUrl, type Reader } from "./reader.ts";
import { CLASS } from "./vocabulary.ts";

/** Where an issuer's badges may be hosted; empty lists state nothing. */
export interface OriginPolicy {
  readonly startsWith: readonly string[];
  readonly allowedOrigins: readonly string[];
}

export interface Profile {
  readonly id: string | null;
  readonly name: string | null;
  readonly url: string | null;
  readonly email: string | null;
  readonly image: ImageReference | null;
  readonly publicKeys: readonly Node[];
  readonly policy: OriginPolicy;
  readonly revocationList: string | null;
  readonly endorsements: readonly Node[];
}

/** Reads a Profile that issues (Open Badges 2.0, section Profile; OB20-P-01 to P-09). */
export function readProfile(reader: Reader): Profile {
  reader.type([CLASS.Issuer, CLASS.Profile], "Issuer or Profile");
  if (!(reader.legacy && reader.node.id === null)) reader.id();
  const email = reader.text("email", !reader.legacy);
  if (email !== null && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    reader.invalid("email", "an e-mail address");
  }
  const telephone = reader.text("telephone");
  if (telephone !== null && !/^\+[1-9]\d{1,14}$/.test(telephone)) {
    reader.invalid("telephone", "a number in the form +16175551212");
  }
  reader.optionalTexts("description");
  return {
    id: reader.node.id,
    name: reader.text("name", true),
    url: reader.url("url", true),
    email,
    image: readImage(reader, false),
    publicKeys: readKeys(reader),
    policy: readPolicy(reader),
    revocationList: reader.url("revocationList"),
    endorsements: reader.references("endorsement"),
  };
}

/** The keys whose signatures count, each once: the current ones first, then those that were. */
function readKeys(reader: Reader): Node[] {
  const current = reader.references("publicKey");
  const known = new Set(current.map(({ id }) => id));
  const others = reader.references("assertionMethod").filter(({ id }) => !known.has(id));
  return [...current, ...others];
}

/** A host with or without a port, in the form that `URL.host` has (OB20-V-06, V-07). */
const AUTHORITY = /^(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?$/i;

function readPolicy(outer: Reader): OriginPolicy {
  const node = outer.object("verification");
  if (node === null) return { startsWith: [], allowedOrigins: [] };
  const reader = outer.inside(node, "verification");
  if (node.types.length > 0 && !node.types.includes(CLASS.VerificationObject)) {
    const words = "How an issuer is verified is a VerificationObject.";
    reader.fault("type-unexpected", "type", words, node.types.join(" "), "VerificationObject");
  }
  const [property] = reader.texts("verificationProperty");
  if (property !== undefined && !/^@?id$/.test(property)) {
    reader.invalid("verificationProperty", '"id", the one property that can be compared');
  }
  const startsWith = reader.texts("startsWith");
  for (const prefix of startsWith) {
    if (isHttpUrl(prefix)) continue;
    const words = "What the addresses of badges start with is no web address.";
    reader.fault("origin-policy-invalid", "startsWith", words, prefix.slice(0, 200));
  }
  const allowedOrigins = reader.texts("allowedOrigins");
  for (const origin of allowedOrigins) {
    if (AUTHORITY.test(origin)) continue;
    const words = "An allowed origin is not the name of a host alone.";
    reader.fault("origin-policy-invalid", "allowedOrigins", words, origin.slice(0, 200));
  }
  return { startsWith, allowedOrigins };
}
