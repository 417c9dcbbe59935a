// The demo's mailbox: what would have been sent, to be read on the machine it runs on.
import type { ListedDemoMail } from "../db/demo-mails.ts";
import type { DemoMail } from "../db/sessions.ts";
import { layout } from "./layout.tsx";
import { Minute } from "./time.tsx";

export function mailboxPage({ mails }: { readonly mails: readonly ListedDemoMail[] }) {
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
            There is no mail yet. <a href="/login">Sign in</a> with any address, or award a badge,
            and one appears.
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
                {paragraph.split("\n").map((line, i) => (
                  <>
                    {i === 0 ? null : <br />}
                    <Linked text={line} base={base} />
                  </>
                ))}
              </p>
            ))}
        </div>
        {mail.attachments.length === 0 ? null : <Attachments mail={mail} />}
        <p class="again">
          <a href="/dev/mail">All mails</a>
        </p>
      </>
    ),
  });
}

function Attachments({ mail }: { readonly mail: DemoMail }) {
  return (
    <section class="sheet pad stack">
      <h2>Attached</h2>
      <ul class="items">
        {mail.attachments.map(({ name, base64 }, i) => (
          <li>
            <a href={`/dev/mail/${mail.id}/attachments/${i}`} download={name}>
              {name}
            </a>{" "}
            <span class="soft small">{sizeOf(base64)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Of the bytes that are written so: four characters for each three. */
function sizeOf(base64: string): string {
  const bytes = (base64.length / 4) * 3 - (/=*$/.exec(base64)?.[0].length ?? 0);
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} KB`;
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
