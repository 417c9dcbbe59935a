// Lists that the overview leads to: awards that expire soon, and awards that reach no backpack.
import type { Attention, AttentionRow } from "../db/attention.ts";
import { type Account, accountPage } from "./account.tsx";
import { OVERVIEW_PATH } from "./overview.tsx";
import { type Column, Pager, Table } from "./table.tsx";
import { OVERVIEW } from "./words/overview.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const ATTENTION_PATH = "/admin/overview";

type Say = Speaker<keyof typeof OVERVIEW.en>;

interface AttentionPageProps {
  readonly account: Account;
  readonly kind: Attention;
  readonly rows: readonly AttentionRow[];
  /** Cursor of the next page; null on the last. */
  readonly next: string | null;
  readonly isFirst: boolean;
}

export function attentionPage({ account, kind, rows, next, isFirst }: AttentionPageProps) {
  const t = speaker(account.language, OVERVIEW);
  const path = `${ATTENTION_PATH}/${kind}`;
  return accountPage({
    title: t(`name-${kind}`),
    account,
    place: OVERVIEW_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t(`name-${kind}`)}</h1>
          <p class="lead">{t(`${kind}-lead`)}</p>
        </div>
        <div class="sheet pad result-part stack">
          {rows.length === 0 ? (
            <p>{t(`${kind}-none`)}</p>
          ) : (
            <Table caption={t(`name-${kind}`)} columns={columnsOf(t, kind)} rows={rows} />
          )}
          <Pager
            language={account.language}
            first={isFirst ? null : path}
            next={next === null ? null : `${path}?after=${encodeURIComponent(next)}`}
          />
        </div>
        <p class="again">
          <a href={OVERVIEW_PATH}>{t("back")}</a>
        </p>
      </>
    ),
  });
}

function columnsOf(t: Say, kind: Attention): Column<AttentionRow>[] {
  return [
    {
      name: t("badge"),
      heads: true,
      cell: ({ badge }) => (
        <a href={`/admin/badges/${badge.id}`} lang={badge.language} dir="auto">
          {badge.name}
        </a>
      ),
    },
    {
      name: t("person"),
      cell: ({ person }) => (
        <a href={`/admin/people/${person.id}`}>
          <bdi>{person.name ?? t("nameless")}</bdi>
        </a>
      ),
    },
    {
      name: t("awarded-on"),
      cell: ({ hash, awardedAt }) => <a href={`/b/${hash}`}>{t.day(awardedAt)}</a>,
    },
    kind === "not-sent"
      ? { name: t("outcome"), cell: ({ outcome }) => (outcome === null ? "" : t(outcome)) }
      : {
          name: t("expires-on"),
          cell: ({ expiresAt }) => (expiresAt === null ? "–" : t.day(expiresAt)),
        },
  ];
}
