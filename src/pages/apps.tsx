// The apps a person let in: what each may do, since when, and the way to end it.
import { type Account, accountPage, FormToken } from "./account.tsx";
import { Done } from "./form-outcome.tsx";
import { Day } from "./time.tsx";

export interface ConnectedApp {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  /** What it may do, in words. */
  readonly may: readonly string[];
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly lastUsedAt: number | null;
}

export interface AppsPageProps {
  readonly account: Account;
  readonly apps: readonly ConnectedApp[];
  /** Whether access was ended just now. */
  readonly ended: boolean;
}

const ENDED = "Its access has ended. What it copied before is not taken back by this.";

/** To be sent with PAGE_HEADERS and `cache-control: no-store`. */
export function appsPage({ account, apps, ended }: AppsPageProps) {
  return accountPage({
    title: "Connected apps",
    account,
    place: "/me/apps",
    children: (
      <>
        <div class="intro">
          <h1>Connected apps</h1>
          <p class="lead">
            Other sites and apps that may use your badges here, because you said so.
          </p>
        </div>
        <Done words={ended ? ENDED : null} />
        {apps.length === 0 ? (
          <p>No app has access to your badges.</p>
        ) : (
          <ul class="shelf">
            {apps.map((app) => (
              <li class="sheet">
                <div class="shelf-head">
                  <h2>
                    <bdi>{app.name}</bdi>
                  </h2>
                  <p class="soft" dir="ltr">
                    {app.host}
                  </p>
                </div>
                <p>It may</p>
                <ul class="plain-list">
                  {app.may.map((words) => (
                    <li>{words}</li>
                  ))}
                </ul>
                <p class="soft small">
                  Allowed on <Day at={app.since} />.{" "}
                  {app.lastUsedAt === null ? (
                    "Never used since."
                  ) : (
                    <>
                      Last used on <Day at={app.lastUsedAt} />.
                    </>
                  )}
                </p>
                <form method="post" action={`/me/apps/${app.id}/revoke`}>
                  <FormToken account={account} />
                  <button class="btn" type="submit">
                    End its access<span class="unseen"> to your badges: {app.name}</span>
                  </button>
                </form>
              </li>
            ))}
          </ul>
        )}
      </>
    ),
  });
}
