// The programs that send signed events to an organization: all there are, adding one, its secret, its end.
import { type Account, FormToken } from "./account.tsx";
import { deskPage } from "./desk-page.tsx";
import { type Faults, FormErrors, SelectField, TextField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { secretPage } from "./secret-page.tsx";
import { surePage } from "./sure-page.tsx";
import { Pager, Table } from "./table.tsx";
import { EVENT_SOURCES } from "./words/event-sources.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const EVENT_SOURCES_PATH = "/admin/event-sources";
/** Hours for which both secrets are accepted. */
export const SOURCE_OVERLAPS = ["24", "168", "0"] as const;
const STANDARD = "https://www.standardwebhooks.com/";
const MAX_NAME = 100;

type Say = Speaker<keyof typeof EVENT_SOURCES.en>;

/** Times in milliseconds since 1970. */
export interface ListedSource {
  readonly id: string;
  readonly name: string;
  /** Where it sends to. */
  readonly url: string;
  readonly lastEventAt: number | null;
  readonly bothUntil: number | null;
  readonly isRevoked: boolean;
}

interface EventSourcesPageProps {
  readonly account: Account;
  readonly sources: readonly ListedSource[];
  readonly first: string | null;
  readonly next: string | null;
  readonly name: string;
  readonly faults: Faults;
  readonly done: "revoked" | null;
}

export function eventSourcesPage(props: EventSourcesPageProps) {
  const { account, sources, faults, done } = props;
  const t = speaker(account.language, EVENT_SOURCES);
  return deskPage({
    t,
    account,
    place: EVENT_SOURCES_PATH,
    children: (
      <>
        <Done words={done === null ? null : t(`done-${done}`)} />
        <FormErrors faults={faults} language={account.language} labels={{ name: t("name") }} />
        <section class="sheet pad table-sheet" aria-labelledby="sources">
          <h2 id="sources">{t("sources")}</h2>
          {sources.length === 0 ? (
            <p class="soft">
              {t.rich("none", { keys: (inside) => <a href="/admin/api-keys">{inside}</a> })}
            </p>
          ) : (
            <Sources t={t} sources={sources} />
          )}
          <Pager language={account.language} first={props.first} next={props.next} />
        </section>
        <section class="result-part" aria-labelledby="add">
          <h2 id="add">{t("add")}</h2>
          <form class="sheet pad form" method="post" action={EVENT_SOURCES_PATH}>
            <FormToken account={account} />
            <TextField
              name="name"
              label={t("name")}
              help={t("name-help")}
              value={props.name}
              maxlength={MAX_NAME}
              faults={faults}
              required
              autocomplete="off"
            />
            <button class="btn first" type="submit">
              {t("add")}
            </button>
          </form>
        </section>
      </>
    ),
  });
}

function Sources({ t, sources }: { readonly t: Say; readonly sources: readonly ListedSource[] }) {
  return (
    <Table<ListedSource>
      caption={t("sources")}
      rows={sources}
      columns={[
        { name: t("name"), heads: true, cell: ({ name }) => <bdi>{name}</bdi> },
        { name: t("address"), cell: ({ url }) => <code>{url}</code> },
        {
          name: t("last"),
          cell: ({ lastEventAt: at }) => (at === null ? t("last-never") : t.minute(at)),
        },
        {
          name: t("state"),
          cell: ({ isRevoked, bothUntil }) => {
            if (isRevoked) return t("state-revoked");
            if (bothUntil === null) return t("state-active");
            return t.rich("state-both", { until: t.minute(bothUntil) });
          },
        },
        {
          name: t("deeds"),
          cell: ({ id, name, isRevoked }) =>
            isRevoked ? null : (
              <div class="row-actions">
                {(["rotate", "revoke"] as const).map((deed) => (
                  <a class="btn" href={`${EVENT_SOURCES_PATH}/${id}/${deed}`}>
                    {t(deed)}
                    <span class="unseen"> {t("about", { name })}</span>
                  </a>
                ))}
              </div>
            ),
        },
      ]}
    />
  );
}

interface SourceProps {
  readonly account: Account;
  readonly source: Pick<ListedSource, "id" | "name" | "url">;
}

export function sourceSecretPage({
  account,
  source,
  secret,
}: SourceProps & { readonly secret: string | null }) {
  const t = speaker(account.language, EVENT_SOURCES);
  return secretPage({
    account,
    place: EVENT_SOURCES_PATH,
    title: t("secret-title", { name: source.name }),
    secret,
    lost: t("secret-lost"),
    back: { href: EVENT_SOURCES_PATH, words: t("back") },
    children: (
      <>
        <p>{t.rich("secret-use", { docs: (inside) => <a href={STANDARD}>{inside}</a> })}</p>
        <pre class="wraps">{source.url}</pre>
      </>
    ),
  });
}

export function rotateSourcePage({ account, source }: SourceProps) {
  const t = speaker(account.language, EVENT_SOURCES);
  return surePage({
    account,
    place: EVENT_SOURCES_PATH,
    title: t("rotate-title", { name: source.name }),
    lead: <p>{t("rotate-lead")}</p>,
    action: `${EVENT_SOURCES_PATH}/${source.id}/rotate`,
    button: t("rotate"),
    back: { href: EVENT_SOURCES_PATH, words: t("back") },
    children: (
      <SelectField
        name="overlap"
        label={t("overlap")}
        value={SOURCE_OVERLAPS[0]}
        options={SOURCE_OVERLAPS.map((value) => ({ value, label: t(`overlap-${value}`) }))}
      />
    ),
  });
}

export function revokeSourcePage({ account, source }: SourceProps) {
  const t = speaker(account.language, EVENT_SOURCES);
  return surePage({
    account,
    place: EVENT_SOURCES_PATH,
    title: t("revoke-title", { name: source.name }),
    lead: <p>{t("revoke-lead")}</p>,
    action: `${EVENT_SOURCES_PATH}/${source.id}/revoke`,
    button: t("revoke"),
    back: { href: EVENT_SOURCES_PATH, words: t("back") },
  });
}
