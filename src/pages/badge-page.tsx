// The public page of an award: the verdict first, then who, what, why, and how to check it.
import type { Child } from "hono/jsx";
import type { BadgePageRow } from "../db/badge-page.ts";
import type { Language } from "../language.ts";
import { linkable } from "../linkable.ts";
import { standingOf } from "../standing.ts";
import type { Urls } from "../urls.ts";
import type { Account } from "./account.tsx";
import { COPY_PATH } from "./copy-script.ts";
import { layout } from "./layout.tsx";
import { OwnerTools } from "./owner-tools.tsx";
import { BadgePicture } from "./picture.tsx";
import { type Qr, QrCode, qrOf } from "./qr.tsx";
import {
  Alignments,
  Criteria,
  Description,
  Issuer,
  IssuerLink,
  issuerName,
  Kind,
  Tags,
  Work,
} from "./sections.tsx";
import { ShareHead } from "./share-head.tsx";
import { VerdictBand } from "./verdict.tsx";
import { here, hostOf } from "./web-address.ts";
import { BADGE_WORDS, type BadgeSpeaker } from "./words/badge.ts";
import { speaker } from "./words/speak.tsx";
import { VERDICT_WORDS } from "./words/verdict.ts";

export interface BadgePageProps {
  readonly row: BadgePageRow;
  readonly urls: Urls;
  /** Milliseconds since 1970: the instant the verdict is of. */
  readonly now: number;
  /** Milliseconds that looking the record up took. */
  readonly took: number;
  /** Whether this runtime can draw pictures: a PNG of an SVG, a wide card. */
  readonly canDraw: boolean;
  /** Whether the public address means this machine or network only. */
  readonly isLocal: boolean;
  /** Whether the footer leads to the demo's examples. */
  readonly isDemo: boolean;
  /** Of the page; what the issuer wrote stays in the badge's own. */
  readonly language: Language;
  /** Whose badge it is, where they ask for it themselves; null for everybody else. */
  readonly owner: Account | null;
}

interface Spoken {
  readonly t: BadgeSpeaker;
}

/** What may be told of the person: nothing once they hide it, or once it is withdrawn. */
export function isPersonal({ award }: BadgePageRow): boolean {
  return award.visible && award.claim_state !== "declined" && award.revoked_at === null;
}

export function badgePage(props: BadgePageProps) {
  const { row, urls, now, language } = props;
  const { award, badge, organization } = row;
  const t = speaker(language, BADGE_WORDS);
  const issuer = linkable(badge.issuer_url ?? organization.url);
  const qr = qrOf(urls.badgePage(award.unique_hash));
  return layout({
    title: titleOf(row, now, t),
    language,
    isDemo: props.isDemo,
    isSignedIn: props.owner !== null,
    noindex: !isPersonal(row),
    head: (
      <>
        {isPersonal(row) ? <Head {...props} t={t} /> : null}
        {props.owner === null ? null : <script type="module" src={COPY_PATH}></script>}
      </>
    ),
    ...(issuer === null
      ? {}
      : {
          owner: {
            name: issuerName(badge, organization),
            url: issuer,
            language: organization.language,
          },
        }),
    children: (
      <div class="sheet">
        <VerdictBand
          award={award}
          replacementHash={row.replacement?.visible ? row.replacement.unique_hash : null}
          wasReplaced={row.replacement !== null}
          now={now}
          urls={urls}
          language={language}
        />
        {props.owner === null ? null : (
          <OwnerTools {...props} account={props.owner} qr={qr} hasPng={hasPng(props)} />
        )}
        <Award {...props} t={t} qr={qr} besides={besidesOf({ ...props, t, qr })} />
      </div>
    ),
  });
}

/** The verdict comes first in the tab, too. */
function titleOf(row: BadgePageRow, now: number, t: BadgeSpeaker): string {
  const { award, badge } = row;
  const standing = standingOf(award, now);
  const told = award.visible || standing === "revoked";
  const verdict = told ? speaker(t.language, VERDICT_WORDS)(standing) : t("private");
  return isPersonal(row) && award.recipient_name
    ? t("title-awarded", { verdict, badge: badge.name, name: award.recipient_name })
    : t("title", { verdict, badge: badge.name });
}

/** For those who pass the link on; nothing here is the verdict, which would grow old in a preview. */
function Head({ row, urls, canDraw, t }: BadgePageProps & Spoken) {
  const { award, badge, organization } = row;
  const page = urls.badgePage(award.unique_hash);
  const issuer = issuerName(badge, organization);
  const by = award.recipient_name
    ? t("awarded-to-by", { name: award.recipient_name, issuer })
    : t("awarded-by", { issuer });
  return (
    <>
      <meta name="description" content={t("summary", { badge: badge.name, by })} />
      <link rel="alternate" type="application/ld+json" href={urls.assertion(award.unique_hash)} />
      <ShareHead
        page={page}
        title={badge.name}
        about={by}
        issuer={issuer}
        card={urls.badgeCard(award.unique_hash)}
        cardWords={badge.image_caption ?? badge.name}
        canDraw={canDraw}
        urls={urls}
      />
    </>
  );
}

interface WithQr extends BadgePageProps, Spoken {
  readonly qr: Qr;
}

type AwardProps = Pick<BadgePageProps, "row" | "urls" | "now" | "language"> &
  Spoken & {
    readonly qr: Qr;
    /** What is not for paper; null on the page that has nothing else. */
    readonly besides: Besides | null;
  };
interface Besides {
  readonly keep: Child;
  readonly checks: Child;
}

/** What was awarded, to whom and for what. */
export function Award(props: AwardProps) {
  const { row, urls, language, t, qr, besides } = props;
  const { award, badge, organization, alignments } = row;
  const personal = isPersonal(row);
  return (
    <article class="award pad">
      <div class="pic">
        <BadgePicture picture={row.picture} badge={badge} urls={urls} language={language} />
      </div>
      <div class="head">
        <Kind badge={badge} tierName={personal ? row.tierName : null} t={t} />
        <h1 lang={badge.language} dir="auto">
          {badge.name}
        </h1>
        <p class="who">
          {t.rich(personal && award.recipient_name ? "awarded-to-by-on" : "awarded-by-on", {
            name: <b dir="auto">{award.recipient_name}</b>,
            issuer: <IssuerLink badge={badge} organization={organization} />,
            day: t.day(award.awarded_at),
          })}
        </p>
      </div>
      {besides?.keep}
      <div class="body">
        <div class="lead">
          <Description badge={badge} />
        </div>
        {personal ? <Work award={award} badge={badge} t={t} /> : null}
        <Criteria badge={badge} t={t} />
        <Alignments alignments={alignments} badge={badge} t={t} />
        <Tags badge={badge} t={t} />
        <Issuer badge={badge} organization={organization} t={t} />
        {besides?.checks}
      </div>
      <Printed row={row} urls={urls} t={t} qr={qr} again={besides !== null && personal} />
    </article>
  );
}

function besidesOf(props: WithQr): Besides {
  if (!isPersonal(props.row)) return { keep: null, checks: null };
  return { keep: <Keep {...props} />, checks: <Checks {...props} /> };
}

/** Whether the badge's picture is a PNG, or one is made of it. */
function hasPng({ row, canDraw }: Pick<BadgePageProps, "row" | "canDraw">): boolean {
  const { picture } = row;
  return picture !== null && (picture.media_type === "image/png" || row.hasPngTwin || canDraw);
}

/** Files to keep, the code to scan, the addresses for programs; its owner has the files and the code above. */
function Keep(props: WithQr) {
  const { row, urls, qr, t } = props;
  const hash = row.award.unique_hash;
  const png = hasPng(props);
  if (props.owner !== null) {
    return (
      <aside class="keep stack small" aria-labelledby="keep">
        <h2 id="keep">{t("for-verifiers")}</h2>
        <Address hash={hash} urls={urls} t={t} />
      </aside>
    );
  }
  return (
    <aside class="keep" aria-labelledby="keep">
      <h2 id="keep">{t("take-with-you")}</h2>
      <div class="stack">
        <div>
          {png ? (
            <a class="btn first" href={`${here(urls.bakedPng(hash))}?download`}>
              {t("download-png")}
            </a>
          ) : null}
          <a class={png ? "btn" : "btn first"} href={`${here(urls.bakedSvg(hash))}?download`}>
            {t("download-svg")}
          </a>
        </div>
        <p class="soft small">{t("written-inside")}</p>
        <div>
          <details>
            <summary>{t("qr-code")}</summary>
            <QrCode qr={qr} label={t("qr-label")} />
          </details>
          <details>
            <summary>{t("for-verifiers")}</summary>
            <div class="stack small">
              <Address hash={hash} urls={urls} t={t} />
            </div>
          </details>
        </div>
      </div>
    </aside>
  );
}

function Address({ hash, urls, t }: Spoken & { readonly hash: string; readonly urls: Urls }) {
  return (
    <>
      <p>{t("give-address")}</p>
      <p>
        <a href={here(urls.assertion(hash))}>
          <code>{urls.assertion(hash)}</code>
        </a>
      </p>
    </>
  );
}

/** Only what was looked at to make this page; a check that was not made is not in the list. */
function Checks({ row, urls, now, took, isLocal, t }: BadgePageProps & Spoken) {
  const { award } = row;
  const expired = standingOf(award, now) === "expired";
  return (
    <section aria-labelledby="checks" class="checks-part">
      <h2 id="checks">{t("how-checked")}</h2>
      <p class="soft small">{t.rich("checked-at", { minute: t.minute(now), took })}</p>
      <ul class="items checks">
        <li>
          <span>{t("record-found")}</span>
          <span class="state valid">{t("yes")}</span>
          <span class="soft small">
            {t.rich("record-kept", { host: <bdi>{hostOf(urls.base)}</bdi> })}{" "}
            {t(isLocal ? "only-local" : "use-another")}
          </span>
        </li>
        <li>
          <span>{t("not-revoked")}</span>
          <span class="state valid">{t("yes")}</span>
        </li>
        <li>
          <span>{t("not-expired")}</span>
          <span class={expired ? "state expired" : "state valid"}>{t(expired ? "no" : "yes")}</span>
          <span class="soft small">
            {award.date_expire === null
              ? t("without-end")
              : t.rich(expired ? "last-moment-was" : "last-moment-is", {
                  day: t.day(award.date_expire),
                })}
          </span>
        </li>
        <li>
          <span>{t("is-holder")}</span>
          <span class="state hidden">{t("not-checked")}</span>
          <span class="soft small">
            {t.rich("compare-holder", {
              verify: (inside) => (
                <a href={`/verify?input=${encodeURIComponent(urls.badgePage(award.unique_hash))}`}>
                  {inside}
                </a>
              ),
            })}
          </span>
        </li>
      </ul>
      <p class="small">
        <a href="/verify">{t("check-another")}</a>
      </p>
    </section>
  );
}

interface PrintedProps extends Pick<AwardProps, "row" | "urls" | "qr" | "t"> {
  /** Whether the code was drawn further up. */
  readonly again: boolean;
}

/**
 * On paper there is the way to a verdict instead of one, which would be read long after it was true.
 * Only "revoked" is printed: it stays true.
 */
function Printed({ row, urls, qr, t, again }: PrintedProps) {
  const { award } = row;
  const page = urls.badgePage(award.unique_hash);
  return (
    <div class="paper-only">
      <QrCode qr={qr} label={t("qr-paper")} again={again} />
      <p>
        {isPersonal(row) && award.date_expire !== null ? (
          <>
            {t.rich("paper-expires", { day: t.day(award.date_expire) })}
            <br />
          </>
        ) : null}
        {t("paper-cannot")}
        <br />
        <bdi>{page}</bdi>
      </p>
    </div>
  );
}
