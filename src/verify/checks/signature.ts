// Whether the issuer's own key signed the badge.
import type { ReadRsaKey } from "../../env.ts";
import type { CryptographicKey } from "../documents/key.ts";
import type { Profile } from "../documents/profile.ts";
import { isHttpUrl } from "../documents/reader.ts";
import type { Found, Loaded, LoadedKey } from "../follow.ts";
import { importKey, type Token } from "../jws.ts";
import type { BadgeVersion } from "../result.ts";
import { checkDocument } from "./document.ts";
import { type Finding, failed, isDoubt, notPossible, passed, refused, warned } from "./finding.ts";
import { outsideScope } from "./origin.ts";

/** Who is said to have signed: the issuer, and the keys that may have been used. */
export interface Signer {
  readonly issuer: Found<Profile>;
  readonly keys: readonly LoadedKey[];
  /** Address of the key that the document names; null for none. */
  readonly creator: string | null;
  /** Of the document that was signed. */
  readonly version: BadgeVersion;
}

/** OB20-S-02 to S-08, V-10, K-02 and K-03: each stage that fails has its own reason. */
export async function checkSignature(
  token: Token,
  { issuer, keys, creator, version }: Signer,
  readRsaKey?: ReadRsaKey,
): Promise<Finding[]> {
  const findings = checkHeader(token);
  if (!issuer?.ok) {
    const words = "Without the issuer's profile nobody says which key signs its badges.";
    return [...findings, notPossible("signature", "key-missing", words)];
  }
  // A profile that came with the badge is the word of whoever made the badge (OB20-A-17).
  if (issuer.embedded) {
    const words =
      "The issuer's profile came with the badge. A key counts only from the issuer's own address.";
    return [...findings, failed("key", "key-missing", words)];
  }
  if (keys.length === 0) return [...findings, noKey(creator, issuer.model.publicKeys.length)];
  // Where no key is named one that signed is enough; else the first fault is the one to tell.
  let told: readonly Finding[] | null = null;
  for (const key of keys) {
    const judged = await judgeKey(token, key, issuer, version, readRsaKey);
    if (!judged.some(isDoubt)) return [...findings, ...judged];
    told ??= judged;
  }
  return [...findings, ...(told ?? [])];
}

function checkHeader(token: Token): Finding[] {
  const findings: Finding[] = [];
  if (token.algorithm !== "RS256") {
    const words = `The signature is ${token.algorithm}; RS256 is what every verifier reads.`;
    findings.push(warned("signature", "algorithm-unusual", words, { found: token.algorithm }));
  }
  if (token.ignored.length > 0) {
    const words = "The signed badge brings a key of its own, which was not looked at.";
    findings.push(
      warned("signature", "header-key-ignored", words, { found: token.ignored.join(" ") }),
    );
  }
  return findings;
}

function noKey(creator: string | null, listed: number): Finding {
  if (listed === 0) {
    return failed(
      "key",
      "key-missing",
      "The issuer's profile lists no key, so it signs no badges.",
    );
  }
  const words = "The key that the badge names is not among those that its issuer lists.";
  return failed("key", "key-not-listed", words, {
    found: creator ?? undefined,
    property: "creator",
  });
}

async function judgeKey(
  token: Token,
  { address, key }: LoadedKey,
  issuer: Loaded<Profile>,
  version: BadgeVersion,
  readRsaKey?: ReadRsaKey,
): Promise<Finding[]> {
  const evidence = { document: address };
  if (key === null)
    return [failed("key", "key-missing", "The issuer's key has no address.", evidence)];
  if (!key.ok) return [refused("key", key, evidence)];
  const found = checkDocument("key", key, version);
  const faults = found.filter(({ outcome }) => outcome === "failed");
  if (faults.length > 0) return faults;
  const warnings = found.filter(({ outcome }) => outcome === "warned");
  const owned = checkOwner(key, issuer);
  if (owned) return [owned];
  const imported = await importKey(key.model.pem ?? "", token.algorithm, readRsaKey);
  if (!imported.ok) return [failed("key", "key-unusable", imported.words, evidence)];
  const listed = passed(
    "key",
    "The issuer lists the key, and the key says that it is the issuer's.",
    evidence,
  );
  const signature = (await imported.signed(token))
    ? passed(
        "signature",
        "The issuer's key signed the badge, and nothing was changed since.",
        evidence,
      )
    : failed(
        "signature",
        "signature-wrong",
        "The signature is wrong: the badge was changed, or somebody else signed it.",
        evidence,
      );
  return [...warnings, listed, signature];
}

/**
 * A signature vouches for what its issuer says of its own. Under an address of somebody else's site
 * it would put what it signs in that one's name, and that one's endorsements behind it.
 */
export function isOwnName(id: string, { node, url, model }: Loaded<Profile>): boolean {
  const policy = { ...model.policy, startsWith: [] };
  return !isHttpUrl(id) || outsideScope(id, { policy, issuer: node.id, readAt: url }) === null;
}

/** Both must point at each other, or a key could be claimed by anyone who links to it (OB20-K-02). */
function checkOwner(
  key: Loaded<CryptographicKey>,
  { node, url, model }: Loaded<Profile>,
): Finding | null {
  const { owner, id } = key.model;
  const issuer = node.id ?? url;
  const document = id ?? undefined;
  if (owner === null && key.version === "1.1") {
    // 1.x had bare keys: whose they are is told by where they stand, unless the issuer tells it.
    if (model.publicKeys.length > 0) {
      if (model.publicKeys.some((listed) => listed.id === id)) return null;
      const words = "The key that the badge names is not among those that its issuer lists.";
      return failed("key", "key-not-listed", words, { document });
    }
    if (sameHost(id, issuer) && sameHost(key.url, issuer)) return null;
    const words =
      "The key stands on another host than its issuer, so nothing says that it is the issuer's.";
    return failed("key", "key-not-listed", words, { document });
  }
  if (owner === issuer) return null;
  const words = "The key says that it belongs to somebody else than the issuer.";
  return failed("key", "key-owner-differs", words, {
    document,
    property: "owner",
    found: (owner ?? "").slice(0, 200),
    expected: issuer ?? undefined,
  });
}

function sameHost(a: string | null, b: string | null): boolean {
  if (a === null || b === null || !URL.canParse(a) || !URL.canParse(b)) return false;
  return new URL(a).host === new URL(b).host;
}
