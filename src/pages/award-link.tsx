// The page behind the link in a recipient's mail: the award, and what its recipient says of it.
import type { Child } from "hono/jsx";
import type { BadgePageRow } from "../db/badge-page.ts";
import type { Language } from "../language.ts";
import type { Urls } from "../urls.ts";
import { type Account, FORM_TOKEN_FIELD } from "./account.tsx";
import { Markdown } from "./markdown.tsx";
import { issuerName } from "./sections.tsx";
import { Takeable, takingPage } from "./taking.tsx";
import { here } from "./web-address.ts";
import { CLAIM } from "./words/claim.ts";
import { speaker } from "./words/speak.tsx";

/** The field that says what is said of the award, and its two values. */
export const SAY_FIELD = "say";
export type Saying = "accept" | "decline";

export interface AwardLinkPageProps {
  /** Null where nobody is signed in: none need be. */
  readonly account: Account | null;
  readonly language: Language;
  readonly row: BadgePageRow;
  readonly urls: Urls;
  /** The page's own path, the token in it. */
  readonly path: string;
  /** What shows that a form was made for this page. */
  readonly formToken: string;
}

type Part = Pick<AwardLinkPageProps, "row" | "urls" | "language">;

/** Opening it says nothing: programs that look through mail open links too. */
export function awardLinkPage(props: AwardLinkPageProps) {
  const { row, language, account } = props;
  const { award, badge, organization } = row;
  const t = speaker(language, CLAIM);
  const issuer = issuerName(badge, organization);
  return takingPage({
    title: t("award-title", { badge: badge.name }),
    account,
    language,
    children: (
      <Takeable {...row} {...props} lead={t.rich("award-lead", { issuer: <bdi>{issuer}</bdi> })}>
        {award.recipient_name === null ? null : (
          <p>{t.rich("award-to", { name: <b dir="auto">{award.recipient_name}</b> })}</p>
        )}
        <Markdown text={badge.description} language={badge.language} />
        <section aria-labelledby="earned">
          <h2 id="earned">{t("how-earned")}</h2>
          <Markdown text={badge.criteria_narrative} language={badge.language} />
        </section>
        <section aria-labelledby="accepting">
          <h2 id="accepting">{t("what-accepting-does")}</h2>
          <ul class="plain-list">
            <li>{t.rich("accepting-says", { issuer: <bdi>{issuer}</bdi> })}</li>
            <li>{t("accepting-keeps")}</li>
          </ul>
        </section>
        <Say {...props} saying="accept" first>
          {t("accept")}
        </Say>
        <SaveFile {...props} />
        <details>
          <summary>{t("not-mine")}</summary>
          <div class="stack">
            <p>{t.rich("not-mine-help", { issuer: <bdi>{issuer}</bdi> })}</p>
            <Say {...props} saying="decline">
              {t("say-not-mine")}
            </Say>
          </div>
        </details>
      </Takeable>
    ),
  });
}

/** It was accepted: now, or since before. */
export function awardAcceptedPage(props: AwardLinkPageProps) {
  const { row, urls, language, account } = props;
  const { award, badge } = row;
  const t = speaker(language, CLAIM);
  return takingPage({
    title: t("yours-title", { words: t("yours"), badge: badge.name }),
    account,
    language,
    children: (
      <Takeable {...row} {...props} lead={`${t("yours")}.`}>
        <p role="status">
          {t.rich("accepted-on", { day: t.day(award.claimed_at ?? award.awarded_at) })}
        </p>
        <p>
          <a class="btn first" href={here(urls.badgePage(award.unique_hash))}>
            {t("see-badge")}
          </a>
        </p>
        <SaveFile {...props} />
        <p>
          <a href="/me">{t("all-yours")}</a>
        </p>
        {account === null ? <p class="soft small">{t("all-yours-help")}</p> : null}
      </Takeable>
    ),
  });
}

export function awardDeclinedPage(props: AwardLinkPageProps) {
  const { row, language, account } = props;
  const { badge, organization } = row;
  const t = speaker(language, CLAIM);
  const issuer = <bdi>{issuerName(badge, organization)}</bdi>;
  return takingPage({
    title: t("yours-title", { words: t("declined-title"), badge: badge.name }),
    account,
    language,
    children: (
      <Takeable {...row} {...props} lead={`${t("declined-title")}.`}>
        <p role="status">{t.rich("declined-lead", { issuer })}</p>
        <p>{t("declined-help")}</p>
        <Say {...props} saying="accept">
          {t("accept-after-all")}
        </Say>
      </Takeable>
    ),
  });
}

export function awardRevokedPage(props: Omit<AwardLinkPageProps, "path" | "formToken">) {
  const { row, urls, language, account } = props;
  const { award, badge, organization, replacement } = row;
  const t = speaker(language, CLAIM);
  const issuer = <bdi>{issuerName(badge, organization)}</bdi>;
  const next = replacement?.visible ? replacement.unique_hash : null;
  return takingPage({
    title: t("yours-title", { words: t("revoked-title"), badge: badge.name }),
    account,
    language,
    children: (
      <Takeable {...row} {...props} lead={`${t("revoked-title")}.`}>
        <p>{t.rich("revoked-lead", { issuer, day: t.day(award.revoked_at ?? 0) })}</p>
        {award.revocation_reason === null ? null : (
          <p>{t.rich("revoked-reason", { reason: <bdi>{award.revocation_reason}</bdi> })}</p>
        )}
        <p>{replacement === null ? t.rich("revoked-fix", { issuer }) : t("replaced-fix")}</p>
        <p>
          <a class="btn" href={here(urls.badgePage(next ?? award.unique_hash))}>
            {t(next === null ? "revoked-page" : "replaced-page")}
          </a>
        </p>
      </Takeable>
    ),
  });
}

/** The award itself has come to its end before it was accepted. */
export function awardOverPage(props: Omit<AwardLinkPageProps, "path" | "formToken">) {
  const { row, urls, language, account } = props;
  const { award, badge, organization } = row;
  const t = speaker(language, CLAIM);
  const issuer = <bdi>{issuerName(badge, organization)}</bdi>;
  return takingPage({
    title: t("yours-title", { words: t("run-out-title"), badge: badge.name }),
    account,
    language,
    children: (
      <Takeable {...row} {...props} lead={`${t("run-out-title")}.`}>
        <p>{t.rich("run-out-lead", { day: t.day(award.date_expire ?? 0) })}</p>
        <p>{t.rich("run-out-fix", { issuer })}</p>
        <p>
          <a class="btn" href={here(urls.badgePage(award.unique_hash))}>
            {t("revoked-page")}
          </a>
        </p>
        <SaveFile {...props} />
      </Takeable>
    ),
  });
}

interface NoAwardPageProps {
  readonly account: Account | null;
  readonly language: Language;
  /** `link-over` for a link that was right once, `no-link` for one that leads nowhere. */
  readonly why: "link-over" | "no-link";
  /** How long links last. */
  readonly days: number;
}

export function noAwardPage({ account, language, why, days }: NoAwardPageProps) {
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
          <p class="lead">{t(`${why}-lead`, { days })}</p>
        </div>
        <div class="sheet pad stack narrow">
          <p>{t(`${why}-fix`)}</p>
          <p>
            <a class="btn first" href="/me">
              {t(account === null ? "link-over-sign-in" : "all-yours")}
            </a>
          </p>
        </div>
      </>
    ),
  });
}

interface SayProps extends Pick<AwardLinkPageProps, "path" | "formToken"> {
  readonly saying: Saying;
  readonly first?: boolean;
  readonly children: Child;
}

function Say({ path, formToken, saying, first = false, children }: SayProps) {
  return (
    <form class="press" method="post" action={path}>
      <input type="hidden" name={FORM_TOKEN_FIELD} value={formToken} />
      <input type="hidden" name={SAY_FIELD} value={saying} />
      <button class={first ? "btn first" : "btn"} type="submit">
        {children}
      </button>
    </form>
  );
}

/** PNG where there is one; the address of the PNG leads on to the SVG where there is none. */
function SaveFile({ row, urls, language }: Part) {
  const t = speaker(language, CLAIM);
  const hash = row.award.unique_hash;
  return (
    <div>
      <p>
        <a class="btn" href={`${here(urls.bakedPng(hash))}?download`}>
          {t("save-file")}
        </a>
      </p>
      <p class="soft small">{t("save-file-help")}</p>
    </div>
  );
}
