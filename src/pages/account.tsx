// The frame of every page for somebody who is signed in: who it is, the way out, and the other pages.
import type { Child } from "hono/jsx";
import type { Language } from "../language.ts";
import { layout } from "./layout.tsx";
import { PLACE_WORDS } from "./words/places.ts";
import { SHELL } from "./words/shell.ts";
import { speaker } from "./words/speak.tsx";

/** The hidden field that every form of a signed-in page carries. */
export const FORM_TOKEN_FIELD = "form_token";
/** The hidden field that tells one page's forms from another's: sent twice, a form still counts once. */
const ONCE_FIELD = "once";
export const SIGN_OUT_PATH = "/logout";

export interface AccountOrganization {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** Whose page it is; a route makes it from its session. */
export interface Account {
  /** The person's name, or the address they signed in with. */
  /** A name, or an address; null for somebody who has neither. */
  readonly who: string | null;
  readonly isSiteAdministrator: boolean;
  /** What `readForm` asks of each form. */
  readonly formToken: string;
  /** An id that no other page has: a form of this page that comes twice was pressed twice. */
  readonly once: string;
  readonly language: Language;
  /** Whether this installation is a demo. */
  readonly isDemo?: boolean;
  /** The one these pages are about; null for somebody whom no organization knows. */
  readonly organization: AccountOrganization | null;
  /** All that know them. */
  readonly organizations: readonly AccountOrganization[];
  /** In `organization`. */
  readonly may: { readonly award: boolean; readonly administer: boolean };
}

export const ORGANIZATION_FIELD = "organization";
export const SWITCH_PATH = "/me/organization";

const MINE = [
  "/me",
  "/me/backpacks",
  "/me/badges",
  "/me/apps",
  "/me/identities",
  "/me/sessions",
] as const;
const AWARD = ["/award", "/award/nominations", "/award/import", "/award/codes"] as const;
const ADMINISTRATION = [
  "/admin",
  "/admin/badges",
  "/admin/people",
  "/admin/mail",
  "/admin/webhooks",
  "/admin/event-sources",
  "/admin/keys",
  "/admin/api-keys",
  "/admin/audit",
  "/admin/settings",
  "/admin/export",
] as const;
const SITE = ["/admin/backpacks", "/admin/health"] as const;

export type Place = (typeof MINE | typeof AWARD | typeof ADMINISTRATION | typeof SITE)[number];

interface Section {
  readonly name: "mine" | "award" | "administration" | "site";
  readonly places: readonly Place[];
}

function sectionsOf({ may, isSiteAdministrator }: Account): readonly Section[] {
  return [
    { name: "mine", places: MINE },
    ...(may.award ? [{ name: "award", places: AWARD } as const] : []),
    ...(may.administer ? [{ name: "administration", places: ADMINISTRATION } as const] : []),
    ...(isSiteAdministrator ? [{ name: "site", places: SITE } as const] : []),
  ];
}

export interface AccountPageProps {
  readonly title: string;
  readonly account: Account;
  /** The page in the navigation that this one is or belongs to; null for none. */
  readonly place: Place | null;
  readonly head?: Child;
  readonly children: Child;
}

/**
 * A whole HTML document; to be sent with PAGE_HEADERS and `cache-control: no-store`. On a phone the
 * other pages lie behind the name of this one; where there is room they stand open.
 */
export function accountPage({ title, account, place, head, children }: AccountPageProps) {
  const t = speaker(account.language, SHELL);
  const places = speaker(account.language, PLACE_WORDS);
  const sections = sectionsOf(account);
  const current =
    sections.find((section) => section.places.some((one) => one === place)) ?? sections[0];
  return layout({
    title,
    language: account.language,
    head,
    noindex: true,
    isDemo: account.isDemo === true,
    account: (
      <form class="account" method="post" action={SIGN_OUT_PATH}>
        <FormToken account={account} />
        <span>
          {account.who === null
            ? t("signed-in")
            : t.rich("signed-in-as", { who: <bdi>{account.who}</bdi> })}
        </span>
        <button class="btn" type="submit">
          {t("sign-out")}
        </button>
      </form>
    ),
    places: (
      <details class="menu">
        <summary>
          <span class="wrap">{place === null ? t("places") : places(place)}</span>
        </summary>
        {sections.length > 1 ? (
          <nav class="places sections" aria-label={t("sections")}>
            <div class="wrap">
              {sections.map((section) => (
                <a href={section.places[0]} aria-current={section === current ? "true" : undefined}>
                  {t(section.name)}
                </a>
              ))}
              <OrganizationChoice account={account} />
            </div>
          </nav>
        ) : null}
        <nav class="places" aria-label={t("places")}>
          <div class="wrap">
            {current?.places.map((path) => (
              <a href={path} aria-current={path === place ? "page" : undefined}>
                {places(path)}
              </a>
            ))}
          </div>
        </nav>
      </details>
    ),
    children,
  });
}

/** For whom pages are about another organization's badges, too. */
function OrganizationChoice({ account }: { readonly account: Account }) {
  const t = speaker(account.language, SHELL);
  const { organization, organizations } = account;
  if (organization === null) return null;
  if (organizations.length < 2) {
    return (
      <span class="of soft" dir="auto">
        {organization.name}
      </span>
    );
  }
  return (
    <form class="of" method="post" action={SWITCH_PATH}>
      <input type="hidden" name={FORM_TOKEN_FIELD} value={account.formToken} />
      <label>
        <span class="unseen">{t("organization")}</span>
        <select name={ORGANIZATION_FIELD}>
          {organizations.map(({ id, name }) => (
            <option value={id} selected={id === organization.id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button class="btn" type="submit">
        {t("switch")}
      </button>
    </form>
  );
}

/**
 * Shows that a form was made for this session: nobody else's page can know it. With it go what tells
 * this page from others, so that a form pressed twice counts once, and the organization the page was
 * about, so that a form acts there though another tab has switched.
 */
export function FormToken({ account }: { readonly account: Account }) {
  return (
    <>
      <input type="hidden" name={FORM_TOKEN_FIELD} value={account.formToken} />
      <input type="hidden" name={ONCE_FIELD} value={account.once} />
      {account.organization === null ? null : (
        <input type="hidden" name={ORGANIZATION_FIELD} value={account.organization.id} />
      )}
    </>
  );
}

interface PressProps {
  readonly action: string;
  readonly account: Account;
  readonly fields?: Readonly<Record<string, string>>;
  readonly first?: boolean;
  /** What it is about, for those who hear the button without its row. */
  readonly about?: string;
  readonly children: Child;
}

/** A form of one button. */
export function Press({
  action,
  account,
  fields = {},
  first = false,
  about,
  children,
}: PressProps) {
  return (
    <form class="press" method="post" action={action}>
      <FormToken account={account} />
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button class={first ? "btn first" : "btn"} type="submit">
        {children}
        {about === undefined ? null : (
          <span class="unseen">
            {" "}
            <bdi>{about}</bdi>
          </span>
        )}
      </button>
    </form>
  );
}
