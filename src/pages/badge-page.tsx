// The public page of an award: the verdict first, then who, what, why, and how to check it.
import type { BadgePageRow } from "../db/badge-page.ts";
import { linkable } from "../linkable.ts";
import { standingOf } from "../standing.ts";
import type { Urls } from "../urls.ts";
import { CARD_HEIGHT, CARD_WIDTH } from "./card-size.ts";
import { layout } from "./layout.tsx";
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
import { Day } from "./time.tsx";
import { VERDICT_WORD, VerdictBand } from "./verdict.tsx";
import { here, hostOf } from "./web-address.ts";

export interface BadgePageProps {
  readonly row: BadgePageRow;
  readonly urls: Urls;
  /** Milliseconds since 1970: the instant the verdict is of. */
  readonly now: number;
  /** Whether this runtime can draw pictures: a PNG of an SVG, a wide card. */
  readonly canDraw: boolean;
  /** Whether the public address means this machine or network only. */
  readonly isLocal: boolean;
}

/** What may be told of the person: nothing once they hide it, or once it is withdrawn. */
export function isPersonal({ award }: BadgePageRow): boolean {
  return award.visible && award.revoked_at === null;
}

export function badgePage(props: BadgePageProps) {
  const { row, urls, now } = props;
  const { award, badge, organization } = row;
  const owner = linkable(badge.issuer_url ?? organization.url);
  return layout({
    title: titleOf(row, now),
    noindex: !isPersonal(row),
    head: isPersonal(row) ? <Head {...props} /> : null,
    ...(owner === null
      ? {}
      : {
          owner: {
            name: issuerName(badge, organization),
            url: owner,
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
        />
        <Content {...props} />
      </div>
    ),
  });
}

/** The verdict comes first in the tab, too. */
function titleOf(row: BadgePageRow, now: number): string {
  const { award, badge } = row;
  const verdict = standingOf(award, now);
  const word = award.visible || verdict === "revoked" ? VERDICT_WORD[verdict] : "Private";
  const who = isPersonal(row) && award.recipient_name ? `, awarded to ${award.recipient_name}` : "";
  return `${word}: ${badge.name}${who}`;
}

/** For those who pass the link on; nothing here is the verdict, which would grow old in a preview. */
function Head({ row, urls, canDraw }: BadgePageProps) {
  const { award, badge, organization } = row;
  const page = urls.badgePage(award.unique_hash);
  const by = `${award.recipient_name ? `Awarded to ${award.recipient_name} by` : "Awarded by"} ${issuerName(badge, organization)}`;
  const card = urls.badgeCard(award.unique_hash);
  return (
    <>
      <meta name="description" content={`${badge.name}. ${by}.`} />
      <link rel="canonical" href={page} />
      <link rel="alternate" type="application/ld+json" href={urls.assertion(award.unique_hash)} />
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content={issuerName(badge, organization)} />
      <meta property="og:title" content={badge.name} />
      <meta property="og:description" content={by} />
      <meta property="og:url" content={page} />
      <meta property="og:image" content={card} />
      <meta property="og:image:type" content="image/png" />
      {canDraw ? (
        <>
          <meta property="og:image:width" content={String(CARD_WIDTH)} />
          <meta property="og:image:height" content={String(CARD_HEIGHT)} />
        </>
      ) : null}
      <meta property="og:image:alt" content={badge.image_caption ?? badge.name} />
      <meta name="twitter:card" content={canDraw ? "summary_large_image" : "summary"} />
      <meta name="twitter:title" content={badge.name} />
      <meta name="twitter:description" content={by} />
      <meta name="twitter:image" content={card} />
    </>
  );
}

interface WithQr extends BadgePageProps {
  readonly qr: Qr;
}

function Content(props: BadgePageProps) {
  const { row, urls } = props;
  const qr = qrOf(urls.badgePage(row.award.unique_hash));
  const { award, badge, organization, alignments } = row;
  const personal = isPersonal(row);
  return (
    <article class="award pad">
      <div class="pic">
        <BadgePicture picture={row.picture} badge={badge} urls={urls} />
      </div>
      <div class="head">
        <Kind badge={badge} tierName={personal ? row.tierName : null} />
        <h1 lang={badge.language} dir="auto">
          {badge.name}
        </h1>
        <p class="who">
          {personal && award.recipient_name ? (
            <>
              Awarded to <b dir="auto">{award.recipient_name}</b>{" "}
            </>
          ) : (
            "Awarded "
          )}
          by <IssuerLink badge={badge} organization={organization} /> on{" "}
          <Day at={award.awarded_at} />
        </p>
      </div>
      {personal ? <Keep {...props} qr={qr} /> : null}
      <div class="body">
        <div class="lead">
          <Description badge={badge} />
        </div>
        {personal ? <Work award={award} badge={badge} /> : null}
        <Criteria badge={badge} />
        <Alignments alignments={alignments} badge={badge} />
        <Tags badge={badge} />
        <Issuer badge={badge} organization={organization} />
        {personal ? <Checks {...props} /> : null}
      </div>
      <Printed {...props} qr={qr} />
    </article>
  );
}

/** Files to keep, the code to scan, the addresses for programs. */
function Keep({ row, urls, canDraw, qr }: WithQr) {
  const { award, picture } = row;
  const hash = award.unique_hash;
  const png = picture !== null && (picture.media_type === "image/png" || row.hasPngTwin || canDraw);
  return (
    <aside class="keep" aria-labelledby="keep">
      <h2 id="keep">Take it with you</h2>
      <div class="stack">
        <div>
          {png ? (
            <a class="btn first" href={`${here(urls.bakedPng(hash))}?download`}>
              Download as PNG
            </a>
          ) : null}
          <a class={png ? "btn" : "btn first"} href={`${here(urls.bakedSvg(hash))}?download`}>
            Download as SVG
          </a>
        </div>
        <p class="soft small">
          The award is written inside the file. Send the file itself: a screenshot is only a
          picture.
        </p>
        <div>
          <details>
            <summary>QR code of this page</summary>
            <QrCode qr={qr} label="QR code of this page’s address" />
          </details>
          <details>
            <summary>For verifiers and programs</summary>
            <div class="stack small">
              <p>Give this address, or the file, to any Open Badges 2.0 verifier:</p>
              <p>
                <a href={here(urls.assertion(hash))}>
                  <code>{urls.assertion(hash)}</code>
                </a>
              </p>
            </div>
          </details>
        </div>
      </div>
    </aside>
  );
}

/** Only what was looked at to make this page; a check that was not made is not in the list. */
function Checks({ row, urls, now, isLocal }: BadgePageProps) {
  const { award } = row;
  const expired = standingOf(award, now) === "expired";
  return (
    <section aria-labelledby="checks" class="checks-part">
      <h2 id="checks">How this was checked</h2>
      <ul class="items checks">
        <li>
          <span>The issuer’s record of this award was found</span>
          <span class="state valid">Yes</span>
          <span class="soft small">
            It is kept at {hostOf(urls.base)}, by the server that made this page.{" "}
            {isLocal
              ? "Only this machine or network knows that address: nobody elsewhere can check it."
              : "For an independent check, use another verifier."}
          </span>
        </li>
        <li>
          <span>The issuer has not revoked it</span>
          <span class="state valid">Yes</span>
        </li>
        <li>
          <span>It has not expired</span>
          <span class={expired ? "state expired" : "state valid"}>{expired ? "No" : "Yes"}</span>
          <span class="soft small">
            {award.date_expire === null ? (
              "It was given without an end."
            ) : (
              <>
                Its last moment {expired ? "was" : "is"} <Day at={award.date_expire} />.
              </>
            )}
          </span>
        </li>
        <li>
          <span>Whoever shows it to you is its holder</span>
          <span class="state hidden">Not checked</span>
          <span class="soft small">
            A page cannot know that. Compare the name, or{" "}
            <a href={`/verify?input=${encodeURIComponent(urls.badgePage(award.unique_hash))}`}>
              verify the badge
            </a>{" "}
            and compare their e-mail address there.
          </span>
        </li>
      </ul>
      <p class="small">
        <a href="/verify">Check another badge</a>
      </p>
    </section>
  );
}

/**
 * On paper there is the way to a verdict instead of one, which would be read long after it was true.
 * Only "revoked" is printed: it stays true.
 */
function Printed({ row, urls, qr }: WithQr) {
  const page = urls.badgePage(row.award.unique_hash);
  return (
    <div class="paper-only">
      <QrCode qr={qr} label="QR code of this badge’s page" again={isPersonal(row)} />
      <p>
        Paper cannot tell whether a badge still stands. Check the current status at
        <br />
        {page}
      </p>
    </div>
  );
}
