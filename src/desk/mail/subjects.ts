// What mails are about, in words: the badge and the person.
import type { Database } from "../../db/database.ts";
import { badgeNames, namedAwards, namedNominations } from "../../db/named.ts";

export interface MailSubject {
  readonly id: string;
  readonly kind: string;
  /** The id of the award, the nomination or, of a summary, the badge. */
  readonly subject: string;
}

export interface NamedSubject {
  readonly about: string | null;
  readonly path: string | null;
}

/** By the mail's id; what is gone is missing. */
export async function subjectsOf(
  db: Database,
  organizationId: string,
  mails: readonly MailSubject[],
): Promise<Map<string, NamedSubject>> {
  const idsOf = (of: (kind: string) => boolean) =>
    new Set(mails.filter(({ kind }) => of(kind)).map(({ subject }) => subject));
  const [awards, nominations, badges] = await Promise.all([
    namedAwards(db, organizationId, idsOf(isOfAward)),
    namedNominations(db, organizationId, idsOf(isOfNomination)),
    badgeNames(db, organizationId, idsOf(isOfBadge)),
  ]);
  const found = new Map<string, NamedSubject>();
  for (const { id, subject } of mails) {
    const award = awards.get(subject);
    const nomination = nominations.get(subject);
    const badge = badges.get(subject);
    if (award !== undefined) {
      found.set(id, { about: both(award.badge, award.recipient), path: `/b/${award.hash}` });
    } else if (nomination !== undefined) {
      const path = `/award/nominations/${subject}`;
      found.set(id, { about: both(nomination.badge, nomination.nominee), path });
    } else if (badge !== undefined) {
      found.set(id, { about: badge, path: `/admin/badges/${subject}` });
    }
  }
  return found;
}

const isOfAward = (kind: string) => kind === "award.created" || kind === "creator.award";
const isOfNomination = (kind: string) => kind.startsWith("nomination.");
const isOfBadge = (kind: string) => kind === "creator.digest";

function both(badge: string, person: string | null): string {
  return person === null ? badge : `${badge}: ${person}`;
}
