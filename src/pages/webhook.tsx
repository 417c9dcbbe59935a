// One endpoint of webhooks: how it stands, what it was sent, and all that can be done with it.
import type { WebhookDeliveryState } from "../db/webhooks.ts";
import { type Account, accountPage, FormToken, Press } from "./account.tsx";
import { type Faults, FormErrors, SelectField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { surePage } from "./sure-page.tsx";
import { Pager, Table } from "./table.tsx";
import { Tabs } from "./tabs.tsx";
import { hostOf } from "./web-address.ts";
import { type DeliveryRow, DeliveryWhy, deliveryPath } from "./webhook-delivery.tsx";
import {
  EndpointFields,
  type EndpointForm,
  EndpointState,
  endpointLabels,
  endpointPath,
  type SayWebhooks,
  type ShownEndpoint,
  WEBHOOKS_PATH,
} from "./webhooks.tsx";
import { speaker } from "./words/speak.tsx";
import { WEBHOOKS } from "./words/webhooks.ts";

/** Hours for which both secrets sign. */
export const OVERLAPS = ["24", "168", "0"] as const;
export const LOG_STATES = [
  "waiting",
  "delivered",
  "parked",
] as const satisfies readonly WebhookDeliveryState[];

export type WebhookDone = "saved" | "enabled" | "disabled" | "all-resent";

interface WebhookPageProps {
  readonly account: Account;
  readonly endpoint: ShownEndpoint;
  readonly form: EndpointForm;
  readonly events: readonly string[];
  readonly faults: Faults;
  /** Which deliveries are listed; null for all. */
  readonly state: WebhookDeliveryState | null;
  readonly deliveries: readonly DeliveryRow[];
  readonly first: string | null;
  readonly next: string | null;
  readonly done: WebhookDone | null;
}

export function webhookPage(props: WebhookPageProps) {
  const { account, endpoint, faults, done } = props;
  const t = speaker(account.language, WEBHOOKS);
  return accountPage({
    title: hostOf(endpoint.url),
    account,
    place: WEBHOOKS_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{hostOf(endpoint.url)}</h1>
          <p class="lead">
            <bdi>{endpoint.url}</bdi>
          </p>
        </div>
        <Done words={done === null ? null : t(`done-${done}`)} />
        <FormErrors faults={faults} language={account.language} labels={endpointLabels(t)} />
        <Standing t={t} account={account} endpoint={endpoint} />
        <Log t={t} {...props} />
        <section class="result-part" aria-labelledby="settings">
          <h2 id="settings">{t("settings")}</h2>
          <form class="sheet pad form" method="post" action={endpointPath(endpoint.id)}>
            <FormToken account={account} />
            <EndpointFields t={t} form={props.form} events={props.events} faults={faults} />
            <button class="btn first" type="submit">
              {t("save")}
            </button>
          </form>
        </section>
      </>
    ),
  });
}

interface StandingProps {
  readonly t: SayWebhooks;
  readonly account: Account;
  readonly endpoint: ShownEndpoint;
}

function Standing({ t, account, endpoint }: StandingProps) {
  const { id, disabled, bothUntil } = endpoint;
  const path = endpointPath(id);
  return (
    <div class="sheet pad stack">
      <p>
        {t("state")}
        {": "}
        <strong>
          <EndpointState t={t} endpoint={endpoint} />
        </strong>
      </p>
      {disabled === null ? null : <p>{t(`why-${disabled.reason}`)}</p>}
      {bothUntil === null ? null : <p>{t.rich("both-until", { until: t.minute(bothUntil) })}</p>}
      <div class="row-actions">
        {disabled === null ? (
          <>
            <Press action={`${path}/ping`} account={account} first>
              {t("ping")}
            </Press>
            <Press action={`${path}/resend`} account={account}>
              {t("resend-parked")}
            </Press>
            <Press action={`${path}/disable`} account={account}>
              {t("disable")}
            </Press>
          </>
        ) : (
          <Press action={`${path}/enable`} account={account} first>
            {t("enable")}
          </Press>
        )}
        <a class="btn" href={`${path}/rotate`}>
          {t("rotate")}
        </a>
        <a class="btn" href={`${path}/delete`}>
          {t("remove")}
        </a>
      </div>
    </div>
  );
}

function Log({
  t,
  account,
  endpoint,
  state,
  deliveries,
  first,
  next,
}: WebhookPageProps & { readonly t: SayWebhooks }) {
  const path = endpointPath(endpoint.id);
  const of = (one: WebhookDeliveryState) => `${path}?state=${one}#log`;
  return (
    <section class="sheet pad table-sheet result-part" aria-labelledby="log">
      <h2 id="log">{t("log")}</h2>
      <Tabs
        label={t("log")}
        tabs={[
          { href: `${path}#log`, name: t("filter-all") },
          ...LOG_STATES.map((one) => ({ href: of(one), name: t(`log-${one}`) })),
        ]}
        current={state === null ? `${path}#log` : of(state)}
      />
      {deliveries.length === 0 ? (
        <p class="soft">{state === null ? t("log-none") : t("log-none-such")}</p>
      ) : (
        <Deliveries t={t} account={account} endpoint={endpoint} deliveries={deliveries} />
      )}
      <Pager language={account.language} first={first} next={next} />
      <p class="soft small">{t("log-kept")}</p>
    </section>
  );
}

interface DeliveriesProps extends StandingProps {
  readonly deliveries: readonly DeliveryRow[];
}

function Deliveries({ t, account, endpoint, deliveries }: DeliveriesProps) {
  return (
    <Table<DeliveryRow>
      caption={t("log")}
      rows={deliveries}
      columns={[
        {
          name: t("event"),
          heads: true,
          cell: ({ id, type }) => <a href={deliveryPath(endpoint.id, id)}>{type}</a>,
        },
        { name: t("when"), cell: ({ createdAt }) => t.minute(createdAt) },
        {
          name: t("state"),
          cell: (row) => (
            <>
              {t(`delivery-state-${row.state}`)}
              {row.fault === null ? null : (
                <span class="soft small choice-help">
                  <DeliveryWhy t={t} fault={row.fault} />
                </span>
              )}
            </>
          ),
        },
        { name: t("tries"), numeric: true, cell: ({ attempts }) => t.number(attempts) },
        {
          name: t("answer"),
          numeric: true,
          cell: ({ lastStatus }) => (lastStatus === null ? t("no-answer") : String(lastStatus)),
        },
        {
          name: t("deeds"),
          cell: ({ id, type, createdAt }) =>
            endpoint.disabled !== null ? null : (
              <Press
                action={`${deliveryPath(endpoint.id, id)}/resend`}
                account={account}
                about={t("resend-about", { type, when: new Date(createdAt).toISOString() })}
              >
                {t("resend")}
              </Press>
            ),
        },
      ]}
    />
  );
}

interface EndpointSureProps {
  readonly account: Account;
  readonly endpoint: Pick<ShownEndpoint, "id" | "url">;
}

export function rotateEndpointPage({ account, endpoint }: EndpointSureProps) {
  const t = speaker(account.language, WEBHOOKS);
  return surePage({
    account,
    place: WEBHOOKS_PATH,
    title: t("rotate-title", { host: hostOf(endpoint.url) }),
    lead: <p>{t("rotate-lead")}</p>,
    action: `${endpointPath(endpoint.id)}/rotate`,
    button: t("rotate"),
    back: { href: endpointPath(endpoint.id), words: t("to-endpoint") },
    children: (
      <SelectField
        name="overlap"
        label={t("overlap")}
        value={OVERLAPS[0]}
        options={OVERLAPS.map((value) => ({ value, label: t(`overlap-${value}`) }))}
      />
    ),
  });
}

export function removeEndpointPage({ account, endpoint }: EndpointSureProps) {
  const t = speaker(account.language, WEBHOOKS);
  return surePage({
    account,
    place: WEBHOOKS_PATH,
    title: t("remove-title", { host: hostOf(endpoint.url) }),
    lead: <p>{t("remove-lead")}</p>,
    action: `${endpointPath(endpoint.id)}/delete`,
    button: t("remove"),
    back: { href: endpointPath(endpoint.id), words: t("to-endpoint") },
  });
}
