// The apps a person let in: what each may do, since when, and the way to end it.
import { type Account, accountPage, FormToken } from "./account.tsx";
import { Done } from "./form-outcome.tsx";
import { APPS_WORDS, type Permission } from "./words/apps.ts";
import { speaker } from "./words/speak.tsx";

export interface ConnectedApp {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly may: readonly Permission[];
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly lastUsedAt: number | null;
}

export interface AppsPageProps {
  readonly account: Account;
  readonly apps: readonly ConnectedApp[];
  /** Whether access was ended just now. */
  readonly ended: boolean;
}

/** To be sent with PAGE_HEADERS and `cache-control: no-store`. */
export function appsPage({ account, apps, ended }: AppsPageProps) {
  const t = speaker(account.language, APPS_WORDS);
  return accountPage({
    title: t("title"),
    account,
    place: "/me/apps",
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        <Done words={ended ? t("ended") : null} />
        {apps.length === 0 ? (
          <p class="sheet pad narrow">{t("none")}</p>
        ) : (
          <ul class="shelf">
            {apps.map((app) => (
              <li class="sheet">
                <div class="shelf-head">
                  <h2>
                    <bdi>{app.name}</bdi>
                  </h2>
                  <p class="soft" dir="ltr">
                    {app.host}
                  </p>
                </div>
                <p>{t("it-may")}</p>
                <ul class="plain-list">
                  {app.may.map((permission) => (
                    <li>{t(`may-${permission}`)}</li>
                  ))}
                </ul>
                <p class="soft small">
                  {t.rich("allowed-on", { day: t.day(app.since) })}{" "}
                  {app.lastUsedAt === null
                    ? t("never-used")
                    : t.rich("last-used", { day: t.day(app.lastUsedAt) })}
                </p>
                <form method="post" action={`/me/apps/${app.id}/revoke`}>
                  <FormToken account={account} />
                  <button class="btn" type="submit">
                    {t("end")}
                    <span class="unseen"> {t("end-of", { name: app.name })}</span>
                  </button>
                </form>
              </li>
            ))}
          </ul>
        )}
      </>
    ),
  });
}
