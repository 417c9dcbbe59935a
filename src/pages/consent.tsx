// Where a person decides what an app may do with their badges.
import { type Account, accountPage, FormToken } from "./account.tsx";
import { Words } from "./words.tsx";

/** One thing an app asks for. */
export interface AskedScope {
  readonly scope: string;
  /** Completes “It asks to …”. */
  readonly may: string;
  readonly more: string;
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
  /** What to correct in the form that was sent; null at first. */
  readonly fault: string | null;
}

/** To be sent with a policy that lets the form lead to the app's own address. */
export function consentPage({ account, action, client, scopes, fault }: ConsentPageProps) {
  return accountPage({
    title: `Allow ${client.name}?`,
    account,
    place: "/me/apps",
    children: (
      <>
        <div class="intro">
          <h1>
            Allow <bdi>{client.name}</bdi> to use your badges?
          </h1>
          <p class="lead">
            This app is at <strong dir="ltr">{client.host}</strong>. Nobody here has checked the
            name it goes by: look at the address.
          </p>
        </div>
        {fault === null ? null : (
          <div class="sheet fault" role="alert" tabindex={-1} autofocus>
            <div class="pad">
              <p>
                <Words text={fault} />
              </p>
            </div>
          </div>
        )}
        <form class="sheet pad form" method="post" action={action} aria-label="What to allow">
          <FormToken account={account} />
          <fieldset class="scopes">
            <legend>It asks to</legend>
            {scopes.map(({ scope, may, more }, i) => (
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
                  {may}
                </label>
                <p class="soft small" id={`scope-${i}-more`}>
                  {more}
                </p>
              </div>
            ))}
          </fieldset>
          <p class="soft small">
            Take away what it is not to have. You can end its access at any time under{" "}
            <a href="/me/apps">Connected apps</a>.
          </p>
          <button class="btn first" type="submit" name="decision" value="allow">
            Allow
          </button>
          <button class="btn" type="submit" name="decision" value="deny">
            Don’t allow
          </button>
        </form>
        <p class="soft small">
          What the app itself says of it:{" "}
          <a href={client.termsUrl} rel="noopener noreferrer nofollow">
            terms of use
          </a>{" "}
          and{" "}
          <a href={client.policyUrl} rel="noopener noreferrer nofollow">
            privacy policy
          </a>
          , at <span dir="ltr">{client.host}</span>.
        </p>
      </>
    ),
  });
}
