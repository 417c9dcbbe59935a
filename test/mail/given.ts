// A mail as it stands after it was given up.
import type { Award } from "../../src/db/awards.ts";
import { type Notification, notifications } from "../../src/db/notifications.ts";
import type { Env } from "../../src/env.ts";

/** The mail about an award, parked unless given otherwise; its id in the API. */
export async function givenNotification(
  env: Env,
  award: Pick<Award, "id" | "organization_id">,
  over: Partial<Notification> = {},
): Promise<string> {
  const row: Notification = {
    kind: "award.created",
    subject_id: award.id,
    organization_id: award.organization_id,
    state: "parked",
    due_at: env.now(),
    attempts: 5,
    sent_at: null,
    last_error: "mail-refused",
    created_at: env.now(),
    ...over,
  };
  await env.db.batch([env.db.orm.insert(notifications).values(row)]);
  return `${row.kind}.${row.subject_id}`;
}
