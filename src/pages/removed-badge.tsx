// What is shown of an award that was purged with its badge: that it was there, and nothing of it.
import type { Language } from "../language.ts";
import { layout } from "./layout.tsx";
import { speaker } from "./words/speak.tsx";
import { UNKNOWN_BADGE_WORDS } from "./words/unknown-badge.ts";

export function removedBadgePage(language: Language) {
  const t = speaker(language, UNKNOWN_BADGE_WORDS);
  return layout({
    title: t("title-removed"),
    language,
    noindex: true,
    children: (
      <div class="sheet">
        <div class="pad stack">
          <h1>{t("removed")}</h1>
          <p>{t("for-good")}</p>
          <h2>{t("what-to-do")}</h2>
          <ul class="plain-list">
            <li>{t("do-not-rely")}</li>
            <li>{t("ask-why")}</li>
          </ul>
        </div>
      </div>
    ),
  });
}
