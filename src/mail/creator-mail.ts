// What who made a badge is told of its awards: each by itself, or a digest of a day, a week, a month.
import type { Badge } from "../db/badges.ts";
import {
  type DigestPeriod,
  findAwardToTell,
  listUntold,
  setIssuerNotified,
  setTold,
} from "../db/mail-facts.ts";
import { findOrganization, type Organization } from "../db/organizations.ts";
import { findPublicBadge } from "../db/published.ts";
import type { Env } from "../env.ts";
import { EACH } from "../issuer/digest-time.ts";
import { DEFAULT_WIDTH } from "../issuer/image-variants.ts";
import { standingOf } from "../standing.ts";
import type { Templates } from "./award-mail.ts";
import { composed } from "./compose.ts";
import { dayIn } from "./dates.ts";
import type { ValuesOf } from "./kinds.ts";
import { notTold, type Telling } from "./letter.ts";
import { staffOf } from "./staff.ts";
import { chosenWords } from "./templates.ts";

/** Names in a digest; of more it is said how many. */
export const MAX_NAMES = 200;
/** Awards in one write, so that nobody waits long for the lock. */
const TOLD_ROWS = 500;

const NAMELESS = "Somebody without a name";

/** Of an award of which only its recipient and the organization know, nobody else is told. */
export async function creatorAward(
  env: Env,
  awardId: string,
  templates: Templates,
): Promise<Telling> {
  const found = await findAwardToTell(env.db, awardId, DEFAULT_WIDTH);
  if (found === null) return notTold("subject-gone");
  const { award, badge, organization } = found;
  const standing = standingOf(award, env.now());
  if (standing === "revoked") return notTold("award-revoked");
  if (!award.visible) return notTold("award-hidden");
  if (badge.notification !== EACH) return notTold("notification-switched-off");
  if (award.issuer_notified !== null) return notTold("nothing-to-tell");
  const creator = await creatorOf(env, badge);
  if (!creator.ok) return notTold(creator.reason);
  const { to, name, language, timeZone } = creator.staff;
  const words = chosenWords(templates, "creator.award", [language, organization.language]);
  const values: ValuesOf<"creator.award"> = {
    badgename: badge.name,
    username: name,
    organizationname: organization.name,
    recipientname: award.recipient_name ?? NAMELESS,
    badgelink: { href: env.urls.badgePage(award.unique_hash) },
    awardedon: dayIn(words.language, timeZone, award.awarded_at),
  };
  return {
    tell: true,
    letter: { to, ...composed(words, values, words.language) },
    writes: [setIssuerNotified(award.id, env.now())],
  };
}

const SUBJECT = /^([0-9a-f-]{36})\.(\d{1,15})\.(\d{1,15})$/;

/** A digest's subject: its badge, and from when to when. */
export function digestSubject({ badgeId, start, end }: DigestPeriod): string {
  return `${badgeId}.${start}.${end}`;
}

function periodOf(subjectId: string): DigestPeriod | null {
  const [, badgeId, start, end] = SUBJECT.exec(subjectId) ?? [];
  return badgeId === undefined ? null : { badgeId, start: Number(start), end: Number(end) };
}

export async function creatorDigest(
  env: Env,
  subjectId: string,
  templates: Templates,
): Promise<Telling> {
  const period = periodOf(subjectId);
  const badge = period === null ? null : await findPublicBadge(env.db, period.badgeId);
  if (period === null || badge === null) return notTold("subject-gone");
  if (badge.status === "archived" || badge.notification <= EACH) {
    return notTold("notification-switched-off");
  }
  const organization = await findOrganization(env.db, badge.organization_id);
  if (organization === null) return notTold("subject-gone");
  const creator = await creatorOf(env, badge);
  if (!creator.ok) return notTold(creator.reason);
  const { count, names } = await listUntold(env.db, period, MAX_NAMES);
  if (count === 0) return notTold("nothing-to-tell");
  const { to, name, language, timeZone } = creator.staff;
  const words = chosenWords(templates, "creator.digest", [language, organization.language]);
  const day = (at: number) => dayIn(words.language, timeZone, at);
  const values: ValuesOf<"creator.digest"> = {
    ...badgeValues(badge, organization, name),
    count: String(count),
    recipients: { items: listed(names, count) },
    from: day(period.start),
    until: day(period.end),
  };
  return {
    tell: true,
    letter: { to, ...composed(words, values, words.language) },
    writes: [setTold(period, env.now(), TOLD_ROWS)],
    ...(count > TOLD_ROWS ? { after: () => markRest(env, period) } : {}),
  };
}

function badgeValues(badge: Badge, { name }: Organization, username: string) {
  return { badgename: badge.name, username, organizationname: name };
}

function listed(names: readonly (string | null)[], count: number): string[] {
  const rest = count - names.length;
  return [...names.map((name) => name ?? NAMELESS), ...(rest > 0 ? [`… + ${rest}`] : [])];
}

async function markRest(env: Env, period: DigestPeriod): Promise<void> {
  for (;;) {
    const [result] = await env.db.batch([setTold(period, env.now(), TOLD_ROWS)]);
    if ((result?.rowsAffected ?? 0) < TOLD_ROWS) return;
  }
}

async function creatorOf(env: Env, { user_id, organization_id }: Badge) {
  if (user_id === null) return { ok: false, reason: "badge-without-creator" } as const;
  return staffOf(env, organization_id, user_id);
}
