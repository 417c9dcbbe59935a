// One backpack of a person: how the connection stands, each badge on its way there, and what is there already.
import type { Child } from "hono/jsx";
import type { ExternalBadgeView } from "../backpack/external.ts";
import type { ShelfAward, ShelfEvent, ShelfFilter } from "../db/backpack-shelf.ts";
import type { Urls } from "../urls.ts";
import { type Account, accountPage, FormToken } from "./account.tsx";
import {
  BACKPACKS_PATH,
  backpackPath,
  ConnectForm,
  type OfferedBackpack,
  type ProvenEmail,
} from "./backpack-connect.tsx";
import { PulledBadges } from "./backpack-pulled.tsx";
import {
  ConnectionSign,
  type ConnectionState,
  DeliveryLabel,
  type ShelfState,
} from "./backpack-state.tsx";
import { WATCH_PATH } from "./backpack-watch.ts";
import { Counts, Done, Fault, type FormFault, type ShelfCounts } from "./backpacks.tsx";
import { Day, Minute } from "./time.tsx";
import { here, hostOf, linkable } from "./web-address.ts";

/** Why something did not go through, in our words. */
export interface Reason {
  readonly words: string;
  /** Who can do something about it; null where the words have said it. */
  readonly who: string | null;
}

export interface ShelfRow extends ShelfAward {
  /** Null where nothing is wrong. */
  readonly reason: Reason | null;
}

export interface BackpackEventView {
  readonly at: number;
  /** A sentence, or the rest of one that begins with the badge. */
  readonly words: string;
  readonly badge: ShelfEvent["badge"];
}

/** Null for what is not connected. */
export interface ConnectionView extends ShelfCounts {
  /** Why a new grant is needed; null while there is one. */
  readonly reason: Reason | null;
  /** What was asked for and not granted, in words. */
  readonly missing: readonly string[];
  readonly canPush: boolean;
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
  const isWorking = connection !== null && connection.waiting > 0 && props.state === "connected";
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
      <p class="unseen" role="status" />
      <div data-live={connection.waiting > 0 ? "waiting" : "settled"}>
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
  const { reason, connectedAt, knownAs, waiting } = connection;
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
            {sendingWords(connection)}{" "}
            {waiting > 0 ? <a href={backpackPath(backpack.id)}>See how far it is now</a> : null}
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

function sendingWords({ canPush, autoSync }: ConnectionView): string {
  if (!canPush) return "Badges there can be seen here; none are sent.";
  return autoSync
    ? "New badges are sent by themselves."
    : "New badges are sent only when you say so.";
}

/** The way to a new grant, where it is needed or where less was granted than asked for. */
function Again({ state, connection, backpack, account, emails }: ConnectedProps) {
  const { missing, autoSync } = connection;
  const form = (
    <ConnectForm backpack={backpack} account={account} emails={emails} autoSync={autoSync} again />
  );
  if (state === "reconnect") return <div class="again">{form}</div>;
  if (state !== "connected" || missing.length === 0) return null;
  return (
    <div class="again">
      <p>You did not allow Rosette to {missing.join(", nor to ")}.</p>
      <details>
        <summary>Allow it</summary>
        {form}
      </details>
    </div>
  );
}

function Why({ reason: { words, who } }: { readonly reason: Reason }) {
  return (
    <p dir="auto">
      {words} {who === null ? null : <span class="soft">{who}</span>}
    </p>
  );
}

interface PressProps {
  readonly action: string;
  readonly account: Account;
  readonly fields?: Readonly<Record<string, string>>;
  readonly first?: boolean;
  /** What it is about, for those who hear the button without its row. */
  readonly about?: string;
  readonly children: Child;
}

/** A form of one button. */
export function Press({
  action,
  account,
  fields = {},
  first = false,
  about,
  children,
}: PressProps) {
  return (
    <form class="press" method="post" action={action}>
      <FormToken account={account} />
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button class={first ? "btn first" : "btn"} type="submit">
        {children}
        {about === undefined ? null : <span class="unseen"> {about}</span>}
      </button>
    </form>
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

const FILTERS = [
  [null, "All"],
  ["attention", "Not accepted"],
  ["waiting", "Waiting"],
  ["sent", "Sent"],
  ["unsent", "Not sent"],
] as const satisfies readonly (readonly [ShelfFilter | null, string])[];

function Awards(props: ConnectedProps) {
  const { backpack, connection } = props;
  const { rows, filter, older } = connection;
  const path = backpackPath(backpack.id);
  if (!connection.canPush) return null;
  const total = connection.sent + connection.waiting + connection.attention + connection.unsent;
  return (
    <section class="sheet pad result-part" aria-labelledby="awards">
      <h2 id="awards">Your badges from here</h2>
      {total > rows.length || filter !== null ? (
        <nav class="filters" aria-label="Which badges">
          {FILTERS.map(([name, words]) => (
            <a
              href={`${name === null ? path : `${path}?show=${name}`}#awards`}
              aria-current={name === filter ? "true" : undefined}
            >
              {words}
            </a>
          ))}
        </nav>
      ) : null}
      {rows.length === 0 ? <NoRows filter={filter} /> : null}
      <ul class="items rows">
        {rows.map((row) => (
          <Row {...props} row={row} />
        ))}
      </ul>
      {older === null ? null : (
        <p>
          <a class="btn" href={older}>
            Older badges
          </a>
        </p>
      )}
    </section>
  );
}

function NoRows({ filter }: { readonly filter: ShelfFilter | null }) {
  return (
    <p>
      {filter === null
        ? "You have no badge from here yet. The first one you earn will be listed here."
        : "None of your badges is in that state."}
    </p>
  );
}

function stateOf({ delivery }: ShelfRow): ShelfState {
  return delivery?.state ?? "unsent";
}

function Row({
  row,
  backpack,
  account,
  urls,
  state: connection,
  now,
}: ConnectedProps & { readonly row: ShelfRow }) {
  const { award, badge, organization, picture, delivery, reason } = row;
  const state = stateOf(row);
  const image =
    picture === null ? urls.badgeImage(badge.id) : urls.image(picture.sha256, picture.media_type);
  const isRevoked = award.revoked_at !== null;
  const isOpen = state === "unsent" || state === "parked" || state === "refused";
  return (
    <li>
      <img class="thumb" src={here(image)} width="48" height="48" alt="" loading="lazy" />
      <div>
        <h3 lang={badge.language} dir="auto">
          <a href={here(urls.badgePage(award.unique_hash))}>{badge.name}</a>
        </h3>
        <p class="soft small">
          <span lang={organization.language} dir="auto">
            {badge.issuer_name ?? organization.name}
          </span>
          , <Day at={award.awarded_at} />
          {isRevoked ? ", revoked" : null}
        </p>
        {reason === null ? null : <Why reason={reason} />}
        {delivery?.last_answer && reason !== null ? (
          <p class="soft small">
            The backpack said: “<bdi>{delivery.last_answer}</bdi>”
          </p>
        ) : null}
        {state === "unsent" && !award.visible ? (
          <p class="soft small">You keep it private, so it is sent only if you say so here.</p>
        ) : null}
        <When row={row} now={now} />
      </div>
      <div class="row-end">
        <DeliveryLabel state={state} />
        {isOpen && connection === "connected" && !isRevoked ? (
          <Press
            action={`${backpackPath(backpack.id)}/send`}
            account={account}
            fields={{ award: award.id }}
            about={badge.name}
          >
            {state === "unsent" ? "Send" : "Try again"}
          </Press>
        ) : null}
      </div>
    </li>
  );
}

function When({ row: { delivery }, now }: { readonly row: ShelfRow; readonly now: number }) {
  if (delivery === null) return null;
  const { state, delivered_at: sentAt, next_try_at: nextAt, attempts } = delivery;
  if (state === "delivered" && sentAt !== null) {
    return (
      <p class="soft small">
        Sent <Minute at={sentAt} />
      </p>
    );
  }
  if ((state !== "pending" && state !== "unknown") || nextAt === null) return null;
  return (
    <p class="soft small">
      {nextAt <= now ? (
        "Next try in a moment"
      ) : (
        <>
          Next try <Minute at={nextAt} />
        </>
      )}
      {attempts > 0 ? `, after ${attempts} ${attempts === 1 ? "try" : "tries"}` : null}
    </p>
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
