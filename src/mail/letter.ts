// What becomes of a notification: a mail to somebody, or a reason why there is nobody to tell.

import type { Statement } from "../db/database.ts";
import type { MailMessage } from "../env.ts";

/** Why a mail is not sent and never will be. Stable: the API shows it. */
export type NotToldReason =
  /** What it was about is gone. */
  | "subject-gone"
  /** The award is made out to something that is no e-mail address. */
  | "recipient-without-email"
  | "recipient-not-active"
  | "award-revoked"
  | "award-expired"
  | "award-hidden"
  | "award-declined"
  /** The badge was made with a key, or by the system. */
  | "badge-without-creator"
  /** The badge's maker wishes to be told no more, or less often. */
  | "notification-switched-off"
  | "person-not-active"
  | "person-without-proven-email"
  /** Somebody decided before the deciders were told. */
  | "nomination-decided"
  | "nomination-without-nominator"
  /** Who decides nominated, and knows. */
  | "own-nomination"
  | "nothing-to-tell";

/** The mail, but for its id. */
export type Letter = Omit<MailMessage, "id">;

export type Telling =
  | {
      readonly tell: true;
      readonly letter: Letter;
      /** Written in the batch that says it was sent. */
      readonly writes: readonly Statement[];
      /** What is left to be written after it, if that is much. */
      readonly after?: () => Promise<void>;
    }
  | { readonly tell: false; readonly reason: NotToldReason }
  /** Several are to be told: these writes put a row for each in the place of this one. */
  | { readonly tell: "each"; readonly writes: readonly Statement[] };

export function notTold(reason: NotToldReason): Telling {
  return { tell: false, reason };
}
