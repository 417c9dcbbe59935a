// An organization whose mails go to a server that answers as it is told, and what became of each.

import type { Award } from "../../src/db/awards.ts";
import type { Badge } from "../../src/db/badges.ts";
import type { Notification } from "../../src/db/notifications.ts";
import { notifications } from "../../src/db/notifications.ts";
import type { Organization } from "../../src/db/organizations.ts";
import type { Env, MailMessage, MailResult } from "../../src/env.ts";
import { awardBadge } from "../../src/issuer/award.ts";
import { drain } from "../../src/jobs/drain.ts";
import { enqueue } from "../../src/jobs/outbox.ts";
import { planDigests } from "../../src/mail/digests.ts";
import { sendMails } from "../../src/mail/sender.ts";
import { type TestApp, type TestOptions, testApp } from "../app.ts";
import { givenBadge, givenOrganization, givenPerson, type Person } from "../given.ts";

export const MAILING = { "mail.notify": sendMails, "mail.digests": planDigests };

export const DEFERRED: MailResult = { ok: false, reason: "mail-deferred", permanent: false };
export const REFUSED: MailResult = { ok: false, reason: "mail-refused", permanent: true };
export const DOWN: MailResult = { ok: false, reason: "mail-server-unreachable", permanent: false };

export interface MailServer {
  /** All that were handed over, also those that were not taken. */
  readonly tried: MailMessage[];
  /** Those that were taken. */
  readonly taken: MailMessage[];
  /** What it answers; taken unless this says otherwise. */
  answer: (message: MailMessage) => MailResult | Promise<MailResult>;
  /** Connections that were opened for many, and those that were closed. */
  opened: number;
  closed: number;
}

export interface MailWorld {
  readonly app: TestApp;
  readonly env: Env;
  readonly server: MailServer;
  readonly organization: Organization;
  readonly badge: Badge;
  readonly creator: Person;
  /** Awards the world's badge to somebody new, or another badge to somebody. */
  award(over?: { badge?: Badge; to?: string; name?: string }): Promise<Award>;
  /** What is due is sent. */
  send(): Promise<void>;
  /** The recurring job runs. */
  plan(): Promise<void>;
  /** Time goes by, and what falls due then is sent. */
  pass(milliseconds: number): Promise<void>;
  rows(): Promise<Notification[]>;
  row(award: Pick<Award, "id">, kind?: string): Promise<Notification | undefined>;
}

export async function mailWorld(
  over: Parameters<typeof givenBadge>[2] = {},
  options: TestOptions = {},
): Promise<MailWorld> {
  const server: MailServer = {
    tried: [],
    taken: [],
    answer: () => ({ ok: true }),
    opened: 0,
    closed: 0,
  };
  const send = async (message: MailMessage): Promise<MailResult> => {
    server.tried.push(message);
    const answer = await server.answer(message);
    if (answer.ok) server.taken.push(message);
    return answer;
  };
  const open = () => {
    server.opened++;
    return { send, close: () => void server.closed++ };
  };
  const app = await testApp({
    ...options,
    override: (env) => ({ mail: { send, open }, ...options.override?.(env) }),
  });
  const { env } = app;
  const organization = await givenOrganization(env);
  const creator = await givenPerson(env, organization, {
    name: "Cora Mensah",
    roles: ["coordinator", "organization_administrator"],
  });
  const badge = await givenBadge(env, organization, { user_id: creator.user.id, ...over });
  let ordinal = 0;
  const sendDue = async () => {
    await drain(env, MAILING, { limit: 200 });
  };
  return {
    app,
    env,
    server,
    organization,
    badge,
    creator,
    async award({ badge: other = badge, to = `earner-${++ordinal}@example.org`, name } = {}) {
      const decided = await awardBadge(
        env,
        organization.id,
        {
          badge: other.id,
          recipient: { type: "email", identity: to, name: name ?? "Noor Haddad" },
        },
        { kind: "system", id: null },
      );
      await env.db.batch(decided.writes);
      return decided.result.award;
    },
    send: sendDue,
    async plan() {
      await env.db.batch([enqueue(env, { kind: "mail.digests", dedupeKey: "recurring" })]);
      await sendDue();
    },
    async pass(milliseconds) {
      app.clock.advance(milliseconds);
      await sendDue();
    },
    rows: () => env.db.orm.select().from(notifications),
    async row({ id }, kind = "award.created") {
      const rows = await env.db.orm.select().from(notifications);
      return rows.find((one) => one.kind === kind && one.subject_id === id);
    },
  };
}

export async function notified(env: Env, award: Pick<Award, "id">): Promise<boolean> {
  const { rows } = await env.db.read({
    sql: "SELECT notification_sent FROM badge_issues WHERE id = ?",
    params: [award.id],
  });
  return Number(rows[0]?.[0]) === 1;
}
