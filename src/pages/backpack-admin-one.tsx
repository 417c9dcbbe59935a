// One backpack as an administrator sees it: its health, what works there, its settings, what was given up.
import type { Probe } from "../backpack/probe.ts";
import type { LedgerRow, ShelfServer } from "../db/backpack-ledger.ts";
import type { ApiVersion } from "../db/backpacks.ts";
import { linkable } from "../linkable.ts";
import { type Account, accountPage, FormToken, Press } from "./account.tsx";
import {
  ADMIN_BACKPACKS_PATH,
  type AdminBackpack,
  adminBackpackPath,
  type BackpackAdminDone,
  HealthLabel,
  HealthLine,
} from "./backpack-admin.tsx";
import { type SiteFaultCode, siteFaultWords } from "./backpack-fault.ts";
import { Tried } from "./backpack-probe.tsx";
import { type Reason, reasonWords } from "./backpack-reason.tsx";
import { DeliveryLabel } from "./backpack-state.tsx";
import { Done, Fault } from "./form-outcome.tsx";
import { hostOf } from "./web-address.ts";
import { BACKPACK_ADMIN_WORDS } from "./words/backpack-admin.ts";
import { speaker } from "./words/speak.tsx";

export interface AdminBackpackPageProps {
  readonly account: Account;
  readonly backpack: AdminBackpack & {
    readonly apiVersion: ApiVersion;
    readonly autoSyncDefault: boolean;
  };
  readonly server: ShelfServer | null;
  /** Null where it was never probed. */
  readonly probe: Probe | null;
  /** Parked and refused deliveries, the newest first. */
  readonly troubled: readonly (LedgerRow & { readonly reason: Reason | null })[];
  readonly moreTroubled: boolean;
  readonly done: BackpackAdminDone | null;
  readonly fault: SiteFaultCode | null;
}

export function adminBackpackPage(props: AdminBackpackPageProps) {
  const { account, backpack, done } = props;
  const { name } = backpack;
  const t = speaker(account.language, BACKPACK_ADMIN_WORDS);
  const fault = props.fault && siteFaultWords(props.fault, account.language);
  return accountPage({
    title: fault === null ? name : t("not-done", { what: name }),
    account,
    place: ADMIN_BACKPACKS_PATH,
    children: (
      <>
        <div class="intro">
          <p class="kind">
            <a href={ADMIN_BACKPACKS_PATH}>{t("title")}</a>
          </p>
          <h1 dir="auto">{backpack.name}</h1>
          <p class="soft">
            <Host address={backpack.webUrl} /> · {t(`protocol-${backpack.apiVersion}`)}
          </p>
        </div>
        <Done words={done === null ? null : t(`done-${done}`)} />
        <Fault fault={fault} />
        <Health {...props} />
        <Troubled {...props} />
        <Tried {...props} />
        <Settings {...props} />
        <Client {...props} />
        <p class="result-part">
          <a href={`${adminBackpackPath(backpack.id)}/remove`}>
            {t.rich("remove-link", { name: <bdi>{name}</bdi> })}
          </a>
        </p>
      </>
    ),
  });
}

function Host({ address }: { readonly address: string }) {
  const href = linkable(address);
  const host = <bdi>{hostOf(address)}</bdi>;
  if (href === null) return host;
  return (
    <a href={href} rel="noopener noreferrer nofollow">
      {host}
    </a>
  );
}

function Health({ account, backpack }: AdminBackpackPageProps) {
  const { health } = backpack;
  const t = speaker(account.language, BACKPACK_ADMIN_WORDS);
  return (
    <section class="sheet pad result-part" aria-labelledby="health">
      <div class="shelf-head">
        <h2 id="health">{t("health")}</h2>
        <HealthLabel {...backpack} t={t} />
      </div>
      <p>
        <HealthLine health={health} t={t} />
      </p>
      {health.pausedUntil === null ? null : (
        <p>{t.rich("paused", { count: health.failures, at: t.minute(health.pausedUntil) })}</p>
      )}
    </section>
  );
}

function Troubled({ account, backpack, troubled, moreTroubled }: AdminBackpackPageProps) {
  if (troubled.length === 0) return null;
  const t = speaker(account.language, BACKPACK_ADMIN_WORDS);
  const parked = backpack.health.parked;
  return (
    <section class="sheet pad result-part" aria-labelledby="troubled">
      <h2 id="troubled">{t("troubled")}</h2>
      <ul class="items rows plain">
        {troubled.map(({ delivery, badge, person, reason }) => (
          <li>
            <div>
              <h3 lang={badge.language} dir="auto">
                {badge.name}
              </h3>
              <p class="soft small">
                {t.rich("last-tried", {
                  person: <bdi>{person ?? t("nobody")}</bdi>,
                  at: t.minute(delivery.updated_at),
                })}
              </p>
              {reason === null ? null : (
                <p>{t("they-are-told", { words: reasonWords(reason, t.language).words })}</p>
              )}
              {delivery.last_answer === null ? null : (
                <p class="soft small">
                  {t.rich("backpack-said", { said: <bdi>{delivery.last_answer}</bdi> })}
                </p>
              )}
            </div>
            <div class="row-end">
              <DeliveryLabel state={delivery.state} language={account.language} />
              <Press
                action={`${adminBackpackPath(backpack.id)}/replay`}
                account={account}
                fields={{ delivery: delivery.id }}
                about={badge.name}
              >
                {t("try-again")}
              </Press>
            </div>
          </li>
        ))}
      </ul>
      {moreTroubled ? (
        <p class="soft small">{t("newest-listed", { count: troubled.length })}</p>
      ) : null}
      {parked > 1 ? (
        <Press
          action={`${adminBackpackPath(backpack.id)}/replay`}
          account={account}
          fields={{ delivery: "parked" }}
        >
          {t("try-all", { count: parked })}
        </Press>
      ) : null}
    </section>
  );
}

function Settings({ account, backpack }: AdminBackpackPageProps) {
  const { id, isEnabled, isPersonal, autoSyncDefault } = backpack;
  const t = speaker(account.language, BACKPACK_ADMIN_WORDS);
  return (
    <form
      class="sheet pad form result-part"
      method="post"
      action={`${adminBackpackPath(id)}/settings`}
      aria-labelledby="settings"
    >
      <h2 id="settings">{t("settings-title")}</h2>
      <FormToken account={account} />
      <label class="choice">
        <input type="checkbox" name="is_enabled" value="1" checked={isEnabled} />
        {t("enabled")}
      </label>
      {isPersonal ? (
        <label class="choice">
          <input type="checkbox" name="offer" value="1" />
          {t("offer")}
        </label>
      ) : null}
      <label class="choice">
        <input type="checkbox" name="auto_sync_default" value="1" checked={autoSyncDefault} />
        {t("auto-sync")}
      </label>
      <button class="btn first" type="submit">
        {t("save")}
      </button>
    </form>
  );
}

function Client({ account, backpack, server }: AdminBackpackPageProps) {
  if (server === null) return null;
  const { clientId, registration, secretExpiresAt, canRegister, redirectUri } = server;
  const t = speaker(account.language, BACKPACK_ADMIN_WORDS);
  return (
    <section class="sheet pad result-part" aria-labelledby="client">
      <h2 id="client">{t("client")}</h2>
      {clientId === null ? (
        <p>{t(canRegister ? "client-registers" : "client-by-hand")}</p>
      ) : (
        <p>
          {t.rich(registration === "entered" ? "client-entered" : "client-registered", {
            id: <code>{clientId}</code>,
            ends:
              secretExpiresAt === null
                ? ""
                : t.rich("client-ends", { at: t.minute(secretExpiresAt) }),
          })}
        </p>
      )}
      {redirectUri === null ? null : (
        <p class="small">{t.rich("come-back", { address: <code>{redirectUri}</code> })}</p>
      )}
      <details open={clientId === null && !canRegister}>
        <summary>{t("enter-client")}</summary>
        <form class="form" method="post" action={`${adminBackpackPath(backpack.id)}/client`}>
          <FormToken account={account} />
          <div>
            <label for="client_id">{t("client-id")}</label>
            <input
              type="text"
              id="client_id"
              name="client_id"
              required
              maxlength={2048}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
            />
          </div>
          <div>
            <label for="client_secret">{t("client-secret")}</label>
            <p class="soft small" id="secret-help">
              {t("secret-help")}
            </p>
            <input
              type="password"
              id="client_secret"
              name="client_secret"
              required
              maxlength={2048}
              autocomplete="off"
              aria-describedby="secret-help"
            />
          </div>
          <button class="btn" type="submit">
            {t("keep-client")}
          </button>
        </form>
      </details>
    </section>
  );
}

export interface RemoveBackpackPageProps {
  readonly account: Account;
  readonly backpack: AdminBackpack;
}

/** Before a backpack is removed: whose connections end, and the name to type. */
export function removeBackpackPage({ account, backpack }: RemoveBackpackPageProps) {
  const { id, name, health } = backpack;
  const path = adminBackpackPath(id);
  const t = speaker(account.language, BACKPACK_ADMIN_WORDS);
  return accountPage({
    title: t("remove-title", { name }),
    account,
    place: ADMIN_BACKPACKS_PATH,
    children: (
      <>
        <div class="intro">
          <p class="kind">
            <a href={path}>{t("remove-keep")}</a>
          </p>
          <h1>{t.rich("remove-ask", { name: <bdi>{name}</bdi> })}</h1>
        </div>
        <div class="sheet pad stack">
          <h2>{t("deleted")}</h2>
          <ul class="plain-list">
            <li>{t("deleted-connections", { count: health.connected + health.reconnect })}</li>
            <li>{t("deleted-sent")}</li>
            <li>{t("deleted-client")}</li>
          </ul>
          <h2>{t("stays")}</h2>
          <p>{t.rich("stays-there", { link: (inside) => <a href={path}>{inside}</a> })}</p>
          <Press action={`${path}/remove`} account={account} first>
            {t("remove")}
          </Press>
        </div>
      </>
    ),
  });
}
