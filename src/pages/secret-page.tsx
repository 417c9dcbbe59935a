// The page that shows a secret, this once: in no address, kept by no cache, and not shown again when it is loaded again.
import type { Child } from "hono/jsx";
import { type Account, accountPage, type Place } from "./account.tsx";
import { SECRET } from "./words/secret.ts";
import { speaker } from "./words/speak.tsx";

interface SecretPageProps {
  readonly account: Account;
  readonly place: Place;
  readonly title: string;
  /** Null where the form was sent again: it has been shown. */
  readonly secret: string | null;
  /** What it is for, and how it is used. */
  readonly children?: Child;
  /** What to do about one that is lost. */
  readonly lost: string;
  readonly back: { readonly href: string; readonly words: string };
}

export function secretPage({ account, place, title, secret, ...rest }: SecretPageProps) {
  const t = speaker(account.language, SECRET);
  return accountPage({
    title,
    account,
    place,
    children: (
      <>
        <div class="intro">
          <h1>{title}</h1>
          <p class="lead">{secret === null ? t("shown-before") : t("keep-now")}</p>
        </div>
        <div class="sheet pad stack">
          {secret === null ? (
            <p>{rest.lost}</p>
          ) : (
            <>
              <h2>{t("secret")}</h2>
              <pre class="secret">{secret}</pre>
              {rest.children}
              <p class="soft small">{rest.lost}</p>
            </>
          )}
          <p>
            <a class="btn" href={rest.back.href}>
              {rest.back.words}
            </a>
          </p>
        </div>
      </>
    ),
  });
}
