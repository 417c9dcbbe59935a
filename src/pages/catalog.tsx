// The catalogue: badges of organizations that want to be found, with a search that is a plain form.
import type { Child } from "hono/jsx";
import type { CatalogBadge } from "../db/catalog.ts";
import type { Organization } from "../db/organizations.ts";
import type { Profile } from "../db/profiles.ts";
import type { Language } from "../language.ts";
import { linkable } from "../linkable.ts";
import type { Urls } from "../urls.ts";
import { SelectField, TextField } from "./form.tsx";
import { layout } from "./layout.tsx";
import { Markdown } from "./markdown.tsx";
import { BadgePicture } from "./picture.tsx";
import { Pager } from "./table.tsx";
import { here, hostOf } from "./web-address.ts";
import { BADGE_WORDS } from "./words/badge.ts";
import { CATALOG_WORDS } from "./words/catalog.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

type Category = CatalogBadge["badge"]["category"];
type Words = Speaker<keyof (typeof CATALOG_WORDS)["en"] & string>;

/** What somebody looks for; as it was typed. */
export interface Wanted {
  readonly search: string;
  readonly category: Category | null;
}

interface Listing {
  readonly urls: Urls;
  readonly language: Language;
  /** Of the page itself, as a path. */
  readonly path: string;
  readonly wanted: Wanted;
  readonly categories: readonly Category[];
  readonly badges: readonly CatalogBadge[];
  /** Paths of the first page, where this is another, and of the next. */
  readonly pages: { readonly first: string | null; readonly next: string | null };
  /** Longest search that is looked for. */
  readonly longestSearch: number;
  /** Whether the footer leads to the demo's examples. */
  readonly isDemo: boolean;
}

export interface CatalogPageProps extends Listing {
  /** Those that are listed, by name; empty on every page but the first one. */
  readonly organizations: readonly Pick<Organization, "slug" | "name" | "language">[];
}

export function catalogPage(props: CatalogPageProps) {
  const { urls, language, organizations, wanted, badges, pages } = props;
  const t = speaker(language, CATALOG_WORDS);
  const isNarrowed = wanted.search !== "" || wanted.category !== null;
  return layout({
    title: t("title"),
    language,
    isDemo: props.isDemo,
    // Of what is searched for there are as many pages as there are words.
    noindex: isNarrowed,
    head: (
      <>
        <meta name="description" content={t("lead")} />
        <link rel="canonical" href={urls.catalog} />
        <FeedLink href={urls.feed} title={t("feed-title-all")} />
      </>
    ),
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        {badges.length === 0 && !isNarrowed && pages.first === null ? (
          <Empty title={t("none-yet")}>
            <p class="soft">{t("none-yet-help")}</p>
          </Empty>
        ) : (
          <Badges {...props} t={t} isNarrowed={isNarrowed} showsIssuer />
        )}
        {organizations.length === 0 ? null : (
          <section class="band" aria-labelledby="organizations">
            <h2 id="organizations">{t("organizations")}</h2>
            <ul class="names">
              {organizations.map((one) => (
                <li>
                  <a href={here(urls.issuerPage(one.slug))} lang={one.language} dir="auto">
                    {one.name}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        )}
        <p class="names after">
          <a href={here(urls.feed)}>{t("feed")}</a>
        </p>
      </>
    ),
  });
}

export interface IssuerPageProps extends Listing {
  readonly organization: Organization;
  /** Who chose to be named here. */
  readonly people: readonly Pick<Profile, "slug" | "name">[];
  /** Path of the next people; null where these are all. */
  readonly morePeople: string | null;
}

export function issuerPage(props: IssuerPageProps) {
  const { urls, language, organization, wanted, badges, pages } = props;
  const t = speaker(language, CATALOG_WORDS);
  const { name, slug } = organization;
  const page = urls.issuerPage(slug);
  const isNarrowed = wanted.search !== "" || wanted.category !== null;
  return layout({
    title: t("issuer-title", { name }),
    language,
    isDemo: props.isDemo,
    noindex: isNarrowed,
    head: (
      <>
        <meta name="description" content={t("feed-about", { name })} />
        <link rel="canonical" href={page} />
        <link rel="alternate" type="application/ld+json" href={urls.issuer(organization.id)} />
        <FeedLink href={urls.issuerFeed(slug)} title={t("feed-title", { name })} />
        <meta property="og:type" content="website" />
        <meta property="og:title" content={name} />
        <meta property="og:url" content={page} />
        {organization.image_id === null ? null : (
          <meta property="og:image" content={urls.issuerImage(organization.id)} />
        )}
      </>
    ),
    children: (
      <>
        <IssuerHead organization={organization} urls={urls} t={t} />
        {badges.length === 0 && !isNarrowed && pages.first === null ? (
          <Empty title={t("none-yet")}>
            <p class="soft">{t("none-of-issuer", { name })}</p>
          </Empty>
        ) : (
          <Badges {...props} t={t} isNarrowed={isNarrowed} showsIssuer={false} />
        )}
        <People {...props} t={t} />
        <p class="names after">
          <a href={here(urls.issuerFeed(slug))}>{t("feed")}</a>
          <a href={here(urls.issuer(organization.id))}>{t("as-json")}</a>
          <a href={here(urls.catalog)}>{t("whole-catalog")}</a>
        </p>
      </>
    ),
  });
}

interface IssuerHeadProps {
  readonly organization: Organization;
  readonly urls: Urls;
  readonly t: Words;
}

function IssuerHead({ organization, urls, t }: IssuerHeadProps) {
  const { id, name, description, email, image_id, language, url } = organization;
  const website = linkable(url);
  const mail = linkable(`mailto:${email}`);
  return (
    <div class={image_id === null ? "issuer-head" : "issuer-head pictured"}>
      {image_id === null ? null : (
        <img class="art" src={here(urls.issuerImage(id))} width="112" height="112" alt="" />
      )}
      <div class="stack">
        <h1 lang={language} dir="auto">
          {name}
        </h1>
        {description ? <Markdown text={description} language={language} /> : null}
        <p class="names">
          {website === null ? null : (
            <a href={website} rel="noopener">
              <span>
                {t("website")}: <bdi>{hostOf(website)}</bdi>
              </span>
            </a>
          )}
          {mail === null ? null : (
            <a href={mail}>
              <span>
                {t("contact")}: <bdi>{email}</bdi>
              </span>
            </a>
          )}
        </p>
      </div>
    </div>
  );
}

interface BadgesProps extends Listing {
  readonly t: Words;
  readonly isNarrowed: boolean;
  readonly showsIssuer: boolean;
}

function Badges(props: BadgesProps) {
  const { t, path, badges, isNarrowed, pages, language } = props;
  return (
    <section class="band" aria-labelledby="badges">
      <Search {...props} />
      {badges.length === 0 ? (
        <Empty title={t("no-match")}>
          <p class="soft">{t("no-match-help")}</p>
          <a class="btn" href={path}>
            {t("clear")}
          </a>
        </Empty>
      ) : (
        <>
          <h2 id="badges">{t(isNarrowed ? "found-for" : "badges")}</h2>
          {isNarrowed ? (
            <p class="names">
              <a href={path}>{t("clear")}</a>
            </p>
          ) : null}
          <ul class="cards classes">
            {badges.map((one) => (
              <Card one={one} {...props} />
            ))}
          </ul>
        </>
      )}
      <Pager language={language} first={pages.first} next={pages.next} />
    </section>
  );
}

function Search({ t, path, wanted, categories, longestSearch }: BadgesProps) {
  const kinds = speaker(t.language, BADGE_WORDS);
  return (
    <search>
      <form class="form search" method="get" action={path}>
        <TextField
          name="q"
          label={t("search")}
          help={t("search-help")}
          type="search"
          value={wanted.search}
          maxlength={longestSearch}
        />
        <SelectField
          name="category"
          label={t("category")}
          value={wanted.category ?? ""}
          options={[
            { value: "", label: t("every-category") },
            ...categories.map((value) => ({ value, label: kinds(value) })),
          ]}
        />
        <button class="btn first" type="submit">
          {t("find")}
        </button>
      </form>
    </search>
  );
}

function Card({ one, urls, t, showsIssuer }: BadgesProps & { readonly one: CatalogBadge }) {
  const { badge, organization, picture } = one;
  return (
    <li class="sheet card">
      <BadgePicture picture={picture} badge={badge} urls={urls} language={t.language} />
      <h3>
        <a href={here(urls.badgeCriteria(badge.id))} lang={badge.language} dir="auto">
          {badge.name}
        </a>
      </h3>
      <p class="soft small">{speaker(t.language, BADGE_WORDS)(badge.category)}</p>
      {showsIssuer ? (
        <p class="soft small by">
          {t.rich("by", {
            issuer: (
              <bdi lang={organization.language}>{badge.issuer_name ?? organization.name}</bdi>
            ),
          })}
        </p>
      ) : null}
    </li>
  );
}

function People({ people, morePeople, organization, t }: IssuerPageProps & { readonly t: Words }) {
  if (people.length === 0 && morePeople === null) return null;
  return (
    <section class="band" aria-labelledby="people">
      <h2 id="people">{t("people")}</h2>
      <p class="soft small">{t("people-help", { name: organization.name })}</p>
      <ul class="names">
        {people.map(({ slug, name }) => (
          <li>
            <a href={`/p/${slug}`} dir="auto">
              {name}
            </a>
          </li>
        ))}
      </ul>
      {morePeople === null ? null : (
        <p>
          <a class="btn" href={morePeople}>
            {t("more-people")}
          </a>
        </p>
      )}
    </section>
  );
}

function Empty({ title, children }: { readonly title: string; readonly children: Child }) {
  return (
    <div class="sheet pad empty-state">
      <h2 id="badges">{title}</h2>
      {children}
    </div>
  );
}

function FeedLink({ href, title }: { readonly href: string; readonly title: string }) {
  return <link rel="alternate" type="application/rss+xml" href={href} title={title} />;
}
