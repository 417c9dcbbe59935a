// One message to an endpoint of webhooks: what was sent, what came back, and sending it again.
import type { WebhookDeliveryState } from "../db/webhooks.ts";
import { type Account, accountPage, Press } from "./account.tsx";
import { Done } from "./form-outcome.tsx";
import { endpointPath, type SayWebhooks, WEBHOOKS_PATH } from "./webhooks.tsx";
import { speaker } from "./words/speak.tsx";
import { WEBHOOKS } from "./words/webhooks.ts";

export interface DeliveryFault {
  readonly code: string;
  /** In English. */
  readonly detail: string;
  readonly status: number | null;
}

/** Times in milliseconds since 1970. */
export interface DeliveryRow {
  readonly id: string;
  readonly type: string;
  readonly messageId: string;
  readonly state: WebhookDeliveryState;
  readonly attempts: number;
  readonly createdAt: number;
  readonly lastTryAt: number | null;
  readonly nextTryAt: number | null;
  readonly deliveredAt: number | null;
  readonly lastStatus: number | null;
  readonly fault: DeliveryFault | null;
  readonly body: string;
}

export function deliveryPath(endpointId: string, id: string): string {
  return `${endpointPath(endpointId)}/deliveries/${id}`;
}

const WORDED = [
  "not-accepted",
  "rate-limited",
  "gone",
  "endpoint-disabled",
  "endpoint-failing",
] as const;

/** In the reader's language; the API's own sentence says more, in English. */
export function DeliveryWhy({
  t,
  fault: { code, detail, status },
}: {
  readonly t: SayWebhooks;
  readonly fault: DeliveryFault;
}) {
  if (t.language === "en") return <>{detail}</>;
  const worded = WORDED.find((one) => one === code);
  if (worded === undefined) return <>{t("fault-other", { code })}</>;
  return <>{t(`fault-${worded}`, { status: status === null ? "?" : String(status) })}</>;
}

interface DeliveryPageProps {
  readonly account: Account;
  readonly endpointId: string;
  readonly delivery: DeliveryRow;
  readonly canResend: boolean;
  readonly done: "pinged" | "resent" | null;
}

export function webhookDeliveryPage(props: DeliveryPageProps) {
  const { account, endpointId, delivery, done } = props;
  const t = speaker(account.language, WEBHOOKS);
  return accountPage({
    title: t("delivery-title", { type: delivery.type }),
    account,
    place: WEBHOOKS_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t("delivery-title", { type: delivery.type })}</h1>
        </div>
        <Done words={done === null ? null : t(outcomeOf(delivery, done))} />
        <div class="sheet pad stack">
          <Facts t={t} delivery={delivery} />
          <div class="row-actions">
            {props.canResend ? (
              <Press
                action={`${deliveryPath(endpointId, delivery.id)}/resend`}
                account={account}
                first
              >
                {t("resend")}
              </Press>
            ) : null}
            <a class="btn" href={endpointPath(endpointId)}>
              {t("to-endpoint")}
            </a>
          </div>
          <h2>{t("body")}</h2>
          <pre class="wraps">{delivery.body}</pre>
        </div>
      </>
    ),
  });
}

/** It may have been tried before the page was asked for. */
function outcomeOf({ state, attempts }: DeliveryRow, done: "pinged" | "resent") {
  if (state === "delivered") return "was-delivered";
  if (state === "parked") return "was-parked";
  return attempts === 0 ? (`done-${done}` as const) : "was-not-accepted";
}

function Facts({ t, delivery }: { readonly t: SayWebhooks; readonly delivery: DeliveryRow }) {
  const { state, fault, attempts, lastStatus, lastTryAt, nextTryAt, deliveredAt } = delivery;
  return (
    <dl class="facts">
      <dt>{t("state")}</dt>
      <dd>
        <strong>{t(`delivery-state-${state}`)}</strong>
      </dd>
      {fault === null ? null : (
        <>
          <dt>{t("reason")}</dt>
          <dd>
            <DeliveryWhy t={t} fault={fault} />
          </dd>
        </>
      )}
      <dt>{t("answer")}</dt>
      <dd>{lastStatus === null ? t("no-answer") : String(lastStatus)}</dd>
      <dt>{t("tries")}</dt>
      <dd>{t.number(attempts)}</dd>
      <dt>{t("when")}</dt>
      <dd>{t.minute(delivery.createdAt)}</dd>
      {(
        [
          ["last-try", lastTryAt],
          ["next-try", nextTryAt],
          ["arrived", deliveredAt],
        ] as const
      ).map(([name, at]) =>
        at === null ? null : (
          <>
            <dt>{t(name)}</dt>
            <dd>{t.minute(at)}</dd>
          </>
        ),
      )}
      <dt>{t("message-id")}</dt>
      <dd>
        <code>{delivery.messageId}</code>
      </dd>
    </dl>
  );
}
