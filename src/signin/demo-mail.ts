// The demo's mailbox: what would have been sent is kept, to be read at /dev/mail.
import type { Database } from "../db/database.ts";
import { insertDemoMail } from "../db/demo-mails.ts";
import type { Env, Mail } from "../env.ts";
import { newId } from "../ids.ts";

/** The oldest make room. */
export const MAX_DEMO_MAILS = 100;

/** A way for mails that leads to the mailbox; it never fails for what a mail server would. */
export function createDemoMail(db: Database, sources: Pick<Env, "now" | "random">): Mail {
  return {
    async send({ to, subject, text, html }) {
      const row = { id: newId(sources), to, subject, text, html, created_at: sources.now() };
      await db.batch(insertDemoMail(db, row, MAX_DEMO_MAILS));
      return { ok: true };
    },
  };
}
