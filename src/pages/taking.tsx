// What the pages have in common on which somebody takes a badge: their frame, and the badge itself.
import type { Child } from "hono/jsx";
import type { Claimable } from "../db/claim-codes.ts";
import type { Language } from "../language.ts";
import type { Urls } from "../urls.ts";
import { type Account, accountPage } from "./account.tsx";
import { layout } from "./layout.tsx";
import { BadgePicture } from "./picture.tsx";
import { issuerName } from "./sections.tsx";
import { CLAIM } from "./words/claim.ts";
import { speaker } from "./words/speak.tsx";

interface TakeableProps extends Pick<Claimable, "badge" | "organization" | "picture"> {
  readonly urls: Urls;
  readonly language: Language;
  readonly lead: Child;
  readonly children: Child;
}

export function Takeable(props: TakeableProps) {
  const { badge, organization, picture, urls, language, lead, children } = props;
  const t = speaker(language, CLAIM);
  const issuer = (
    <a href={organization.url} rel="noopener nofollow" dir="auto">
      {issuerName(badge, organization)}
    </a>
  );
  return (
    <>
      <div class="intro">
        <p class="lead">{lead}</p>
        <h1 lang={badge.language} dir="auto">
          {badge.name}
        </h1>
        <p>{t.rich("from", { issuer })}</p>
      </div>
      <div class="sheet pad stack narrow taking">
        <BadgePicture picture={picture} badge={badge} urls={urls} language={language} />
        {children}
      </div>
    </>
  );
}

interface TakingPageProps {
  readonly title: string;
  /** Null where nobody is signed in. */
  readonly account: Account | null;
  readonly language: Language;
  readonly children: Child;
}

export function takingPage({ title, account, language, children }: TakingPageProps) {
  return account === null
    ? layout({ title, language, noindex: true, children })
    : accountPage({ title, account, place: null, children });
}
