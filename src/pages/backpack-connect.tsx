// What a person is told and chooses before they go to a backpack to allow a connection.
import type { ApiVersion, Backpack } from "../db/backpacks.ts";
import { type Account, FormToken } from "./account.tsx";
import { hostOf } from "./web-address.ts";
import { BACKPACKS_WORDS } from "./words/backpacks.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export type OfferedBackpack = Pick<
  Backpack,
  "id" | "name" | "backpack_web_url" | "api_version" | "auto_sync_default"
>;

export const BACKPACKS_PATH = "/me/backpacks";

export function backpackPath(id: string): string {
  return `${BACKPACKS_PATH}/${id}`;
}

/** What is asked for; what the backpack grants in the end may be less. */
const PERMISSIONS = {
  v2p1: ["may-put", "may-see", "may-profile"],
  v2: ["may-put", "may-see", "may-profile"],
  v1: ["may-shown"],
} as const satisfies Readonly<Record<ApiVersion, readonly string[]>>;

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

type T = Speaker<keyof typeof BACKPACKS_WORDS.en>;

/** Sent to the OAuth client's own route, which leads on to the backpack. */
function GrantForm({ backpack, account, again = false, autoSync }: ConnectProps) {
  const { id, name, api_version: version } = backpack;
  const t = speaker(account.language, BACKPACKS_WORDS);
  return (
    <form class="form connect" method="post" action={`${backpackPath(id)}/connect`}>
      <FormToken account={account} />
      <div>
        <p>{t.rich("asked-at", { host: <bdi>{hostOf(backpack.backpack_web_url)}</bdi> })}</p>
        <Permissions version={version} t={t} />
        <p class="soft small">{t("lasts")}</p>
      </div>
      <label class="choice">
        <input type="checkbox" name="auto_sync" value="1" checked={autoSync} />
        {t("auto-sync")}
      </label>
      <button class="btn first" type="submit">
        <span>{t.rich(again ? "reconnect" : "connect", { name: <bdi>{name}</bdi> })}</span>
      </button>
    </form>
  );
}

function Permissions({ version, t }: { readonly version: ApiVersion; readonly t: T }) {
  return (
    <ul class="plain-list">
      {PERMISSIONS[version].map((permission) => (
        <li>{t(permission)}</li>
      ))}
    </ul>
  );
}

/** Of a backpack that knows no permissions: it shows to everybody what its people made public. */
function ShowForm({ backpack, account, emails }: ConnectProps) {
  const { id, name, api_version: version } = backpack;
  const t = speaker(account.language, BACKPACKS_WORDS);
  const field = `email-${id}`;
  if (emails.length === 0) return <p>{t("no-email")}</p>;
  return (
    <form class="form connect" method="post" action={`${backpackPath(id)}/show`}>
      <FormToken account={account} />
      <div>
        <p>{t("rosette-will")}</p>
        <Permissions version={version} t={t} />
        <p class="soft small">{t("nothing-sent")}</p>
      </div>
      <div>
        <label for={field}>{t("your-address")}</label>
        <select id={field} name="identity">
          {emails.map(({ id: identity, email }) => (
            <option value={identity}>{email}</option>
          ))}
        </select>
      </div>
      <button class="btn first" type="submit">
        <span>{t.rich("connect", { name: <bdi>{name}</bdi> })}</span>
      </button>
    </form>
  );
}
