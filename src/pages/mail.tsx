// Mails of an organization: what became of each, and having one sent again that was not.
import type { NotificationState } from "../db/notifications.ts";
import { type Account, Press } from "./account.tsx";
import { deskPage } from "./desk-page.tsx";
import { Done } from "./form-outcome.tsx";
import { Pager, Table } from "./table.tsx";
import { Tabs } from "./tabs.tsx";
import { MAIL } from "./words/mail.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const MAIL_PATH = "/admin/mail";
export const TEMPLATES_PATH = "/admin/mail/templates";
export const MAIL_STATES = [
  "parked",
  "waiting",
  "sent",
  "cancelled",
] as const satisfies readonly NotificationState[];

export type SayMail = Speaker<keyof typeof MAIL.en>;

/** Times in milliseconds since 1970. */
export interface MailRow {
  readonly id: string;
  readonly kind: string;
  /** The badge and the person, as the organization calls them; null where they are gone. */
  readonly about: string | null;
  /** The page of what it is about; null where there is none. */
  readonly path: string | null;
  readonly state: NotificationState;
  readonly attempts: number;
  readonly createdAt: number;
  readonly sentAt: number | null;
  /** A code. */
  readonly reason: string | null;
}

interface MailPageProps {
  readonly account: Account;
  readonly canSend: boolean;
  /** Null for all. */
  readonly state: NotificationState | null;
  readonly rows: readonly MailRow[];
  readonly first: string | null;
  readonly next: string | null;
  readonly done: "resent" | "all-resent" | null;
}

export function mailPage(props: MailPageProps) {
  const { account, canSend, state, rows, done } = props;
  const t = speaker(account.language, MAIL);
  return deskPage({
    t,
    account,
    place: MAIL_PATH,
    children: (
      <>
        <MailTabs t={t} current={MAIL_PATH} />
        <Done words={done === null ? null : t(`done-${done}`)} />
        {canSend ? null : <p class="sheet pad note">{t("no-mail")}</p>}
        <section class="sheet pad table-sheet" aria-labelledby="mails">
          <h2 id="mails">{t("mails")}</h2>
          <Tabs
            label={t("state")}
            tabs={[
              { href: MAIL_PATH, name: t("state-all") },
              ...MAIL_STATES.map((one) => ({ href: stateOf(one), name: t(`state-${one}`) })),
            ]}
            current={state === null ? MAIL_PATH : stateOf(state)}
          />
          {rows.length === 0 ? (
            <p class="soft">
              {t(state === "parked" ? "none-parked" : state === null ? "none-yet" : "none")}
            </p>
          ) : (
            <Rows t={t} {...props} />
          )}
          {state === "parked" && rows.length > 0 && canSend ? (
            <Press action={`${MAIL_PATH}/resend`} account={account}>
              {t("resend-all")}
            </Press>
          ) : null}
          <Pager language={account.language} first={props.first} next={props.next} />
        </section>
      </>
    ),
  });
}

function stateOf(state: NotificationState): string {
  return `${MAIL_PATH}?state=${state}`;
}

interface MailTabsProps {
  readonly t: SayMail;
  readonly current: typeof MAIL_PATH | typeof TEMPLATES_PATH;
}

export function MailTabs({ t, current }: MailTabsProps) {
  return (
    <Tabs
      label={t("sections")}
      tabs={[
        { href: MAIL_PATH, name: t("tab-sent") },
        { href: TEMPLATES_PATH, name: t("tab-templates") },
      ]}
      current={current}
    />
  );
}

function Rows({ t, account, rows, canSend }: MailPageProps & { readonly t: SayMail }) {
  return (
    <Table<MailRow>
      caption={t("mails")}
      rows={rows}
      columns={[
        { name: t("about"), heads: true, cell: (row) => <About row={row} /> },
        { name: t("mail"), cell: ({ kind }) => worded(t, `notice-${kind}`, kind) },
        { name: t("when"), cell: ({ sentAt, createdAt }) => t.minute(sentAt ?? createdAt) },
        {
          name: t("state"),
          cell: ({ state, reason }) => (
            <>
              {t(`is-${state}`)}
              {reason === null ? null : (
                <span class="soft small choice-help">{mailReason(t, reason)}</span>
              )}
            </>
          ),
        },
        { name: t("tries"), numeric: true, cell: ({ attempts }) => t.number(attempts) },
        {
          name: t("deeds"),
          cell: ({ id, about, state }) =>
            state === "sent" || !canSend ? null : (
              <Press
                action={`${MAIL_PATH}/${encodeURIComponent(id)}/resend`}
                account={account}
                about={t("resend-about", { what: about ?? id })}
              >
                {t("resend")}
              </Press>
            ),
        },
      ]}
    />
  );
}

function About({ row: { about, path, id } }: { readonly row: MailRow }) {
  const words = about === null ? <code>{id}</code> : <bdi>{about}</bdi>;
  return path === null ? words : <a href={path}>{words}</a>;
}

function worded(t: SayMail, key: string, otherwise: string): string {
  return Object.hasOwn(MAIL.en, key) ? t(key as keyof typeof MAIL.en) : otherwise;
}

/** Why a mail was not sent, or not yet, in words. */
export function mailReason(t: SayMail, code: string): string {
  return worded(t, `why-${code}`, t("why-other", { code }));
}
