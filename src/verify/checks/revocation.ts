// Whether the issuer has taken the badge back.
import type { RevocationEntry, RevocationList } from "../documents/revocation-list.ts";
import type { Found } from "../load.ts";
import type { BadgeVersion } from "../result.ts";
import { checkDocument } from "./document.ts";
import { type Finding, failed, notPossible, passed } from "./finding.ts";

/** The entry that names a badge: by its id, or by its uid where it has no id (OB20-RL-05). */
export function entryFor(
  list: RevocationList,
  id: string | null,
  uid: string | null,
): RevocationEntry | null {
  return (
    list.entries.find((entry) =>
      id !== null ? entry.id === id : uid !== null && entry.uid === uid,
    ) ?? null
  );
}

/**
 * `list`: the issuer's, null where it names none; consulted for hosted badges too (OB20-RL-07).
 * `from`: the version of the issuer that names it.
 */
export function checkRevocation(
  list: Found<RevocationList>,
  badge: { readonly id: string | null; readonly uid: string | null },
  from: BadgeVersion,
): Finding[] {
  if (list === null) {
    return [passed("revocation", "Nothing says that the badge was revoked.")];
  }
  if (!list.ok) {
    const words = `Whether the badge was revoked is not known: the issuer's list could not be read. ${list.words}`;
    const reason = list.reason === "revoked" ? "status-refused" : list.reason;
    return [notPossible("revocation", reason, words)];
  }
  const entry =
    entryFor(list.model, badge.id, badge.uid) ?? entryFor(list.model, badge.uid, badge.uid);
  const document = list.url ?? undefined;
  if (entry) {
    const why = entry.reason ? ` The reason given: ${entry.reason.slice(0, 200)}` : "";
    const words = `The issuer's list says that the badge was revoked.${why}`;
    return [failed("revocation", "revoked", words, { document, found: entry.reason ?? undefined })];
  }
  if (!list.hasContext && from === "2.0") {
    // What an issuer of 2.0 names is a document; any answer at all can be read as a list of 1.0.
    const words =
      "Whether the badge was revoked is not known: what the issuer names is no list of revoked badges.";
    return [notPossible("revocation", "context-missing", words, { document })];
  }
  // The version is the list's own: it is read for what it is, whatever the badge is.
  const faults = checkDocument("revocation", list, list.version).filter(
    ({ outcome }) => outcome === "failed",
  );
  if (faults.length > 0) {
    return faults.map((fault) => ({ ...fault, outcome: "not-possible" as const }));
  }
  return [passed("revocation", "The issuer's list does not name the badge.", { document })];
}
