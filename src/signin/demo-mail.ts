// The demo's mailbox: what would have been sent is kept, to be read at /dev/mail.
import type { Database } from "../db/database.ts";
import { insertDemoMail } from "../db/demo-mails.ts";
import type { Env, Mail } from "../env.ts";

/** The oldest make room. */
export const MAX_DEMO_MAILS = 100;

/**
 * A way for mails that leads to the mailbox; it never fails for what a mail server would. A mail that
 * is sent again is there already.
 */
export function createDemoMail(db: Database, { now }: Pick<Env, "now">): Mail {
  return {
    async send({ id, to, subject, text, html, attachments = [] }) {
      const row = {
        id,
        to,
        subject,
        text,
        html,
        attachments: attachments.map(({ name, mediaType, bytes }) => ({
          name,
          mediaType,
          base64: toBase64(bytes),
        })),
        created_at: now(),
      };
      await db.batch(insertDemoMail(db, row, MAX_DEMO_MAILS));
      return { ok: true };
    },
  };
}

/** A multiple of three, so that pieces join without padding between them. */
const PIECE = 0x6000;

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += PIECE) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE)));
  }
  return text;
}
