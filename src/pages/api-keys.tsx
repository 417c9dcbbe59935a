// API keys of an organization: all there are, and making one. The key itself is on a page of its own, once.
import type { Scope } from "../auth.ts";
import { type Account, FormToken } from "./account.tsx";
import { deskPage } from "./desk-page.tsx";
import { Choices, type Faults, FormErrors, SelectField, TextField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { secretPage } from "./secret-page.tsx";
import { surePage } from "./sure-page.tsx";
import { Pager, Table } from "./table.tsx";
import { API_KEYS } from "./words/api-keys.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const API_KEYS_PATH = "/admin/api-keys";
/** In days; `never` is the other choice. */
export const EXPIRIES = ["30", "90", "365"] as const;
export const MAX_KEY_NAME = 100;

type Say = Speaker<keyof typeof API_KEYS.en>;

/** Times in milliseconds since 1970. */
export interface ListedKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly state: "active" | "expired" | "revoked";
}

export interface NewKeyForm {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiry: string;
}

interface ApiKeysPageProps {
  readonly account: Account;
  readonly keys: readonly ListedKey[];
  readonly scopes: readonly Scope[];
  readonly first: string | null;
  readonly next: string | null;
  readonly form: NewKeyForm;
  readonly faults: Faults;
  readonly done: "revoked" | null;
}

export function apiKeysPage(props: ApiKeysPageProps) {
  const { account, keys, faults, done } = props;
  const t = speaker(account.language, API_KEYS);
  const labels = { name: t("name"), scopes: t("scopes-legend"), expiry: t("expiry-label") };
  return deskPage({
    t,
    account,
    place: API_KEYS_PATH,
    tags: { docs: (inside) => <a href="/docs">{inside}</a> },
    children: (
      <>
        <Done words={done === null ? null : t("done-revoked")} />
        <FormErrors faults={faults} language={account.language} labels={labels} />
        <section class="sheet pad table-sheet" aria-labelledby="keys">
          <h2 id="keys">{t("keys")}</h2>
          {keys.length === 0 ? <p class="soft">{t("none")}</p> : <Keys t={t} keys={keys} />}
          <Pager language={account.language} first={props.first} next={props.next} />
        </section>
        <MakeForm t={t} {...props} />
      </>
    ),
  });
}

function Keys({ t, keys }: { readonly t: Say; readonly keys: readonly ListedKey[] }) {
  return (
    <Table<ListedKey>
      caption={t("keys")}
      rows={keys}
      columns={[
        { name: t("name"), heads: true, cell: ({ name }) => <bdi>{name}</bdi> },
        { name: t("begins"), cell: ({ prefix }) => <code class="short">{prefix}…</code> },
        {
          name: t("rights"),
          cell: ({ scopes }) => (scopes.includes("*") ? t("everything") : scopes.join(", ")),
        },
        { name: t("made"), cell: ({ createdAt }) => t.day(createdAt) },
        {
          name: t("expires"),
          cell: ({ expiresAt }) => (expiresAt === null ? t("expires-never") : t.day(expiresAt)),
        },
        {
          name: t("used"),
          cell: ({ lastUsedAt }) => (lastUsedAt === null ? t("used-never") : t.minute(lastUsedAt)),
        },
        { name: t("state"), cell: ({ state }) => t(`state-${state}`) },
        {
          name: t("deeds"),
          cell: ({ id, name, state }) =>
            state === "revoked" ? null : (
              <a class="btn" href={`${API_KEYS_PATH}/${id}/revoke`}>
                {t("revoke")}
                <span class="unseen"> {t("revoke-about", { name })}</span>
              </a>
            ),
        },
      ]}
    />
  );
}

function MakeForm({ t, account, scopes, form, faults }: ApiKeysPageProps & { readonly t: Say }) {
  return (
    <section class="result-part" aria-labelledby="make">
      <h2 id="make">{t("make")}</h2>
      <form class="sheet pad form" method="post" action={API_KEYS_PATH}>
        <FormToken account={account} />
        <TextField
          name="name"
          label={t("name")}
          help={t("name-help")}
          value={form.name}
          maxlength={MAX_KEY_NAME}
          faults={faults}
          required
          autocomplete="off"
        />
        <div class="many all-first">
          <Choices
            name="scopes"
            legend={t("scopes-legend")}
            type="checkbox"
            faults={faults}
            chosen={form.scopes}
            options={[
              { value: "*", label: t("scope-*") },
              ...scopes.map((scope) => ({
                value: scope,
                label: t(scope),
                help: <code>{scope}</code>,
              })),
            ]}
          />
        </div>
        <SelectField
          name="expiry"
          label={t("expiry-label")}
          value={form.expiry}
          faults={faults}
          options={[
            ...EXPIRIES.map((days) => ({ value: days, label: t(`in-${days}`) })),
            { value: "never", label: t("expires-never") },
          ]}
        />
        <button class="btn first" type="submit">
          {t("make")}
        </button>
      </form>
    </section>
  );
}

interface MadeKeyPageProps {
  readonly account: Account;
  readonly name: string;
  /** Null where the form was sent again. */
  readonly key: string | null;
  /** A whole address to try it at. */
  readonly example: string;
}

export function madeKeyPage({ account, name, key, example }: MadeKeyPageProps) {
  const t = speaker(account.language, API_KEYS);
  return secretPage({
    account,
    place: API_KEYS_PATH,
    title: t("made-title", { name }),
    secret: key,
    lost: t("lost"),
    back: { href: API_KEYS_PATH, words: t("back") },
    children: (
      <>
        <p>{t("try")}</p>
        <pre class="wraps">{`curl -H "Authorization: Bearer $ROSETTE_KEY" ${example}`}</pre>
      </>
    ),
  });
}

interface RevokeKeyPageProps {
  readonly account: Account;
  readonly id: string;
  readonly name: string;
}

export function revokeKeyPage({ account, id, name }: RevokeKeyPageProps) {
  const t = speaker(account.language, API_KEYS);
  return surePage({
    account,
    place: API_KEYS_PATH,
    title: t("revoke-title", { name }),
    lead: <p>{t("revoke-lead")}</p>,
    action: `${API_KEYS_PATH}/${id}/revoke`,
    button: t("revoke"),
    back: { href: API_KEYS_PATH, words: t("back") },
  });
}
