// Where a person decides what an app may do with their badges.
import { type Account, accountPage, FormToken } from "./account.tsx";
import { APPS_WORDS, type Permission } from "./words/apps.ts";
import { speaker } from "./words/speak.tsx";

/** One thing an app asks for. */
export interface AskedScope {
  readonly scope: string;
  readonly may: Permission;
}

export interface ConsentPageProps {
  readonly account: Account;
  readonly action: string;
  /** What the app says of itself, but for `host`, which all its addresses have. */
  readonly client: {
    readonly name: string;
    readonly host: string;
    readonly termsUrl: string;
    readonly policyUrl: string;
  };
  readonly scopes: readonly AskedScope[];
  /** Whether the form was sent with nothing chosen in it. */
  readonly isFaulty: boolean;
}

/** To be sent with a policy that lets the form lead to the app's own address. */
export function consentPage({ account, action, client, scopes, isFaulty }: ConsentPageProps) {
  const t = speaker(account.language, APPS_WORDS);
  const { name } = client;
  return accountPage({
    title: t("ask-title", { name }),
    account,
    place: "/me/apps",
    children: (
      <>
        <div class="intro">
          <h1>{t.rich("ask", { name: <bdi>{name}</bdi> })}</h1>
          <p class="lead">
            {t.rich("ask-lead", { host: <strong dir="ltr">{client.host}</strong> })}
          </p>
        </div>
        {isFaulty ? (
          <div class="sheet fault" role="alert" tabindex={-1} autofocus>
            <div class="pad">
              <p>{t("nothing-chosen")}</p>
            </div>
          </div>
        ) : null}
        <form class="sheet pad form" method="post" action={action} aria-label={t("what-to-allow")}>
          <FormToken account={account} />
          <fieldset class="scopes">
            <legend>{t("asks-to")}</legend>
            {scopes.map(({ scope, may }, i) => (
              <div>
                <label class="choice" for={`scope-${i}`}>
                  <input
                    type="checkbox"
                    id={`scope-${i}`}
                    name="scope"
                    value={scope}
                    checked
                    aria-describedby={`scope-${i}-more`}
                  />
                  {t(`may-${may}`)}
                </label>
                <p class="soft small" id={`scope-${i}-more`}>
                  {t(`may-${may}-more`)}
                </p>
              </div>
            ))}
          </fieldset>
          <p class="soft small">
            {t.rich("take-away", { link: (inside) => <a href="/me/apps">{inside}</a> })}
          </p>
          <div class="controls">
            <button class="btn first" type="submit" name="decision" value="allow">
              {t("allow")}
            </button>
            <button class="btn" type="submit" name="decision" value="deny">
              {t("deny")}
            </button>
          </div>
        </form>
        <p class="soft small">
          {t.rich("own-words", {
            terms: (inside) => (
              <a href={client.termsUrl} rel="noopener noreferrer nofollow">
                {inside}
              </a>
            ),
            policy: (inside) => (
              <a href={client.policyUrl} rel="noopener noreferrer nofollow">
                {inside}
              </a>
            ),
            host: <span dir="ltr">{client.host}</span>,
          })}
        </p>
      </>
    ),
  });
}
