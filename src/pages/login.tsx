// The way in: the page that asks for an address, the one that asks for the code, and the one a link opens.

import type { Child } from "hono/jsx";
import type { Language } from "../language.ts";
import { FORM_TOKEN_FIELD } from "./account.tsx";
import { EmailField } from "./email-field.tsx";
import { Done, Fault, type FormFault } from "./form-outcome.tsx";
import { layout } from "./layout.tsx";
import { LOGIN_WORDS } from "./words/login.ts";
import { ENDED_WORDS, type EndedReason } from "./words/login-ended.ts";
import { speaker } from "./words/speak.tsx";

/** Of a time that has to pass first. */
export interface Wait {
  readonly unit: "minutes" | "hours";
  readonly count: number;
}

/** Why nothing came of an address or a code that somebody typed. */
export type TypedFault =
  | { readonly code: "no-email" | "code-over" }
  | ({ readonly code: "too-many-mails" | "code-wait" } & Wait)
  | { readonly code: "code-wrong"; readonly tries: number };

export function typedFault(fault: TypedFault | null, language: Language): FormFault | null {
  if (fault === null) return null;
  const t = speaker(language, LOGIN_WORDS);
  const { code, ...values } = fault;
  return { detail: t(code), fix: t(`${code}-fix`, values) };
}

export interface LoginPageProps {
  readonly language: Language;
  /** The `form_token` of this browser. */
  readonly formToken: string;
  readonly fault: TypedFault | null;
  /** What happened before. */
  readonly notice: "signed-out" | null;
  readonly email: string;
  readonly next: string | null;
  /** Whether mails can be sent at all. */
  readonly canMail: boolean;
  /** Where the form is sent. */
  readonly action: string;
  /** The OpenID provider's name; null where none is set. */
  readonly provider: string | null;
  /** People of the demo to sign in as; none anywhere else. */
  readonly doors: readonly { readonly name: string; readonly href: string }[];
}

export function loginPage(props: LoginPageProps) {
  const { language, formToken, fault, notice, email, next, provider, doors } = props;
  const t = speaker(language, LOGIN_WORDS);
  return frame({
    language,
    title: t("title"),
    lead: t("lead"),
    keep: next === null ? {} : { next },
    children: (
      <>
        <Done words={notice === null ? null : t(notice)} />
        <Fault fault={typedFault(fault, language)} narrow />
        {doors.length === 0 ? null : (
          <div class="sheet pad note narrow">
            <p>{t("doors")}</p>
            <p class="doors">
              {doors.map(({ name, href }) => (
                <a class="btn" href={href}>
                  <bdi>{name}</bdi>
                </a>
              ))}
            </p>
          </div>
        )}
        {props.canMail ? (
          <form class="sheet pad form narrow" method="post" action={props.action}>
            <input type="hidden" name={FORM_TOKEN_FIELD} value={formToken} />
            {next === null ? null : <input type="hidden" name="next" value={next} />}
            <EmailField label={t("email")} help={t("email-help")} value={email} />
            <button class="btn first" type="submit">
              {t("send")}
            </button>
          </form>
        ) : (
          <div class="sheet pad stack narrow">
            <h2>{t("no-mail")}</h2>
            <p>{t.rich("no-mail-why", { code: (inside) => <code>{inside}</code> })}</p>
          </div>
        )}
        {provider === null ? null : (
          <p class="other-way">
            <a class="btn" href={`/login/oidc${query(next)}`}>
              {t("with-provider", { provider })}
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
  readonly language: Language;
  readonly formToken: string;
  readonly fault: TypedFault | null;
  /** As it was typed. */
  readonly email: string;
  /** Milliseconds since 1970: till when link and code can be used. */
  readonly expiresAt: number;
  /** Where the code is sent, and where to ask for another mail. */
  readonly action: string;
  readonly again: string;
  /** What typing it does. */
  readonly purpose: "sign_in" | "confirm_identity";
  readonly next: string | null;
  /** Where the demo keeps what it would have sent; null where mails are sent. */
  readonly mailbox: string | null;
}

export function codePage(props: CodePageProps) {
  const { language, formToken, email, expiresAt, next, mailbox } = props;
  const t = speaker(language, LOGIN_WORDS);
  return frame({
    language,
    title: t("code-title"),
    lead: t.rich("code-lead", { email: <bdi>{email}</bdi> }),
    children: (
      <>
        {mailbox === null ? null : (
          <p class="sheet pad note narrow">
            {t.rich("code-mailbox", { link: (inside) => <a href={mailbox}>{inside}</a> })}
          </p>
        )}
        <Fault fault={typedFault(props.fault, language)} narrow />
        <form class="sheet pad form narrow" method="post" action={props.action}>
          <p>{t.rich("code-how", { until: t.minute(expiresAt) })}</p>
          <input type="hidden" name={FORM_TOKEN_FIELD} value={formToken} />
          <div>
            <label for="code">{t("code")}</label>
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
            {t(props.purpose === "sign_in" ? "code-sign-in" : "code-confirm")}
          </button>
        </form>
        <form class="again" method="post" action={props.again}>
          <input type="hidden" name={FORM_TOKEN_FIELD} value={formToken} />
          <input type="hidden" name="email" value={email} />
          {next === null ? null : <input type="hidden" name="next" value={next} />}
          <p class="soft small">{t("code-nothing")}</p>
          <button class="btn" type="submit">
            {t("code-again")}
          </button>
        </form>
      </>
    ),
  });
}

export interface LinkPageProps {
  readonly language: Language;
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
export function linkPage(props: LinkPageProps) {
  const { language, formToken, address, signedInAs, action } = props;
  const t = speaker(language, LOGIN_WORDS);
  const deed = props.purpose === "sign_in" ? "link" : "confirm";
  return frame({
    language,
    title: t(`${deed}-title`),
    lead: t.rich(`${deed}-lead`, { address: <bdi>{address}</bdi> }),
    children: (
      <form class="sheet pad form narrow" method="post" action={action}>
        <input type="hidden" name={FORM_TOKEN_FIELD} value={formToken} />
        {signedInAs === null ? null : (
          <p>{t.rich(`${deed}-signed-in`, { who: <bdi>{signedInAs}</bdi> })}</p>
        )}
        <button class="btn first" type="submit">
          <span>{t.rich(`${deed}-go`, { address: <bdi>{address}</bdi> })}</span>
        </button>
      </form>
    ),
  });
}

/** A way in that ended, and the way on. */
export interface EndedPageProps {
  readonly language: Language;
  readonly reason: EndedReason;
  /** Sends the same mail again. */
  readonly again: { readonly action: string; readonly formToken: string } | null;
  readonly on: "login" | "identities";
}

const ON = { login: "/login", identities: "/me/identities" } as const;

export function endedPage({ language, reason, again, on }: EndedPageProps) {
  const t = speaker(language, ENDED_WORDS);
  return frame({
    language,
    title: t(reason),
    lead: t(`${reason}-lead`),
    children: (
      <div class="sheet pad stack narrow">
        {again === null ? null : (
          <form class="form" method="post" action={again.action}>
            <input type="hidden" name={FORM_TOKEN_FIELD} value={again.formToken} />
            <button class="btn first" type="submit">
              {t("again")}
            </button>
          </form>
        )}
        <p>
          <a href={ON[on]}>{t(`to-${on}`)}</a>
        </p>
      </div>
    ),
  });
}

export interface DemoPersonPageProps {
  readonly language: Language;
  readonly formToken: string;
  readonly name: string;
  readonly action: string;
}

/** Before somebody is signed in as a person of the demo by another page's link. */
export function demoPersonPage({ language, formToken, name, action }: DemoPersonPageProps) {
  const t = speaker(language, LOGIN_WORDS);
  return frame({
    language,
    title: t("demo-title"),
    lead: t("demo-lead", { name }),
    children: (
      <form class="sheet pad form narrow" method="post" action={action}>
        <input type="hidden" name={FORM_TOKEN_FIELD} value={formToken} />
        <button class="btn first" type="submit">
          {t("demo-go", { name })}
        </button>
      </form>
    ),
  });
}

interface FrameProps {
  readonly language: Language;
  readonly title: string;
  readonly lead: Child;
  readonly keep?: Readonly<Record<string, string>>;
  readonly children: Child;
}

function frame({ language, title, lead, keep, children }: FrameProps) {
  return layout({
    title,
    language,
    keep,
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
