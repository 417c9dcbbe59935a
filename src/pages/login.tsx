// The way in: the page that asks for an address, the one that asks for the code, and the one a link opens.

import type { Child } from "hono/jsx";
import { FORM_TOKEN_FIELD } from "./account.tsx";
import { EmailField } from "./email-field.tsx";
import { Done, Fault, type FormFault } from "./form-outcome.tsx";
import { layout } from "./layout.tsx";
import { Minute } from "./time.tsx";

export interface LoginPageProps {
  /** The `form_token` of this browser. */
  readonly formToken: string;
  readonly fault: FormFault | null;
  /** What happened before, such as signing out. */
  readonly notice: string | null;
  readonly email: string;
  readonly next: string | null;
  /** Whether mails can be sent at all. */
  readonly canMail: boolean;
  /** The OpenID provider's name; null where none is set. */
  readonly provider: string | null;
  /** People of the demo to sign in as; none anywhere else. */
  readonly doors: readonly { readonly name: string; readonly href: string }[];
}

export function loginPage(props: LoginPageProps) {
  const { formToken, fault, notice, email, next, canMail, provider, doors } = props;
  return frame({
    title: "Sign in",
    lead: "You get a mail with a link. There is no password, and no account to make beforehand.",
    children: (
      <>
        <Done words={notice} />
        <Fault fault={fault} narrow />
        {doors.length === 0 ? null : (
          <div class="sheet pad note narrow">
            <p>This is the demo. Sign in at once as somebody in it:</p>
            <p class="doors">
              {doors.map(({ name, href }) => (
                <a class="btn" href={href}>
                  {name}
                </a>
              ))}
            </p>
          </div>
        )}
        {canMail ? (
          <form class="sheet pad form narrow" method="post" action="/login">
            <input type="hidden" name={FORM_TOKEN_FIELD} value={formToken} />
            {next === null ? null : <input type="hidden" name="next" value={next} />}
            <EmailField
              label="Your e-mail address"
              help="The one your badges were sent to, if you have any."
              value={email}
            />
            <button class="btn first" type="submit">
              Send me a link
            </button>
          </form>
        ) : (
          <div class="sheet pad stack narrow">
            <h2>This server cannot send mail yet</h2>
            <p>
              Signing in by mail needs a mail server. Whoever runs this site sets it with{" "}
              <code>SMTP_URL</code>; <code>rosette doctor</code> says what else is missing.
            </p>
          </div>
        )}
        {provider === null ? null : (
          <p class="other-way">
            <a class="btn" href={`/login/oidc${query(next)}`}>
              Sign in with {provider}
            </a>
          </p>
        )}
      </>
    ),
  });
}

function query(next: string | null): string {
  return next === null ? "" : `?next=${encodeURIComponent(next)}`;
}

export interface CodePageProps {
  readonly formToken: string;
  readonly fault: FormFault | null;
  /** As it was typed. */
  readonly email: string;
  /** Milliseconds since 1970: till when link and code can be used. */
  readonly expiresAt: number;
  /** Where the code is sent, and where to ask for another mail. */
  readonly action: string;
  readonly again: string;
  /** What typing it does, on the button. */
  readonly verb: string;
  readonly next: string | null;
  /** Where the demo keeps what it would have sent; null where mails are sent. */
  readonly mailbox: string | null;
}

export function codePage(props: CodePageProps) {
  const { formToken, fault, email, expiresAt, action, again, verb, next, mailbox } = props;
  return frame({
    title: "Look into your mail",
    lead: (
      <>
        If <bdi>{email}</bdi> can be reached, a mail is on its way to it.
      </>
    ),
    children: (
      <>
        {mailbox === null ? null : (
          <p class="sheet pad note narrow">
            This is the demo: it sends no mail. <a href={mailbox}>Look into its mailbox</a>.
          </p>
        )}
        <Fault fault={fault} narrow />
        <form class="sheet pad form narrow" method="post" action={action}>
          <p>
            Open the link in it, or type the code here. Both can be used until{" "}
            <Minute at={expiresAt} />.
          </p>
          <input type="hidden" name={FORM_TOKEN_FIELD} value={formToken} />
          <div>
            <label for="code">Six-digit code</label>
            <input
              type="text"
              id="code"
              name="code"
              class="code"
              required
              maxlength={20}
              inputmode="numeric"
              autocomplete="one-time-code"
              autofocus
            />
          </div>
          <button class="btn first" type="submit">
            {verb}
          </button>
        </form>
        <form class="again" method="post" action={again}>
          <input type="hidden" name={FORM_TOKEN_FIELD} value={formToken} />
          <input type="hidden" name="email" value={email} />
          {next === null ? null : <input type="hidden" name="next" value={next} />}
          <p class="soft small">Nothing there after some minutes? Look among unwanted mail too.</p>
          <button class="btn" type="submit">
            Send another mail
          </button>
        </form>
      </>
    ),
  });
}

export interface LinkPageProps {
  readonly formToken: string;
  readonly purpose: "sign_in" | "confirm_identity";
  /** To sign in shortened, for whoever looks over a shoulder; to be confirmed whole, since others may have asked. */
  readonly address: string;
  /** Who is signed in in this browser now. */
  readonly signedInAs: string | null;
  /** The link's own path. */
  readonly action: string;
}

/** Opening it changes nothing: programs that look through mail open links too. */
export function linkPage({ formToken, purpose, address, signedInAs, action }: LinkPageProps) {
  const signsIn = purpose === "sign_in";
  return frame({
    title: signsIn ? "Sign in" : "Confirm your address",
    lead: signsIn ? (
      <>
        This link signs this browser in as <bdi>{address}</bdi>.
      </>
    ) : (
      <>
        This adds <bdi>{address}</bdi> to your account, and the badges that were made out to it.
        Confirm it only if it is yours: whoever reads its mail can sign in as you from then on.
      </>
    ),
    children: (
      <form class="sheet pad form narrow" method="post" action={action}>
        <input type="hidden" name={FORM_TOKEN_FIELD} value={formToken} />
        {signedInAs === null ? null : (
          <p>
            {signsIn ? "Here you are signed in as " : "You are signed in as "}
            <bdi>{signedInAs}</bdi>
            {signsIn ? "; that session ends." : "."}
          </p>
        )}
        <button class="btn first" type="submit">
          {signsIn ? (
            <span>
              Continue as <bdi>{address}</bdi>
            </span>
          ) : (
            <span>
              Confirm <bdi>{address}</bdi>
            </span>
          )}
        </button>
      </form>
    ),
  });
}

/** A way in that ended, and the way on. */
export interface EndedPageProps {
  readonly title: string;
  readonly lead: string;
  /** Sends the same mail again. */
  readonly again: { readonly action: string; readonly formToken: string } | null;
  readonly link: { readonly href: string; readonly words: string };
}

export function endedPage({ title, lead, again, link }: EndedPageProps) {
  return frame({
    title,
    lead,
    children: (
      <div class="sheet pad stack narrow">
        {again === null ? null : (
          <form class="form" method="post" action={again.action}>
            <input type="hidden" name={FORM_TOKEN_FIELD} value={again.formToken} />
            <button class="btn first" type="submit">
              Send a new mail
            </button>
          </form>
        )}
        <p>
          <a href={link.href}>{link.words}</a>
        </p>
      </div>
    ),
  });
}

/** Before somebody is signed in as a person of the demo by another page's link. */
export function demoPersonPage(props: { formToken: string; name: string; action: string }) {
  return frame({
    title: "Sign in to the demo",
    lead: `Another page led here. Continue to be signed in as ${props.name}, a person of the demo.`,
    children: (
      <form class="sheet pad form narrow" method="post" action={props.action}>
        <input type="hidden" name={FORM_TOKEN_FIELD} value={props.formToken} />
        <button class="btn first" type="submit">
          Continue as {props.name}
        </button>
      </form>
    ),
  });
}

function frame({ title, lead, children }: { title: string; lead: Child; children: Child }) {
  return layout({
    title,
    noindex: true,
    children: (
      <>
        <div class="intro">
          <h1>{title}</h1>
          <p class="lead">{lead}</p>
        </div>
        {children}
      </>
    ),
  });
}
