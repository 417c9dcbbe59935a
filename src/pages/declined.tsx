// Awards whose recipients say that they are not theirs, for whoever decides what becomes of them.
import type { DeclinedAward } from "../db/declined.ts";
import type { Urls } from "../urls.ts";
import { type Account, accountPage, FormToken, Press } from "./account.tsx";
import { AreaField, type Faults, FormErrors } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { NominationTabs } from "./nominations.tsx";
import { Pager } from "./table.tsx";
import { here } from "./web-address.ts";
import { DECLINED } from "./words/declined.ts";
import { NOMINATIONS } from "./words/nominations.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const DECLINED_PATH = "/award/declined";
export const DECLINED_DONE = ["upheld", "revoked"] as const;

export interface DeclinedPageProps {
  readonly account: Account;
  readonly urls: Urls;
  readonly rows: readonly DeclinedAward[];
  readonly first: string | null;
  readonly next: string | null;
  readonly done: (typeof DECLINED_DONE)[number] | null;
  readonly faults: Faults;
  /** Of the form that has the faults: its award, and what was written. */
  readonly sent: { readonly award: string; readonly reason: string } | null;
}

/** Names no person: what is to be decided is decided by the award. */
export function declinedPage(props: DeclinedPageProps) {
  const { account, rows, first, next, done, faults } = props;
  const t = speaker(account.language, DECLINED);
  return accountPage({
    title: t("title"),
    account,
    place: "/award/nominations",
    children: (
      <>
        <div class="intro">
          <h1>{t("heading")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        <FormErrors faults={faults} language={account.language} labels={{ reason: t("reason") }} />
        <Done words={done === null ? null : t(`done-${done}`)} />
        <NominationTabs t={speaker(account.language, NOMINATIONS)} current={DECLINED_PATH} />
        {rows.length === 0 ? (
          <div class="sheet pad stack">
            <p>{t("none")}</p>
            <p class="soft">{t("none-help")}</p>
          </div>
        ) : (
          <ul class="shelf">
            {rows.map((row) => (
              <Row {...props} row={row} t={t} />
            ))}
          </ul>
        )}
        <Pager language={account.language} first={first} next={next} />
      </>
    ),
  });
}

interface RowProps extends DeclinedPageProps {
  readonly row: DeclinedAward;
  readonly t: Speaker<keyof typeof DECLINED.en & string>;
}

function Row({ account, urls, faults, sent, row, t }: RowProps) {
  const { award, badge } = row;
  const isSent = sent?.award === award.id;
  return (
    <li class="sheet">
      <h2 lang={badge.language} dir="auto">
        {badge.name}
      </h2>
      <p class="soft small">
        {t.rich("award", { id: <code>{award.id}</code> })}
        {" · "}
        {t.rich("awarded", { day: t.day(award.awarded_at) })}
        {" · "}
        <a href={here(urls.badgePage(award.unique_hash))}>{t("page")}</a>
      </p>
      <p class="soft small">{t("uphold-help")}</p>
      <Press
        account={account}
        action={DECLINED_PATH}
        fields={{ award: award.id, act: "uphold" }}
        about={award.id}
      >
        {t("uphold")}
      </Press>
      <details open={isSent}>
        <summary>{t("revoke")}</summary>
        <form class="form" method="post" action={DECLINED_PATH}>
          <FormToken account={account} />
          <input type="hidden" name="award" value={award.id} />
          <input type="hidden" name="act" value="revoke" />
          <AreaField
            name={isSent ? "reason" : `reason-${award.id}`}
            label={t("reason")}
            help={t("reason-help")}
            value={isSent ? sent.reason : ""}
            rows={2}
            maxlength={1_000}
            faults={isSent ? faults : []}
          />
          <button class="btn" type="submit">
            {t("revoke-press")}
          </button>
        </form>
      </details>
    </li>
  );
}
