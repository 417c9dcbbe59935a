// The frame of every page for somebody who is signed in: who it is, the way out, and the other pages.
import type { Child } from "hono/jsx";
import { layout } from "./layout.tsx";

/** The hidden field that every form of a signed-in page carries. */
export const FORM_TOKEN_FIELD = "form_token";
export const SIGN_OUT_PATH = "/logout";

/** Whose page it is; a route makes it from its session. */
export interface Account {
  /** The person's name, or the address they signed in with. */
  readonly who: string;
  readonly isSiteAdministrator: boolean;
  /** What `readForm` asks of each form. */
  readonly formToken: string;
}

const PLACES = [
  ["/me/backpacks", "Backpacks"],
  ["/me/badges", "Badges kept here"],
  ["/me/apps", "Connected apps"],
  ["/me/identities", "Addresses"],
  ["/me/sessions", "Sessions"],
] as const;
const ADMIN_PLACES = [["/admin/backpacks", "Manage backpacks"]] as const;

export type Place = (typeof PLACES | typeof ADMIN_PLACES)[number][0];

export interface AccountPageProps {
  readonly title: string;
  readonly account: Account;
  /** The page in the list of pages that this one is or belongs to; null for none. */
  readonly place: Place | null;
  readonly head?: Child;
  readonly children: Child;
}

/** A whole HTML document; to be sent with PAGE_HEADERS and `cache-control: no-store`. */
export function accountPage({ title, account, place, head, children }: AccountPageProps) {
  const places = account.isSiteAdministrator ? [...PLACES, ...ADMIN_PLACES] : PLACES;
  return layout({
    title,
    head,
    noindex: true,
    account: (
      <form class="account" method="post" action={SIGN_OUT_PATH}>
        <FormToken account={account} />
        <span>
          Signed in as <bdi>{account.who}</bdi>
        </span>
        <button class="btn" type="submit">
          Sign out
        </button>
      </form>
    ),
    places: (
      <nav class="places" aria-label="Your pages">
        <div class="wrap">
          {places.map(([path, name]) => (
            <a href={path} aria-current={path === place ? "page" : undefined}>
              {name}
            </a>
          ))}
        </div>
      </nav>
    ),
    children,
  });
}

/** Shows that a form was made for this session: nobody else's page can know it. */
export function FormToken({ account }: { readonly account: Account }) {
  return <input type="hidden" name={FORM_TOKEN_FIELD} value={account.formToken} />;
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
        {about === undefined ? null : <span class="unseen"> {about}</span>}
      </button>
    </form>
  );
}
