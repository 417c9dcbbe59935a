// The frame every page stands in: head, skip link, header, main, footer.
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { type Language, OFFERED } from "../language.ts";
import { RosetteMark } from "./icons.tsx";
import { ICON_PATH, STYLESHEET_PATH } from "./stylesheet.ts";
import { SHELL } from "./words/shell.ts";
import { speaker } from "./words/speak.tsx";

export interface LayoutProps {
  readonly title: string;
  /** Of everything on the page that does not say its own. */
  readonly language: Language;
  /** Extra elements of the head: canonical address, Open Graph. */
  readonly head?: Child;
  /** Whose page it is, where it is not the installation's own. */
  readonly owner?: { readonly name: string; readonly url: string; readonly language: string };
  /** Asks search engines to leave the page out. */
  readonly noindex?: boolean;
  /** Whether its footer leads to the demo's examples and mailbox. */
  readonly isDemo?: boolean;
  /** Parameters of the page's own address that stay when its language is changed. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Whether the page is made for somebody who is signed in, though it says nothing of them. */
  readonly isSignedIn?: boolean;
  /** Who is signed in, in the header. */
  readonly account?: Child;
  /** Where they can go, below the header. */
  readonly places?: Child;
  readonly children: Child;
}

/** A whole HTML document. */
export function layout(props: LayoutProps) {
  const { title, language, head, owner, noindex, keep, account, places, children, isDemo } = props;
  const { isSignedIn = false } = props;
  const t = speaker(language, SHELL);
  return html`<!doctype html>${(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="stylesheet" href={STYLESHEET_PATH} />
        <link rel="icon" type="image/svg+xml" href={ICON_PATH} />
        {noindex ? <meta name="robots" content="noindex" /> : null}
        {head}
      </head>
      <body>
        <a class="skip" href="#main">
          {t("skip")}
        </a>
        <header class="top">
          <div class="wrap">
            {owner ? (
              <a class="brand" href={owner.url} rel="noopener" lang={owner.language} dir="auto">
                {owner.name}
              </a>
            ) : (
              <a class="brand" href="/">
                <RosetteMark />
                Rosette
              </a>
            )}
            {account}
          </div>
        </header>
        {places}
        <main id="main" class="wrap" tabindex={-1}>
          {children}
        </main>
        <footer class="bottom">
          {isDemo ? (
            <nav class="wrap" aria-labelledby="demo-examples">
              <span id="demo-examples">{t("demo")}</span>
              <a href="/dev/badges/valid">{t("demo-valid")}</a>
              <a href="/dev/badges/expired">{t("demo-expired")}</a>
              <a href="/dev/badges/revoked">{t("demo-revoked")}</a>
              <a href="/dev/mail">{t("demo-mailbox")}</a>
            </nav>
          ) : null}
          <nav class="wrap" aria-label={t("about")}>
            {owner ? <a href="/">{t("about")}</a> : null}
            <a href="/verify">{t("verify")}</a>
            <a href="/catalog">{t("catalog")}</a>
            {account || isSignedIn ? null : <a href="/login">{t("sign-in")}</a>}
            <a href="/docs">{t("api-docs")}</a>
            <a href="/problems">{t("problems")}</a>
            <a href="/terms">{t("terms")}</a>
            <a href="/privacy">{t("privacy")}</a>
            {account ? (
              <a href="/me/identities#language">{t("language")}</a>
            ) : (
              OFFERED.filter(([code]) => code !== language).map(([code, name]) => (
                <a
                  href={`?${new URLSearchParams({ ...keep, lang: code })}`}
                  lang={code}
                  hreflang={code}
                  rel="alternate nofollow"
                >
                  {name}
                </a>
              ))
            )}
          </nav>
        </footer>
      </body>
    </html>
  )}`;
}

interface BareLayoutProps {
  readonly title: string;
  readonly language: Language;
  readonly children: Child;
}

/** A document without header and footer, for a frame in somebody else's page. */
export function bareLayout({ title, language, children }: BareLayoutProps) {
  return html`<!doctype html>${(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="stylesheet" href={STYLESHEET_PATH} />
        <meta name="robots" content="noindex" />
      </head>
      <body class="bare">{children}</body>
    </html>
  )}`;
}
