// The demo's mailbox: what would have been sent, to be read on the machine it runs on.
import type { ListedDemoMail } from "../db/demo-mails.ts";
import type { DemoMail } from "../db/sessions.ts";
import type { Language } from "../language.ts";
import { layout } from "./layout.tsx";
import { DEV_MAIL_WORDS } from "./words/dev.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export interface MailboxPageProps {
  readonly language: Language;
  readonly mails: readonly ListedDemoMail[];
}

export function mailboxPage({ language, mails }: MailboxPageProps) {
  const t = speaker(language, DEV_MAIL_WORDS);
  return layout({
    title: t("title"),
    language,
    noindex: true,
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">{t.rich("lead", { code: (inside) => <code>{inside}</code> })}</p>
        </div>
        {mails.length === 0 ? (
          <p class="sheet pad">
            {t.rich("none", { link: (inside) => <a href="/login">{inside}</a> })}
          </p>
        ) : (
          <ul class="sheet pad items">
            {mails.map((mail) => (
              <li>
                <h2>
                  <a href={`/dev/mail/${mail.id}`}>{mail.subject}</a>
                </h2>
                <p class="soft small">
                  {t.rich("to-at", { to: <bdi>{mail.to}</bdi>, at: t.minute(mail.created_at) })}
                </p>
              </li>
            ))}
          </ul>
        )}
      </>
    ),
  });
}

export interface MailPageProps {
  readonly language: Language;
  readonly mail: DemoMail;
  /** Address of this server. */
  readonly base: string;
}

export function mailPage({ language, mail, base }: MailPageProps) {
  const t = speaker(language, DEV_MAIL_WORDS);
  return layout({
    title: mail.subject,
    language,
    noindex: true,
    children: (
      <>
        <div class="intro">
          <h1>{mail.subject}</h1>
          <p class="soft">
            {t.rich("to-at", { to: <bdi>{mail.to}</bdi>, at: t.minute(mail.created_at) })}
          </p>
        </div>
        <div class="sheet pad stack">
          {mail.text
            .trim()
            .split("\n\n")
            .map((paragraph) => (
              <p>
                {paragraph.split("\n").map((line, i) => (
                  <>
                    {i === 0 ? null : <br />}
                    <Linked text={line} base={base} />
                  </>
                ))}
              </p>
            ))}
        </div>
        {mail.attachments.length === 0 ? null : <Attachments mail={mail} t={t} />}
        <p class="again">
          <a href="/dev/mail">{t("all")}</a>
        </p>
      </>
    ),
  });
}

type T = Speaker<keyof typeof DEV_MAIL_WORDS.en>;

function Attachments({ mail, t }: { readonly mail: DemoMail; readonly t: T }) {
  return (
    <section class="sheet pad stack">
      <h2>{t("attached")}</h2>
      <ul class="items">
        {mail.attachments.map(({ name, base64 }, i) => (
          <li>
            <a href={`/dev/mail/${mail.id}/attachments/${i}`} download={name}>
              {name}
            </a>{" "}
            <span class="soft small">{sizeOf(base64, t)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Of the bytes that are written so: four characters for each three. */
function sizeOf(base64: string, t: T): string {
  const bytes = (base64.length / 4) * 3 - (/=*$/.exec(base64)?.[0].length ?? 0);
  return bytes < 1024
    ? t("bytes", { count: bytes })
    : t("kilobytes", { count: Math.round(bytes / 1024) });
}

/** Addresses of this server become links, also where it is looked at under another of its names. */
function Linked({ text, base }: { readonly text: string; readonly base: string }) {
  return (
    <>
      {text
        .split(/(https?:\/\/\S+)/)
        .map((part) =>
          part.startsWith(`${base}/`) ? <a href={part.slice(base.length)}>{part}</a> : part,
        )}
    </>
  );
}
