// RevocationList: what an issuer has taken back.
import type { Reader } from "./reader.ts";
import { CLASS } from "./vocabulary.ts";

export interface RevocationEntry {
  readonly id: string | null;
  readonly uid: string | null;
  readonly reason: string | null;
}

export interface RevocationList {
  /** Those that revoke: an entry that says `revoked: false` is not here (OB20-RL-04). */
  readonly entries: readonly RevocationEntry[];
  readonly issuer: string | null;
}

/**
 * Reads a RevocationList, of any number of entries, one included: ids, objects with an id, and
 * objects with a uid (OB20-RL-01 to RL-06).
 */
export function readRevocationList(reader: Reader): RevocationList {
  reader.type([CLASS.RevocationList], "RevocationList");
  if (!reader.node.properties.has("https://w3id.org/openbadges#revoked")) {
    reader.missing("revokedAssertions");
  }
  const entries = reader.all("revokedAssertions").flatMap((value): RevocationEntry[] => {
    if (value.kind === "literal") {
      if (typeof value.value === "string") return [{ id: value.value, uid: null, reason: null }];
      reader.invalid("revokedAssertions", "an id or an object with one", value);
      return [];
    }
    const entry = reader.inside(value, "revokedAssertions");
    const uid = entry.text("uid");
    if (value.id === null && uid === null) entry.missing("id");
    const said = entry.all("revoked");
    const spared =
      said.length > 0 && said.every((one) => one.kind === "literal" && one.value === false);
    return spared ? [] : [{ id: value.id, uid, reason: entry.text("revocationReason") }];
  });
  return { entries, issuer: reader.reference("issuer")?.id ?? null };
}

/** The list of 1.0: an object of uids and reasons, without any context. */
export function readLegacyRevocationList(document: object): RevocationList {
  const entries = Object.entries(document).map(([uid, reason]) => ({
    id: uid,
    uid,
    reason: typeof reason === "string" ? reason : null,
  }));
  return { entries, issuer: null };
}
