// One import: how far it is, what would happen or has happened, how the file was read, and its rows.
import type { Child } from "hono/jsx";
import { type Account, accountPage, FormToken, Press } from "./account.tsx";
import { type Faults, FormErrors, SelectField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { ImportRows, type RowsProps } from "./import-rows.tsx";
import { IMPORT_SCRIPT_PATH } from "./import-script.ts";
import {
  type BadgeOption,
  DELIMITERS_OFFERED,
  EncodingFields,
  IMPORT_PATH,
  type ImportView,
  MEANINGS,
} from "./import-start.tsx";
import type { ImportSpeaker } from "./import-words.ts";
import { IMPORT } from "./words/import.ts";
import { speaker } from "./words/speak.tsx";

export interface ImportJobProps {
  readonly account: Account;
  readonly job: ImportView;
  readonly badges: readonly BadgeOption[];
  /** Null while it is at work. */
  readonly rows: Omit<RowsProps, "t" | "account" | "job"> | null;
  /** Who sent it, and administrators, stop it and go on with it. */
  readonly isTheirs: boolean;
  readonly faults: Faults;
  readonly notice: string | null;
}

interface Spoken extends ImportJobProps {
  readonly t: ImportSpeaker;
}

/** Seconds after which a browser without scripts looks again. */
const LOOK_AGAIN = 5;

export function isAtWork({ state }: Pick<ImportView, "state">): boolean {
  return state === "waiting" || state === "running";
}

export function importJobPage(props: ImportJobProps) {
  const { account, job, faults, notice } = props;
  const t = speaker(account.language, IMPORT);
  const title = t(job.dry_run ? "job-check" : "job-award", { file: job.file_name });
  const open = isAtWork(job);
  return accountPage({
    title,
    account,
    place: IMPORT_PATH,
    head: open ? (
      <>
        <noscript>
          <meta http-equiv="refresh" content={String(LOOK_AGAIN)} />
        </noscript>
        <script type="module" src={IMPORT_SCRIPT_PATH} />
      </>
    ) : null,
    children: (
      <>
        <div class="intro">
          <h1 dir="auto">{title}</h1>
        </div>
        <Done words={notice} />
        <FormErrors
          faults={faults}
          language={account.language}
          labels={{ reading: t("reading-title"), badge: t("badge") }}
        />
        <p class="unseen" role="status" data-said="" />
        <div
          data-import={open ? "open" : "ended"}
          data-percent={String(percentOf(job))}
          data-words={open ? wordsOf(t, job) : t("said-ended")}
        >
          {open ? <AtWork {...props} t={t} /> : <Ended {...props} t={t} />}
        </div>
      </>
    ),
  });
}

function percentOf({ done, rows }: ImportView): number {
  return Math.floor((100 * done) / Math.max(1, rows));
}

function wordsOf(t: ImportSpeaker, job: ImportView): string {
  const { done, rows } = job;
  return t("said", { percent: percentOf(job), done, rows });
}

function AtWork({ t, account, job, isTheirs }: Spoken) {
  const { id, dry_run, done, rows, state } = job;
  return (
    <section class="sheet pad narrow stack" aria-labelledby="state">
      <h2 id="state" tabindex={-1}>
        {t(`state-${state}`)}
      </h2>
      <p>{t(dry_run ? "at-work-check" : "at-work-award")}</p>
      <div>
        <label for="progress">{t("progress")}</label>
        <progress id="progress" max={rows} value={done} />
        <p class="progress-of">{t("progress-of", { done, rows })}</p>
      </div>
      <div class="controls">
        {isTheirs ? (
          <Press action={`${IMPORT_PATH}/${id}/stop`} account={account}>
            {t("stop")}
          </Press>
        ) : null}
        <a class="btn" href={`${IMPORT_PATH}/${id}`}>
          {t("look-again")}
        </a>
      </div>
    </section>
  );
}

function Ended(props: Spoken) {
  const { t, account, job, rows, faults } = props;
  const { dry_run, reading } = job;
  const isChecked = dry_run && job.state === "done";
  // Then nothing else can be done before.
  const isMisread = faults.length > 0 || reading.columns.every(({ as }) => as === null);
  return (
    <>
      <section class="sheet pad narrow stack" aria-labelledby="state">
        <h2 id="state" tabindex={-1}>
          {t(isChecked ? "state-checked" : `state-${job.state}`)}
        </h2>
        {job.state === "done" ? <Summary {...props} /> : <Halted {...props} />}
      </section>
      {isChecked && isMisread ? <Reading {...props} /> : null}
      {rows === null ? null : <ImportRows {...rows} t={t} account={account} job={job} />}
      {isChecked && !isMisread ? <Reading {...props} /> : null}
    </>
  );
}

function Halted({ t, account, job, isTheirs }: Spoken) {
  const { id, state, done, rows } = job;
  return (
    <>
      <p>{t(state === "failed" ? "failed-lead" : "stopped-lead", { done, rows })}</p>
      {isTheirs ? (
        <Press action={`${IMPORT_PATH}/${id}/resume`} account={account} first>
          {t("resume")}
        </Press>
      ) : null}
      {done === 0 ? null : <Result t={t} job={job} />}
    </>
  );
}

function Summary({ t, account, job }: Spoken) {
  const { id, dry_run, awarded, held, refused } = job;
  const start = (words: Child, first: boolean) => (
    <Press action={`${IMPORT_PATH}/${id}/start`} account={account} first={first}>
      {words}
    </Press>
  );
  if (dry_run) {
    return (
      <>
        <p>{t("summary-check", { awarded, held, refused })}</p>
        {awarded === 0 ? <p>{t("start-none")}</p> : start(t("start", { count: awarded }), true)}
        {awarded === 0 || refused === 0 ? null : (
          <p class="soft small">{t("start-left", { count: refused })}</p>
        )}
      </>
    );
  }
  return (
    <>
      <p>{t("summary-award", { awarded, held, refused })}</p>
      <Result t={t} job={job} />
      <p class="soft small">{t("again-help")}</p>
      <div class="controls">
        {start(t("again"), false)}
        {refused === 0 ? null : (
          <Press action={`${IMPORT_PATH}/${id}/check`} account={account}>
            {t("again-check")}
          </Press>
        )}
        <a class="btn" href={IMPORT_PATH}>
          {t("another")}
        </a>
      </div>
    </>
  );
}

function Result({ t, job }: Pick<Spoken, "t" | "job">) {
  return (
    <p>
      <a class="btn fit" href={`${IMPORT_PATH}/${job.id}/result.csv`}>
        {t("result")}
      </a>
      <span class="soft small">{t("result-help")}</span>
    </p>
  );
}

function Reading({ t, account, job, badges, faults }: Spoken) {
  const { encoding, delimiter, columns, unknown_columns } = job.reading;
  const name = DELIMITERS_OFFERED.find(([sign]) => sign === delimiter)?.[1] ?? "comma";
  const isMisread = faults.length > 0 || columns.every(({ as }) => as === null);
  return (
    <section class="sheet pad narrow result-part" aria-labelledby="reading">
      <h2 id="reading">{t("reading-title")}</h2>
      <p>
        {t("reading-words", {
          encoding: t(`encoding-${encoding}`),
          delimiter: name,
        })}{" "}
        {unknown_columns.length === 0
          ? null
          : t("reading-unread", { columns: unknown_columns.join(", ") })}
      </p>
      <details open={isMisread}>
        <summary>{t("reading-open")}</summary>
        <form class="form plain-form" method="post" action={`${IMPORT_PATH}/${job.id}/reading`}>
          <FormToken account={account} />
          <EncodingFields t={t} values={{ encoding, delimiter: name }} />
          <SelectField
            name="badge"
            label={t("badge")}
            help={t("badge-help")}
            faults={faults}
            value={job.badge ?? ""}
            options={[
              { value: "", label: t("badge-rows") },
              ...badges.map((badge) => ({ value: badge.id, label: badge.name })),
            ]}
          />
          {columns.map((column, i) => (
            <SelectField
              name={`column-${i}`}
              label={t("reading-column", { column: column.name })}
              value={column.as ?? ""}
              options={[
                { value: "", label: t("as-none") },
                ...MEANINGS.map((one) => ({ value: one, label: t(`as-${one}`) })),
              ]}
            />
          ))}
          <p class="soft small">{t("reading-kept")}</p>
          <button class="btn" type="submit">
            {t("reading-change")}
          </button>
        </form>
      </details>
    </section>
  );
}
