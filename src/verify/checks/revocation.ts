// Whether the issuer has taken the badge back.
import { isHttpUrl } from "../documents/reader.ts";
import type { RevocationEntry, RevocationList } from "../documents/revocation-list.ts";
import type { Found } from "../follow.ts";
import type { BadgeVersion } from "../result.ts";
import { checkDocument } from "./document.ts";
import { type Finding, failed, notPossible, passed } from "./finding.ts";

/**
 * The entry that names a badge: by its id, or by its uid where it has no id (OB20-RL-05). An id is
 * compared as it is written, and as the address that it means: a list may spell a host in capitals
 * or name the port that goes without saying, and what it takes back is taken back.
 */
export function entryFor(
  list: RevocationList,
  id: string | null,
  uid: string | null,
): RevocationEntry | null {
  const { ids, uids } = namesOf(list);
  if (id !== null) return ids.get(id) ?? ids.get(normalForm(id)) ?? null;
  return uid === null ? null : (uids.get(uid) ?? null);
}

interface Names {
  readonly ids: ReadonlyMap<string, RevocationEntry>;
  readonly uids: ReadonlyMap<string, RevocationEntry>;
}

/** Of thousands of entries, read once for all badges that one batch asks them about. */
const names = new WeakMap<RevocationList, Names>();

function namesOf(list: RevocationList): Names {
  const known = names.get(list);
  if (known) return known;
  const ids = new Map<string, RevocationEntry>();
  const uids = new Map<string, RevocationEntry>();
  for (const entry of list.entries) {
    for (const id of entry.id === null ? [] : [entry.id, normalForm(entry.id)]) {
      if (!ids.has(id)) ids.set(id, entry);
    }
    if (entry.uid !== null && !uids.has(entry.uid)) uids.set(entry.uid, entry);
  }
  const made = { ids, uids };
  names.set(list, made);
  return made;
}

/** An address that can be spelled in no plainer way, as most are. */
const PLAIN = /^https:\/\/(?:[a-z0-9-]+\.)+[a-z]+\/[\w~/-]*$/;

/** An http(s) address as it is asked for; a UUID in lower case (RFC 9562, section 4). */
function normalForm(id: string): string {
  if (PLAIN.test(id)) return id;
  if (/^urn:uuid:/i.test(id)) return id.toLowerCase();
  return isHttpUrl(id) ? new URL(id).href : id;
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
  const found = checkDocument("revocation", list, list.version);
  const faults = found.filter(({ outcome }) => outcome === "failed");
  if (faults.length > 0) {
    return faults.map((fault) => ({ ...fault, outcome: "not-possible" as const }));
  }
  return [
    ...found.filter(({ outcome }) => outcome === "warned"),
    passed("revocation", "The issuer's list does not name the badge.", { document }),
  ];
}
