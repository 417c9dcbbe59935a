// A badge's page as it is printed: no verdict, which paper would keep too long, but the way to one.
import { standingOf } from "../standing.ts";
import { Award, type BadgePageProps } from "./badge-page.tsx";
import { bareLayout } from "./layout.tsx";
import { qrOf } from "./qr.tsx";
import { VerdictBand } from "./verdict.tsx";
import { here } from "./web-address.ts";
import { BADGE_WORDS } from "./words/badge.ts";
import { speaker } from "./words/speak.tsx";

type BadgePrintProps = Pick<BadgePageProps, "row" | "urls" | "now" | "language">;

/** Only "revoked" is told: it stays true. */
export function badgePrintPage(props: BadgePrintProps) {
  const { row, urls, now, language } = props;
  const { award, badge, replacement } = row;
  const t = speaker(language, BADGE_WORDS);
  const page = urls.badgePage(award.unique_hash);
  return bareLayout({
    title: t("title-paper", { badge: badge.name }),
    language,
    children: (
      <main class="wrap on-paper">
        <div class="screen-only stack">
          <div class="doors">
            <a class="btn" href={here(page)}>
              {t("paper-back")}
            </a>
          </div>
          <p class="soft small">{t("paper-how")}</p>
        </div>
        <div class="sheet">
          {standingOf(award, now) === "revoked" ? (
            <VerdictBand
              award={award}
              replacementHash={replacement?.visible ? replacement.unique_hash : null}
              wasReplaced={replacement !== null}
              now={now}
              urls={urls}
              language={language}
            />
          ) : null}
          <Award {...props} t={t} qr={qrOf(page)} besides={null} />
        </div>
      </main>
    ),
  });
}
