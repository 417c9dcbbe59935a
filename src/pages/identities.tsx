// The addresses a person has proven: one more can be added, one can be removed.

import { type Account, accountPage, FormToken } from "./account.tsx";
import { EmailField } from "./email-field.tsx";
import { Done, Fault, type FormFault } from "./form-outcome.tsx";
import { Day } from "./time.tsx";

export interface ShownIdentity {
  readonly id: string;
  readonly identity: string;
  /** Milliseconds since 1970. */
  readonly provenAt: number;
}

export interface IdentitiesPageProps {
  readonly account: Account;
  readonly identities: readonly ShownIdentity[];
  readonly notice: string | null;
  readonly fault: FormFault | null;
  /** What was typed. */
  readonly email: string;
  readonly canMail: boolean;
  /** IANA name; null where the person has said none. */
  readonly timeZone: string | null;
  /** Names to choose from. */
  readonly timeZones: readonly string[];
}

export function identitiesPage(props: IdentitiesPageProps) {
  const { account, identities, notice, fault, email, canMail, timeZone, timeZones } = props;
  return accountPage({
    title: "Addresses",
    account,
    place: "/me/identities",
    children: (
      <>
        <div class="intro">
          <h1>Your addresses</h1>
          <p class="lead">
            Badges that were made out to one of these are yours here, whoever awarded them.
          </p>
        </div>
        <Done words={notice} />
        <Fault fault={fault} />
        <ul class="sheet pad items entries">
          {identities.map(({ id, identity, provenAt }) => (
            <li>
              <div>
                <h2>
                  <bdi>{identity}</bdi>
                </h2>
                <p class="soft small">
                  Confirmed on <Day at={provenAt} />.
                </p>
              </div>
              <form method="post" action={`/me/identities/${id}/remove`}>
                <FormToken account={account} />
                <button class="btn" type="submit">
                  Remove
                  <span class="unseen"> {identity}</span>
                </button>
              </form>
            </li>
          ))}
        </ul>
        {canMail ? (
          <form class="sheet pad form result-part" method="post" action="/me/identities">
            <FormToken account={account} />
            <h2>Add an address</h2>
            <EmailField
              label="E-mail address"
              help="A mail to it shows that it is yours."
              value={email}
            />
            <button class="btn first" type="submit">
              Send a mail to it
            </button>
          </form>
        ) : (
          <p class="sheet pad result-part">
            To add an address, a mail must be sent to it, and this server cannot send any yet.
          </p>
        )}
        <form class="sheet pad form result-part" method="post" action="/me/identities/time-zone">
          <FormToken account={account} />
          <h2>Your days</h2>
          <div>
            <label for="time-zone">Time zone</label>
            <p class="soft small" id="time-zone-help">
              Badges for doing something day after day count your days. Without one they begin at
              midnight in UTC.
            </p>
            <input
              type="text"
              id="time-zone"
              name="time_zone"
              value={timeZone ?? ""}
              list="time-zones"
              maxlength={64}
              placeholder="Europe/Berlin"
              autocapitalize="off"
              spellcheck={false}
              aria-describedby="time-zone-help"
            />
            <datalist id="time-zones">
              {timeZones.map((name) => (
                <option value={name} />
              ))}
            </datalist>
          </div>
          <button class="btn first" type="submit">
            Keep it
          </button>
        </form>
      </>
    ),
  });
}
