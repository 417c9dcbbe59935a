// One backpack of a person: how the connection stands, each badge on its way there, and what is there already.
import type { ExternalBadgeView } from "../backpack/external.ts";
import type { ShelfFilter } from "../db/backpack-shelf.ts";
import { linkable } from "../linkable.ts";
import type { Urls } from "../urls.ts";
import { type Account, accountPage, Press } from "./account.tsx";
import { Awards, type ShelfRow } from "./backpack-awards.tsx";
import {
  BACKPACKS_PATH,
  backpackPath,
  ConnectForm,
  type OfferedBackpack,
  type ProvenEmail,
} from "./backpack-connect.tsx";
import { type BackpackEventView, Events } from "./backpack-events.tsx";
import { type BackpackFault, backpackFault } from "./backpack-fault.ts";
import { PulledBadges } from "./backpack-pulled.tsx";
import { type Reason, Why } from "./backpack-reason.tsx";
import { ConnectionSign, type ConnectionState } from "./backpack-state.tsx";
import { WATCH_PATH } from "./backpack-watch.ts";
import { type BackpackDone, countsWords, howItSends, type ShelfCounts } from "./backpacks.tsx";
import { Done, Fault } from "./form-outcome.tsx";
import { hostOf } from "./web-address.ts";
import { BACKPACK_WORDS } from "./words/backpack.ts";
import { BACKPACKS_WORDS } from "./words/backpacks.ts";
import { speaker } from "./words/speak.tsx";

/** Null for what is not connected. */
export interface ConnectionView extends ShelfCounts {
  /** Whether something is about to change by itself. */
  readonly isBusy: boolean;
  /** Why a new grant is needed; null while there is one. */
  readonly reason: Reason | null;
  /** What was asked for and not granted. */
  readonly missing: readonly ("create" | "read" | "profile")[];
  readonly canPull: boolean;
  /** The address or name the backpack knows the person by. */
  readonly knownAs: string | null;
  readonly rows: readonly ShelfRow[];
  readonly filter: ShelfFilter | null;
  /** The address of the next page of rows; null on the last. */
  readonly older: string | null;
  readonly pulled: readonly ExternalBadgeView[];
  /** Whether there are more than are shown. */
  readonly morePulled: boolean;
  readonly lastPulledAt: number | null;
  readonly pullReason: Reason | null;
  readonly events: readonly BackpackEventView[];
}

export interface BackpackPageProps {
  readonly account: Account;
  readonly backpack: OfferedBackpack;
  readonly emails: readonly ProvenEmail[];
  readonly state: ConnectionState;
  /** Whether this person gave its address, and nobody has taken it over. */
  readonly isOwn: boolean;
  readonly connection: ConnectionView | null;
  readonly done: BackpackDone | null;
  readonly fault: BackpackFault | null;
  readonly now: number;
  readonly urls: Urls;
}

export function backpackPage(props: BackpackPageProps) {
  const { account, backpack, emails, connection, done } = props;
  const { name } = backpack;
  const t = speaker(account.language, BACKPACK_WORDS);
  const said = speaker(account.language, BACKPACKS_WORDS);
  const fault = backpackFault(props.fault, account.language);
  const isWorking = connection?.isBusy === true && props.state === "connected";
  return accountPage({
    title: fault === null ? name : t("not-done", { name }),
    account,
    place: BACKPACKS_PATH,
    head: isWorking ? <script type="module" src={WATCH_PATH} /> : null,
    children: (
      <>
        <Head backpack={backpack} account={account} />
        <Done words={done === null ? null : said(`done-${done}`)} />
        <Fault fault={fault} />
        {connection === null ? (
          <section class="sheet pad" aria-labelledby="connect">
            <h2 id="connect">{t("connect-it")}</h2>
            <ConnectForm
              backpack={backpack}
              account={account}
              emails={emails}
              autoSync={backpack.auto_sync_default}
            />
            {props.isOwn ? <Forget backpack={backpack} account={account} /> : null}
          </section>
        ) : (
          <Connected {...props} connection={connection} />
        )}
      </>
    ),
  });
}

/** Nothing hangs on it, so it takes one press and the address brings it back. */
function Forget({ backpack, account }: Pick<BackpackPageProps, "backpack" | "account">) {
  const t = speaker(account.language, BACKPACK_WORDS);
  return (
    <div class="apart">
      <p class="soft small">{t("added-by-you")}</p>
      <Press action={`${backpackPath(backpack.id)}/remove`} account={account}>
        {t("take-off")}
      </Press>
    </div>
  );
}

function Head({ backpack, account }: Pick<BackpackPageProps, "backpack" | "account">) {
  const t = speaker(account.language, BACKPACK_WORDS);
  const web = linkable(backpack.backpack_web_url);
  const host = <bdi>{hostOf(backpack.backpack_web_url)}</bdi>;
  return (
    <div class="intro">
      <p class="kind">
        <a href={BACKPACKS_PATH}>{t("all-backpacks")}</a>
      </p>
      <h1 dir="auto">{backpack.name}</h1>
      <p class="soft">
        {web === null ? (
          host
        ) : (
          <a href={web} rel="noopener noreferrer nofollow">
            {host}
          </a>
        )}
      </p>
    </div>
  );
}

type ConnectedProps = BackpackPageProps & { readonly connection: ConnectionView };

function Connected(props: ConnectedProps) {
  const { account, backpack, connection } = props;
  const t = speaker(account.language, BACKPACK_WORDS);
  return (
    <>
      <p class="unseen" role="status" data-said="" />
      <div data-live={connection.isBusy ? "waiting" : "settled"}>
        <div class="sheet">
          <Band {...props} />
          <Again {...props} />
          <Controls {...props} />
        </div>
        <Awards {...props} />
        {connection.canPull ? <Pulled {...props} /> : null}
        <Events events={connection.events} language={account.language} />
        <p class="result-part">
          <a href={`${backpackPath(backpack.id)}/disconnect`}>
            {t.rich("disconnect-link", { name: <bdi>{backpack.name}</bdi> })}
          </a>
        </p>
      </div>
    </>
  );
}

/** How the connection stands, in the first screenful. */
function Band({ account, state, connection, backpack }: ConnectedProps) {
  const { reason, connectedAt, knownAs, isBusy } = connection;
  const t = speaker(account.language, BACKPACK_WORDS);
  const said = speaker(account.language, BACKPACKS_WORDS);
  const isFaulty = state === "reconnect" || (state === "connected" && connection.attention > 0);
  const tone = isFaulty ? "expired" : state === "off" ? "hidden" : "valid";
  const day = t.day(connectedAt);
  return (
    <div class={`verdict ${tone}`}>
      <ConnectionSign state={isFaulty ? "reconnect" : state} />
      <strong>
        {state === "reconnect" ? t("reconnect-title") : null}
        {state === "off" ? t("off-title") : null}
        {state !== "connected"
          ? null
          : connection.canPush
            ? countsWords(connection, said)
            : t("connected-title")}
      </strong>
      <div class="more">
        {reason === null ? null : <Why reason={reason} language={account.language} />}
        {state === "off" ? <p>{t("off-what")}</p> : null}
        {state === "connected" ? (
          <p>
            {howItSends(state, connection, said)}{" "}
            {isBusy ? <a href={backpackPath(backpack.id)}>{t("how-far")}</a> : null}
          </p>
        ) : null}
        <p class="soft small">
          {knownAs === null
            ? t.rich("connected-on", { day })
            : t.rich("connected-as", { day, who: <bdi>{knownAs}</bdi> })}
        </p>
      </div>
    </div>
  );
}

/** The way to a new grant, where it is needed or where less was granted than asked for. */
function Again({ state, connection, backpack, account, emails }: ConnectedProps) {
  const { missing, autoSync } = connection;
  const t = speaker(account.language, BACKPACK_WORDS);
  const form = (
    <ConnectForm backpack={backpack} account={account} emails={emails} autoSync={autoSync} again />
  );
  if (state === "reconnect") return <div class="regrant">{form}</div>;
  if (state !== "connected" || missing.length === 0) return null;
  const what = missing.map((one) => t(`may-${one}`));
  return (
    <div class="regrant">
      <p>{t("not-allowed", { what: what.join(t("not-allowed-and")) })}</p>
      <details>
        <summary>{t("allow-it")}</summary>
        {form}
      </details>
    </div>
  );
}

function Controls({ backpack, account, state, connection }: ConnectedProps) {
  if (state !== "connected" || !(connection.canPush || connection.canPull)) return null;
  const t = speaker(account.language, BACKPACK_WORDS);
  const path = backpackPath(backpack.id);
  const { autoSync, unsent, attention, canPush, canPull } = connection;
  const open = unsent + attention;
  return (
    <div class="controls">
      {canPush && open > 0 ? (
        <Press action={`${path}/send`} account={account} fields={{ award: "all" }} first>
          {t("send-missing", { count: open })}
        </Press>
      ) : null}
      {canPush ? (
        <Press action={`${path}/auto-sync`} account={account} fields={{ on: autoSync ? "0" : "1" }}>
          {t(autoSync ? "stop-sending" : "start-sending")}
        </Press>
      ) : null}
      {canPull ? (
        <Press action={`${path}/pull`} account={account}>
          {t("look")}
        </Press>
      ) : null}
    </div>
  );
}

function Pulled({ account, connection, backpack }: ConnectedProps) {
  const { pulled, morePulled, lastPulledAt, pullReason } = connection;
  const { language } = account;
  const t = speaker(language, BACKPACK_WORDS);
  return (
    <section class="sheet pad result-part" aria-labelledby="there">
      <h2 id="there">{t.rich("pulled", { name: <bdi>{backpack.name}</bdi> })}</h2>
      {pullReason === null ? null : <Why reason={pullReason} language={language} />}
      <PulledBadges badges={pulled} more={morePulled} lookedAt={lastPulledAt} language={language} />
    </section>
  );
}
