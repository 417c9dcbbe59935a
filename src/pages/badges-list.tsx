// The badges of an organization for its administrators: searched by words, category and state.

import type { BadgeStatus } from "../db/badges.ts";
import type { ListedBadge } from "../db/badges-desk.ts";
import type { Urls } from "../urls.ts";
import { type Account, accountPage } from "./account.tsx";
import { BADGES_PATH, badgePath } from "./badges-paths.ts";
import { SelectField, TextField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { Pager, Table } from "./table.tsx";
import { here } from "./web-address.ts";
import { BADGES } from "./words/badges.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const SEARCHED_STATES = ["active_any", "inactive_any", "archived"] as const;
export const CATEGORIES = ["activity_milestone", "recognition", "certification"] as const;

export interface BadgesPageProps {
  readonly account: Account;
  readonly organization: { readonly name: string };
  readonly badges: readonly ListedBadge[];
  /** As it was asked for. */
  readonly search: { readonly text: string; readonly category: string; readonly status: string };
  readonly isSearch: boolean;
  readonly mostHolders: number;
  readonly first: string | null;
  readonly next: string | null;
  readonly done: "deleted" | "purging" | null;
  readonly urls: Urls;
}

type Words = Speaker<keyof typeof BADGES.en>;

/** `inactive` is a draft until somebody was awarded it. */
export function statusWords(status: BadgeStatus, t: Words): string {
  if (status === "archived") return t("archived");
  if (status === "active" || status === "active_locked") return t("active");
  return t(status === "inactive" ? "draft" : "inactive");
}

/** Counted so far and no further. */
export function holdersWords(count: number, most: number, t: Words): string {
  return count > most ? t("holders-many", { count: most }) : t("holders-some", { count });
}

export function badgesPage(props: BadgesPageProps) {
  const { account, organization, badges, isSearch, first, next, done } = props;
  const { language } = account;
  const t = speaker(language, BADGES);
  return accountPage({
    title: t("title"),
    account,
    place: "/admin/badges",
    children: (
      <>
        <div class="intro list-head">
          <div>
            <h1>{t("title")}</h1>
            <p class="lead">{t("lead", { organization: organization.name })}</p>
          </div>
          <a class="btn first" href={`${BADGES_PATH}/new`}>
            {t("new")}
          </a>
        </div>
        <Done words={done === null ? null : t(`done-${done}`)} />
        {badges.length === 0 && !isSearch && first === null ? (
          <div class="sheet pad stack">
            <h2>{t("none")}</h2>
            <p>{t("none-help")}</p>
          </div>
        ) : (
          <>
            <Search {...props} t={t} />
            {badges.length === 0 ? (
              <div class="sheet pad stack">
                <p>{t("no-match")}</p>
                <p>
                  <a class="btn" href={BADGES_PATH}>
                    {t("clear")}
                  </a>
                </p>
              </div>
            ) : (
              <div class="sheet pad table-sheet">
                <List {...props} t={t} />
                <Pager language={language} first={first} next={next} />
              </div>
            )}
          </>
        )}
      </>
    ),
  });
}

function Search({ search, isSearch, t }: BadgesPageProps & { readonly t: Words }) {
  const every = { value: "", label: t("every") };
  const states = { active_any: t("active"), inactive_any: t("inactive"), archived: t("archived") };
  return (
    <search>
      <form class="sheet pad form filter-line" method="get" action={BADGES_PATH}>
        <TextField name="q" type="search" label={t("search-label")} value={search.text} />
        <SelectField
          name="category"
          label={t("category")}
          value={search.category}
          options={[every, ...CATEGORIES.map((one) => ({ value: one, label: t(one) }))]}
        />
        <SelectField
          name="status"
          label={t("status")}
          value={search.status}
          options={[
            every,
            ...SEARCHED_STATES.map((one) => ({ value: one as string, label: states[one] })),
          ]}
        />
        <div class="controls">
          <button class="btn" type="submit">
            {t("search")}
          </button>
          {isSearch ? <a href={BADGES_PATH}>{t("clear")}</a> : null}
        </div>
      </form>
    </search>
  );
}

function List(props: BadgesPageProps & { readonly t: Words }) {
  const { organization, badges, mostHolders, urls, t } = props;
  return (
    <Table
      caption={t("list", { organization: organization.name })}
      rows={badges}
      columns={[
        {
          name: t("badge"),
          heads: true,
          cell: ({ badge, picture }) => (
            <a class="named" href={badgePath(badge.id)}>
              <img
                class="thumb"
                src={here(
                  picture === null
                    ? urls.badgeImage(badge.id)
                    : urls.image(picture.sha256, picture.media_type),
                )}
                width="48"
                height="48"
                alt=""
              />
              <span lang={badge.language} dir="auto">
                {badge.name}
              </span>
            </a>
          ),
        },
        { name: t("category"), brief: true, cell: ({ badge }) => t(badge.category) },
        { name: t("status"), brief: true, cell: ({ badge }) => statusWords(badge.status, t) },
        { name: t("version"), cell: ({ badge }) => <bdi>{badge.version}</bdi> },
        {
          name: t("holders"),
          brief: true,
          cell: ({ holders }) => holdersWords(holders, mostHolders, t),
        },
      ]}
    />
  );
}
