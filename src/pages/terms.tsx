// What those who use this site as a backpack, or connect an app to it, may expect of it.
import type { Language } from "../language.ts";
import { layout } from "./layout.tsx";
import { speaker } from "./words/speak.tsx";
import { TERMS_WORDS } from "./words/terms.ts";

export interface AboutSiteProps {
  readonly host: string;
  readonly language: Language;
}

export function termsPage({ host, language }: AboutSiteProps) {
  const t = speaker(language, TERMS_WORDS);
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
            <h2>{t("keepers")}</h2>
            <p>{t("kept-if")}</p>
            <p>{t("you-decide")}</p>
            <p>{t("no-claiming")}</p>
          </section>
          <section class="prose">
            <h2>{t("apps")}</h2>
            <p>{t("register")}</p>
            <p>{t.rich("one-by-one", { header: <code>Retry-After</code> })}</p>
          </section>
          <section class="prose">
            <h2>{t("both")}</h2>
            <p>{t.rich("as-it-is", { privacy: (inside) => <a href="/privacy">{inside}</a> })}</p>
          </section>
        </div>
      </>
    ),
  });
}
