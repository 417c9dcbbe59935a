// What was found out about a badge: the verdict first, in words, then the badge, then every check.

import { linkable } from "../linkable.ts";
import type { Verification } from "../verify/result.ts";
import { COMPARE_PATH } from "./compare-script.ts";
import { ExpiredSign, RevokedSign, UnknownSign, ValidSign } from "./icons.tsx";
import { layout } from "./layout.tsx";
import { Markdown } from "./markdown.tsx";
import { StatedDay, StatedMinute, WithTimes } from "./time.tsx";
import { Checks, Endorsements, MAX_SHOWN, More, Raw } from "./verification-checks.tsx";
import { type CarriedVerification, Compare, canCompare, Receipt } from "./verification-forms.tsx";
import {
  adviceFor,
  reasonWords,
  type Tone,
  verdictTitle,
  verdictWords,
} from "./verification-words.ts";
import { VerifyForm, type VerifyPlace } from "./verify-page.tsx";
import { speaker } from "./words/speak.tsx";
import { VERIFICATION_WORDS, type VerificationSpeaker } from "./words/verification.ts";

interface Spoken {
  readonly t: VerificationSpeaker;
}

export interface VerificationPageProps extends CarriedVerification, VerifyPlace {
  /** A `data:` address of what the badge looks like. */
  readonly picture: string | null;
}

export function verificationPage(props: VerificationPageProps) {
  const { verification, language, action } = props;
  const { badge, verdict } = verification;
  const t = speaker(language, VERIFICATION_WORDS);
  const { words } = verdictWords(verification, t);
  return layout({
    title: badge?.name
      ? t("title-of", { verdict: verdictTitle(verdict, t), badge: badge.name })
      : words,
    language,
    noindex: true,
    head: canCompare(props) ? <script type="module" src={COMPARE_PATH} /> : null,
    children: (
      <>
        <div class="sheet">
          <Band verification={verification} t={t} />
          {badge === null ? null : <Badge {...props} t={t} />}
        </div>
        <Compare {...props} />
        <section class="sheet pad result-part" aria-labelledby="checks">
          <h2 id="checks">{t("how-checked")}</h2>
          <Checks checks={verification.checks} t={t} />
          <Endorsements endorsements={verification.endorsements} t={t} />
          <Raw verification={verification} t={t} />
        </section>
        <Receipt again={props.again} language={language} action={action} />
        <section class="result-part" aria-labelledby="another">
          <h2 id="another">{t("check-another")}</h2>
          <VerifyForm language={language} action={action} />
        </section>
      </>
    ),
  });
}

function Sign({ tone }: { tone: Tone }) {
  if (tone === "valid") return <ValidSign />;
  if (tone === "expired") return <ExpiredSign />;
  return tone === "revoked" ? <RevokedSign /> : <UnknownSign />;
}

/** The heading takes the focus: whoever asked, by eye or by ear, is told the answer first. */
function Band({ verification, t }: Spoken & { verification: Verification }) {
  const { words, tone } = verdictWords(verification, t);
  return (
    <div class={`verdict ${tone}`}>
      <Sign tone={tone} />
      <h1 id="verdict" tabindex={-1} autofocus>
        {words}
      </h1>
      <div class="more">
        <Why verification={verification} t={t} />
        <p>
          <strong class="plain">{t("what-to-do")}</strong> {adviceFor(verification, t.language)}
        </p>
        <p class="soft small">
          {t.rich("checked-at", {
            checked: <StatedMinute text={verification.checkedAt} t={t} />,
          })}
        </p>
      </div>
    </div>
  );
}

/** Why, in the words of the check that decided: the heading has said what. */
function Why({ verification, t }: Spoken & { verification: Verification }) {
  const { verdict, words, reason, checks, badge } = verification;
  if (verdict === "valid") {
    const issuer = badge?.issuer.name;
    return <p>{t.rich("vouches", { issuer: issuer ? <bdi>{issuer}</bdi> : t("its-issuer") })}</p>;
  }
  const deciding = checks.find((check) => check.reason !== null && check.reason === reason);
  // What the verifier says in English repeats the issuer's own reason.
  const given =
    t.language === "en" || deciding?.reason !== "revoked" ? undefined : deciding.evidence.found;
  return (
    <p dir="auto">
      <WithTimes text={reasonWords(deciding ?? { reason, words }, t.language) ?? ""} />
      {given === undefined ? null : <> {t.rich("reason-given", { reason: <bdi>{given}</bdi> })}</>}
    </p>
  );
}

function Badge({ verification, picture, t }: VerificationPageProps & Spoken) {
  const { badge, matched } = verification;
  if (badge === null) return null;
  const { issuer, criteria } = badge;
  return (
    <article class="award pad" aria-labelledby="badge-name">
      <div class="pic">
        {picture === null ? (
          <div class="art none" aria-hidden="true" />
        ) : (
          <img class="art" src={picture} alt="" width="256" height="256" />
        )}
        <p class="soft small">{t(picture === null ? "picture-missing" : "picture-shown")}</p>
      </div>
      <div class="head">
        <p class="kind">{standardOf(verification, t)}</p>
        <h2 id="badge-name" class="name" dir="auto">
          {badge.name ?? t("without-name")}
        </h2>
        <dl class="facts who">
          <dt>{t("issued-by")}</dt>
          <dd>
            <Linked href={issuer.url} text={issuer.name ?? issuer.id ?? t("not-said")} />
          </dd>
          <dt>{t("issued-on")}</dt>
          <dd>
            {badge.issuedOn === null ? t("not-said") : <StatedDay text={badge.issuedOn} t={t} />}
          </dd>
          <dt>{t("expires")}</dt>
          <dd>{badge.expires === null ? t("never") : <StatedDay text={badge.expires} t={t} />}</dd>
          <dt>{t("awarded-to")}</dt>
          <dd>
            <Recipient verification={verification} t={t} />
            {matched === null ? null : (
              <p class="state valid">
                <ValidSign />
                <span>{t.rich("it-is", { identity: <bdi>{matched}</bdi> })}</span>
              </p>
            )}
          </dd>
        </dl>
      </div>
      <div class="body">
        {badge.description === null ? null : (
          <section aria-label={t("description")}>
            <Markdown text={badge.description} />
          </section>
        )}
        {badge.narrative === null && badge.evidence.length === 0 ? null : (
          <section aria-labelledby="work">
            <h2 id="work">{t("given-for")}</h2>
            {badge.narrative === null ? null : <Markdown text={badge.narrative} />}
            {badge.evidence.length === 0 ? null : (
              <ul class="items cited">
                {badge.evidence.slice(0, MAX_SHOWN).map(({ id, narrative }, i) => (
                  <li>
                    {id === null ? null : (
                      <Linked href={id} text={t("evidence-number", { ordinal: i + 1 })} />
                    )}
                    {narrative === null ? null : <Markdown text={narrative} />}
                  </li>
                ))}
                <More of={badge.evidence} t={t} />
              </ul>
            )}
          </section>
        )}
        {criteria.narrative === null && criteria.id === null ? null : (
          <section aria-labelledby="criteria">
            <h2 id="criteria">{t("how-earned")}</h2>
            {criteria.narrative === null ? null : <Markdown text={criteria.narrative} />}
            {criteria.id === null ? null : (
              <p>
                <Linked href={criteria.id} text={t("criteria-at-issuer")} />
              </p>
            )}
          </section>
        )}
      </div>
    </article>
  );
}

function standardOf({ version, verification }: Verification, t: VerificationSpeaker): string {
  return t("standard", {
    known: version === null ? "no" : "yes",
    version: version ?? "",
    how: verification ?? "",
  });
}

function Recipient({ verification, t }: Spoken & { verification: Verification }) {
  const recipient = verification.badge?.recipient ?? null;
  if (recipient === null) return <>{t("not-said")}</>;
  if (!recipient.hashed) return <bdi>{recipient.identity}</bdi>;
  return <>{t("hidden-recipient", { type: recipient.type })}</>;
}

function Linked({ href, text }: { href: string | null; text: string }) {
  const address = linkable(href);
  if (address === null) return <bdi>{text}</bdi>;
  return (
    <a href={address} rel="nofollow noopener noreferrer" dir="auto">
      {text}
    </a>
  );
}
