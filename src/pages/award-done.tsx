// What became of an award that somebody made by hand, and where to go on.
import type { Badge } from "../db/badges.ts";
import type { Urls } from "../urls.ts";
import { type Account, accountPage } from "./account.tsx";
import { here } from "./web-address.ts";
import { AWARD } from "./words/award.ts";
import { speaker } from "./words/speak.tsx";

export interface AwardDoneProps {
  readonly account: Account;
  readonly badge: Pick<Badge, "id" | "name">;
  readonly person: string;
  /** Nothing was awarded: it is what they hold. */
  readonly wasHeld: boolean;
  readonly award: {
    readonly hash: string;
    readonly tierLevel: number | null;
    readonly expiresAt: number | null;
    readonly isRevoked: boolean;
    readonly claimState: "unclaimed" | "claimed" | "declined";
  };
  readonly mail: "yes" | "waiting" | "off" | "none";
  readonly isDemo: boolean;
  readonly urls: Urls;
}

export function awardDonePage(props: AwardDoneProps) {
  const { account, badge, person, wasHeld, award, mail, isDemo, urls } = props;
  const t = speaker(account.language, AWARD);
  const title = t(wasHeld ? "held-title" : "awarded-title", { badge: badge.name, person });
  return accountPage({
    title,
    account,
    place: "/award",
    children: (
      <>
        <div class="intro">
          <h1 dir="auto">{title}</h1>
          {wasHeld ? <p class="lead">{t("held-lead")}</p> : null}
        </div>
        <section class="sheet pad narrow stack" aria-labelledby="happened">
          <h2 id="happened">{t("next-title")}</h2>
          <ul class="plain-list">
            {award.isRevoked ? <li>{t("happened-revoked")}</li> : null}
            <li>
              {t.rich("happened-page", {
                link: (inside) => <a href={here(urls.badgePage(award.hash))}>{inside}</a>,
              })}
            </li>
            {wasHeld ? null : <li>{t("happened-mail", { sent: mail })}</li>}
            {isDemo && !wasHeld ? (
              <li>
                {t.rich("happened-mailbox", {
                  link: (inside) => <a href="/dev/mail">{inside}</a>,
                })}
              </li>
            ) : null}
            <li>{t("happened-claim", { state: award.claimState })}</li>
            {award.tierLevel === null ? null : (
              <li>{t("happened-tier", { level: award.tierLevel })}</li>
            )}
            {award.expiresAt === null ? null : (
              <li>{t.rich("happened-expires", { day: t.day(award.expiresAt) })}</li>
            )}
          </ul>
          <div class="doors">
            <a class="btn first" href="/award">
              {t("again")}
            </a>
            <a class="btn" href={`/award?badge=${badge.id}`}>
              {t("again-same")}
            </a>
            {account.may.administer ? (
              <a class="btn" href={`/admin/badges/${badge.id}`}>
                {t("manage")}
              </a>
            ) : null}
          </div>
        </section>
      </>
    ),
  });
}
