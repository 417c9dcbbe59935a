// Waits for what an award sets going: the mail to its recipient.
import type { Document, Installation } from "./installation.ts";
import { inner, text } from "./listing.ts";
import { Failure } from "./verb.ts";

/** The job that sends mails. */
const MAIL_JOB = "mail.notify";
const WAIT_MS = 60_000;

/**
 * What became of the mail about an award: `sent`, `parked` or `cancelled`, or null where nobody is to
 * be told. Throws a Failure, code `still-waiting`, once it has waited for a minute: the award stands.
 */
export async function awaitMail(
  { api, goOn }: Pick<Installation, "api" | "goOn">,
  answer: Document,
): Promise<string | null> {
  const award = answer.awarded === false ? inner(answer, "award") : answer;
  const path = `/notifications/award.created.${text(award, "id")}`;
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const notification = await mailOf(api, path);
    if (notification === null) return null;
    const state = text(notification, "state");
    if (state !== "waiting") return state;
    if (Date.now() > end) {
      const reason = text(notification, "reason") || "nobody has taken it up";
      const detail = `The badge is awarded; the mail about it still waits (${reason}).`;
      throw new Failure(detail, { code: "still-waiting", detail });
    }
    await goOn(MAIL_JOB);
  }
}

async function mailOf(api: Installation["api"], path: string): Promise<Document | null> {
  try {
    return await api("GET", path);
  } catch (error) {
    if (error instanceof Failure && error.code === "not-found") return null;
    throw error;
  }
}
