// Where a person is signed in, and how to end it.
import type { SignInMethod } from "../db/sessions.ts";
import { type Account, accountPage, FormToken } from "./account.tsx";
import { Done } from "./form-outcome.tsx";
import { SESSIONS_WORDS } from "./words/sessions.ts";
import { speaker } from "./words/speak.tsx";

export interface ShownSession {
  readonly id: string;
  /** As people call it, such as `Firefox`; null for one that is not known. */
  readonly browser: string | null;
  /** What it runs on, such as `Windows`; null where it does not say. */
  readonly system: string | null;
  readonly method: SignInMethod;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seenAt: number;
  readonly isThis: boolean;
}

/** What a form on it did. */
export const SESSIONS_DONE = ["ended", "others-ended"] as const;

export interface SessionsPageProps {
  readonly account: Account;
  readonly sessions: readonly ShownSession[];
  readonly done: (typeof SESSIONS_DONE)[number] | null;
}

export function sessionsPage({ account, sessions, done }: SessionsPageProps) {
  const t = speaker(account.language, SESSIONS_WORDS);
  const others = sessions.filter(({ isThis }) => !isThis);
  const thisFirst = [...sessions.filter(({ isThis }) => isThis), ...others];
  const nameOf = ({ browser, system }: ShownSession) =>
    t("name", { browser: browser ?? t("a-browser"), system: system ?? "unknown" });
  return accountPage({
    title: t("title"),
    account,
    place: "/me/sessions",
    children: (
      <>
        <div class="intro">
          <h1>{t("heading")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        <Done words={done === null ? null : t(`done-${done}`)} />
        <ul class="sheet pad items entries">
          {thisFirst.map((session) => {
            const name = nameOf(session);
            const { id, isThis, method, startedAt, seenAt } = session;
            return (
              <li>
                <div>
                  <h2>{isThis ? t("this", { name }) : name}</h2>
                  <p class="soft small">
                    {t.rich("times", {
                      method,
                      started: t.minute(startedAt),
                      seen: t.minute(seenAt),
                    })}
                  </p>
                </div>
                <form method="post" action={`/me/sessions/${id}/end`}>
                  <FormToken account={account} />
                  <button class="btn" type="submit">
                    {t("end")}
                    <span class="unseen"> {isThis ? t("end-this") : t("end-that", { name })}</span>
                  </button>
                </form>
              </li>
            );
          })}
        </ul>
        {others.length === 0 ? null : (
          <form class="again" method="post" action="/me/sessions/end-others">
            <FormToken account={account} />
            <button class="btn" type="submit">
              {t("end-others", { count: others.length })}
            </button>
          </form>
        )}
      </>
    ),
  });
}
