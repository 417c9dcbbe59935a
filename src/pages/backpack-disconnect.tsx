// Before a connection is given up: what is deleted, what stays, and the button that does it.
import { type Account, accountPage, Press } from "./account.tsx";
import { BACKPACKS_PATH, backpackPath, type OfferedBackpack } from "./backpack-connect.tsx";
import { hostOf } from "./web-address.ts";
import { BACKPACKS_WORDS } from "./words/backpacks.ts";
import { speaker } from "./words/speak.tsx";

export interface DisconnectPageProps {
  readonly account: Account;
  readonly backpack: OfferedBackpack;
  readonly sent: number;
  readonly waiting: number;
  readonly pulled: number;
}

export function disconnectPage({ account, backpack, sent, waiting, pulled }: DisconnectPageProps) {
  const t = speaker(account.language, BACKPACKS_WORDS);
  const path = backpackPath(backpack.id);
  const { name } = backpack;
  return accountPage({
    title: t("disconnect-title", { name }),
    account,
    place: BACKPACKS_PATH,
    children: (
      <>
        <div class="intro">
          <p class="kind">
            <a href={path}>{t("disconnect-keep")}</a>
          </p>
          <h1>{t.rich("disconnect-ask", { name: <bdi>{name}</bdi> })}</h1>
        </div>
        <div class="sheet pad stack">
          <h2>{t("deleted")}</h2>
          <ul class="plain-list">
            <li>{t("deleted-permission")}</li>
            <li>{t("deleted-found", { count: pulled })}</li>
            <li>{t("deleted-list")}</li>
            {waiting > 0 ? <li>{t("deleted-waiting", { count: waiting })}</li> : null}
          </ul>
          <p>{t.rich("given-back", { host: <bdi>{hostOf(backpack.backpack_web_url)}</bdi> })}</p>
          <h2>{t("stays")}</h2>
          <p>{t("stays-there", { count: sent })}</p>
          <Press action={`${path}/disconnect`} account={account} first>
            {t("disconnect")}
          </Press>
        </div>
      </>
    ),
  });
}
