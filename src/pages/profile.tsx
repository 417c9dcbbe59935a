// The page that somebody chose to have about their badges, for whoever has its address.
import type { OwnBadge } from "../db/own-shelf.ts";
import type { Profile } from "../db/profiles.ts";
import type { Language } from "../language.ts";
import { standingOf } from "../standing.ts";
import type { Urls } from "../urls.ts";
import { HeldBadge } from "./held-badge.tsx";
import { layout } from "./layout.tsx";
import { Pager } from "./table.tsx";
import { PROFILE } from "./words/profile.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export interface ProfilePageProps {
  readonly profile: Pick<Profile, "name" | "slug" | "is_indexed">;
  readonly language: Language;
  readonly urls: Urls;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly badges: readonly OwnBadge[];
  /** Of all pages together. */
  readonly count: number;
  readonly pages: { readonly first: string | null; readonly next: string | null };
}

/** What others see: names no address, and nothing that is hidden or was revoked. */
export function profilePage(props: ProfilePageProps) {
  const { profile, language, urls, now, badges, count, pages } = props;
  const { name, slug, is_indexed: isIndexed } = profile;
  const t = speaker(language, PROFILE);
  const who = <bdi>{name}</bdi>;
  return layout({
    title: t("title", { name }),
    language,
    noindex: !isIndexed,
    head: (
      <>
        <meta name="description" content={t("summary", { name, count })} />
        <link rel="canonical" href={urls.profile(slug)} />
        <meta property="og:type" content="profile" />
        <meta property="og:title" content={t("title", { name })} />
        <meta property="og:url" content={urls.profile(slug)} />
      </>
    ),
    children: (
      <>
        <div class="intro">
          <h1 dir="auto">{t.rich("title", { name: who })}</h1>
          <p class="lead">
            {count === 0 ? t.rich("none", { name: who }) : t.rich("summary", { name: who, count })}
          </p>
        </div>
        {badges.length === 0 ? null : (
          <ul class="cards">
            {badges.map((own) => (
              <Card t={t} own={own} urls={urls} now={now} />
            ))}
          </ul>
        )}
        <Pager language={language} first={pages.first} next={pages.next} />
        {badges.length === 0 ? null : (
          <p class="soft small me-none">{t.rich("checked", { time: t.minute(now) })}</p>
        )}
      </>
    ),
  });
}

interface CardProps extends Pick<ProfilePageProps, "urls" | "now"> {
  readonly t: Speaker<keyof typeof PROFILE.en & string>;
  readonly own: OwnBadge;
}

function Card({ t, own, urls, now }: CardProps) {
  const isOver = standingOf(own.award, now) === "expired";
  return (
    <li class={isOver ? "sheet card own faded" : "sheet card own"}>
      <HeldBadge t={t} urls={urls} now={now} own={own} heading="h2" />
    </li>
  );
}
