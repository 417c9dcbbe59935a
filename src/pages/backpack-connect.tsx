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

interface ConnectProps {
  readonly backpack: OfferedBackpack;
  readonly account: Account;
  /** Whether a connection is there already, whose grant is gone. */
  readonly again?: boolean;
  readonly autoSync: boolean;
}

/** Sent to the OAuth client's own route, which leads on to the backpack. */
export function ConnectForm({ backpack, account, again = false, autoSync }: ConnectProps) {
  const { id, name, api_version: version } = backpack;
  const reads = version === "v1";
  return (
    <form class="form connect" method="post" action={`${backpackPath(id)}/connect`}>
      <FormToken account={account} />
      <div>
        <p>
          {reads ? (
            "Rosette will"
          ) : (
            <>
              You will be asked at <bdi>{hostOf(backpack.backpack_web_url)}</bdi> to let Rosette
            </>
          )}
        </p>
        <ul class="plain-list">
          {PERMISSIONS[version].map((words) => (
            <li>{words}</li>
          ))}
        </ul>
        <p class="soft small">
          {reads
            ? "Nothing is sent there."
            : "It lasts until you disconnect, here or there. Rosette never learns your password there."}
        </p>
      </div>
      {reads ? null : (
        <label class="choice">
          <input type="checkbox" name="auto_sync" value="1" checked={autoSync} />
          Send new badges there by themselves
        </label>
      )}
      <button class="btn first" type="submit">
        <span>
          {again ? "Reconnect" : "Connect"} <bdi>{name}</bdi>
        </span>
      </button>
    </form>
  );
}
