// The awards of a badge in a table: filtered, selected, and worked on together or one by one.
import type { Award } from "../db/awards.ts";
import type { Urls } from "../urls.ts";
import { type Account, FormToken } from "./account.tsx";
import { badgePath } from "./badges-paths.ts";
import { SelectField, TextField } from "./form.tsx";
import { Pager, Table } from "./table.tsx";
import { here } from "./web-address.ts";
import { BADGE_AWARDS } from "./words/badge-awards.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

/** What is done with awards that are selected. */
export const AWARD_DEEDS = ["resend", "renew", "hide", "show", "revoke"] as const;
export type AwardDeed = (typeof AWARD_DEEDS)[number];

export interface ListedAward {
  readonly award: Award;
  readonly standing: "valid" | "expired" | "revoked";
  /** The public ids of the award that took its place, and of the one whose place it took. */
  readonly replacedBy: string | null;
  readonly replaces: string | null;
}

export interface AwardsTabProps {
  readonly account: Account;
  readonly badge: { readonly id: string; readonly name: string; readonly isActive: boolean };
  readonly awards: readonly ListedAward[];
  readonly filter: { readonly who: string; readonly status: string };
  /** More people have the name than are looked for: awards of some may be missing. */
  readonly isVague: boolean;
  readonly isFiltered: boolean;
  /** Awards that stayed as they were, with the reason, after something was done with several. */
  readonly failed: readonly FailedAward[];
  readonly first: string | null;
  readonly next: string | null;
  readonly urls: Urls;
}

export interface FailedAward {
  readonly name: string;
  readonly reason: string;
  /** Of the reason. */
  readonly language: string;
}

type Words = Speaker<keyof typeof BADGE_AWARDS.en>;

export function AwardsTab(props: AwardsTabProps) {
  const { account, badge, awards, isFiltered, failed, first, next } = props;
  const t = speaker(account.language, BADGE_AWARDS);
  if (awards.length === 0 && !isFiltered && first === null) {
    return (
      <section class="sheet pad stack">
        <h2>{t("none")}</h2>
        {badge.isActive ? (
          <p>
            <a class="btn first" href={`/award?badge=${encodeURIComponent(badge.id)}`}>
              {t("none-award")}
            </a>
          </p>
        ) : null}
      </section>
    );
  }
  return (
    <>
      <Failures failed={failed} t={t} />
      <Filter {...props} t={t} />
      {props.isVague ? (
        <p class="sheet pad note" role="status">
          {t("who-vague")}
        </p>
      ) : null}
      {awards.length === 0 ? (
        <div class="sheet pad stack">
          <p>{t("no-match")}</p>
          <p>
            <a class="btn" href={badgePath(badge.id)}>
              {t("clear")}
            </a>
          </p>
        </div>
      ) : (
        <form class="sheet pad table-sheet" method="post" action={deedPath(badge.id, "revoke")}>
          <FormToken account={account} />
          <Bulk {...props} t={t} />
          <List {...props} t={t} />
          <Pager language={account.language} first={first} next={next} />
        </form>
      )}
    </>
  );
}

export function deedPath(badgeId: string, deed: AwardDeed): string {
  return `${badgePath(badgeId)}/awards/${deed}`;
}

function Failures({ failed, t }: Pick<AwardsTabProps, "failed"> & { readonly t: Words }) {
  if (failed.length === 0) return null;
  return (
    <div class="sheet fault" role="alert" tabindex={-1} autofocus>
      <div class="pad">
        <h2>{t("failed", { count: failed.length })}</h2>
        <ul class="plain-list">
          {failed.map(({ name, reason, language }) => (
            <li>
              <bdi>{name}</bdi>: <span lang={language}>{reason}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Filter(props: AwardsTabProps & { readonly t: Words }) {
  const { badge, filter, isFiltered, t } = props;
  const path = badgePath(badge.id);
  const query = new URLSearchParams(filter.status === "" ? {} : { status: filter.status });
  return (
    <search>
      <form class="sheet pad form filter-line" method="get" action={path}>
        <TextField name="who" type="search" label={t("who-label")} value={filter.who} />
        <SelectField
          name="status"
          label={t("status")}
          value={filter.status}
          options={[
            { value: "", label: t("status-any") },
            ...(["valid", "expired", "revoked"] as const).map((one) => ({
              value: one as string,
              label: t(one),
            })),
          ]}
        />
        <div class="controls">
          <button class="btn" type="submit">
            {t("filter")}
          </button>
          {isFiltered ? <a href={path}>{t("clear")}</a> : null}
          <a href={`${path}/awards.csv?${query}`} download>
            {t("export")}
          </a>
        </div>
      </form>
    </search>
  );
}

function Bulk({ badge, t }: AwardsTabProps & { readonly t: Words }) {
  return (
    <fieldset class="bulk" data-bulk>
      <legend class="unseen">{t("with-selected")}</legend>
      <label class="choice" data-all hidden>
        <input type="checkbox" />
        <span>{t("select-all")}</span>
      </label>
      <p
        class="soft"
        role="status"
        data-selected
        data-none={t("selected-none")}
        data-one={t("selected-one")}
        data-many={t("selected-many")}
      >
        {t("with-selected")}
      </p>
      <div class="controls">
        {AWARD_DEEDS.map((deed) => (
          <button class="btn" type="submit" formaction={deedPath(badge.id, deed)}>
            {t(deed)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

/** Their name; whoever has none is known by what the award was made out to. */
export function recipientOf({ recipient_name, recipient_identity }: Award): string {
  return recipient_name ?? recipient_identity;
}

function List({ badge, awards, urls, t }: AwardsTabProps & { readonly t: Words }) {
  return (
    <Table
      caption={t("list", { name: badge.name })}
      rows={awards}
      columns={[
        {
          name: t("select"),
          cell: ({ award }) => (
            <label class="choice tick">
              <input type="checkbox" name="award" value={award.id} />
              <span class="unseen" dir="auto">
                {recipientOf(award)}
              </span>
            </label>
          ),
        },
        {
          name: t("who"),
          heads: true,
          cell: ({ award }) => (
            <a href={here(urls.badgePage(award.unique_hash))} dir="auto">
              {recipientOf(award)}
            </a>
          ),
        },
        {
          name: t("status"),
          cell: (row) => <Standing row={row} urls={urls} t={t} />,
        },
        { name: t("awarded"), cell: ({ award }) => t.day(award.awarded_at) },
        {
          name: t("expires"),
          cell: ({ award }) => (award.date_expire === null ? t("never") : t.day(award.date_expire)),
        },
        {
          name: t("mail"),
          cell: ({ award }) => (
            <>
              {t(award.notification_sent ? "told" : "not-told")},{" "}
              {t(award.claim_state === "claimed" ? "accepted" : award.claim_state)}
            </>
          ),
        },
        {
          name: t("actions"),
          cell: ({ award, standing }) =>
            standing === "revoked" || award.superseded_by !== null ? null : (
              <a class="row-link" href={`${badgePath(badge.id)}/awards/${award.id}/correct`}>
                {t("correct")}
                <bdi class="unseen"> {recipientOf(award)}</bdi>
              </a>
            ),
        },
      ]}
    />
  );
}

function Standing(props: { readonly row: ListedAward; readonly urls: Urls; readonly t: Words }) {
  const { row, urls, t } = props;
  const { award, standing, replacedBy, replaces } = row;
  const link = (hash: string) => (inside: unknown) => (
    <a href={here(urls.badgePage(hash))}>{inside as string}</a>
  );
  return (
    <>
      <span class={`state ${standing}`}>{t(standing)}</span>
      {award.visible ? null : <>, {t("hidden")}</>}
      {award.tier_level === null ? null : <>, {t("level", { level: award.tier_level })}</>}
      {replacedBy === null ? null : <>, {t.rich("replaced-by", { link: link(replacedBy) })}</>}
      {replaces === null ? null : <>, {t.rich("replaces", { link: link(replaces) })}</>}
    </>
  );
}
