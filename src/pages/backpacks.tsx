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
import { type BackpackFault, backpackFault } from "./backpack-fault.ts";
import { ConnectionLabel, type ConnectionState } from "./backpack-state.tsx";
import { Done, Fault } from "./form-outcome.tsx";
import { hostOf } from "./web-address.ts";
import { type BACKPACK_DONE, BACKPACKS_WORDS } from "./words/backpacks.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export type BackpackDone = (typeof BACKPACK_DONE)[number] | "connected-only";

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
  readonly done: BackpackDone | null;
  readonly fault: BackpackFault | null;
  /** What stands in the box for an address already. */
  readonly address: string;
}

type T = Speaker<keyof typeof BACKPACKS_WORDS.en>;

export function backpacksPage(props: BackpacksPageProps) {
  const { account, cards, emails, done, address } = props;
  const t = speaker(account.language, BACKPACKS_WORDS);
  const fault = backpackFault(props.fault, account.language);
  return accountPage({
    title: fault === null ? t("title") : t("not-added", { why: fault.detail }),
    account,
    place: BACKPACKS_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        <Done words={done === null ? null : t(`done-${done}`)} />
        <Fault fault={fault} />
        {cards.length === 0 ? (
          <p class="sheet pad">{t("none")}</p>
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
  const t = speaker(account.language, BACKPACKS_WORDS);
  const host = <bdi>{hostOf(web)}</bdi>;
  return (
    <li class="sheet pad">
      <div class="shelf-head">
        <h2 dir="auto">
          <a href={backpackPath(id)}>{name}</a>
        </h2>
        <ConnectionLabel state={state} language={account.language} />
      </div>
      <p class="soft small">{isOwn ? t.rich("own", { host }) : host}</p>
      {shelf === null ? (
        <ConnectForm backpack={backpack} account={account} emails={emails} autoSync={autoSync} />
      ) : (
        <Summary {...shelf} state={state} id={id} t={t} />
      )}
    </li>
  );
}

interface SummaryProps extends ShelfCounts {
  readonly state: ConnectionState;
  readonly id: string;
  readonly t: T;
}

function Summary(props: SummaryProps) {
  const { connectedAt, state, id, t } = props;
  const how = howItSends(state, props, t);
  return (
    <>
      {props.canPush ? (
        <p>
          <strong>{countsWords(props, t)}</strong>
        </p>
      ) : null}
      <p class="soft small">{t.rich("connected", { how, day: t.day(connectedAt) })}</p>
      <a class="btn" href={backpackPath(id)}>
        {t(state === "reconnect" ? "reconnect-or" : "see-badges")}
      </a>
    </>
  );
}

/** How a connection sends, in a sentence; the one place that says it. */
export function howItSends(
  state: ConnectionState,
  { canPush, autoSync }: Pick<ShelfCounts, "canPush" | "autoSync">,
  t: T,
): string {
  if (!canPush) return t("sends-none");
  if (state === "reconnect") return t("sends-reconnect");
  if (state === "off") return t("sends-off");
  return t(autoSync ? "sends-itself" : "sends-asked");
}

/** `3 sent, 0 waiting`, and what else there is to say. */
export function countsWords(
  {
    sent,
    waiting,
    attention,
    unsent,
  }: Pick<ShelfCounts, "sent" | "waiting" | "attention" | "unsent">,
  t: T,
): string {
  return t("counts", { sent, waiting, attention, unsent });
}

function AddForm({ account, address }: { readonly account: Account; readonly address: string }) {
  const t = speaker(account.language, BACKPACKS_WORDS);
  return (
    <form
      class="sheet pad form result-part"
      method="post"
      action={BACKPACKS_PATH}
      aria-labelledby="add"
    >
      <h2 id="add">{t("add-title")}</h2>
      <FormToken account={account} />
      <AddressField language={account.language} address={address}>
        {t("add-what")}
      </AddressField>
      <button class="btn" type="submit">
        {t("add")}
      </button>
    </form>
  );
}
