// The job that mails a link: the mail is made anew at each try, and says the same each time.
import type { SignInLink } from "../db/sessions.ts";
import { findLink } from "../db/sign-in-links.ts";
import type { Env, MailMessage } from "../env.ts";
import { drain } from "../jobs/drain.ts";
import { type Handler, JobFailure } from "../jobs/outbox.ts";
import { LINK_JOB, LINK_MS, linkSecrets } from "./link.ts";
import { confirmMail, type MailLanguage, signInMail, suspendedMail } from "./mail-text.ts";
import { whoProves } from "./person.ts";

/** What was used or has expired meanwhile is not sent any more. */
export const mailLink: Handler = async (env, job) => {
  const link = await findLink(env.db, String(job.payload.link));
  if (link === null || link.consumed_at !== null || link.expires_at <= env.now()) return [];
  if (!env.mail) throw new JobFailure("mail-not-set-up");
  const message = await messageFor(env, link, job.payload.language === "de" ? "de" : "en");
  if (message === null) throw new JobFailure("link-secret-forgotten", { permanent: true });
  const sent = await env.mail.send(message);
  if (!sent.ok) throw new JobFailure(sent.reason, { permanent: sent.permanent });
  return [];
};

/** To the address as it is compared: it is what the link proves. */
async function messageFor(
  env: Env,
  link: SignInLink,
  language: MailLanguage,
): Promise<MailMessage | null> {
  const site = new URL(env.config.publicUrl).host;
  const envelope = { id: link.id, to: link.normalised };
  if (link.purpose === "sign_in") {
    const arrival = await whoProves(env, link.email);
    if (!arrival.ok) return { ...envelope, ...suspendedMail({ site }, language) };
  }
  const secrets = await linkSecrets(env, link);
  if (secrets === null) return null;
  const words = link.purpose === "sign_in" ? signInMail : confirmMail;
  const address = env.urls.oneTimeLink(secrets.token);
  return {
    ...envelope,
    ...words({ site, address, code: secrets.code, minutes: LINK_MS / 60_000 }, language),
  };
}

/**
 * Sends what was just written down, without waiting for whoever drains the outbox next: somebody
 * sits before the screen, and on Workers that would be a minute.
 */
export function mailSoon(env: Env): void {
  env.background(drain(env, { [LINK_JOB]: mailLink }, { limit: 2 }));
}
