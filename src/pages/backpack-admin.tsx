// All backpacks as administrators see them: in the order people are offered them, with how it goes with each.
import type { BackpackHealth } from "../backpack/site-health.ts";
import { type Account, accountPage, FormToken, Press } from "./account.tsx";
import { AddressField } from "./backpack-address.tsx";
import { StateLabel } from "./backpack-state.tsx";
import { Done, Fault, type FormFault } from "./form-outcome.tsx";
import { ExpiredSign, HiddenSign, RevokedSign, ValidSign, WaitingSign } from "./icons.tsx";
import { Minute } from "./time.tsx";
import { hostOf } from "./web-address.ts";

export const ADMIN_BACKPACKS_PATH = "/admin/backpacks";

export function adminBackpackPath(id: string): string {
  return `${ADMIN_BACKPACKS_PATH}/${id}`;
}

export interface AdminBackpack {
  readonly id: string;
  readonly name: string;
  readonly webUrl: string;
  readonly isEnabled: boolean;
  /** A person gave its address, and it is offered to nobody else yet. */
  readonly isPersonal: boolean;
  readonly health: BackpackHealth;
}

export interface AdminBackpacksPageProps {
  readonly account: Account;
  /** Those that are offered to everybody, in order. */
  readonly backpacks: readonly AdminBackpack[];
  /** Some that people added for themselves, the newest first, of so many. */
  readonly personal: readonly AdminBackpack[];
  readonly personalCount: number;
  readonly done: string | null;
  readonly fault: FormFault | null;
  readonly address: string;
}

export function adminBackpacksPage(props: AdminBackpacksPageProps) {
  const { account, backpacks, done, fault, address } = props;
  return accountPage({
    title: fault === null ? "Manage backpacks" : `Not done: ${fault.detail}`,
    account,
    place: ADMIN_BACKPACKS_PATH,
    children: (
      <>
        <div class="intro">
          <h1>Manage backpacks</h1>
          <p class="lead">
            These are the backpacks people can connect to, in the order they are offered.
          </p>
        </div>
        <Done words={done} />
        <Fault fault={fault} />
        {backpacks.length === 0 ? (
          <p class="sheet pad">There is none yet. Add the first by its address.</p>
        ) : (
          <ol class="shelf">
            {backpacks.map((backpack, i) => (
              <Card
                account={account}
                backpack={backpack}
                isFirst={i === 0}
                isLast={i === backpacks.length - 1}
              />
            ))}
          </ol>
        )}
        <AddForm account={account} address={address} />
        <Personal {...props} />
      </>
    ),
  });
}

function Personal({ account, personal, personalCount }: AdminBackpacksPageProps) {
  if (personalCount === 0) return null;
  return (
    <section class="band result-part" aria-labelledby="personal">
      <h2 id="personal">Added by people for themselves</h2>
      <ul class="shelf">
        {personal.map((backpack) => (
          <Card account={account} backpack={backpack} isFirst isLast />
        ))}
      </ul>
      {personalCount > personal.length ? (
        <p class="soft small">
          Only the newest {personal.length} of {personalCount} are listed.
        </p>
      ) : null}
    </section>
  );
}

interface CardProps {
  readonly account: Account;
  readonly backpack: AdminBackpack;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function Card({ account, backpack, isFirst, isLast }: CardProps) {
  const { id, name, webUrl, isPersonal, health } = backpack;
  const order = `${ADMIN_BACKPACKS_PATH}/order`;
  return (
    <li class="sheet pad">
      <div class="shelf-head">
        <h2 dir="auto">
          <a href={adminBackpackPath(id)}>{name}</a>
        </h2>
        <HealthLabel {...backpack} />
      </div>
      <p class="soft small">
        <bdi>{hostOf(webUrl)}</bdi>
        {isPersonal ? " · a person added it; nobody else is offered it" : null}
      </p>
      <p>
        <HealthLine {...health} />
      </p>
      <div class="controls">
        {isFirst ? null : (
          <Press
            action={order}
            account={account}
            fields={{ backpack: id, direction: "up" }}
            about={name}
          >
            Move up
          </Press>
        )}
        {isLast ? null : (
          <Press
            action={order}
            account={account}
            fields={{ backpack: id, direction: "down" }}
            about={name}
          >
            Move down
          </Press>
        )}
        <a class="btn" href={adminBackpackPath(id)}>
          Settings and health<span class="unseen"> of {name}</span>
        </a>
      </div>
    </li>
  );
}

/** The worst there is to say, in a word with its sign. */
export function HealthLabel({
  isEnabled,
  isPersonal,
  health,
}: Omit<AdminBackpack, "id" | "name" | "webUrl">) {
  if (!isEnabled) return <StateLabel tone="hidden" sign={HiddenSign} word="Switched off" />;
  if (health.pausedUntil !== null) {
    return <StateLabel tone="revoked" sign={RevokedSign} word="Does not answer" />;
  }
  if (health.parked > 0)
    return <StateLabel tone="expired" sign={ExpiredSign} word="Deliveries given up" />;
  if (isPersonal)
    return <StateLabel tone="hidden" sign={WaitingSign} word="Not offered to everybody" />;
  return <StateLabel tone="valid" sign={ValidSign} word="In order" />;
}

export function HealthLine(health: BackpackHealth) {
  const { connected, reconnect, delivered, waiting, parked, refused, pullProblems, lastSuccessAt } =
    health;
  return (
    <>
      <strong>
        {connected} {connected === 1 ? "person" : "people"} connected
      </strong>
      {reconnect > 0 ? `, ${reconnect} must reconnect` : null}
      {`, ${delivered} sent, ${waiting} waiting`}
      {parked > 0 ? `, ${parked} given up` : null}
      {refused > 0 ? `, ${refused} refused` : null}
      {pullProblems > 0 ? `; ${pullProblems} could not be read last time` : null}.
      {lastSuccessAt === null ? null : (
        <>
          {" "}
          It last answered as it should <Minute at={lastSuccessAt} />.
        </>
      )}
    </>
  );
}

function AddForm({ account, address }: { readonly account: Account; readonly address: string }) {
  return (
    <form
      class="sheet pad form result-part"
      method="post"
      action={ADMIN_BACKPACKS_PATH}
      aria-labelledby="add"
    >
      <h2 id="add">Add a backpack</h2>
      <FormToken account={account} />
      <AddressField address={address}>
        Its manifest fills the rest in, and you are shown what works and what does not.
      </AddressField>
      <label class="choice">
        <input type="checkbox" name="auto_sync_default" value="1" checked />
        Suggest sending new badges by themselves
      </label>
      <button class="btn first" type="submit">
        Add this backpack
      </button>
    </form>
  );
}
