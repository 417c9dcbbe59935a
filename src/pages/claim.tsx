// The page of a claim code: what can be claimed, and every way in which it cannot.
import type { Child } from "hono/jsx";
import type { Claimable } from "../db/claim-codes.ts";
import type { Language } from "../language.ts";
import type { Urls } from "../urls.ts";
import { type Account, FormToken } from "./account.tsx";
import { Takeable, takingPage } from "./taking.tsx";
import { here } from "./web-address.ts";
import { CLAIM, type NoClaim } from "./words/claim.ts";
import { speaker } from "./words/speak.tsx";

/** An address that the person has proven, and the badge can be made out to. */
export interface ClaimAddress {
  readonly id: string;
  readonly address: string;
}

export interface ClaimPageProps {
  /** Null where nobody is signed in. */
  readonly account: Account | null;
  readonly language: Language;
  readonly claimable: Pick<Claimable, "badge" | "organization" | "picture">;
  readonly urls: Urls;
  /** The page's own path. */
  readonly path: string;
  /** The one that is proposed first; empty where nobody is signed in, or has proven none. */
  readonly addresses: readonly ClaimAddress[];
}

/** Opening it changes nothing: programs that look through mail open links too. */
export function claimPage(props: ClaimPageProps) {
  const { account, claimable, language } = props;
  const t = speaker(language, CLAIM);
  return takingPage({
    title: t("code-title", { badge: claimable.badge.name }),
    account,
    language,
    children: (
      <Shown {...props} lead={t("code-lead")}>
        {account === null ? <SignIn {...props} /> : <Take {...props} account={account} />}
      </Shown>
    ),
  });
}

export interface ClaimedPageProps extends Omit<ClaimPageProps, "addresses"> {
  /** The page of the award. */
  readonly awardUrl: string;
  /** They came by it in another way, or with another code. */
  readonly isElse: boolean;
}

/** The badge is the person's: now, or since before. */
export function claimedPage(props: ClaimedPageProps) {
  const { account, claimable, awardUrl, isElse, language } = props;
  const t = speaker(language, CLAIM);
  const words = t(isElse ? "held-before" : "yours");
  return takingPage({
    title: t("yours-title", { words, badge: claimable.badge.name }),
    account,
    language,
    children: (
      <Shown {...props} lead={`${words}.`}>
        {isElse ? <p>{t("not-used")}</p> : null}
        <p>
          <a class="btn first" href={here(awardUrl)}>
            {t("see-badge")}
          </a>
        </p>
        <p>
          <a href="/me/backpacks">{t("to-backpacks")}</a>
        </p>
      </Shown>
    ),
  });
}

export interface NoClaimProps {
  readonly account: Account | null;
  readonly language: Language;
  readonly why: NoClaim;
}

export function noClaimPage({ account, language, why }: NoClaimProps) {
  const t = speaker(language, CLAIM);
  const title = t(`${why}-title`);
  return takingPage({
    title,
    account,
    language,
    children: (
      <>
        <div class="intro">
          <h1>{title}</h1>
          <p class="lead">{t(`${why}-lead`)}</p>
        </div>
        <p class="sheet pad narrow">{t(`${why}-fix`)}</p>
      </>
    ),
  });
}

interface ShownProps extends Pick<ClaimPageProps, "claimable" | "urls" | "language"> {
  readonly lead: string;
  readonly children: Child;
}

function Shown({ claimable, urls, language, lead, children }: ShownProps) {
  const { badge } = claimable;
  const t = speaker(language, CLAIM);
  return (
    <Takeable {...claimable} urls={urls} language={language} lead={lead}>
      <p lang={badge.language} dir="auto">
        {badge.description}
      </p>
      <p>
        <a href={here(urls.badgeCriteria(badge.id))}>{t("stands-for")}</a>
      </p>
      {children}
    </Takeable>
  );
}

function SignIn({ path, language }: Pick<ClaimPageProps, "path" | "language">) {
  const t = speaker(language, CLAIM);
  return (
    <>
      <p>
        <a class="btn first" href={`/login?next=${encodeURIComponent(path)}`}>
          {t("sign-in")}
        </a>
      </p>
      <p class="soft small">{t("sign-in-help")}</p>
    </>
  );
}

function Take(props: ClaimPageProps & { readonly account: Account }) {
  const { account, addresses, path, language } = props;
  const t = speaker(language, CLAIM);
  const [only, ...others] = addresses;
  if (only === undefined) {
    return (
      <p>{t.rich("no-address", { link: (inside) => <a href="/me/identities">{inside}</a> })}</p>
    );
  }
  return (
    <form class="form" method="post" action={path}>
      <FormToken account={account} />
      {others.length === 0 ? (
        <p>
          {t.rich("made-out-to", { address: <bdi>{only.address}</bdi> })}
          <input type="hidden" name="identity" value={only.id} />
        </p>
      ) : (
        <fieldset class="scopes">
          <legend>{t("make-out-to")}</legend>
          {addresses.map(({ id, address }, i) => (
            <label class="choice" for={`identity-${i}`}>
              <input
                type="radio"
                id={`identity-${i}`}
                name="identity"
                value={id}
                checked={i === 0}
              />
              <bdi>{address}</bdi>
            </label>
          ))}
        </fieldset>
      )}
      <button class="btn first" type="submit">
        {t("claim")}
      </button>
    </form>
  );
}
