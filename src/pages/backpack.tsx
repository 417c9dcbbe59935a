// One backpack of a person: how the connection stands, each badge on its way there, and what is there already.
import type { ExternalBadgeView } from "../backpack/external.ts";
import type { ShelfEvent, ShelfFilter } from "../db/backpack-shelf.ts";
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
import { PulledBadges } from "./backpack-pulled.tsx";
import { type Reason, Why } from "./backpack-reason.tsx";
import { ConnectionSign, type ConnectionState } from "./backpack-state.tsx";
import { WATCH_PATH } from "./backpack-watch.ts";
import { Counts, howItSends, type ShelfCounts } from "./backpacks.tsx";
import { Done, Fault, type FormFault } from "./form-outcome.tsx";
import { Day, Minute } from "./time.tsx";
import { hostOf } from "./web-address.ts";

export interface BackpackEventView {
  readonly at: number;
  /** A sentence, or the rest of one that begins with the badge. */
  readonly words: string;
  readonly badge: ShelfEvent["badge"];
}

/** Null for what is not connected. */
export interface ConnectionView extends ShelfCounts {
  /** Whether something is about to change by itself. */
  readonly isBusy: boolean;
  /** Why a new grant is needed; null while there is one. */
  readonly reason: Reason | null;
  /** What was asked for and not granted, in words. */
  readonly missing: readonly string[];
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
  readonly done: string | null;
  readonly fault: FormFault | null;
  readonly now: number;
  readonly urls: Urls;
}

export function backpackPage(props: BackpackPageProps) {
  const { account, backpack, emails, connection, done, fault } = props;
  const isWorking = connection?.isBusy === true && props.state === "connected";
  return accountPage({
    title: `${fault === null ? "" : "Not done: "}${backpack.name}`,
    account,
    place: BACKPACKS_PATH,
    head: isWorking ? <script type="module" src={WATCH_PATH} /> : null,
    children: (
      <>
        <Head backpack={backpack} />
        <Done words={done} />
        <Fault fault={fault} />
        {connection === null ? (
          <section class="sheet pad" aria-labelledby="connect">
            <h2 id="connect">Connect it</h2>
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
  return (
    <div class="apart">
      <p class="soft small">You added this backpack, and only you are offered it.</p>
      <Press action={`${backpackPath(backpack.id)}/remove`} account={account}>
        Take it off the list
      </Press>
    </div>
  );
}

function Head({ backpack }: { readonly backpack: OfferedBackpack }) {
  const web = linkable(backpack.backpack_web_url);
  const host = <bdi>{hostOf(backpack.backpack_web_url)}</bdi>;
  return (
    <div class="intro">
      <p class="kind">
        <a href={BACKPACKS_PATH}>Your backpacks</a>
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
  const { connection } = props;
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
        <Events events={connection.events} />
        <p class="result-part">
          <a href={`${backpackPath(props.backpack.id)}/disconnect`}>
            Disconnect <bdi>{props.backpack.name}</bdi> …
          </a>
        </p>
      </div>
    </>
  );
}

/** How the connection stands, in the first screenful. */
function Band({ state, connection, backpack }: ConnectedProps) {
  const { reason, connectedAt, knownAs, isBusy } = connection;
  const tone = state === "reconnect" ? "expired" : state === "off" ? "hidden" : "valid";
  return (
    <div class={`verdict ${tone}`}>
      <ConnectionSign state={state} />
      <strong>
        {state === "reconnect" ? "Reconnect: the permission is gone" : null}
        {state === "off" ? "Switched off by an administrator" : null}
        {state !== "connected" ? null : connection.canPush ? (
          <Counts {...connection} />
        ) : (
          "Connected"
        )}
      </strong>
      <div class="more">
        {reason === null ? null : <Why reason={reason} />}
        {state === "off" ? <p>Nothing is sent or fetched until they switch it on again.</p> : null}
        {state === "connected" ? (
          <p>
            {howItSends(state, connection)}{" "}
            {isBusy ? <a href={backpackPath(backpack.id)}>See how far it is now</a> : null}
          </p>
        ) : null}
        <p class="soft small">
          Connected <Day at={connectedAt} />
          {knownAs === null ? null : (
            <>
              {" "}
              as <bdi>{knownAs}</bdi>
            </>
          )}
          .
        </p>
      </div>
    </div>
  );
}

/** The way to a new grant, where it is needed or where less was granted than asked for. */
function Again({ state, connection, backpack, account, emails }: ConnectedProps) {
  const { missing, autoSync } = connection;
  const form = (
    <ConnectForm backpack={backpack} account={account} emails={emails} autoSync={autoSync} again />
  );
  if (state === "reconnect") return <div class="regrant">{form}</div>;
  if (state !== "connected" || missing.length === 0) return null;
  return (
    <div class="regrant">
      <p>You did not allow Rosette to {missing.join(", nor to ")}.</p>
      <details>
        <summary>Allow it</summary>
        {form}
      </details>
    </div>
  );
}

function Controls({ backpack, account, state, connection }: ConnectedProps) {
  if (state !== "connected" || !(connection.canPush || connection.canPull)) return null;
  const path = backpackPath(backpack.id);
  const { autoSync, unsent, attention, canPush, canPull } = connection;
  const open = unsent + attention;
  return (
    <div class="controls">
      {canPush && open > 0 ? (
        <Press action={`${path}/send`} account={account} fields={{ award: "all" }} first>
          {open === 1 ? "Send the one that is missing" : `Send the ${open} that are missing`}
        </Press>
      ) : null}
      {canPush ? (
        <Press action={`${path}/auto-sync`} account={account} fields={{ on: autoSync ? "0" : "1" }}>
          {autoSync ? "Stop sending new badges" : "Send new badges by themselves"}
        </Press>
      ) : null}
      {canPull ? (
        <Press action={`${path}/pull`} account={account}>
          Look what is there
        </Press>
      ) : null}
    </div>
  );
}

function Pulled({ connection, backpack }: ConnectedProps) {
  const { pulled, morePulled, lastPulledAt, pullReason } = connection;
  return (
    <section class="sheet pad result-part" aria-labelledby="there">
      <h2 id="there">
        In <bdi>{backpack.name}</bdi> from elsewhere
      </h2>
      {pullReason === null ? null : <Why reason={pullReason} />}
      <PulledBadges badges={pulled} more={morePulled} lookedAt={lastPulledAt} />
    </section>
  );
}

function Events({ events }: { readonly events: readonly BackpackEventView[] }) {
  return (
    <section class="sheet pad result-part" aria-labelledby="events">
      <h2 id="events">What happened last</h2>
      {events.length === 0 ? <p>Nothing yet.</p> : null}
      <ol class="items log">
        {events.map(({ at, words, badge }) => (
          <li>
            <span>
              {badge === null ? null : (
                <>
                  “<bdi lang={badge.language}>{badge.name}</bdi>”{" "}
                </>
              )}
              {words}
            </span>
            <span class="soft small">
              <Minute at={at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
