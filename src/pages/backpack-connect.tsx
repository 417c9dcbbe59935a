// What a person is told and chooses before they go to a backpack to allow a connection.
import type { ApiVersion, Backpack } from "../db/backpacks.ts";
import { type Account, FormToken } from "./account.tsx";
import { hostOf } from "./web-address.ts";

export type OfferedBackpack = Pick<
  Backpack,
  "id" | "name" | "backpack_web_url" | "api_version" | "auto_sync_default"
>;

export const BACKPACKS_PATH = "/me/backpacks";

export function backpackPath(id: string): string {
  return `${BACKPACKS_PATH}/${id}`;
}

/** What is asked for, in words; what the backpack grants in the end may be less. */
const PERMISSIONS: Readonly<Record<ApiVersion, readonly string[]>> = {
  v2p1: [
    "put your badges there, and keep them up to date",
    "see which badges are there, and show them to you here",
    "see the name and address you have there",
  ],
  v2: [
    "put your badges there, and keep them up to date",
    "see which badges are there, and show them to you here",
    "see the name and address you have there",
  ],
  v1: ["see which badges it shows under your address, and show them to you here"],
};

/** An e-mail address that the person has proven. */
export interface ProvenEmail {
  readonly id: string;
  readonly email: string;
}

interface ConnectProps {
  readonly backpack: OfferedBackpack;
  /** By which a backpack that only shows badges finds the person. */
  readonly emails: readonly ProvenEmail[];
  readonly account: Account;
  /** Whether a connection is there already, whose grant is gone. */
  readonly again?: boolean;
  readonly autoSync: boolean;
}

export function ConnectForm(props: ConnectProps) {
  return props.backpack.api_version === "v1" ? <ShowForm {...props} /> : <GrantForm {...props} />;
}

/** Sent to the OAuth client's own route, which leads on to the backpack. */
function GrantForm({ backpack, account, again = false, autoSync }: ConnectProps) {
  const { id, name, api_version: version } = backpack;
  return (
    <form class="form connect" method="post" action={`${backpackPath(id)}/connect`}>
      <FormToken account={account} />
      <div>
        <p>
          You will be asked at <bdi>{hostOf(backpack.backpack_web_url)}</bdi> to let Rosette
        </p>
        <Permissions version={version} />
        <p class="soft small">
          It lasts until you disconnect, here or there. Rosette never learns your password there.
        </p>
      </div>
      <label class="choice">
        <input type="checkbox" name="auto_sync" value="1" checked={autoSync} />
        Send new badges there by themselves
      </label>
      <button class="btn first" type="submit">
        <span>
          {again ? "Reconnect" : "Connect"} <bdi>{name}</bdi>
        </span>
      </button>
    </form>
  );
}

function Permissions({ version }: { readonly version: ApiVersion }) {
  return (
    <ul class="plain-list">
      {PERMISSIONS[version].map((words) => (
        <li>{words}</li>
      ))}
    </ul>
  );
}

/** Of a backpack that knows no permissions: it shows to everybody what its people made public. */
function ShowForm({ backpack, account, emails }: ConnectProps) {
  const { id, name, api_version: version } = backpack;
  const field = `email-${id}`;
  if (emails.length === 0) {
    return <p>It finds people by their e-mail address, and you have confirmed none here.</p>;
  }
  return (
    <form class="form connect" method="post" action={`${backpackPath(id)}/show`}>
      <FormToken account={account} />
      <div>
        <p>Rosette will</p>
        <Permissions version={version} />
        <p class="soft small">Nothing is sent there but the address you choose.</p>
      </div>
      <div>
        <label for={field}>Your address there</label>
        <select id={field} name="identity">
          {emails.map(({ id: identity, email }) => (
            <option value={identity}>{email}</option>
          ))}
        </select>
      </div>
      <button class="btn first" type="submit">
        <span>
          Connect <bdi>{name}</bdi>
        </span>
      </button>
    </form>
  );
}
