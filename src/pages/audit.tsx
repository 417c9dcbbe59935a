// Who did what in an organization: filtered, page by page, and as a file.
import type { Child } from "hono/jsx";
import type { Account } from "./account.tsx";
import { deskPage } from "./desk-page.tsx";
import { SelectField, TextField } from "./form.tsx";
import { Table } from "./table.tsx";
import { AUDIT } from "./words/audit.ts";
import { OVERVIEW } from "./words/overview.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const AUDIT_PATH = "/admin/audit";
export const AUDIT_FILE_PATH = "/admin/audit.csv";

/** What stands before the dot of an action: the groups that are offered as a filter. */
const GROUPS = [
  "award",
  "badge",
  "nomination",
  "vouch",
  "import",
  "claim_code",
  "user",
  "identity",
  "organization",
  "image",
  "metric",
  "mail_template",
  "api_key",
  "signing_key",
  "webhook_endpoint",
  "event_source",
] as const;

type Say = Speaker<keyof typeof AUDIT.en>;

/** As they stand in the address; empty where nothing is asked for. */
export interface AuditQuery {
  readonly action: string;
  readonly actor: string;
  readonly object: string;
  /** As `2026-10-04`. */
  readonly since: string;
  readonly until: string;
}

export interface AuditRow {
  readonly at: number;
  readonly actorKind: "api_key" | "operator" | "system" | "user";
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly objectName: string | null;
  /** The page of the object; null where it has none. */
  readonly objectPath: string | null;
  /** What else was written down, by its name in the API. */
  readonly detail: Readonly<Record<string, unknown>> | null;
}

interface AuditPageProps {
  readonly account: Account;
  readonly rows: readonly AuditRow[];
  readonly query: AuditQuery;
  /** The address of the list with other filters. */
  readonly pathWith: (query: Partial<AuditQuery>) => string;
  readonly filePath: string;
  readonly newest: string | null;
  readonly older: string | null;
  readonly isUnreadable: boolean;
}

export function auditPage(props: AuditPageProps) {
  const { account, rows, older, newest } = props;
  const t = speaker(account.language, AUDIT);
  return deskPage({
    t,
    account,
    place: AUDIT_PATH,
    children: (
      <>
        {props.isUnreadable ? (
          <p class="sheet done" role="alert">
            {t("wrong-filter")}
          </p>
        ) : null}
        <Filters t={t} {...props} />
        <section class="sheet pad table-sheet" aria-labelledby="entries">
          <h2 id="entries">{t("entries")}</h2>
          {rows.length === 0 ? (
            <p class="soft">{older === null ? t("none") : t("none-here")}</p>
          ) : (
            <Entries t={t} {...props} />
          )}
          {newest === null && older === null ? null : (
            <nav class="pager" aria-label={t("entries")}>
              {newest === null ? null : (
                <a class="btn" href={newest}>
                  {t("newest")}
                </a>
              )}
              {older === null ? null : (
                <a class="btn" href={older} rel="next">
                  {t("older")}
                </a>
              )}
            </nav>
          )}
        </section>
      </>
    ),
  });
}

function Filters({ t, query, filePath }: AuditPageProps & { readonly t: Say }) {
  const isSet = Object.values(query).some((value) => value !== "");
  const isOther = query.action !== "" && !GROUPS.some((group) => group === query.action);
  return (
    <form class="sheet pad form filter-form" method="get" action={AUDIT_PATH}>
      <SelectField
        name="action"
        label={t("action")}
        value={query.action}
        options={[
          { value: "", label: t("action-all") },
          ...GROUPS.map((value) => ({ value, label: t(value) })),
          ...(isOther ? [{ value: query.action, label: actionText(t, query.action) }] : []),
        ]}
      />
      <TextField name="actor" label={t("actor-label")} help={t("actor-help")} value={query.actor} />
      <TextField
        name="object"
        label={t("object-label")}
        help={t("object-help")}
        value={query.object}
      />
      <TextField
        name="since"
        type="date"
        label={t("since")}
        help={t("days-help")}
        value={query.since}
      />
      <TextField name="until" type="date" label={t("until")} value={query.until} />
      <div class="row-actions">
        <button class="btn first" type="submit">
          {t("filter")}
        </button>
        {isSet ? (
          <a class="btn" href={AUDIT_PATH}>
            {t("clear")}
          </a>
        ) : null}
        <a class="btn" href={filePath}>
          {t("csv")}
        </a>
      </div>
    </form>
  );
}

function Entries({ t, rows, pathWith }: AuditPageProps & { readonly t: Say }) {
  return (
    <Table<AuditRow>
      caption={t("entries")}
      rows={rows}
      columns={[
        { name: t("when"), cell: ({ at }) => t.minute(at) },
        { name: t("who"), cell: (row) => <Who t={t} row={row} pathWith={pathWith} /> },
        { name: t("what"), heads: true, cell: ({ action }) => actionWords(t, action) },
        { name: t("object"), cell: (row) => <What t={t} row={row} pathWith={pathWith} /> },
        {
          name: t("detail"),
          cell: ({ detail }) => <Detail detail={detail} />,
        },
      ]}
    />
  );
}

interface CellProps extends Pick<AuditPageProps, "pathWith"> {
  readonly t: Say;
  readonly row: AuditRow;
}

function Who({ t, row: { actorKind, actorId, actorName }, pathWith }: CellProps) {
  const kind = t(`actor-${actorKind}`);
  if (actorId === null || actorKind === "system") return <>{kind}</>;
  return (
    <a href={pathWith({ actor: actorId })}>{actorName === null ? kind : <bdi>{actorName}</bdi>}</a>
  );
}

function What({ t, row, pathWith }: CellProps) {
  const { objectKind: kind, objectId, objectName, objectPath } = row;
  const own = pathWith({ object: objectId });
  return (
    <>
      {Object.hasOwn(AUDIT.en, kind) ? t(kind as keyof typeof AUDIT.en) : kind}{" "}
      {objectName === null ? null : objectPath === null ? (
        <bdi>{objectName}</bdi>
      ) : (
        <a href={objectPath}>
          <bdi>{objectName}</bdi>
        </a>
      )}{" "}
      <a class="small" href={own}>
        <code>{objectId}</code>
      </a>
    </>
  );
}

/** A line for each thing it says, under the names the API gives them. */
function Detail({ detail }: Pick<AuditRow, "detail">) {
  if (detail === null) return null;
  return (
    <>
      {Object.entries(detail).map(([name, value]) => (
        <span class="detail">
          <bdi class="soft">{name}</bdi> <code>{asText(value)}</code>
        </span>
      ))}
    </>
  );
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function actionWords(t: Say, action: string): Child {
  const words = actionText(t, action);
  return words === action ? <code>{action}</code> : words;
}

/** In words where there are some, else the code itself. */
function actionText(t: Say, action: string): string {
  if (!action.includes(".")) return action;
  if (Object.hasOwn(AUDIT.en, action)) return t(action as keyof typeof AUDIT.en);
  if (!Object.hasOwn(OVERVIEW.en, action)) return action;
  return speaker(t.language, OVERVIEW)(action as keyof typeof OVERVIEW.en);
}
