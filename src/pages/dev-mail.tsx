// The demo's mailbox: what would have been sent, to be read on the machine it runs on.
import type { DemoMail } from "../db/sessions.ts";
import { layout } from "./layout.tsx";
import { Minute } from "./time.tsx";

export function mailboxPage({ mails }: { readonly mails: readonly DemoMail[] }) {
  return layout({
    title: "Mailbox of the demo",
    noindex: true,
    children: (
      <>
        <div class="intro">
          <h1>Mailbox of the demo</h1>
          <p class="lead">
            The demo sends no mail: what it would have sent is kept here. Set <code>SMTP_URL</code>{" "}
            to send it.
          </p>
        </div>
        {mails.length === 0 ? (
          <p class="sheet pad">
            There is no mail yet. <a href="/login">Sign in</a> with any address, and one appears.
          </p>
        ) : (
          <ul class="sheet pad items">
            {mails.map((mail) => (
              <li>
                <h2>
                  <a href={`/dev/mail/${mail.id}`}>{mail.subject}</a>
                </h2>
                <p class="soft small">
                  To <bdi>{mail.to}</bdi>, <Minute at={mail.created_at} />
                </p>
              </li>
            ))}
          </ul>
        )}
      </>
    ),
  });
}

export function mailPage({ mail, base }: { readonly mail: DemoMail; readonly base: string }) {
  return layout({
    title: mail.subject,
    noindex: true,
    children: (
      <>
        <div class="intro">
          <h1>{mail.subject}</h1>
          <p class="soft">
            To <bdi>{mail.to}</bdi>, <Minute at={mail.created_at} />
          </p>
        </div>
        <div class="sheet pad stack">
          {mail.text
            .trim()
            .split("\n\n")
            .map((paragraph) => (
              <p>
                <Linked text={paragraph} base={base} />
              </p>
            ))}
        </div>
        <p class="again">
          <a href="/dev/mail">All mails</a>
        </p>
      </>
    ),
  });
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
