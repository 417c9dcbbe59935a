// The queue of nominations: who is asked for, for what, and why.
import type { NamedNomination } from "../db/nomination-desk.ts";
import { type Inline, parseMarkdown } from "../markdown.ts";
import { type Account, accountPage } from "./account.tsx";
import { BadgeFilter } from "./badge-filter.tsx";
import { Done } from "./form-outcome.tsx";
import { Pager, Table } from "./table.tsx";
import { Tabs } from "./tabs.tsx";
import { NOMINATIONS } from "./words/nominations.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export type NominationSpeaker = Speaker<keyof typeof NOMINATIONS.en>;

export const NOMINATIONS_PATH = "/award/nominations";
export const VOUCHES_PATH = "/award/nominations/vouches";
const DECLINED_PATH = "/award/declined";
/** In the order of the tabs. */
export const SHOWN = ["pending", "own", "approved", "declined", "withdrawn"] as const;
export type Shown = (typeof SHOWN)[number];

export interface NominationsProps {
  readonly account: Account;
  readonly show: Shown;
  /** A badge's id; "" for any. */
  readonly badge: string;
  readonly badges: readonly { readonly id: string; readonly name: string }[];
  readonly rows: readonly NamedNomination[];
  /** Of the first page and the next; null where there is none. */
  readonly first: string | null;
  readonly next: string | null;
  readonly notice: string | null;
  /** Awards whose recipients say that they are not theirs. */
  readonly declined: number;
}

/** Long reasons are read on the nomination's own page. */
const SHOWN_REASON = 160;

export function nominationsPage(props: NominationsProps) {
  const { account, show, badge, badges, rows, first, next, notice } = props;
  const t = speaker(account.language, NOMINATIONS);
  const query = badge === "" ? "" : `&badge=${badge}`;
  const tabs = SHOWN.map((one) => ({
    href: `${NOMINATIONS_PATH}?show=${one}${query}`,
    name: t(`show-${one}`),
  }));
  return accountPage({
    title: t("title"),
    account,
    place: NOMINATIONS_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        <Done words={notice} />
        {props.declined === 0 ? null : (
          <p class="sheet pad note">
            <a href={DECLINED_PATH}>{t("declined-waiting", { count: props.declined })}</a>
          </p>
        )}
        <NominationTabs t={t} current={NOMINATIONS_PATH} />
        <Tabs
          label={t("filter")}
          tabs={tabs}
          current={`${NOMINATIONS_PATH}?show=${show}${query}`}
        />
        <BadgeFilter
          action={NOMINATIONS_PATH}
          keep={{ show }}
          name="badge"
          label={t("badge")}
          any={t("badge-any")}
          go={t("filter-go")}
          value={badge}
          badges={badges}
        />
        <div class="sheet pad result-part">
          {rows.length === 0 ? (
            <p>{t(show === "pending" || show === "own" ? `none-${show}` : "none")}</p>
          ) : (
            <NominationTable t={t} rows={rows} withState={show === "own"} />
          )}
          <Pager language={account.language} first={first} next={next} />
        </div>
        <p class="doors">
          <a class="btn" href="/award?mode=nominate">
            {t("nominate")}
          </a>
        </p>
      </>
    ),
  });
}

export function NominationTabs({ t, current }: { t: NominationSpeaker; current: string }) {
  const tabs = [
    { href: NOMINATIONS_PATH, name: t("tab-nominations") },
    { href: VOUCHES_PATH, name: t("tab-vouches") },
    { href: DECLINED_PATH, name: t("tab-declined") },
  ];
  return <Tabs label={t("parts")} tabs={tabs} current={current} />;
}

interface TableProps {
  readonly t: NominationSpeaker;
  readonly rows: readonly NamedNomination[];
  readonly withState: boolean;
}

function NominationTable({ t, rows, withState }: TableProps) {
  return (
    <Table
      caption={t("title")}
      rows={rows}
      columns={[
        {
          name: t("col-person"),
          heads: true,
          cell: ({ nomination, nomineeName }) => (
            <a href={`${NOMINATIONS_PATH}/${nomination.id}`} dir="auto">
              {nomineeName ?? t("somebody")}
            </a>
          ),
        },
        {
          name: t("col-badge"),
          cell: ({ badgeName, badgeLanguage }) => <bdi lang={badgeLanguage}>{badgeName}</bdi>,
        },
        {
          name: t("col-reason"),
          cell: ({ nomination: { reason, evidence } }) => (
            <>
              <bdi>{beginning(reason)}</bdi>
              {evidence === null || evidence.length === 0 ? null : (
                <span class="soft small choice-help">
                  {t("evidence-count", { count: evidence.length })}
                </span>
              )}
            </>
          ),
        },
        { name: t("col-by"), cell: (row) => <bdi>{nominatorOf(row, t)}</bdi> },
        { name: t("col-when"), cell: ({ nomination }) => t.day(nomination.created_at) },
        ...(withState
          ? [
              {
                name: t("col-state"),
                cell: ({ nomination }: NamedNomination) => t(`state-${nomination.state}`),
              },
            ]
          : []),
      ]}
    />
  );
}

/** Without what Markdown puts around words. */
function beginning(reason: string): string {
  const plain = parseMarkdown(reason)
    .flatMap(({ parts }) => parts.map((part) => part.map(plainText).join("")))
    .join(" ");
  return plain.length > SHOWN_REASON ? `${plain.slice(0, SHOWN_REASON)}…` : plain;
}

function plainText(inline: Inline): string {
  return typeof inline === "string" ? inline : inline.children.map(plainText).join("");
}

export function nominatorOf(
  { nomination, nominatorName }: NamedNomination,
  t: NominationSpeaker,
): string {
  if (nomination.nominator_id === null) return t("organization");
  return nominatorName ?? t("somebody");
}
