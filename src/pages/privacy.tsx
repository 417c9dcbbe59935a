// What this software keeps about people, for how long, and who sees it.
import { layout } from "./layout.tsx";
import type { AboutSiteProps } from "./terms.tsx";
import { PRIVACY_WORDS } from "./words/privacy.ts";
import { speaker } from "./words/speak.tsx";

export function privacyPage({ host, language }: AboutSiteProps) {
  const t = speaker(language, PRIVACY_WORDS);
  return layout({
    title: t("title"),
    language,
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">{t.rich("lead", { host: <bdi>{host}</bdi> })}</p>
        </div>
        <div class="sheet pad stack">
          <section class="prose">
            <h2>{t("kept")}</h2>
            <ul>
              <li>{t("kept-name")}</li>
              <li>{t("kept-awards")}</li>
              <li>
                {t.rich("kept-badges", { badges: (inside) => <a href="/me/badges">{inside}</a> })}
              </li>
              <li>{t("kept-apps")}</li>
              <li>{t("kept-backpacks")}</li>
              <li>{t("kept-sessions")}</li>
            </ul>
          </section>
          <section class="prose">
            <h2>{t("sees")}</h2>
            <p>{t("sees-public")}</p>
            <p>
              {t.rich("sees-backpack", {
                backpacks: (inside) => <a href="/me/backpacks">{inside}</a>,
              })}
            </p>
            <p>{t.rich("sees-apps", { apps: (inside) => <a href="/me/apps">{inside}</a> })}</p>
            <p>{t("sees-issuer")}</p>
          </section>
          <section class="prose">
            <h2>{t("how")}</h2>
            <p>{t("how-secrets")}</p>
          </section>
          <section class="prose">
            <h2>{t("long")}</h2>
            <p>{t("long-sessions")}</p>
          </section>
        </div>
      </>
    ),
  });
}
