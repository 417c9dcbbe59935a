// Tables that fit a phone: on a narrow screen each row becomes a block, every cell under its column's name.
import type { Child } from "hono/jsx";
import type { Language } from "../language.ts";
import { FORM_WORDS } from "./words/form.ts";
import { speaker } from "./words/speak.tsx";

export interface Column<R> {
  readonly name: string;
  readonly cell: (row: R) => Child;
  /** The column that names the row. */
  readonly heads?: boolean;
  readonly numeric?: boolean;
  /** A few words that stay on one line where there is room. */
  readonly brief?: boolean;
}

interface TableProps<R> {
  /** What the table is, for those who do not see it among its neighbours. */
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
}

export function Table<R>({ caption, columns, rows }: TableProps<R>) {
  return (
    <table class="table">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, numeric }) => (
            <th scope="col" class={numeric ? "numeric" : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            {columns.map(({ name, cell, heads, numeric, brief }) =>
              heads ? (
                <th scope="row" data-name={name}>
                  {cell(row)}
                </th>
              ) : (
                <td data-name={name} class={numeric ? "numeric" : brief ? "brief" : undefined}>
                  {cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface PagerProps {
  readonly language: Language;
  /** Of the first page; null on it. */
  readonly first: string | null;
  /** Of the next page; null on the last. */
  readonly next: string | null;
}

/** Lists are read with cursors: onward, and back to the beginning. */
export function Pager({ language, first, next }: PagerProps) {
  if (first === null && next === null) return null;
  const t = speaker(language, FORM_WORDS);
  return (
    <nav class="pager" aria-label={t("pages")}>
      {first === null ? null : (
        <a class="btn" href={first}>
          {t("first-page")}
        </a>
      )}
      {next === null ? null : (
        <a class="btn" href={next} rel="next">
          {t("next-page")}
        </a>
      )}
    </nav>
  );
}
