// The rows of an import: what becomes of each and why, and in a dry run the cells that are to be changed.
import { type Account, FormToken } from "./account.tsx";
import type { ImportView } from "./import-start.tsx";
import { IMPORT_PATH } from "./import-start.tsx";
import { type ImportRowView, type ImportSpeaker, whyOf } from "./import-words.ts";
import { Pager, Table } from "./table.tsx";
import { Tabs } from "./tabs.tsx";
import { here } from "./web-address.ts";

/** In the order of the tabs. */
export const ROWS_SHOWN = ["refused", "awarded", "held", "all"] as const;
export type RowsShown = (typeof ROWS_SHOWN)[number];

export interface RowsProps {
  readonly t: ImportSpeaker;
  readonly account: Account;
  readonly job: ImportView;
  readonly show: RowsShown;
  readonly rows: readonly ImportRowView[];
  readonly first: string | null;
  readonly next: string | null;
  /** Of the page that is shown, to come back to it. */
  readonly cursor: string;
  /** The rows themselves are no longer kept. */
  readonly areGone: boolean;
}

const NAMING = ["user", "email", "identity"];

export function ImportRows(props: RowsProps) {
  const { t, account, job, show, rows, first, next, areGone } = props;
  const path = `${IMPORT_PATH}/${job.id}`;
  const count = { all: job.done, awarded: job.awarded, held: job.held, refused: job.refused };
  const suffix = job.dry_run ? "" : "-done";
  const tabs = ROWS_SHOWN.map((one) => ({
    href: `${path}?show=${one}`,
    name:
      one === "all"
        ? t("show-all", { count: count.all })
        : t(`show-${one}${suffix}`, { count: count[one] }),
  }));
  return (
    <section class="sheet pad result-part" aria-labelledby="rows">
      <h2 id="rows">{t("rows")}</h2>
      {areGone ? (
        <p>{t("rows-gone")}</p>
      ) : (
        <>
          <Tabs label={t("filter")} tabs={tabs} current={`${path}?show=${show}`} />
          {rows.length === 0 ? <p>{t("rows-none")}</p> : <RowTable {...props} />}
          <Pager language={account.language} first={first} next={next} />
        </>
      )}
    </section>
  );
}

function RowTable(props: RowsProps) {
  const { t, job, rows } = props;
  const isFixable = job.dry_run && job.state === "done";
  const kind = job.dry_run ? "check" : "award";
  return (
    <Table
      caption={t("rows")}
      rows={rows}
      columns={[
        {
          name: t("col-line"),
          heads: true,
          cell: ({ line }) => <span id={`row-${line}`}>{line}</span>,
        },
        { name: t("col-person"), cell: ({ values }) => <bdi>{personIn(job, values)}</bdi> },
        {
          name: t("col-outcome"),
          cell: ({ outcome }) => (
            <span class={`outcome ${outcome ?? "open"}`}>
              {t(outcome === null ? "outcome-open" : `outcome-${kind}-${outcome}`)}
            </span>
          ),
        },
        {
          name: t("col-why"),
          cell: (row) => (
            <>
              <Why row={row} t={t} />
              {isFixable && row.outcome === "refused" ? <Fix {...props} row={row} /> : null}
            </>
          ),
        },
      ]}
    />
  );
}

function personIn({ reading }: ImportView, values: ImportRowView["values"]): string {
  const named = reading.columns.filter(({ as }) => as !== null && NAMING.includes(as));
  const found = named.map(({ name }) => values[name] ?? "").find((value) => value !== "");
  const name = reading.columns.find(({ as }) => as === "name")?.name ?? "";
  const called = values[name] ?? "";
  if (found === undefined) return called === "" ? "—" : called;
  return called === "" ? found : `${called} (${found})`;
}

function Why({ row, t }: { readonly row: ImportRowView; readonly t: ImportSpeaker }) {
  const why = whyOf(row, t);
  return (
    <>
      {why === null ? null : (
        <span lang={why.language} dir="auto">
          {why.words}
        </span>
      )}{" "}
      {row.award === null ? null : <a href={here(row.award.page)}>{t("row-see")}</a>}
    </>
  );
}

/** The cells that something is read from, to be changed where they stand. */
function Fix({ t, account, job, show, cursor, row }: RowsProps & { readonly row: ImportRowView }) {
  const { line, values, field } = row;
  const cells = job.reading.columns.flatMap(({ name, as }, i) =>
    as === null ? [] : [{ name, i, value: values[name] ?? "" }],
  );
  if (cells.length === 0) return null;
  return (
    <form class="form fix" method="post" action={`${IMPORT_PATH}/${job.id}/rows/${line}`}>
      <FormToken account={account} />
      <input type="hidden" name="show" value={show} />
      <input type="hidden" name="cursor" value={cursor} />
      {cells.map(({ name, i, value }) => (
        <label class={name === field ? "wrong" : undefined}>
          <span class="small">
            <bdi>{name}</bdi>
            <span class="unseen"> {t("fix-cell", { column: name, line })}</span>
          </span>
          <input
            type="text"
            name={`cell-${i}`}
            value={value}
            dir="auto"
            aria-invalid={name === field ? "true" : undefined}
          />
        </label>
      ))}
      <button class="btn" type="submit">
        {t("fix-save", { line })}
      </button>
    </form>
  );
}
