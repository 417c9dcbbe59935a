// Webhooks of an organization: who is told of what, and adding an endpoint.
import type { DisabledReason } from "../db/webhooks.ts";
import { type Account, FormToken } from "./account.tsx";
import { deskPage } from "./desk-page.tsx";
import { Choices, type Faults, FormErrors, TextField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { secretPage } from "./secret-page.tsx";
import { Pager, Table } from "./table.tsx";
import { Tabs } from "./tabs.tsx";
import { hostOf } from "./web-address.ts";
import { type Speaker, speaker } from "./words/speak.tsx";
import { WEBHOOKS } from "./words/webhooks.ts";

export const WEBHOOKS_PATH = "/admin/webhooks";
export const DISABLED_PATH = `${WEBHOOKS_PATH}?state=disabled`;
const STANDARD = "https://www.standardwebhooks.com/";
export const MAX_DESCRIPTION = 500;

export type SayWebhooks = Speaker<keyof typeof WEBHOOKS.en>;

/** Times in milliseconds since 1970. */
export interface ShownEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  /** Empty means all. */
  readonly events: readonly string[];
  readonly disabled: { readonly at: number; readonly reason: DisabledReason } | null;
  readonly failingSince: number | null;
  readonly bothUntil: number | null;
}

export function endpointPath(id: string): string {
  return `${WEBHOOKS_PATH}/${id}`;
}

export interface EndpointForm {
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
}

interface WebhooksPageProps {
  readonly account: Account;
  readonly endpoints: readonly ShownEndpoint[];
  /** Types of events there are. */
  readonly events: readonly string[];
  readonly onlyDisabled: boolean;
  readonly first: string | null;
  readonly next: string | null;
  readonly form: EndpointForm;
  readonly faults: Faults;
  readonly done: "removed" | null;
}

export function webhooksPage(props: WebhooksPageProps) {
  const { account, endpoints, onlyDisabled, faults, done } = props;
  const t = speaker(account.language, WEBHOOKS);
  return deskPage({
    t,
    account,
    place: WEBHOOKS_PATH,
    children: (
      <>
        <Done words={done === null ? null : t(`done-${done}`)} />
        <FormErrors faults={faults} language={account.language} labels={endpointLabels(t)} />
        <section class="sheet pad table-sheet" aria-labelledby="endpoints">
          <h2 id="endpoints">{t("endpoints")}</h2>
          <Tabs
            label={t("show")}
            tabs={[
              { href: WEBHOOKS_PATH, name: t("filter-all") },
              { href: DISABLED_PATH, name: t("filter-disabled") },
            ]}
            current={onlyDisabled ? DISABLED_PATH : WEBHOOKS_PATH}
          />
          {endpoints.length === 0 ? (
            <p class="soft">{onlyDisabled ? t("none-disabled") : t("none")}</p>
          ) : (
            <Endpoints t={t} endpoints={endpoints} />
          )}
          <Pager language={account.language} first={props.first} next={props.next} />
        </section>
        <section class="result-part" aria-labelledby="add">
          <h2 id="add">{t("add")}</h2>
          <form class="sheet pad form" method="post" action={WEBHOOKS_PATH}>
            <FormToken account={account} />
            <EndpointFields t={t} form={props.form} events={props.events} faults={faults} />
            <button class="btn first" type="submit">
              {t("add")}
            </button>
          </form>
        </section>
      </>
    ),
  });
}

export function endpointLabels(t: SayWebhooks) {
  return { url: t("address"), description: t("description"), events: t("events") };
}

interface EndpointsProps {
  readonly t: SayWebhooks;
  readonly endpoints: readonly ShownEndpoint[];
}

function Endpoints({ t, endpoints }: EndpointsProps) {
  return (
    <Table<ShownEndpoint>
      caption={t("endpoints")}
      rows={endpoints}
      columns={[
        {
          name: t("address"),
          heads: true,
          cell: ({ id, url }) => (
            <a href={endpointPath(id)}>
              <bdi>{url}</bdi>
            </a>
          ),
        },
        {
          name: t("description"),
          cell: ({ description }) => (description === "" ? null : <bdi>{description}</bdi>),
        },
        {
          name: t("told"),
          cell: ({ events }) => (events.length === 0 ? t("all") : events.join(", ")),
        },
        { name: t("state"), cell: (endpoint) => <EndpointState t={t} endpoint={endpoint} /> },
      ]}
    />
  );
}

export function EndpointState({
  t,
  endpoint: { disabled, failingSince },
}: {
  readonly t: SayWebhooks;
  readonly endpoint: ShownEndpoint;
}) {
  if (disabled !== null) return <>{t("state-disabled")}</>;
  if (failingSince === null) return <>{t("state-enabled")}</>;
  return <>{t.rich("state-failing", { since: t.minute(failingSince) })}</>;
}

interface EndpointFieldsProps {
  readonly t: SayWebhooks;
  readonly form: EndpointForm;
  readonly events: readonly string[];
  readonly faults: Faults;
}

export function EndpointFields({ t, form, events, faults }: EndpointFieldsProps) {
  return (
    <>
      <TextField
        name="url"
        type="url"
        label={t("address")}
        help={t("address-help")}
        value={form.url}
        faults={faults}
        required
        autocomplete="off"
      />
      <TextField
        name="description"
        label={t("description")}
        value={form.description}
        maxlength={MAX_DESCRIPTION}
        faults={faults}
      />
      <div class="many">
        <Choices
          name="events"
          legend={t("events")}
          help={t("events-help")}
          type="checkbox"
          faults={faults}
          chosen={form.events}
          options={events.map((value) => ({ value, label: <code>{value}</code> }))}
        />
      </div>
    </>
  );
}

interface EndpointSecretPageProps {
  readonly account: Account;
  readonly endpoint: Pick<ShownEndpoint, "id" | "url">;
  /** Null where the form was sent again. */
  readonly secret: string | null;
}

export function endpointSecretPage({ account, endpoint, secret }: EndpointSecretPageProps) {
  const t = speaker(account.language, WEBHOOKS);
  return secretPage({
    account,
    place: WEBHOOKS_PATH,
    title: t("secret-title", { host: hostOf(endpoint.url) }),
    secret,
    lost: t("secret-lost"),
    back: { href: endpointPath(endpoint.id), words: t("to-endpoint") },
    children: <p>{t.rich("secret-use", { docs: (inside) => <a href={STANDARD}>{inside}</a> })}</p>,
  });
}
