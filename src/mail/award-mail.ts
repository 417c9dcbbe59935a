// The mail that tells a recipient of their award, with the badge in it: notify_on_award.
import type { Award } from "../db/awards.ts";
import { type AwardToTell, findAwardToTell, setNotificationSent } from "../db/mail-facts.ts";
import type { MailTemplate } from "../db/notifications.ts";
import type { Env, MailAttachment } from "../env.ts";
import { awardToken } from "../issuer/award-link.ts";
import { bakedFile } from "../issuer/baked-file.ts";
import { DEFAULT_WIDTH } from "../issuer/image-variants.ts";
import { standingOf } from "../standing.ts";
import { type Composed, composed } from "./compose.ts";
import { dayIn } from "./dates.ts";
import type { ValuesOf } from "./kinds.ts";
import { type NotToldReason, notTold, type Telling } from "./letter.ts";
import { type ChosenWords, chosenWords } from "./templates.ts";

/** Larger pictures stay where they are: many mailboxes take no more, and the mail links to them. */
export const MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024;

/** Corrections of one award that are followed to the one that stands. */
const MAX_CORRECTIONS = 20;

export type Templates = readonly MailTemplate[];

/**
 * Of an award that was corrected before its recipient was told, it is the corrected one that is told
 * of: nobody hears of the other.
 */
export async function awardCreated(
  env: Env,
  awardId: string,
  templates: Templates,
  again = false,
): Promise<Telling> {
  let found = await findAwardToTell(env.db, awardId, DEFAULT_WIDTH);
  for (let i = 0; i < MAX_CORRECTIONS && found?.award.superseded_by != null; i++) {
    found = await findAwardToTell(env.db, found.award.superseded_by, DEFAULT_WIDTH);
  }
  if (found === null) return notTold("subject-gone");
  const reason = whyNot(found, env.now(), again);
  if (reason !== null) return notTold(reason);
  const { award, badge } = found;
  const words = wordsOf(found, templates);
  const values = awardValues(found, words.language, await linkTo(env, award));
  return {
    tell: true,
    letter: {
      to: award.recipient_identity,
      ...composed(words, values, words.language),
      attachments: badge.attachment ? await attached(env, found) : [],
    },
    writes: [setNotificationSent(award.id)],
  };
}

/** To whoever was told before and asks to be told again; the subject is the award and a time. */
export function awardToldAgain(env: Env, subject: string, templates: Templates): Promise<Telling> {
  return awardCreated(env, subject.split(".")[0] ?? "", templates, true);
}

/**
 * The mail as it would tell of an award that is not written yet, with a link that leads nowhere; null
 * where it would tell nobody.
 */
export function awardMailOf(env: Env, found: AwardToTell, templates: Templates): Composed | null {
  if (whyNot(found, env.now(), false) !== null) return null;
  const words = wordsOf(found, templates);
  const href = env.urls.claim("...");
  return composed(words, awardValues(found, words.language, href), words.language);
}

function whyNot(found: AwardToTell, now: number, again: boolean): NotToldReason | null {
  const { award, recipient, membershipStatus } = found;
  const standing = standingOf(award, now);
  if (standing !== "valid") return `award-${standing}`;
  if (!award.visible) return "award-hidden";
  if (award.claim_state === "declined") return "award-declined";
  if (award.notification_sent && !again) return "nothing-to-tell";
  if (award.recipient_type !== "email") return "recipient-without-email";
  const active = recipient.status === "active" && membershipStatus === "active";
  return active ? null : "recipient-not-active";
}

/** The badge's own words where it has some, in its language; for the rest the person's. */
function wordsOf({ badge, recipient, organization }: AwardToTell, templates: Templates) {
  const { message, message_subject: subject, language } = badge;
  const speaks = message.trim() !== "";
  const languages = [...(speaks ? [language] : []), recipient.language, organization.language];
  const chosen = chosenWords(templates, "award.created", languages);
  const words: ChosenWords = {
    subject: subject.trim() === "" ? chosen.subject : subject,
    body: speaks ? message : chosen.body,
    language: speaks ? language : chosen.language,
  };
  return words;
}

/** Where the recipient says whether it is theirs; once that is said, the badge's own page. */
async function linkTo(env: Env, { id, unique_hash, claim_state }: Award): Promise<string> {
  if (claim_state !== "unclaimed") return env.urls.badgePage(unique_hash);
  return env.urls.claim(await awardToken(env, id, env.now()));
}

function awardValues(
  { award, badge, organization, recipient }: AwardToTell,
  language: string,
  href: string,
): ValuesOf<"award.created"> {
  const day = (at: number) => dayIn(language, recipient.time_zone, at);
  return {
    badgename: badge.name,
    badgedescription: badge.description,
    username: award.recipient_name ?? award.recipient_identity,
    badgelink: { href },
    organizationname: organization.name,
    awardedon: day(award.awarded_at),
    expireson: award.date_expire === null ? "—" : day(award.date_expire),
  };
}

/** Without it the mail goes all the same: it links to the badge. */
async function attached(env: Env, found: AwardToTell): Promise<MailAttachment[]> {
  try {
    const file = await bakedFile(env, found);
    return file.bytes.length <= MAX_ATTACHMENT_BYTES ? [file] : [];
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    env.log.warn("mail.not_attached", { award_id: found.award.id, error: name });
    return [];
  }
}
