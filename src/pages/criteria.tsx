// The page of a badge class: what the badge stands for and how it is earned, whoever holds it.
import type { PictureRef } from "../db/badge-page.ts";
import type { Alignment, Badge } from "../db/badges.ts";
import type { Organization } from "../db/organizations.ts";
import type { Language } from "../language.ts";
import { linkable } from "../linkable.ts";
import type { Urls } from "../urls.ts";
import { layout } from "./layout.tsx";
import { BadgePicture } from "./picture.tsx";
import {
  Alignments,
  Criteria,
  Description,
  Issuer,
  IssuerLink,
  issuerName,
  Kind,
  Tags,
} from "./sections.tsx";
import { ShareHead } from "./share-head.tsx";
import { here } from "./web-address.ts";
import { BADGE_WORDS } from "./words/badge.ts";
import { CATALOG_WORDS } from "./words/catalog.ts";
import { speaker } from "./words/speak.tsx";

export interface CriteriaPageProps {
  readonly badge: Badge;
  readonly organization: Organization;
  readonly alignments: readonly Alignment[];
  /** Null where the badge has no picture in the registry. */
  readonly picture: PictureRef | null;
  readonly urls: Urls;
  /** Whether this runtime can draw the wide picture of a link. */
  readonly canDraw: boolean;
  /** Whether the footer leads to the demo's examples. */
  readonly isDemo: boolean;
  readonly language: Language;
}

/** Send with PAGE_HEADERS. */
export function criteriaPage({
  badge,
  organization,
  alignments,
  picture,
  urls,
  canDraw,
  isDemo,
  language,
}: CriteriaPageProps) {
  const t = speaker(language, BADGE_WORDS);
  const owner = linkable(badge.issuer_url ?? organization.url);
  const name = issuerName(badge, organization);
  const page = urls.badgeCriteria(badge.id);
  return layout({
    title: t("title-criteria", { badge: badge.name }),
    language,
    isDemo,
    head: (
      <>
        <link rel="alternate" type="application/ld+json" href={urls.badgeClass(badge.id)} />
        <meta
          name="description"
          content={t("summary-criteria", { badge: badge.name, issuer: name })}
        />
        <ShareHead
          page={page}
          title={badge.name}
          about={t("a-badge-of", { issuer: name })}
          issuer={name}
          card={urls.badgeClassCard(badge.id)}
          cardWords={badge.image_caption ?? badge.name}
          canDraw={canDraw}
          urls={urls}
        />
      </>
    ),
    ...(owner === null ? {} : { owner: { name, url: owner, language: organization.language } }),
    children: (
      <div class="sheet">
        <article class="award pad">
          <div class="pic">
            <BadgePicture picture={picture} badge={badge} urls={urls} language={language} />
          </div>
          <div class="head">
            <Kind badge={badge} t={t} />
            <h1 lang={badge.language} dir="auto">
              {badge.name}
            </h1>
            <p class="who">
              {t.rich("a-badge-of", {
                issuer: <IssuerLink badge={badge} organization={organization} />,
              })}
            </p>
            {organization.is_listed ? (
              <p class="names">
                <a href={here(urls.issuerPage(organization.slug))}>
                  {speaker(language, CATALOG_WORDS)("more-of", { name: organization.name })}
                </a>
              </p>
            ) : null}
            {badge.status === "archived" ? <p class="soft">{t("no-longer-awarded")}</p> : null}
          </div>
          <aside class="keep" aria-labelledby="programs">
            <h2 id="programs">{t("for-programs")}</h2>
            <p>
              <a href={here(urls.badgeClass(badge.id))}>{t("as-json")}</a>
            </p>
          </aside>
          <div class="body">
            <div class="lead">
              <Description badge={badge} />
            </div>
            <Criteria badge={badge} t={t} />
            <Alignments alignments={alignments} badge={badge} t={t} />
            <Tags badge={badge} t={t} />
            <Issuer badge={badge} organization={organization} t={t} />
          </div>
        </article>
      </div>
    ),
  });
}
