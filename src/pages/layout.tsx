// The frame every page stands in: head, skip link, header, main, footer.
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import { RosetteMark } from "./icons.tsx";
import { ICON_PATH, STYLESHEET_PATH } from "./stylesheet.ts";

export interface LayoutProps {
  readonly title: string;
  /** Extra elements of the head: canonical address, Open Graph. */
  readonly head?: Child;
  /** Whose page it is, where it is not the installation's own. */
  readonly owner?: { readonly name: string; readonly url: string; readonly language: string };
  /** Asks search engines to leave the page out. */
  readonly noindex?: boolean;
  /** Who is signed in, in the header. */
  readonly account?: Child;
  /** Where they can go, below the header. */
  readonly places?: Child;
  readonly children: Child;
}

/** A whole HTML document. */
export function layout(props: LayoutProps) {
  const { title, head, owner, noindex, account, places, children } = props;
  return html`<!doctype html>${(
    <html lang="en">
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
          Skip to the content
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
          <nav class="wrap" aria-label="About this site">
            {owner ? <a href="/">About this site</a> : null}
            <a href="/verify">Verify a badge</a>
            {account ? null : <a href="/login">Sign in</a>}
            <a href="/docs">API documentation</a>
            <a href="/problems">What error messages mean</a>
            <a href="/terms">Terms</a>
            <a href="/privacy">Privacy</a>
          </nav>
        </footer>
      </body>
    </html>
  )}`;
}

/** A document without header and footer, for a frame in somebody else's page. */
export function bareLayout({ title, children }: { title: string; children: Child }) {
  return html`<!doctype html>${(
    <html lang="en">
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
