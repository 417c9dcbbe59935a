// The cards of a person's own page: one badge each, and one link each.
import type { Badge } from "../db/badges.ts";
import type { OwnBadge } from "../db/own-shelf.ts";
import { standingOf } from "../standing.ts";
import type { Urls } from "../urls.ts";
import { type Account, Press } from "./account.tsx";
import { HiddenSign } from "./icons.tsx";
import type { MeSpeaker } from "./me.tsx";
import type { ShownNext } from "./me-next.tsx";
import { BadgePicture } from "./picture.tsx";
import { issuerName } from "./sections.tsx";
import { here } from "./web-address.ts";

interface OwnCardProps {
  readonly t: MeSpeaker;
  readonly account: Account;
  readonly urls: Urls;
  readonly now: number;
  readonly own: OwnBadge;
}

export function OwnCard({ t, account, urls, now, own }: OwnCardProps) {
  const { award, badge, organization, picture, tierName, times, shown } = own;
  const isHidden = shown === 0;
  return (
    <li class={isHidden ? "sheet card own faded" : "sheet card own"}>
      <BadgePicture picture={picture} badge={badge} urls={urls} language={t.language} />
      <h4>
        <a href={here(urls.badgePage(award.unique_hash))} lang={badge.language} dir="auto">
          {badge.name}
        </a>
      </h4>
      <p class="soft small" dir="auto">
        {issuerName(badge, organization)}
        {tierName === null ? null : (
          <>
            {" · "}
            <bdi lang={badge.language}>{tierName}</bdi>
          </>
        )}
      </p>
      <p class="soft small">
        {times > 1 ? (
          <>
            <b class="times" aria-hidden="true">
              {t("times", { count: times })}
            </b>
            <span class="unseen">{t("times-words", { count: times })}</span>{" "}
          </>
        ) : null}
        {standingOf(award, now) === "expired"
          ? t.rich("expired", { day: t.day(award.date_expire ?? now) })
          : t.rich("earned-on", { day: t.day(award.awarded_at) })}
      </p>
      <div class="card-foot">
        {shown === times ? null : (
          <span class="state hidden">
            <HiddenSign />
            {isHidden ? t("hidden") : t("partly-hidden", { hidden: times - shown, count: times })}
          </span>
        )}
        <Press
          account={account}
          action="/me/visibility"
          fields={{ badge: badge.id, visible: isHidden ? "true" : "false" }}
          about={badge.name}
        >
          {t(isHidden ? "show" : "hide")}
        </Press>
      </div>
    </li>
  );
}

interface LockedCardProps {
  readonly t: MeSpeaker;
  readonly urls: Urls;
  readonly badge: Badge;
  readonly next: readonly ShownNext[];
}

/** Nearly without colour, and with its description: what it takes is behind the link. */
export function LockedCard({ t, urls, badge, next }: LockedCardProps) {
  const progress = next.find((one) => one.badge.id === badge.id)?.steps[0];
  return (
    <li class="sheet card locked">
      <img class="art" src={here(urls.lockedImage(badge.id))} width="144" height="144" alt="" />
      <h4>
        <a href={here(urls.badgeCriteria(badge.id))} lang={badge.language} dir="auto">
          {badge.name}
        </a>
      </h4>
      <p class="soft small clamped" lang={badge.language} dir="auto">
        {badge.description}
      </p>
      <p class="soft small">
        {progress === undefined
          ? t("locked-badge")
          : t("progress", { value: progress.value, threshold: progress.threshold })}
      </p>
    </li>
  );
}
