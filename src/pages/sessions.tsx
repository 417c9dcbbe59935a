// Where a person is signed in, and how to end it.
import type { SignInMethod } from "../db/sessions.ts";
import { type Account, accountPage, FormToken } from "./account.tsx";
import { Done } from "./form-outcome.tsx";
import { Minute } from "./time.tsx";

export interface ShownSession {
  readonly id: string;
  /** As people call it, such as `Firefox on Windows`. */
  readonly browser: string;
  readonly method: SignInMethod;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seenAt: number;
  readonly isThis: boolean;
}

const METHODS: Readonly<Record<SignInMethod, string>> = {
  link: "by a link in a mail",
  code: "by a code in a mail",
  oidc: "at another site",
  demo: "by a link of the demo",
};

export interface SessionsPageProps {
  readonly account: Account;
  readonly sessions: readonly ShownSession[];
  readonly notice: string | null;
}

export function sessionsPage({ account, sessions, notice }: SessionsPageProps) {
  const others = sessions.filter(({ isThis }) => !isThis);
  return accountPage({
    title: "Sessions",
    account,
    place: "/me/sessions",
    children: (
      <>
        <div class="intro">
          <h1>Where you are signed in</h1>
          <p class="lead">End what you do not know, or no longer use.</p>
        </div>
        <Done words={notice} />
        <ul class="sheet pad items entries">
          {sessions.map((session) => (
            <li>
              <div>
                <h2>
                  {session.browser}
                  {session.isThis ? " (this one)" : ""}
                </h2>
                <p class="soft small">
                  Signed in {METHODS[session.method]} on <Minute at={session.startedAt} />, last
                  used on <Minute at={session.seenAt} />.
                </p>
              </div>
              <form method="post" action={`/me/sessions/${session.id}/end`}>
                <FormToken account={account} />
                <button class="btn" type="submit">
                  End
                  <span class="unseen">
                    {session.isThis ? " this session" : ` the session of ${session.browser}`}
                  </span>
                </button>
              </form>
            </li>
          ))}
        </ul>
        {others.length === 0 ? null : (
          <form class="again" method="post" action="/me/sessions/end-others">
            <FormToken account={account} />
            <button class="btn" type="submit">
              End all others ({others.length})
            </button>
          </form>
        )}
      </>
    ),
  });
}
