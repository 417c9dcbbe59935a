// Claim codes: making one, how often each was used, ending one, and the sheet on which a new one is printed.
import type { PictureRef } from "../db/badge-page.ts";
import type { Badge } from "../db/badges.ts";
import type { Language } from "../language.ts";
import type { ProblemDocument } from "../problem-document.ts";
import type { Urls } from "../urls.ts";
import { type Account, accountPage, FormToken, Press } from "./account.tsx";
import { BadgeFilter } from "./badge-filter.tsx";
import {
  type Faults,
  FormErrors,
  faultsInWords,
  type RuleWords,
  SelectField,
  TextField,
} from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { QrCode, qrOf } from "./qr.tsx";
import { secretPage } from "./secret-page.tsx";
import { Pager, Table } from "./table.tsx";
import { here } from "./web-address.ts";
import { CODES } from "./words/codes.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

type CodeSpeaker = Speaker<keyof typeof CODES.en>;

export const CODES_PATH = "/award/codes";

export interface CodeView {
  readonly id: string;
  readonly badgeId: string;
  readonly badgeName: string;
  readonly badgeLanguage: string;
  readonly label: string;
  readonly hint: string;
  readonly state: "open" | "revoked" | "expired" | "used_up";
  readonly claims: number;
  /** Null for any number. */
  readonly max: number | null;
  /** Milliseconds since 1970; null for ever. */
  readonly until: number | null;
  /** Who looks may end it. */
  readonly mayEnd: boolean;
}

export interface CodeValues {
  readonly badge: string;
  readonly label: string;
  readonly most: string;
  readonly until: string;
  readonly code: string;
}

export interface CodesProps {
  readonly account: Account;
  /** For which codes can be made. */
  readonly badges: readonly { readonly id: string; readonly name: string }[];
  /** The badge whose codes are listed; "" for all. */
  readonly filter: string;
  readonly codes: readonly CodeView[];
  readonly first: string | null;
  readonly next: string | null;
  readonly values: CodeValues;
  /** Letters and digits of a code that is chosen. */
  readonly least: number;
  /** Under which it is made once, however often the form is sent. */
  readonly faults: Faults;
  readonly notice: string | null;
}

interface Spoken extends CodesProps {
  readonly t: CodeSpeaker;
}

export function codesPage(props: CodesProps) {
  const { account, badges, faults, notice } = props;
  const t = speaker(account.language, CODES);
  const labels = {
    badge: t("badge"),
    label: t("label"),
    most: t("most"),
    until: t("until"),
    code: t("code"),
  };
  return accountPage({
    title: t("title"),
    account,
    place: CODES_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        <Done words={notice} />
        <FormErrors faults={faults} language={account.language} labels={labels} />
        {badges.length === 0 ? (
          <p class="sheet pad narrow">{t("no-badges")}</p>
        ) : (
          <MakeForm {...props} t={t} />
        )}
        <List {...props} t={t} />
      </>
    ),
  });
}

function MakeForm({ t, account, badges, values, least, faults }: Spoken) {
  return (
    <form class="form sheet pad narrow" method="post" action={CODES_PATH}>
      <FormToken account={account} />
      <h2>{t("make")}</h2>
      <SelectField
        name="badge"
        label={t("badge")}
        help={t("badge-help")}
        faults={faults}
        value={values.badge}
        options={badges.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <TextField
        name="label"
        label={t("label")}
        help={t("label-help")}
        faults={faults}
        value={values.label}
        maxlength={100}
      />
      <TextField
        name="most"
        label={t("most")}
        help={t("most-help")}
        faults={faults}
        type="number"
        min="1"
        value={values.most}
      />
      <TextField
        name="until"
        label={t("until")}
        help={t("until-help")}
        faults={faults}
        type="date"
        value={values.until}
      />
      <TextField
        name="code"
        label={t("code")}
        help={t("code-help", { least })}
        faults={faults}
        value={values.code}
        maxlength={64}
        autocomplete="off"
      />
      <button class="btn first" type="submit">
        {t("make-go")}
      </button>
    </form>
  );
}

function List({ t, account, badges, filter, codes, first, next }: Spoken) {
  return (
    <section class="sheet pad result-part" aria-labelledby="codes">
      <h2 id="codes">{t("list")}</h2>
      {codes.length === 0 && filter === "" ? null : (
        <BadgeFilter
          action={CODES_PATH}
          name="of"
          label={t("filter")}
          any={t("badge-any")}
          go={t("filter-go")}
          value={filter}
          badges={badges}
        />
      )}
      {codes.length === 0 ? (
        <p>{t("list-none")}</p>
      ) : (
        <CodeTable t={t} account={account} codes={codes} />
      )}
      <Pager language={account.language} first={first} next={next} />
    </section>
  );
}

function CodeTable({ t, account, codes }: Pick<Spoken, "t" | "account" | "codes">) {
  const labelOf = ({ label }: CodeView) => (label === "" ? t("unnamed") : label);
  return (
    <Table
      caption={t("list")}
      rows={codes}
      columns={[
        {
          name: t("col-label"),
          heads: true,
          cell: (code) => (
            <>
              <bdi>{labelOf(code)}</bdi>
              <span class="soft small choice-help">{t("ends", { hint: code.hint })}</span>
            </>
          ),
        },
        {
          name: t("col-badge"),
          cell: ({ badgeName, badgeLanguage }) => <bdi lang={badgeLanguage}>{badgeName}</bdi>,
        },
        {
          name: t("col-used"),
          cell: ({ claims, max }) =>
            max === null ? t("used-any", { claims }) : t("used-of", { claims, max }),
        },
        {
          name: t("col-until"),
          cell: ({ until }) => (until === null ? t("until-never") : t.day(until)),
        },
        {
          name: t("col-state"),
          cell: (code) => (
            <>
              {t(`state-${code.state}`)}
              {code.state !== "revoked" && code.mayEnd ? (
                <details>
                  <summary>
                    {t("end")}
                    <span class="unseen"> {t("end-about", { label: labelOf(code) })}</span>
                  </summary>
                  <p>{t("end-why")}</p>
                  <Press
                    action={`${CODES_PATH}/${code.id}/end`}
                    account={account}
                    fields={{ badge: code.badgeId }}
                    about={t("end-about", { label: labelOf(code) })}
                  >
                    {t("end")}
                  </Press>
                </details>
              ) : null}
            </>
          ),
        },
      ]}
    />
  );
}

export interface CodeMadeProps {
  readonly account: Account;
  readonly badge: Pick<Badge, "id" | "name" | "language">;
  readonly picture: PictureRef | null;
  readonly organizationName: string;
  readonly urls: Urls;
  readonly code: string;
  readonly address: string;
  readonly max: number | null;
  readonly until: number | null;
}

/** Where the form that made a code is sent again: it has been shown. */
export function codeShownPage({ account, badge }: Pick<CodeMadeProps, "account" | "badge">) {
  const t = speaker(account.language, CODES);
  return secretPage({
    account,
    place: CODES_PATH,
    title: t("made-title", { badge: badge.name }),
    secret: null,
    lost: t("made-lost"),
    back: { href: CODES_PATH, words: t("made-back") },
  });
}

/** The one time a code is shown; printed, a sheet to put up. */
export function codeMadePage(props: CodeMadeProps) {
  const { account, badge, picture, urls, code, address, max, until, organizationName } = props;
  const t = speaker(account.language, CODES);
  const title = t("made-title", { badge: badge.name });
  const src =
    picture === null ? urls.badgeImage(badge.id) : urls.image(picture.sha256, picture.media_type);
  return accountPage({
    title,
    account,
    place: CODES_PATH,
    children: (
      <>
        <div class="intro">
          <h1 dir="auto">{title}</h1>
          <p class="lead screen-only">{t("made-once")}</p>
        </div>
        <div class="sheet pad narrow code-sheet stack">
          <img class="thumb-art" src={here(src)} width="144" height="144" alt="" />
          <h2 lang={badge.language} dir="auto">
            {badge.name}
          </h2>
          <p>
            <bdi>{organizationName}</bdi>
          </p>
          <QrCode qr={qrOf(address)} label={t("made-qr")} />
          <p class="claim-code">
            <code>{code}</code>
          </p>
          <p>{t.rich("made-scan", { address: <code>{address}</code> })}</p>
          <p class="soft">
            {t("made-most", { max: max ?? 0 })}{" "}
            {until === null ? null : t.rich("made-until", { day: t.day(until) })}
          </p>
        </div>
        <div class="screen-only narrow result-part">
          <p class="soft">{t("made-print")}</p>
          <p class="doors">
            <a class="btn" href={here(address)}>
              {t("made-address")}
            </a>
            <a class="btn" href={CODES_PATH}>
              {t("made-back")}
            </a>
          </p>
        </div>
      </>
    ),
  });
}

const FIELDS: Readonly<Record<string, string>> = {
  "/label": "label",
  "/max_claims": "most",
  "/expires_at": "until",
  "/code": "code",
  "/id": "badge",
};

const WORDS: RuleWords<keyof typeof CODES.en> = {
  "claim-code-taken": ["code", "rule-taken"],
  claim_code_format: ["code", "rule-format"],
  max_claims_positive_integer: ["most", "rule-most"],
  expires_at_in_future: ["until", "rule-until"],
  claim_code_without_tiers: ["badge", "rule-tiers"],
  label_bounded: ["label", "rule-label"],
  "badge-archived": ["badge", "rule-archived"],
  "not-found": ["badge", "rule-badge"],
};

export function codeFaults(problem: ProblemDocument, language: Language): Faults {
  const say = speaker(language, CODES);
  return faultsInWords(problem, { rules: WORDS, say, fields: FIELDS }, language);
}
