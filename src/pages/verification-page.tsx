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
  identityWords,
  VERDICT_TITLE,
  type VerdictWords,
  verdictWords,
} from "./verification-words.ts";
import { VerifyForm } from "./verify-page.tsx";

export interface VerificationPageProps extends CarriedVerification {
  /** A `data:` address of what the badge looks like. */
  readonly picture: string | null;
}

export function verificationPage(props: VerificationPageProps) {
  const { verification } = props;
  const { badge } = verification;
  const { words } = verdictWords(verification);
  return layout({
    title: badge?.name ? `${VERDICT_TITLE[verification.verdict]}: ${badge.name}` : words,
    noindex: true,
    head: canCompare(props) ? <script type="module" src={COMPARE_PATH} /> : null,
    children: (
      <>
        <div class="sheet">
          <Band verification={verification} />
          {badge === null ? null : <Badge {...props} />}
        </div>
        <Compare {...props} />
        <section class="sheet pad result-part" aria-labelledby="checks">
          <h2 id="checks">How this was checked</h2>
          <Checks checks={verification.checks} />
          <Endorsements endorsements={verification.endorsements} />
          <Raw {...props} />
        </section>
        <Receipt again={props.again} />
        <section class="result-part" aria-labelledby="another">
          <h2 id="another">Check another badge</h2>
          <VerifyForm />
        </section>
      </>
    ),
  });
}

function Sign({ tone }: { tone: VerdictWords["tone"] }) {
  if (tone === "valid") return <ValidSign />;
  if (tone === "expired") return <ExpiredSign />;
  return tone === "revoked" ? <RevokedSign /> : <UnknownSign />;
}

/** The heading takes the focus: whoever asked, by eye or by ear, is told the answer first. */
function Band({ verification }: { verification: Verification }) {
  const { words, tone } = verdictWords(verification);
  return (
    <div class={`verdict ${tone}`}>
      <Sign tone={tone} />
      <h1 id="verdict" tabindex={-1} autofocus>
        {words}
      </h1>
      <div class="more">
        <p dir="auto">
          <WithTimes text={whyOf(verification)} />
        </p>
        <p>
          <strong class="plain">What to do:</strong> {adviceFor(verification)}
        </p>
        <p class="soft small">
          Checked <StatedMinute text={verification.checkedAt} />.
        </p>
      </div>
    </div>
  );
}

/** Why, in the words of the check that decided: the heading has said what. */
function whyOf({ words, reason, checks }: Verification): string {
  const deciding = checks.find((check) => check.reason !== null && check.reason === reason);
  return deciding?.words ?? words.replace(/^This badge is valid\. /, "");
}

function Badge({ verification, picture }: VerificationPageProps) {
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
        <p class="soft small">
          {picture === null
            ? "The issuer’s picture could not be shown."
            : "The picture as the issuer publishes it."}
        </p>
      </div>
      <div class="head">
        <p class="kind">{standardOf(verification)}</p>
        <h2 id="badge-name" class="name" dir="auto">
          {badge.name ?? "Without a name"}
        </h2>
        <dl class="facts who">
          <dt>Issued by</dt>
          <dd>
            <Linked href={issuer.url} text={issuer.name ?? issuer.id ?? "Not said"} />
          </dd>
          <dt>Issued on</dt>
          <dd>{badge.issuedOn === null ? "Not said" : <StatedDay text={badge.issuedOn} />}</dd>
          <dt>Expires</dt>
          <dd>{badge.expires === null ? "Never" : <StatedDay text={badge.expires} />}</dd>
          <dt>Awarded to</dt>
          <dd>
            <Recipient verification={verification} />
            {matched === null ? null : (
              <p class="state valid">
                <ValidSign />
                <span>
                  It is <bdi>{matched}</bdi>
                </span>
              </p>
            )}
          </dd>
        </dl>
      </div>
      <div class="body">
        {badge.description === null ? null : (
          <section aria-label="Description">
            <Markdown text={badge.description} />
          </section>
        )}
        {badge.narrative === null && badge.evidence.length === 0 ? null : (
          <section aria-labelledby="work">
            <h2 id="work">What it was given for</h2>
            {badge.narrative === null ? null : <Markdown text={badge.narrative} />}
            {badge.evidence.length === 0 ? null : (
              <ul class="items cited">
                {badge.evidence.slice(0, MAX_SHOWN).map(({ id, narrative }, i) => (
                  <li>
                    {id === null ? null : <Linked href={id} text={`Evidence ${i + 1}`} />}
                    {narrative === null ? null : <Markdown text={narrative} />}
                  </li>
                ))}
                <More of={badge.evidence} />
              </ul>
            )}
          </section>
        )}
        {criteria.narrative === null && criteria.id === null ? null : (
          <section aria-labelledby="criteria">
            <h2 id="criteria">How it is earned</h2>
            {criteria.narrative === null ? null : <Markdown text={criteria.narrative} />}
            {criteria.id === null ? null : (
              <p>
                <Linked href={criteria.id} text="The criteria at the issuer’s" />
              </p>
            )}
          </section>
        )}
      </div>
    </article>
  );
}

function standardOf({ version, verification }: Verification): string {
  const how = verification === null ? "" : `, ${verification} by its issuer`;
  return `Open Badges${version === null ? "" : ` ${version}`}${how}`;
}

function Recipient({ verification }: { verification: Verification }) {
  const recipient = verification.badge?.recipient ?? null;
  if (recipient === null) return <>Not said</>;
  if (!recipient.hashed) return <bdi>{recipient.identity}</bdi>;
  return <>Whoever has the {identityWords(recipient.type)} that the badge keeps hidden</>;
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
