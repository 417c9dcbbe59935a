// The mail about an award sent once more, to a recipient who was told and has lost it.
import type { Award } from "../db/awards.ts";
import { findAward } from "../db/awards.ts";
import { insertOnceMore, type Notification, TOLD_AGAIN } from "../db/notifications.ts";
import { findNotification, lastToldAgain } from "../db/notifications-list.ts";
import { audited } from "../issuer/audit.ts";
import { sendAt } from "../issuer/notify.ts";
import { Problem } from "../problem.ts";
import { standingOf } from "../standing.ts";
import { idParam } from "./fields.ts";
import { showNotification, shownNotification } from "./notifications.ts";
import { type Operation, operation } from "./operation.ts";

/** About one award no second mail is asked for within this time. */
export const RESEND_EVERY_MS = 10 * 60_000;

/** Throws where a mail could not go, or would say what is not so. */
function requireTellable(award: Award, now: number): void {
  const standing = standingOf(award, now);
  if (standing === "revoked") {
    throw new Problem("award-revoked", "This award was revoked: there is nothing to tell of.");
  }
  const why = [
    [standing === "expired", "The award has expired."],
    [!award.visible, "The award is hidden."],
    [award.claim_state === "declined", "The recipient declined the award."],
    [award.recipient_type !== "email", "The award was not made out to an e-mail address."],
  ] as const;
  const [first] = why.filter(([holds]) => holds);
  if (first) throw new Problem("award-not-mailable", first[1]);
}

/** The last mail about an award, where it waits or went out so lately that no other one is sent. */
async function recentMail(
  db: Parameters<typeof findNotification>[0],
  award: Award,
  notSince: number,
): Promise<Notification | null> {
  const organization_id = award.organization_id;
  const first = { organization_id, kind: "award.created", subject_id: award.id };
  const mails = await Promise.all([
    lastToldAgain(db, organization_id, award.id),
    findNotification(db, first),
  ]);
  const isRecent = ({ state, sent_at, created_at }: Notification) =>
    state === "waiting" || (state === "sent" && Math.max(sent_at ?? 0, created_at) > notSince);
  return mails.find((mail) => mail !== null && isRecent(mail)) ?? null;
}

export const awardMailOperations: readonly Operation[] = [
  operation({
    id: "resendAwardMail",
    method: "post",
    path: "/awards/{id}/resend",
    tag: "Awards",
    summary: "Send the mail about an award once more, by its id or its hash",
    description:
      "Also to a recipient who was told before. A mail that waits to be sent, or went out within the last ten minutes, is answered as it is, and no other is sent: repeating this sends nothing twice.",
    scope: "awards:write",
    params: idParam,
    problems: ["mail-not-set-up", "award-revoked", "award-not-mailable"],
    answers: [
      { status: 202, description: "The mail, which will be sent.", schema: shownNotification },
      { status: 200, description: "One is on its way, or went out.", schema: shownNotification },
    ],
    async handle({ env, organizationId, params, principal }) {
      const award = await findAward(env.db, organizationId, params.id);
      if (award === null) {
        throw new Problem("not-found", "This organization has no award with this id or hash.");
      }
      if (env.mail === undefined) {
        throw new Problem("mail-not-set-up", "This installation can send no mail.");
      }
      const now = env.now();
      requireTellable(award, now);
      const recent = await recentMail(env.db, award, now - RESEND_EVERY_MS);
      if (recent !== null) return { status: 200, body: showNotification(recent) };
      const row: Notification = {
        organization_id: organizationId,
        kind: TOLD_AGAIN,
        subject_id: `${award.id}.${now}`,
        state: "waiting",
        due_at: now,
        attempts: 0,
        sent_at: null,
        last_error: null,
        created_at: now,
      };
      return {
        status: 202,
        body: showNotification(row),
        writes: [
          audited(env, {
            organizationId,
            actor: principal,
            action: "award.mail_resent",
            object: ["award", award.id],
          }),
          insertOnceMore(
            { organization_id: organizationId, award: award.id },
            now,
            now - RESEND_EVERY_MS,
          ),
          sendAt(env, organizationId, now),
        ],
      };
    },
  }),
];
