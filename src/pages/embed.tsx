// A badge small enough to stand in somebody else's page.

import { standingOf } from "../standing.ts";
import type { BadgePageProps } from "./badge-page.tsx";
import { bareLayout } from "./layout.tsx";
import { BadgePicture } from "./picture.tsx";
import { issuerName } from "./sections.tsx";
import { VERDICT_WORD, VerdictLabel } from "./verdict.tsx";

export function embedPage({ row, urls, now }: Pick<BadgePageProps, "row" | "urls" | "now">) {
  const { award, badge, organization } = row;
  const verdict = standingOf(award, now);
  return bareLayout({
    title: `${VERDICT_WORD[verdict]}: ${badge.name}`,
    children: (
      <main class={`tile ${verdict}`}>
        <BadgePicture picture={row.picture} badge={badge} urls={urls} />
        <div>
          <h1 lang={badge.language} dir="auto">
            <a href={urls.badgePage(award.unique_hash)} target="_blank" rel="noopener">
              {badge.name}
            </a>
          </h1>
          <p class="soft" dir="auto">
            {issuerName(badge, organization)}
          </p>
          <VerdictLabel verdict={verdict} />
        </div>
      </main>
    ),
  });
}
