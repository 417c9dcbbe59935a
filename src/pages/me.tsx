// A person's own page: what is next, what waits for them, what they hold, and what there is still to earn.
import type { Child } from "hono/jsx";
import type { Badge, BadgeCategory } from "../db/badges.ts";
import type { OwnAward, OwnBadge } from "../db/own-shelf.ts";
import type { Urls } from "../urls.ts";
import { type Account, accountPage, Press } from "./account.tsx";
import { CATEGORIES } from "./badges-list.tsx";
import { type Faults, FormErrors } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { LockedCard, OwnCard } from "./me-cards.tsx";
import { MeFilter } from "./me-filter.tsx";
import { NextUpPart, type ShownNext } from "./me-next.tsx";
import { VOUCHES_PATH } from "./nominations.tsx";
import { BadgePicture } from "./picture.tsx";
import { issuerName } from "./sections.tsx";
import { Pager } from "./table.tsx";
import { here } from "./web-address.ts";
import { ME } from "./words/me.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export type MeSpeaker = Speaker<keyof typeof ME.en & string>;

export const SHOWN = ["all", "earned", "locked", "hidden"] as const;
export type Shown = (typeof SHOWN)[number];

/** What of the page is asked for, as its address says it. */
export interface MeView {
  readonly which: Shown;
  readonly category: BadgeCategory | null;
  readonly name: string;
}

/** What a form on it did. */
export const ME_DONE = ["shown", "hidden", "accepted", "declined"] as const;

export interface MePageProps {
  readonly account: Account;
  readonly urls: Urls;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly view: MeView;
  /** How many badges the person holds in all, without regard to the filter. */
  readonly held: number;
  readonly earned: readonly OwnBadge[];
  /** Addresses of the list's first and next page; null where there is none. */
  readonly pages: { readonly first: string | null; readonly next: string | null };
  readonly locked: readonly Badge[];
  readonly hasMoreLocked: boolean;
  readonly next: readonly ShownNext[];
  /** When somebody last looked how far the person is; null where that need not be said. */
  readonly evaluatedAt: number | null;
  readonly waiting: { readonly some: readonly OwnAward[]; readonly count: number };
  /** Whether the organization asks for their word on others. */
  readonly isAskedForWord: boolean;
  /** The address of their public page; null where it is off. */
  readonly profileUrl: string | null;
  readonly done: (typeof ME_DONE)[number] | null;
  readonly faults: Faults;
}

export function mePage(props: MePageProps) {
  const { account, view, held, earned, locked, done, faults } = props;
  const t = speaker(account.language, ME);
  const isPlain = view.which === "all" && view.category === null && view.name === "";
  const isFiltered = !isPlain;
  const part = { ...props, t };
  return accountPage({
    title: t("title"),
    account,
    place: "/me",
    children: (
      <>
        <Head {...part} />
        <FormErrors faults={faults} language={account.language} />
        <Done words={done === null ? null : t(`done-${done}`)} />
        {isPlain ? <NextUpPart {...part} /> : null}
        {isPlain ? <Waiting {...part} /> : null}
        {held === 0 && isPlain ? <NoneYet {...part} /> : null}
        {held > 0 || locked.length > 0 || isFiltered ? <MeFilter {...part} /> : null}
        {earned.length === 0 && locked.length === 0 && isFiltered ? <NoMatch {...part} /> : null}
        {earned.length === 0 ? null : <Earned {...part} />}
        {locked.length === 0 ? null : <Locked {...part} />}
      </>
    ),
  });
}

interface Part extends MePageProps {
  readonly t: MeSpeaker;
}

function Head({ t, account, held, profileUrl, isAskedForWord }: Part) {
  return (
    <div class="intro me-head">
      <div>
        <h1>{t("heading")}</h1>
        <p class="lead">{t("count-badges", { count: held })}</p>
        <p>
          {profileUrl === null
            ? t("profile-off")
            : t.rich("profile-on", {
                address: here(profileUrl),
                link: (inside) => <a href={here(profileUrl)}>{inside}</a>,
              })}{" "}
          <a href="/me/profile">{t(profileUrl === null ? "profile-choose" : "profile-change")}</a>
        </p>
      </div>
      <div class="me-tools">
        {held === 0 ? null : (
          <a class="btn" href="/me/badges.zip" download aria-describedby="download-help">
            {t("download-all")}
          </a>
        )}
        {held === 0 ? null : (
          <p class="soft small" id="download-help">
            {t("download-help")}
          </p>
        )}
        <a class="btn" href="/me/identities" aria-describedby="address-help">
          {t("add-address")}
        </a>
        <p class="soft small" id="address-help">
          {t("add-address-help")}
        </p>
        {isAskedForWord ? (
          <>
            <a
              class="btn"
              href={`${VOUCHES_PATH}?organization=${account.organization?.id}`}
              aria-describedby="vouch-help"
            >
              {t("vouch")}
            </a>
            <p class="soft small" id="vouch-help">
              {t("vouch-help")}
            </p>
          </>
        ) : null}
      </div>
    </div>
  );
}

function Waiting({ t, account, urls, waiting }: Part) {
  const { some, count } = waiting;
  if (count === 0) return null;
  return (
    <section class="band" aria-labelledby="waiting">
      <h2 id="waiting">{t("waiting")}</h2>
      <p class="soft">{t("waiting-help")}</p>
      <ul class="sheet pad items entries waiting">
        {some.map(({ award, badge, organization, picture }) => (
          <li>
            <div class="waiting-badge">
              <BadgePicture picture={picture} badge={badge} urls={urls} language={t.language} />
              <div>
                <h3>
                  <a
                    href={here(urls.badgePage(award.unique_hash))}
                    lang={badge.language}
                    dir="auto"
                  >
                    {badge.name}
                  </a>
                </h3>
                <p class="soft small">
                  {t.rich("from-issuer", {
                    issuer: <bdi>{issuerName(badge, organization)}</bdi>,
                    day: t.day(award.awarded_at),
                  })}
                </p>
              </div>
            </div>
            <div class="doors">
              <Press
                account={account}
                action="/me/accept"
                fields={{ award: award.id }}
                about={badge.name}
                first
              >
                {t("accept")}
              </Press>
              <Press
                account={account}
                action="/me/decline"
                fields={{ award: award.id }}
                about={badge.name}
              >
                {t("not-mine")}
              </Press>
            </div>
          </li>
        ))}
      </ul>
      {count > some.length ? (
        <Press account={account} action="/me/accept" fields={{ all: "yes" }}>
          {t("accept-all", { count })}
        </Press>
      ) : null}
    </section>
  );
}

/** Says what can be earned, and how; the list of it follows. */
function NoneYet({ t, account, locked }: Part) {
  const name = account.organization?.name;
  return (
    <section class="sheet pad stack me-none" aria-labelledby="none">
      <h2 id="none">{t("none-title")}</h2>
      <p>
        {name === undefined
          ? t.rich("none-nowhere", { link: (inside) => <a href="/me/identities">{inside}</a> })
          : t.rich(locked.length > 0 ? "none-can" : "none-nothing", {
              organization: <bdi>{name}</bdi>,
            })}
      </p>
    </section>
  );
}

function NoMatch({ t, view }: Part) {
  const isHidden = view.which === "hidden" && view.category === null && view.name === "";
  return (
    <div class="sheet pad stack">
      <p>{t(isHidden ? "none-hidden" : "no-match")}</p>
      <p>{t.rich("no-match-fix", { link: (inside) => <a href="/me">{inside}</a> })}</p>
    </div>
  );
}

function Earned(props: Part) {
  const { t, earned, pages } = props;
  return (
    <section class="band" aria-labelledby="earned">
      <h2 id="earned">{t("earned")}</h2>
      <ByCategory
        t={t}
        id="earned"
        badges={earned}
        categoryOf={({ badge }) => badge.category}
        card={(own) => <OwnCard {...props} own={own} />}
      />
      <Pager language={t.language} first={pages.first} next={pages.next} />
      <details class="me-help">
        <summary>{t("hide-about")}</summary>
        <p class="small">{t("hide-help")}</p>
      </details>
    </section>
  );
}

function Locked(props: Part) {
  const { t, locked, hasMoreLocked, account } = props;
  const { organizations, organization } = account;
  const several = organizations.length > 1 && organization !== null;
  return (
    <section class="band" aria-labelledby="locked">
      <h2 id="locked">
        {several
          ? t.rich("locked-at", { organization: <bdi>{organization.name}</bdi> })
          : t("locked")}
      </h2>
      <ByCategory
        t={t}
        id="locked"
        badges={locked}
        categoryOf={({ category }) => category}
        card={(badge) => <LockedCard {...props} badge={badge} />}
      />
      {hasMoreLocked ? <p class="soft">{t("more-locked")}</p> : null}
    </section>
  );
}

interface ByCategoryProps<B> {
  readonly t: MeSpeaker;
  readonly id: string;
  readonly badges: readonly B[];
  readonly categoryOf: (badge: B) => BadgeCategory;
  readonly card: (badge: B) => Child;
}

/** The order of the document is the order on the screen. */
function ByCategory<B>({ t, id, badges, categoryOf, card }: ByCategoryProps<B>) {
  return (
    <div class="me-categories">
      {CATEGORIES.map((category) => {
        const some = badges.filter((badge) => categoryOf(badge) === category);
        if (some.length === 0) return null;
        return (
          <div class="me-category">
            <h3 id={`${id}-${category}`}>{t(category)}</h3>
            <ul class="cards" aria-labelledby={`${id}-${category}`}>
              {some.map(card)}
            </ul>
          </div>
        );
      })}
    </div>
  );
}
