// One person of an organization: who they are here, what they may do, what they are known by.
import type { Child } from "hono/jsx";
import { type Account, FormToken, Press } from "./account.tsx";
import { type Faults, FormErrors, SelectField, TextField } from "./form.tsx";
import {
  type PeopleSay,
  personPath,
  RoleFields,
  type ShownIdentity,
  type ShownPerson,
} from "./people.tsx";
import { personFrame } from "./person-frame.tsx";
import { PEOPLE } from "./words/people.ts";
import { speaker } from "./words/speak.tsx";

/** What stands in the form, as it is stored or as it was typed. */
export interface PersonValues {
  readonly name: string;
  readonly roles: readonly string[];
  readonly otherRoles: string;
  readonly language: string;
  readonly timeZone: string;
  readonly identityType: string;
  readonly identity: string;
}

interface PersonPageProps {
  readonly account: Account;
  readonly person: ShownPerson;
  readonly values: PersonValues;
  /** Of the person as they were read: a change of another one's is not written over. */
  readonly etag: string;
  readonly isSelf: boolean;
  /** Languages to choose from, each by its own name; those that mails are written in. */
  readonly languages: readonly (readonly [code: string, name: string])[];
  readonly done: string | null;
  readonly faults: Faults;
}

export function personPage(props: PersonPageProps) {
  const { account, person, faults } = props;
  const t = speaker(account.language, PEOPLE);
  return personFrame({
    account,
    person,
    tab: "",
    done: props.done,
    children: (
      <>
        <FormErrors
          faults={faults}
          language={account.language}
          labels={{
            name: t("name"),
            roles: t("roles"),
            other_roles: t("other-roles"),
            language: t("language-label"),
            time_zone: t("zone-label"),
            identity: t("identity-value"),
          }}
        />
        <div class="two-columns">
          <DetailsForm t={t} {...props} />
          <div>
            <Identities t={t} {...props} />
            <Standing t={t} {...props} />
          </div>
        </div>
      </>
    ),
  });
}

interface PartProps extends PersonPageProps {
  readonly t: PeopleSay;
}

function DetailsForm({ t, account, person, values, etag, languages, faults }: PartProps) {
  const known = languages.some(([code]) => code === values.language);
  return (
    <form
      class="sheet pad form"
      method="post"
      action={personPath(person.id)}
      aria-labelledby="details"
    >
      <h2 id="details">{t("details")}</h2>
      <FormToken account={account} />
      <input type="hidden" name="etag" value={etag} />
      <TextField
        name="name"
        label={t("name")}
        help={t("name-help")}
        value={values.name}
        faults={faults}
        maxlength={255}
        autocomplete="off"
      />
      <RoleFields t={t} roles={values.roles} otherRoles={values.otherRoles} faults={faults} />
      <SelectField
        name="language"
        label={t("language-label")}
        help={t("language-help")}
        value={values.language}
        faults={faults}
        options={[
          { value: "", label: t("language-none") },
          ...languages.map(([value, label]) => ({ value, label })),
          ...(known || values.language === ""
            ? []
            : [{ value: values.language, label: values.language }]),
        ]}
      />
      <TextField
        name="time_zone"
        label={t("zone-label")}
        help={t("zone-help")}
        value={values.timeZone}
        faults={faults}
        maxlength={64}
        autocomplete="off"
      />
      <button class="btn first" type="submit">
        {t("save")}
      </button>
    </form>
  );
}

const TYPES = ["email", "url", "telephone", "did"] as const;

function Identities({ t, account, person, values, faults }: PartProps) {
  const path = `${personPath(person.id)}/identities`;
  return (
    <section class="sheet pad stack" aria-labelledby="identities">
      <h2 id="identities">{t("identities")}</h2>
      <p class="soft small">{t("identities-lead")}</p>
      <ul class="items entries">
        {person.identities.map((identity) => (
          <li>
            <div>
              <p>
                <bdi>{identity.identity}</bdi>
              </p>
              <p class="soft small">
                {t(`type-${identity.type}`)} · {t(identity.verified ? "proven" : "unproven")}
              </p>
            </div>
            <RemoveIdentity t={t} account={account} person={person} identity={identity} />
          </li>
        ))}
      </ul>
      <details open={faults.some(({ field }) => field === "identity")}>
        <summary>{t("add-identity")}</summary>
        <form class="form" method="post" action={path}>
          <FormToken account={account} />
          <SelectField
            name="type"
            label={t("identity-type")}
            value={values.identityType}
            options={TYPES.map((type) => ({ value: type, label: t(`type-${type}`) }))}
          />
          <TextField
            name="identity"
            label={t("identity-value")}
            value={values.identity}
            faults={faults}
            maxlength={2048}
            required
            autocomplete="off"
          />
          <button class="btn" type="submit">
            {t("add-identity")}
          </button>
        </form>
      </details>
    </section>
  );
}

interface RemoveProps {
  readonly t: PeopleSay;
  readonly account: Account;
  readonly person: ShownPerson;
  readonly identity: ShownIdentity;
}

/** What the person has proven is theirs, and no organization's to take away. */
function RemoveIdentity({ t, account, person, identity }: RemoveProps): Child {
  if (identity.verified) return null;
  return (
    <Press
      action={`${personPath(person.id)}/identities/${identity.id}/remove`}
      account={account}
      about={t("remove-about", { identity: identity.identity })}
    >
      {t("remove")}
    </Press>
  );
}

function Standing({ t, account, person, isSelf }: PartProps) {
  const path = personPath(person.id);
  return (
    <section class="sheet pad stack result-part" aria-labelledby="standing">
      <h2 id="standing">{t("standing")}</h2>
      <p>{t(`status-${person.status}`)}</p>
      {isSelf ? (
        <p class="soft small">{t("not-yourself")}</p>
      ) : person.status === "active" ? (
        <details>
          <summary>{t("suspend")}</summary>
          <p>{t("suspend-why")}</p>
          <Press action={`${path}/suspend`} account={account}>
            {t("suspend-now")}
          </Press>
        </details>
      ) : (
        <>
          <p class="soft small">{t("restore-why")}</p>
          <Press action={`${path}/restore`} account={account}>
            {t("restore")}
          </Press>
        </>
      )}
    </section>
  );
}
