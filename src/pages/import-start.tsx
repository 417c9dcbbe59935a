// Where a file of awards is sent, and the files that were sent before.
import { type Account, accountPage, FormToken } from "./account.tsx";
import { AreaField, type Faults, FileField, FormErrors, SelectField } from "./form.tsx";
import type { ImportSpeaker } from "./import-words.ts";
import { Pager, Table } from "./table.tsx";
import { IMPORT } from "./words/import.ts";
import { speaker } from "./words/speak.tsx";

export const IMPORT_PATH = "/award/import";

/** An import as the API shows it. */
export interface ImportView {
  readonly id: string;
  readonly file_name: string;
  readonly badge: string | null;
  readonly dry_run: boolean;
  readonly state: "waiting" | "running" | "done" | "cancelled" | "failed";
  readonly rows: number;
  readonly done: number;
  readonly awarded: number;
  readonly held: number;
  readonly refused: number;
  readonly reading: {
    readonly encoding: Encoding;
    readonly delimiter: "," | ";" | "\t";
    readonly columns: readonly { readonly name: string; readonly as: Meaning | null }[];
    readonly unknown_columns: readonly string[];
  };
  readonly created_at: string;
  readonly finished_at: string | null;
}

export const ENCODINGS_OFFERED = ["utf-8", "windows-1252", "utf-16le", "utf-16be"] as const;
type Encoding = (typeof ENCODINGS_OFFERED)[number];
export const DELIMITERS_OFFERED = [
  [",", "comma"],
  [";", "semicolon"],
  ["\t", "tab"],
] as const;
export const MEANINGS = [
  "email",
  "identity",
  "user",
  "name",
  "badge",
  "tier",
  "evidence",
  "narrative",
  "expires_at",
] as const;
type Meaning = (typeof MEANINGS)[number];

export interface BadgeOption {
  readonly id: string;
  readonly name: string;
}

export interface ImportStartProps {
  readonly account: Account;
  /** Of a file. */
  readonly mostRows: number;
  readonly badges: readonly BadgeOption[];
  readonly values: {
    readonly text: string;
    readonly badge: string;
    readonly encoding: string;
    readonly delimiter: string;
  };
  readonly faults: Faults;
  readonly before: readonly ImportView[];
  readonly first: string | null;
  readonly next: string | null;
}

interface Spoken extends ImportStartProps {
  readonly t: ImportSpeaker;
}

export function importStartPage(props: ImportStartProps) {
  const { account, faults } = props;
  const t = speaker(account.language, IMPORT);
  return accountPage({
    title: t("title"),
    account,
    place: IMPORT_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        <FormErrors
          faults={faults}
          language={account.language}
          labels={{ file: t("file"), text: t("text"), badge: t("badge") }}
        />
        <SendForm {...props} t={t} />
        <Before {...props} t={t} />
      </>
    ),
  });
}

function SendForm({ t, account, badges, mostRows, values, faults }: Spoken) {
  const isSaid = values.encoding !== "" || values.delimiter !== "";
  return (
    <form
      class="form sheet pad narrow"
      method="post"
      action={IMPORT_PATH}
      enctype="multipart/form-data"
    >
      <FormToken account={account} />
      <FileField
        name="file"
        label={t("file")}
        help={t("file-help", { rows: mostRows })}
        faults={faults}
        accept=".csv,.txt,.tsv,text/csv,text/plain"
      />
      <AreaField
        name="text"
        label={t("text")}
        help={t("text-help")}
        faults={faults}
        rows={5}
        value={values.text}
      />
      <SelectField
        name="badge"
        label={t("badge")}
        help={t("badge-help")}
        faults={faults}
        value={values.badge}
        options={[
          { value: "", label: t("badge-rows") },
          ...badges.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <details open={isSaid}>
        <summary>{t("how")}</summary>
        <EncodingFields t={t} values={values} guess />
      </details>
      <button class="btn first" type="submit">
        {t("check")}
      </button>
    </form>
  );
}

interface EncodingFieldsProps {
  readonly t: ImportSpeaker;
  readonly values: { readonly encoding: string; readonly delimiter: string };
  readonly guess?: boolean;
}

export function EncodingFields({ t, values, guess = false }: EncodingFieldsProps) {
  const first = guess ? [{ value: "", label: t("guess") }] : [];
  return (
    <div class="pair">
      <SelectField
        name="encoding"
        label={t("encoding")}
        value={values.encoding}
        options={[
          ...first,
          ...ENCODINGS_OFFERED.map((one) => ({ value: one, label: t(`encoding-${one}`) })),
        ]}
      />
      <SelectField
        name="delimiter"
        label={t("delimiter")}
        value={values.delimiter}
        options={[
          ...first,
          ...DELIMITERS_OFFERED.map(([, name]) => ({ value: name, label: t(`delimiter-${name}`) })),
        ]}
      />
    </div>
  );
}

function Before({ t, account, before, first, next }: Spoken) {
  return (
    <section class="sheet pad result-part" aria-labelledby="before">
      <h2 id="before">{t("before")}</h2>
      {before.length === 0 ? (
        <p>{t("before-none")}</p>
      ) : (
        <Table
          caption={t("before")}
          rows={before}
          columns={[
            {
              name: t("col-file"),
              heads: true,
              cell: ({ id, file_name }) => (
                <a href={`${IMPORT_PATH}/${id}`} dir="auto">
                  {file_name}
                </a>
              ),
            },
            {
              name: t("col-what"),
              cell: ({ dry_run }) => t(dry_run ? "what-check" : "what-award"),
            },
            { name: t("col-state"), cell: ({ state }) => t(`state-${state}`) },
            { name: t("col-rows"), numeric: true, cell: ({ rows }) => t.number(rows) },
            { name: t("col-when"), cell: ({ created_at }) => t.minute(Date.parse(created_at)) },
          ]}
        />
      )}
      <Pager language={account.language} first={first} next={next} />
    </section>
  );
}
