// The people of an organization: found by name, address, role or status; and the form that adds one.
import type { Child } from "hono/jsx";
import { type Account, accountPage, FormToken } from "./account.tsx";
import { type Faults, FormErrors, type Option, SelectField, TextField } from "./form.tsx";
import { Pager, Table } from "./table.tsx";
import { PEOPLE } from "./words/people.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const PEOPLE_PATH = "/admin/people";

export type PeopleSay = Speaker<keyof typeof PEOPLE.en>;

/** A person as the API shows them; what pages need of it. */
export interface ShownPerson {
  readonly id: string;
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly status: "active" | "suspended" | "deactivated";
  readonly language: string | null;
  readonly time_zone: string | null;
  readonly identities: readonly ShownIdentity[];
  readonly created_at: string;
}

export interface ShownIdentity {
  readonly id: string;
  readonly type: "email" | "url" | "telephone" | "did";
  readonly identity: string;
  readonly verified: boolean;
}

/** What was sought, as it was typed. */
export interface PeopleSearch {
  readonly q: string;
  readonly role: string;
  readonly status: string;
}

interface PeoplePageProps {
  readonly account: Account;
  readonly search: PeopleSearch;
  readonly people: readonly ShownPerson[];
  readonly faults: Faults;
  /** Of the next page; null on the last. */
  readonly next: string | null;
  readonly isFirst: boolean;
}

export const ROLES = ["member", "coordinator", "organization_administrator"] as const;
const STATUSES = ["active", "suspended", "deactivated"] as const;

export function personPath(id: string): string {
  return `${PEOPLE_PATH}/${id}`;
}

/** A role in words where Rosette gives it a meaning, else the organization's own word. */
export function roleWords(t: PeopleSay, role: string): string {
  const known = ROLES.find((one) => one === role);
  return known === undefined ? role : t(`role-${known}`);
}

export function peoplePage(props: PeoplePageProps) {
  const { account, search, people, faults, next, isFirst } = props;
  const t = speaker(account.language, PEOPLE);
  const isSearch = search.q !== "" || search.role !== "" || search.status !== "";
  const first = isSearch ? `${PEOPLE_PATH}?${searchQuery(search)}` : PEOPLE_PATH;
  return accountPage({
    title: t("title"),
    account,
    place: PEOPLE_PATH,
    children: (
      <>
        <div class="intro with-action">
          <div>
            <h1>{t("title")}</h1>
            <p class="lead">
              {t.rich("lead", { organization: <bdi>{account.organization?.name ?? ""}</bdi> })}
            </p>
          </div>
          <a class="btn first" href={`${PEOPLE_PATH}/new`}>
            {t("add")}
          </a>
        </div>
        <FormErrors faults={faults} language={account.language} labels={{ q: t("search") }} />
        <search>
          <SearchForm t={t} search={search} faults={faults} isSearch={isSearch} />
        </search>
        <div class="sheet pad result-part stack">
          {people.length === 0 ? (
            <p>{isSearch ? t("none-found") : t("only-you")}</p>
          ) : (
            <PeopleTable t={t} people={people} />
          )}
          {people.length === 1 && !isSearch && isFirst ? <p>{t("only-you")}</p> : null}
          <Pager
            language={account.language}
            first={isFirst ? null : first}
            next={
              next === null
                ? null
                : `${PEOPLE_PATH}?${searchQuery(search)}&cursor=${encodeURIComponent(next)}`
            }
          />
        </div>
      </>
    ),
  });
}

function searchQuery({ q, role, status }: PeopleSearch): string {
  return new URLSearchParams({ q, role, status }).toString();
}

interface SearchFormProps {
  readonly t: PeopleSay;
  readonly search: PeopleSearch;
  readonly faults: Faults;
  readonly isSearch: boolean;
}

function SearchForm({ t, search, faults, isSearch }: SearchFormProps) {
  const roles: Option[] = ROLES.map((role) => ({ value: role, label: t(`role-${role}`) }));
  const own = search.role !== "" && !ROLES.some((role) => role === search.role);
  return (
    <form class="sheet pad form filter-line" method="get" action={PEOPLE_PATH}>
      <TextField
        name="q"
        type="search"
        label={t("search")}
        help={t("search-help")}
        value={search.q}
        faults={faults}
        maxlength={254}
      />
      <SelectField
        name="role"
        label={t("role")}
        value={search.role}
        options={[
          { value: "", label: t("any-role") },
          ...roles,
          ...(own ? [{ value: search.role, label: search.role }] : []),
        ]}
      />
      <SelectField
        name="status"
        label={t("status")}
        value={search.status}
        options={[
          { value: "", label: t("any-status") },
          ...STATUSES.map((status) => ({ value: status, label: t(`status-${status}`) })),
        ]}
      />
      <div class="controls">
        <button class="btn" type="submit">
          {t("find")}
        </button>
        {isSearch ? <a href={PEOPLE_PATH}>{t("clear")}</a> : null}
      </div>
    </form>
  );
}

interface PeopleTableProps {
  readonly t: PeopleSay;
  readonly people: readonly ShownPerson[];
}

function PeopleTable({ t, people }: PeopleTableProps) {
  return (
    <Table
      caption={t("list")}
      columns={[
        {
          name: t("name"),
          heads: true,
          cell: ({ id, name }) => (
            <a class="person-link" href={personPath(id)}>
              <bdi>{name ?? t("nameless")}</bdi>
            </a>
          ),
        },
        { name: t("addresses"), cell: ({ identities }) => <Addresses identities={identities} /> },
        {
          name: t("roles"),
          cell: ({ roles }) => roles.map((role) => roleWords(t, role)).join(", "),
        },
        {
          name: t("status"),
          cell: ({ status }) => <span class="nowrap">{t(`status-${status}`)}</span>,
        },
      ]}
      rows={people}
    />
  );
}

/** More make a row too tall; the person's own page has all. */
const ADDRESSES_SHOWN = 2;

function Addresses({ identities }: Pick<ShownPerson, "identities">): Child {
  const more = identities.length - ADDRESSES_SHOWN;
  return (
    <>
      {identities.slice(0, ADDRESSES_SHOWN).map(({ identity }, i) => (
        <>
          {i === 0 ? "" : ", "}
          <bdi>{identity}</bdi>
        </>
      ))}
      {more > 0 ? ` +${more}` : ""}
    </>
  );
}

export interface NewPersonValues {
  readonly name: string;
  readonly email: string;
  readonly roles: readonly string[];
  readonly otherRoles: string;
}

interface NewPersonPageProps {
  readonly account: Account;
  readonly values: NewPersonValues;
  readonly faults: Faults;
  /** Who has the address already. */
  readonly holder: string | null;
}

export function newPersonPage({ account, values, faults, holder }: NewPersonPageProps) {
  const t = speaker(account.language, PEOPLE);
  return accountPage({
    title: t("new-title"),
    account,
    place: PEOPLE_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t("new-title")}</h1>
          <p class="lead">{t("new-lead")}</p>
        </div>
        <FormErrors
          faults={faults}
          language={account.language}
          labels={{
            name: t("name"),
            email: t("email-label"),
            roles: t("roles"),
            other_roles: t("other-roles"),
          }}
        />
        {holder === null ? null : (
          <p class="sheet pad note">
            {t("taken")} <a href={personPath(holder)}>{t("taken-see")}</a>
          </p>
        )}
        <form class="sheet pad form narrow" method="post" action={PEOPLE_PATH}>
          <FormToken account={account} />
          <TextField
            name="name"
            label={t("name")}
            help={t("name-help")}
            value={values.name}
            faults={faults}
            maxlength={255}
            autocomplete="off"
          />
          <TextField
            name="email"
            type="email"
            label={t("email-label")}
            help={t("email-help")}
            value={values.email}
            faults={faults}
            maxlength={254}
            required
            autocomplete="off"
          />
          <RoleFields t={t} roles={values.roles} otherRoles={values.otherRoles} faults={faults} />
          <button class="btn first" type="submit">
            {t("add-now")}
          </button>
        </form>
        <p class="again">
          <a href={PEOPLE_PATH}>{t("back")}</a>
        </p>
      </>
    ),
  });
}

interface RoleFieldsProps {
  readonly t: PeopleSay;
  readonly roles: readonly string[];
  readonly otherRoles: string;
  readonly faults: Faults;
}

/** Everybody is a member; what more they are is ticked, or written down in the organization's words. */
export function RoleFields({ t, roles, otherRoles, faults }: RoleFieldsProps) {
  const wrong = faults.some(({ field }) => field === "roles");
  return (
    <>
      <fieldset class={wrong ? "choices wrong" : "choices"} id="roles">
        <legend>{t("roles")}</legend>
        {(["coordinator", "organization_administrator"] as const).map((role) => (
          <label class="choice">
            <input type="checkbox" name="roles" value={role} checked={roles.includes(role)} />
            <span>
              {t(`role-${role}`)}
              <span class="soft small choice-help">
                {t(role === "coordinator" ? "role-coordinator-help" : "role-administrator-help")}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      <TextField
        name="other_roles"
        label={t("other-roles")}
        help={t("other-roles-help")}
        value={otherRoles}
        faults={faults}
        maxlength={600}
      />
    </>
  );
}
