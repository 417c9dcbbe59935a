// All backpacks of a person: those that are connected, those that could be, and a way to add another.
import { type Account, accountPage, FormToken } from "./account.tsx";
import { AddressField } from "./backpack-address.tsx";
import {
  BACKPACKS_PATH,
  backpackPath,
  ConnectForm,
  type OfferedBackpack,
  type ProvenEmail,
} from "./backpack-connect.tsx";
import { ConnectionLabel, type ConnectionState } from "./backpack-state.tsx";
import { Done, Fault, type FormFault } from "./form-outcome.tsx";
import { Day } from "./time.tsx";
import { hostOf } from "./web-address.ts";

export interface BackpackCard {
  readonly backpack: OfferedBackpack;
  readonly state: ConnectionState;
  /** Whether this person gave its address, and nobody has taken it over. */
  readonly isOwn: boolean;
  /** Null where it is not connected. */
  readonly shelf: ShelfCounts | null;
}

/** Numbers of a person's awards at one backpack. */
export interface ShelfCounts {
  readonly connectedAt: number;
  readonly autoSync: boolean;
  /** Whether anything can be sent there at all. */
  readonly canPush: boolean;
  readonly sent: number;
  readonly waiting: number;
  readonly attention: number;
  readonly unsent: number;
}

export interface BackpacksPageProps {
  readonly account: Account;
  readonly cards: readonly BackpackCard[];
  readonly emails: readonly ProvenEmail[];
  /** What was done by the form that led here; null when the page was only opened. */
  readonly done: string | null;
  readonly fault: FormFault | null;
  /** What stands in the box for an address already. */
  readonly address: string;
}

export function backpacksPage(props: BackpacksPageProps) {
  const { account, cards, emails, done, fault, address } = props;
  return accountPage({
    title: fault === null ? "Your backpacks" : `Not added: ${fault.detail}`,
    account,
    place: BACKPACKS_PATH,
    children: (
      <>
        <div class="intro">
          <h1>Your backpacks</h1>
          <p class="lead">
            A backpack keeps your badges from everywhere in one place. Connect yours once: what you
            earn here goes there, and what you hold there can be seen here.
          </p>
        </div>
        <Done words={done} />
        <Fault fault={fault} />
        {cards.length === 0 ? (
          <p class="sheet pad">
            No backpack is set up here yet. If you have one somewhere, add it by its address.
          </p>
        ) : (
          <ul class="shelf">
            {cards.map((card) => (
              <Card {...card} account={account} emails={emails} />
            ))}
          </ul>
        )}
        <AddForm account={account} address={address} />
      </>
    ),
  });
}

type CardProps = BackpackCard & Pick<BackpacksPageProps, "account" | "emails">;

function Card({ backpack, state, isOwn, shelf, account, emails }: CardProps) {
  const { id, name, backpack_web_url: web, auto_sync_default: autoSync } = backpack;
  return (
    <li class="sheet pad">
      <div class="shelf-head">
        <h2 dir="auto">
          <a href={backpackPath(id)}>{name}</a>
        </h2>
        <ConnectionLabel state={state} />
      </div>
      <p class="soft small">
        <bdi>{hostOf(web)}</bdi>
        {isOwn ? " · added by you, so only you are offered it" : null}
      </p>
      {shelf === null ? (
        <ConnectForm backpack={backpack} account={account} emails={emails} autoSync={autoSync} />
      ) : (
        <Summary {...shelf} state={state} id={id} />
      )}
    </li>
  );
}

function Summary(props: ShelfCounts & { readonly state: ConnectionState; readonly id: string }) {
  const { connectedAt, state, id } = props;
  return (
    <>
      {props.canPush ? (
        <p>
          <strong>
            <Counts {...props} />
          </strong>
        </p>
      ) : null}
      <p class="soft small">
        {howItSends(state, props)} Connected <Day at={connectedAt} />.
      </p>
      <a class="btn" href={backpackPath(id)}>
        {state === "reconnect" ? "Reconnect or disconnect" : "See its badges"}
      </a>
    </>
  );
}

/** How a connection sends, in a sentence; the one place that says it. */
export function howItSends(
  state: ConnectionState,
  { canPush, autoSync }: Pick<ShelfCounts, "canPush" | "autoSync">,
): string {
  if (!canPush) return "Badges there can be seen here; none are sent.";
  if (state === "reconnect") return "Nothing can be sent until you reconnect it.";
  if (state === "off") return "Nothing is sent while an administrator has it switched off.";
  return autoSync
    ? "New badges are sent by themselves."
    : "New badges are sent only when you say so.";
}

/** `3 sent, 0 waiting`, and what else there is to say. */
export function Counts({
  sent,
  waiting,
  attention,
  unsent,
}: Pick<ShelfCounts, "sent" | "waiting" | "attention" | "unsent">) {
  return (
    <>
      {sent} sent, {waiting} waiting
      {attention > 0 ? `, ${attention} not accepted` : null}
      {unsent > 0 ? `, ${unsent} not sent` : null}
    </>
  );
}

function AddForm({ account, address }: { readonly account: Account; readonly address: string }) {
  return (
    <form
      class="sheet pad form result-part"
      method="post"
      action={BACKPACKS_PATH}
      aria-labelledby="add"
    >
      <h2 id="add">Is yours not here?</h2>
      <FormToken account={account} />
      <AddressField address={address}>
        The backpack is asked what it can do. It is then listed for you alone, unless an
        administrator offers it to everybody.
      </AddressField>
      <button class="btn" type="submit">
        Add this backpack
      </button>
    </form>
  );
}
