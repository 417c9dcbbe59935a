// What is shown where no award has the address: the likely reasons, and what to do.
import type { Language } from "../language.ts";
import { layout } from "./layout.tsx";
import { speaker } from "./words/speak.tsx";
import { UNKNOWN_BADGE_WORDS } from "./words/unknown-badge.ts";

export function unknownBadgePage(language: Language) {
  const t = speaker(language, UNKNOWN_BADGE_WORDS);
  return layout({
    title: t("title-unknown"),
    language,
    noindex: true,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <h1>{t("unknown")}</h1>
          <p>{t("no-record")}</p>
          <h2>{t("what-to-do")}</h2>
          <ul class="plain-list">
            <li>{t("compare-address")}</li>
            <li>{t("ask-again")}</li>
            <li>{t("not-confirmed")}</li>
          </ul>
        </div>
      </div>
    ),
  });
}
