// The page of a claim code: what can be claimed, and every way in which it cannot.
import type { Child } from "hono/jsx";
import type { Claimable } from "../db/claim-codes.ts";
import type { Urls } from "../urls.ts";
import { type Account, accountPage, FormToken } from "./account.tsx";
import { layout } from "./layout.tsx";
import { BadgePicture } from "./picture.tsx";
import { issuerName } from "./sections.tsx";
import { here } from "./web-address.ts";

/** An address that the person has proven, and the badge can be made out to. */
export interface ClaimAddress {
  readonly id: string;
  readonly address: string;
}

export interface ClaimPageProps {
  /** Null where nobody is signed in. */
  readonly account: Account | null;
  readonly claimable: Pick<Claimable, "badge" | "organization" | "picture">;
  readonly urls: Urls;
  /** The page's own path. */
  readonly path: string;
  /** The one that is proposed first; empty where nobody is signed in, or has proven none. */
  readonly addresses: readonly ClaimAddress[];
}

/** Opening it changes nothing: programs that look through mail open links too. */
export function claimPage(props: ClaimPageProps) {
  const { account, claimable } = props;
  return frame({
    title: `Claim ${claimable.badge.name}`,
    account,
    children: (
      <Shown {...props} lead="You were given a code for this badge.">
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
  const { account, claimable, awardUrl, isElse } = props;
  const words = isElse ? "You hold this badge already." : "This badge is yours.";
  return frame({
    title: `${words.slice(0, -1)}: ${claimable.badge.name}`,
    account,
    children: (
      <Shown {...props} lead={words}>
        {isElse ? <p>The code was not used: somebody else can claim with it.</p> : null}
        <p>
          <a class="btn first" href={here(awardUrl)}>
            See your badge
          </a>
        </p>
        <p>
          <a href="/me/backpacks">Have it sent to your backpacks</a>
        </p>
      </Shown>
    ),
  });
}

/** Why a code leads to no badge. */
export interface NoClaimProps {
  readonly account: Account | null;
  readonly title: string;
  readonly lead: Child;
  /** What to do about it. */
  readonly fix: string;
}

export function noClaimPage({ account, title, lead, fix }: NoClaimProps) {
  return frame({
    title,
    account,
    children: (
      <>
        <div class="intro">
          <h1>{title}</h1>
          <p class="lead">{lead}</p>
        </div>
        <p class="sheet pad narrow">{fix}</p>
      </>
    ),
  });
}

interface ShownProps extends Pick<ClaimPageProps, "claimable" | "urls"> {
  readonly lead: string;
  readonly children: Child;
}

function Shown({ claimable, urls, lead, children }: ShownProps) {
  const { badge, organization, picture } = claimable;
  return (
    <>
      <div class="intro">
        <p class="lead">{lead}</p>
        <h1 lang={badge.language} dir="auto">
          {badge.name}
        </h1>
        <p>
          From{" "}
          <a href={organization.url} rel="noopener nofollow" dir="auto">
            {issuerName(badge, organization)}
          </a>
        </p>
      </div>
      <div class="sheet pad stack narrow">
        <BadgePicture picture={picture} badge={badge} urls={urls} />
        <p lang={badge.language} dir="auto">
          {badge.description}
        </p>
        <p>
          <a href={here(urls.badgeCriteria(badge.id))}>What it stands for</a>
        </p>
        {children}
      </div>
    </>
  );
}

function SignIn({ path }: Pick<ClaimPageProps, "path">) {
  return (
    <>
      <p>
        <a class="btn first" href={`/login?next=${encodeURIComponent(path)}`}>
          Sign in to claim it
        </a>
      </p>
      <p class="soft small">
        You get a mail with a link, and come back here. The badge is made out to the address you
        sign in with.
      </p>
    </>
  );
}

function Take({ account, addresses, path }: ClaimPageProps & { readonly account: Account }) {
  const [only, ...others] = addresses;
  if (only === undefined) {
    return (
      <p>
        A badge is made out to an e-mail address, and you have proven none.{" "}
        <a href="/me/identities">Add your address</a>, then open this page again.
      </p>
    );
  }
  return (
    <form class="form" method="post" action={path}>
      <FormToken account={account} />
      {others.length === 0 ? (
        <p>
          It is made out to <bdi>{only.address}</bdi>.
          <input type="hidden" name="identity" value={only.id} />
        </p>
      ) : (
        <fieldset class="scopes">
          <legend>Make it out to</legend>
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
        Claim this badge
      </button>
    </form>
  );
}

interface FrameProps {
  readonly title: string;
  readonly account: Account | null;
  readonly children: Child;
}

function frame({ title, account, children }: FrameProps) {
  return account === null
    ? layout({ title, noindex: true, children })
    : accountPage({ title, account, place: null, children });
}
