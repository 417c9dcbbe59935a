// The addresses a person has proven: one more can be added, one can be removed; and how pages speak to them.

import { OFFERED } from "../language.ts";
import { type Account, accountPage, FormToken } from "./account.tsx";
import { EmailField } from "./email-field.tsx";
import { type Option, SelectField } from "./form.tsx";
import { Done, Fault, type FormFault } from "./form-outcome.tsx";
import { type TypedFault, typedFault } from "./login.tsx";
import { IDENTITIES_WORDS } from "./words/identities.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export interface ShownIdentity {
  readonly id: string;
  readonly identity: string;
  /** Milliseconds since 1970. */
  readonly provenAt: number;
}

/** What a form on it did. */
export const IDENTITIES_DONE = ["added", "removed", "zone", "language"] as const;

export type IdentitiesFault =
  | TypedFault
  | { readonly code: "yours-already" | "no-zone" | "no-language" | "last-way-in" };

export interface IdentitiesPageProps {
  readonly account: Account;
  readonly identities: readonly ShownIdentity[];
  readonly done: (typeof IDENTITIES_DONE)[number] | null;
  readonly fault: IdentitiesFault | null;
  /** What was typed. */
  readonly email: string;
  readonly canMail: boolean;
  /** BCP 47, as it was chosen; null where the browser decides. */
  readonly chosenLanguage: string | null;
  /** IANA name; null where the person has said none. */
  readonly timeZone: string | null;
  /** Names to choose from. */
  readonly timeZones: readonly string[];
}

type T = Speaker<keyof typeof IDENTITIES_WORDS.en>;

export function identitiesPage(props: IdentitiesPageProps) {
  const { account, identities, done, email, canMail } = props;
  const t = speaker(account.language, IDENTITIES_WORDS);
  return accountPage({
    title: t("title"),
    account,
    place: "/me/identities",
    children: (
      <>
        <div class="intro">
          <h1>{t("heading")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        <Done words={done === null ? null : t(`done-${done}`)} />
        <Fault fault={faultWords(props, t)} />
        <ul class="sheet pad items entries">
          {identities.map(({ id, identity, provenAt }) => (
            <li>
              <div>
                <h2>
                  <bdi>{identity}</bdi>
                </h2>
                <p class="soft small">{t.rich("confirmed-on", { day: t.day(provenAt) })}</p>
              </div>
              <form method="post" action={`/me/identities/${id}/remove`}>
                <FormToken account={account} />
                <button class="btn" type="submit">
                  {t("remove")}
                  <span class="unseen">
                    {" "}
                    <bdi>{identity}</bdi>
                  </span>
                </button>
              </form>
            </li>
          ))}
        </ul>
        {canMail ? (
          <form class="sheet pad form result-part" method="post" action="/me/identities">
            <FormToken account={account} />
            <h2>{t("add")}</h2>
            <EmailField label={t("email")} help={t("email-help")} value={email} />
            <button class="btn first" type="submit">
              {t("send")}
            </button>
          </form>
        ) : (
          <p class="sheet pad result-part">{t("no-mail")}</p>
        )}
        <LanguageForm {...props} />
        <ZoneForm {...props} />
      </>
    ),
  });
}

function faultWords({ account, fault }: IdentitiesPageProps, t: T): FormFault | null {
  switch (fault?.code) {
    case "yours-already":
    case "no-zone":
    case "no-language":
    case "last-way-in":
      return { detail: t(fault.code), fix: t(`${fault.code}-fix`) };
    default:
      return typedFault(fault ?? null, account.language);
  }
}

/** A language that was chosen elsewhere, and is not spoken here, stays until another is chosen. */
function LanguageForm({ account, chosenLanguage }: IdentitiesPageProps) {
  const t = speaker(account.language, IDENTITIES_WORDS);
  const offered: Option[] = OFFERED.map(([value, label]) => ({ value, label }));
  const isOffered = chosenLanguage === null || offered.some((one) => one.value === chosenLanguage);
  const own = isOffered ? [] : [{ value: chosenLanguage, label: chosenLanguage }];
  return (
    <form class="sheet pad form result-part" method="post" action="/me/identities/language">
      <FormToken account={account} />
      <h2>{t("language")}</h2>
      <SelectField
        name="language"
        label={t("language-field")}
        help={t("language-help")}
        value={chosenLanguage ?? ""}
        options={[{ value: "", label: t("language-asked") }, ...offered, ...own]}
      />
      <button class="btn first" type="submit">
        {t("keep")}
      </button>
    </form>
  );
}

function ZoneForm({ account, timeZone, timeZones }: IdentitiesPageProps) {
  const t = speaker(account.language, IDENTITIES_WORDS);
  return (
    <form class="sheet pad form result-part" method="post" action="/me/identities/time-zone">
      <FormToken account={account} />
      <h2>{t("days")}</h2>
      <div>
        <label for="time-zone">{t("zone")}</label>
        <p class="soft small" id="time-zone-help">
          {t("zone-help")}
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
        {t("keep")}
      </button>
    </form>
  );
}
