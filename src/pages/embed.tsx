// A badge small enough to stand in somebody else's page.

import { standingOf } from "../standing.ts";
import type { BadgePageProps } from "./badge-page.tsx";
import { bareLayout } from "./layout.tsx";
import { BadgePicture } from "./picture.tsx";
import { issuerName } from "./sections.tsx";
import { VerdictLabel } from "./verdict.tsx";
import { BADGE_WORDS } from "./words/badge.ts";
import { speaker } from "./words/speak.tsx";
import { VERDICT_WORDS } from "./words/verdict.ts";

type EmbedProps = Pick<BadgePageProps, "row" | "urls" | "now" | "language">;

export function embedPage({ row, urls, now, language }: EmbedProps) {
  const { award, badge, organization } = row;
  const verdict = standingOf(award, now);
  const word = speaker(language, VERDICT_WORDS)(verdict);
  return bareLayout({
    title: speaker(language, BADGE_WORDS)("title", { verdict: word, badge: badge.name }),
    language,
    children: (
      <main class={`tile ${verdict}`}>
        <BadgePicture picture={row.picture} badge={badge} urls={urls} language={language} />
        <div>
          <h1 lang={badge.language} dir="auto">
            <a href={urls.badgePage(award.unique_hash)} target="_blank" rel="noopener">
              {badge.name}
            </a>
          </h1>
          <p class="soft" dir="auto">
            {issuerName(badge, organization)}
          </p>
          <VerdictLabel verdict={verdict} language={language} />
        </div>
      </main>
    ),
  });
}
