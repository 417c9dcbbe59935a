// What a card says of a badge that somebody holds: what it is, who issues it, how often, and since when.
import type { OwnBadge } from "../db/own-shelf.ts";
import { standingOf } from "../standing.ts";
import type { Urls } from "../urls.ts";
import { BadgePicture } from "./picture.tsx";
import { issuerName } from "./sections.tsx";
import { here } from "./web-address.ts";
import type { Speaker } from "./words/speak.tsx";

interface HeldBadgeProps {
  readonly t: Speaker<"times" | "times-words" | "expired" | "earned-on">;
  readonly urls: Urls;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly own: OwnBadge;
  /** That its place on the page asks for. */
  readonly heading: "h2" | "h4";
}

export function HeldBadge({ t, urls, now, own, heading: Heading }: HeldBadgeProps) {
  const { award, badge, organization, picture, tierName, times } = own;
  return (
    <>
      <BadgePicture picture={picture} badge={badge} urls={urls} language={t.language} />
      <Heading>
        <a href={here(urls.badgePage(award.unique_hash))} lang={badge.language} dir="auto">
          {badge.name}
        </a>
      </Heading>
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
    </>
  );
}
