// One backpack as an administrator sees it: its health, what works there, its settings, what was given up.
import type { Probe, Works } from "../backpack/probe.ts";
import type { LedgerRow, ShelfServer } from "../db/backpack-ledger.ts";
import type { ApiVersion } from "../db/backpacks.ts";
import { linkable } from "../linkable.ts";
import { type Account, accountPage, FormToken, Press } from "./account.tsx";
import {
  ADMIN_BACKPACKS_PATH,
  type AdminBackpack,
  adminBackpackPath,
  HealthLabel,
  HealthLine,
} from "./backpack-admin.tsx";
import type { Reason } from "./backpack-reason.tsx";
import { DeliveryLabel, StateLabel } from "./backpack-state.tsx";
import { Done, Fault, type FormFault } from "./form-outcome.tsx";
import { ExpiredSign, RevokedSign, UnknownSign, ValidSign } from "./icons.tsx";
import { Minute } from "./time.tsx";
import { hostOf } from "./web-address.ts";

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
  readonly done: string | null;
  readonly fault: FormFault | null;
}

const PROTOCOLS: Readonly<Record<ApiVersion, string>> = {
  v2p1: "Badge Connect 2.1",
  v2: "Badgr API 2",
  v1: "Displayer API 1 (read only)",
};

export function adminBackpackPage(props: AdminBackpackPageProps) {
  const { account, backpack, done, fault } = props;
  return accountPage({
    title: `${fault === null ? "" : "Not done: "}${backpack.name}`,
    account,
    place: ADMIN_BACKPACKS_PATH,
    children: (
      <>
        <div class="intro">
          <p class="kind">
            <a href={ADMIN_BACKPACKS_PATH}>Manage backpacks</a>
          </p>
          <h1 dir="auto">{backpack.name}</h1>
          <p class="soft">
            <Host address={backpack.webUrl} /> · {PROTOCOLS[backpack.apiVersion]}
          </p>
        </div>
        <Done words={done} />
        <Fault fault={fault} />
        <Health {...props} />
        <Troubled {...props} />
        <Tried {...props} />
        <Settings {...props} />
        <Client {...props} />
        <p class="result-part">
          <a href={`${adminBackpackPath(backpack.id)}/remove`}>
            Remove <bdi>{backpack.name}</bdi> …
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

function Health({ backpack }: AdminBackpackPageProps) {
  const { health } = backpack;
  return (
    <section class="sheet pad result-part" aria-labelledby="health">
      <div class="shelf-head">
        <h2 id="health">Health</h2>
        <HealthLabel {...backpack} />
      </div>
      <p>
        <HealthLine {...health} />
      </p>
      {health.pausedUntil === null ? null : (
        <p>
          It failed {health.failures} times in a row. Nothing is sent there before{" "}
          <Minute at={health.pausedUntil} />; then one try decides.
        </p>
      )}
    </section>
  );
}

function Troubled({ account, backpack, troubled, moreTroubled }: AdminBackpackPageProps) {
  if (troubled.length === 0) return null;
  const parked = backpack.health.parked;
  return (
    <section class="sheet pad result-part" aria-labelledby="troubled">
      <h2 id="troubled">Deliveries that did not go through</h2>
      <ul class="items rows plain">
        {troubled.map(({ delivery, badge, person, reason }) => (
          <li>
            <div>
              <h3 lang={badge.language} dir="auto">
                {badge.name}
              </h3>
              <p class="soft small">
                <bdi>{person ?? "Somebody without a name"}</bdi>, last tried{" "}
                <Minute at={delivery.updated_at} />
              </p>
              {reason === null ? null : <p>They are told: “{reason.words}”</p>}
              {delivery.last_answer === null ? null : (
                <p class="soft small">
                  The backpack said: “<bdi>{delivery.last_answer}</bdi>”
                </p>
              )}
            </div>
            <div class="row-end">
              <DeliveryLabel state={delivery.state} />
              <Press
                action={`${adminBackpackPath(backpack.id)}/replay`}
                account={account}
                fields={{ delivery: delivery.id }}
                about={badge.name}
              >
                Try again
              </Press>
            </div>
          </li>
        ))}
      </ul>
      {moreTroubled ? (
        <p class="soft small">Only the newest {troubled.length} are listed.</p>
      ) : null}
      {parked > 1 ? (
        <Press
          action={`${adminBackpackPath(backpack.id)}/replay`}
          account={account}
          fields={{ delivery: "parked" }}
        >
          Try all {parked} that were given up again
        </Press>
      ) : null}
    </section>
  );
}

const OUTCOMES = {
  passed: { word: "Works", tone: "valid", sign: ValidSign },
  failed: { word: "Does not work", tone: "revoked", sign: RevokedSign },
  warned: { word: "Note", tone: "expired", sign: ExpiredSign },
  "not-possible": { word: "Not tried", tone: "hidden", sign: UnknownSign },
} as const;

const WORKS = [
  ["connect", "Connecting"],
  ["send", "Sending badges there"],
  ["read", "Seeing what is there"],
  ["stayConnected", "Staying connected"],
  ["revoke", "Giving the permission back"],
] as const satisfies readonly (readonly [keyof Probe["works"], string])[];

/** Where people can connect, what is not known shows with the first of them. */
function worksWords(answer: Works, canConnect: boolean): string {
  if (answer !== "unknown") return answer === "yes" ? "works" : "does not work";
  return canConnect ? "shows once somebody connects" : "not known";
}

function Tried({ account, backpack, probe }: AdminBackpackPageProps) {
  return (
    <section class="sheet pad result-part" aria-labelledby="probe">
      <h2 id="probe">What works there</h2>
      {probe === null ? (
        <p>It has not been tried yet.</p>
      ) : (
        <>
          <dl class="facts">
            {WORKS.map(([name, words]) => (
              <>
                <dt>{words}</dt>
                <dd>{worksWords(probe.works[name], probe.works.connect === "yes")}</dd>
              </>
            ))}
          </dl>
          <ul class="items checks">
            {probe.checks.map(({ name, outcome, words }) => (
              <li>
                <h3>{name}</h3>
                <StateLabel {...OUTCOMES[outcome]} />
                <p class="small" dir="auto">
                  {words}
                </p>
              </li>
            ))}
          </ul>
          <p class="soft small">
            Tried <Minute at={probe.at} />
          </p>
        </>
      )}
      <Press action={`${adminBackpackPath(backpack.id)}/probe`} account={account}>
        Try it now
      </Press>
    </section>
  );
}

function Settings({ account, backpack }: AdminBackpackPageProps) {
  const { id, isEnabled, isPersonal, autoSyncDefault } = backpack;
  return (
    <form
      class="sheet pad form result-part"
      method="post"
      action={`${adminBackpackPath(id)}/settings`}
      aria-labelledby="settings"
    >
      <h2 id="settings">Settings</h2>
      <FormToken account={account} />
      <label class="choice">
        <input type="checkbox" name="is_enabled" value="1" checked={isEnabled} />
        Switched on: people can connect, badges are sent and fetched
      </label>
      {isPersonal ? (
        <label class="choice">
          <input type="checkbox" name="offer" value="1" />
          Offer it to everybody, not only to the person who added it
        </label>
      ) : null}
      <label class="choice">
        <input type="checkbox" name="auto_sync_default" value="1" checked={autoSyncDefault} />
        Suggest sending new badges by themselves
      </label>
      <button class="btn first" type="submit">
        Save the settings
      </button>
    </form>
  );
}

function Client({ account, backpack, server }: AdminBackpackPageProps) {
  if (server === null) return null;
  const { clientId, registration, secretExpiresAt, canRegister, redirectUri } = server;
  return (
    <section class="sheet pad result-part" aria-labelledby="client">
      <h2 id="client">How Rosette is known there</h2>
      {clientId === null ? (
        <p>
          {canRegister
            ? "Not yet. Rosette registers itself when the first person connects."
            : "Not yet, and this backpack registers no apps by itself: ask its operator for a client, and enter it here."}
        </p>
      ) : (
        <p>
          As <code>{clientId}</code>
          {registration === "entered" ? ", entered by hand" : ", by registering itself"}
          {secretExpiresAt === null ? null : (
            <>
              . Its secret ends <Minute at={secretExpiresAt} />
            </>
          )}
          .
        </p>
      )}
      {redirectUri === null ? null : (
        <p class="small">
          People come back to <code>{redirectUri}</code>.
        </p>
      )}
      <details open={clientId === null && !canRegister}>
        <summary>Enter a client by hand</summary>
        <form class="form" method="post" action={`${adminBackpackPath(backpack.id)}/client`}>
          <FormToken account={account} />
          <div>
            <label for="client_id">Client id</label>
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
            <label for="client_secret">Client secret</label>
            <p class="soft small" id="secret-help">
              It is sealed, used, and never shown again.
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
            Keep this client
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
  const people = health.connected + health.reconnect;
  return accountPage({
    title: `Remove ${name}`,
    account,
    place: ADMIN_BACKPACKS_PATH,
    children: (
      <>
        <div class="intro">
          <p class="kind">
            <a href={path}>Back, and keep it</a>
          </p>
          <h1>
            Remove <bdi>{name}</bdi>?
          </h1>
        </div>
        <div class="sheet pad stack">
          <h2>What is deleted here</h2>
          <ul class="plain-list">
            <li>
              {people === 0
                ? "Nobody is connected to it"
                : `The connections of ${people === 1 ? "one person" : `${people} people`}, with every permission and secret`}
            </li>
            <li>What was sent, what was found there, and what happened</li>
            <li>How Rosette is known there</li>
          </ul>
          <h2>What stays</h2>
          <p>
            The badges that are in the backpack stay there. To stop sending for a while,{" "}
            <a href={path}>switch it off</a> instead.
          </p>
          <Press action={`${path}/remove`} account={account} first>
            Remove it for everybody
          </Press>
        </div>
      </>
    ),
  });
}
