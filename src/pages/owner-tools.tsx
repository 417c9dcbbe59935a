// The row of tools on a badge's page, for the one whose badge it is: to show it elsewhere, to take it along, to hide it.
import type { BadgePageRow } from "../db/badge-page.ts";
import { escapedHtml } from "../html-text.ts";
import type { Urls } from "../urls.ts";
import { type Account, Press } from "./account.tsx";
import { linkedInAddress } from "./linked-in.ts";
import { type Qr, QrCode } from "./qr.tsx";
import { issuerName } from "./sections.tsx";
import { here } from "./web-address.ts";
import { OWNER } from "./words/owner.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export interface OwnerToolsProps {
  /** Whose badge it is. */
  readonly account: Account;
  readonly row: BadgePageRow;
  readonly urls: Urls;
  readonly qr: Qr;
  /** Whether there is a PNG of the badge. */
  readonly hasPng: boolean;
  readonly isLocal: boolean;
}

interface Part extends OwnerToolsProps {
  readonly t: Speaker<keyof typeof OWNER.en & string>;
}

/** Nothing for a badge that was revoked: there is nothing to show anybody. */
export function OwnerTools(props: OwnerToolsProps) {
  const { account, row } = props;
  const { award, badge } = row;
  if (award.revoked_at !== null) return null;
  const t = speaker(account.language, OWNER);
  const part = { ...props, t };
  return (
    <section
      class="owner pad stack"
      aria-labelledby="owner"
      lang={account.language}
      data-printed={badge.name}
    >
      <div>
        <h2 id="owner">{t("title")}</h2>
        <p class="soft small">
          {t("only-you")} <a href="/me">{t("all-badges")}</a>
        </p>
      </div>
      {award.claim_state === "unclaimed" ? <Waiting {...part} /> : null}
      {award.visible ? <Sharing {...part} /> : <Hidden {...part} />}
    </section>
  );
}

function Waiting({ account, row, t }: Part) {
  const { award, badge, organization } = row;
  const fields = { award: award.id };
  return (
    <div>
      <p>{t.rich("waiting", { issuer: <bdi>{issuerName(badge, organization)}</bdi> })}</p>
      <div class="doors">
        <Press account={account} action="/me/accept" fields={fields} first>
          {t("accept")}
        </Press>
        <Press account={account} action="/me/decline" fields={fields}>
          {t("not-mine")}
        </Press>
      </div>
    </div>
  );
}

function Hidden(props: Part) {
  const { account, row, t } = props;
  const { award, badge } = row;
  const isDeclined = award.claim_state === "declined";
  return (
    <>
      <p>{t(isDeclined ? "is-declined" : "is-hidden")}</p>
      <div class="doors">
        {isDeclined ? (
          <Press account={account} action="/me/accept" fields={{ award: award.id }}>
            {t("accept-after-all")}
          </Press>
        ) : (
          <Press
            account={account}
            action="/me/visibility"
            fields={{ badge: badge.id, visible: "true" }}
          >
            {t("show")}
          </Press>
        )}
        <Files {...props} />
      </div>
    </>
  );
}

function Sharing(props: Part) {
  const { account, row, urls, qr, isLocal, t } = props;
  const { award, badge, organization } = row;
  const page = urls.badgePage(award.unique_hash);
  const embed = urls.badgeEmbed(award.unique_hash);
  const certification = {
    name: badge.name,
    issuer: issuerName(badge, organization),
    issuedAt: award.awarded_at,
    expiresAt: award.date_expire,
    url: page,
    id: award.unique_hash,
  };
  return (
    <>
      <div class="doors">
        <a class="btn first" href={linkedInAddress(certification)} rel="noopener">
          {t("linked-in")}
        </a>
        <Files {...props} />
        <a
          class="btn"
          href={`${here(urls.badgePrint(award.unique_hash))}?lang=${account.language}`}
        >
          {t("print")}
        </a>
        <Press
          account={account}
          action="/me/visibility"
          fields={{ badge: badge.id, visible: "false" }}
        >
          {t("hide")}
        </Press>
      </div>
      <p class="soft small">{t("file")}</p>
      {isLocal ? <p class="soft small">{t("only-local")}</p> : null}
      <div class="owner-more">
        <details>
          <summary>{t("link")}</summary>
          <div class="form">
            <label for="owner-link">{t("link-label")}</label>
            <input
              id="owner-link"
              type="text"
              readonly
              value={page}
              data-copy={t("copy")}
              data-copied={t("copied")}
            />
          </div>
        </details>
        <details>
          <summary>{t("embed")}</summary>
          <div class="form">
            <label for="owner-embed">{t("embed-label")}</label>
            <textarea
              id="owner-embed"
              rows={4}
              readonly
              data-copy={t("copy")}
              data-copied={t("copied")}
              aria-describedby="owner-embed-help"
            >
              {embedCode(embed, badge.name)}
            </textarea>
            <p class="soft small" id="owner-embed-help">
              {t("embed-help")} <a href={here(embed)}>{t("embed-see")}</a>
            </p>
          </div>
        </details>
        <details>
          <summary>{t("qr")}</summary>
          <QrCode qr={qr} label={t("qr-label")} again />
        </details>
      </div>
      <p class="soft small">{t("print-how")}</p>
    </>
  );
}

function Files({ row, urls, hasPng, t }: Part) {
  const hash = row.award.unique_hash;
  return (
    <>
      {hasPng ? (
        <a class="btn" href={`${here(urls.bakedPng(hash))}?download`}>
          {t("png")}
        </a>
      ) : null}
      <a class="btn" href={`${here(urls.bakedSvg(hash))}?download`}>
        {t("svg")}
      </a>
    </>
  );
}

/** A frame with the badge in it, for the HTML of any page. */
export function embedCode(address: string, name: string): string {
  return `<iframe src="${escapedHtml(address)}" title="${escapedHtml(name)}" width="320" height="160" loading="lazy"></iframe>`;
}
