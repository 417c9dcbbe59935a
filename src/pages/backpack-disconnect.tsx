// Before a connection is given up: what is deleted, what stays, and the button that does it.
import { type Account, accountPage, Press } from "./account.tsx";
import { BACKPACKS_PATH, backpackPath, type OfferedBackpack } from "./backpack-connect.tsx";
import { hostOf } from "./web-address.ts";

export interface DisconnectPageProps {
  readonly account: Account;
  readonly backpack: OfferedBackpack;
  readonly sent: number;
  readonly waiting: number;
  readonly pulled: number;
}

export function disconnectPage({ account, backpack, sent, waiting, pulled }: DisconnectPageProps) {
  const path = backpackPath(backpack.id);
  return accountPage({
    title: `Disconnect ${backpack.name}`,
    account,
    place: BACKPACKS_PATH,
    children: (
      <>
        <div class="intro">
          <p class="kind">
            <a href={path}>Back, and keep it connected</a>
          </p>
          <h1>
            Disconnect <bdi>{backpack.name}</bdi>?
          </h1>
        </div>
        <div class="sheet pad stack">
          <h2>What is deleted here</h2>
          <ul class="plain-list">
            <li>The permission, and everything secret that came with it</li>
            <li>{pulledWords(pulled)}</li>
            <li>The list of what was sent and when, and what happened</li>
            {waiting > 0 ? <li>{waiting} that still wait to be sent: they are not sent</li> : null}
          </ul>
          <p>
            <bdi>{hostOf(backpack.backpack_web_url)}</bdi> is told that the permission is given
            back.
          </p>
          <h2>What stays</h2>
          <p>
            {sent === 0
              ? "Nothing of yours was sent there."
              : `The ${sent === 1 ? "badge" : `${sent} badges`} that you have there. To remove them, use the backpack itself.`}{" "}
            Your badges here stay as they are, and you can connect again at any time.
          </p>
          <Press action={`${path}/disconnect`} account={account} first>
            Disconnect
          </Press>
        </div>
      </>
    ),
  });
}

function pulledWords(count: number): string {
  if (count === 0) return "Whatever was found out about badges there";
  return `What was found out about ${count === 1 ? "the badge" : `the ${count} badges`} there from elsewhere`;
}
