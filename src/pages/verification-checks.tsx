// Every check that was made, what others say for the badge, and all that was read, for those who look closer.
import type {
  Check,
  DocumentRecord,
  EndorsementResult,
  Outcome,
  Verification,
} from "../verify/result.ts";
import { Markdown } from "./markdown.tsx";
import { StatedMinute, WithTimes } from "./time.tsx";
import { OUTCOME_TONES, reasonWords, verdictTitle } from "./verification-words.ts";
import type { VerificationSpeaker } from "./words/verification.ts";

interface Spoken {
  readonly t: VerificationSpeaker;
}

/** Of a list that a stranger wrote; the whole of it is in the result as JSON. */
export const MAX_SHOWN = 100;

/** That a list was cut, as its last item. */
export function More({ of, t }: Spoken & { of: readonly unknown[] }) {
  if (of.length <= MAX_SHOWN) return null;
  return <li class="soft">{t("more", { count: of.length - MAX_SHOWN })}</li>;
}

/** What speaks against the badge stands first. */
const ORDER: readonly Outcome[] = ["failed", "not-possible", "warned", "passed"];

export function Checks({ checks, t }: Spoken & { checks: readonly Check[] }) {
  const ordered = ORDER.flatMap((outcome) => checks.filter((check) => check.outcome === outcome));
  return (
    <ul class="items checks">
      {ordered.slice(0, MAX_SHOWN).map((check) => (
        <CheckItem check={check} t={t} />
      ))}
      <More of={checks} t={t} />
    </ul>
  );
}

function CheckItem({ check, t }: Spoken & { check: Check }) {
  const { document, property, found, expected } = check.evidence;
  const facts = [
    ["document", document],
    ["property", property],
    ["found", found],
    ["expected", expected],
  ] as const;
  const given = facts.filter(([, value]) => value !== undefined && value !== "");
  const why = reasonWords(check, t.language);
  return (
    <li>
      <span>{t(`check-${check.id}`)}</span>
      <span class={`state ${OUTCOME_TONES[check.outcome]}`}>{t(check.outcome)}</span>
      {why === null ? null : (
        <span class="soft small" dir="auto">
          <WithTimes text={why} />
        </span>
      )}
      <details class="small">
        <summary>{t("evidence-and-time")}</summary>
        <dl class="facts">
          {given.map(([name, value]) => (
            <>
              <dt>{t(name)}</dt>
              <dd>
                <code>
                  <bdi>{value}</bdi>
                </code>
              </dd>
            </>
          ))}
          {check.reason === null ? null : (
            <>
              <dt>{t("reason")}</dt>
              <dd>
                <code>{check.reason}</code>
              </dd>
            </>
          )}
          <dt>{t("time")}</dt>
          <dd>
            <StatedMinute text={check.at} t={t} />
          </dd>
        </dl>
      </details>
    </li>
  );
}

interface EndorsementsProps extends Spoken {
  readonly endorsements: readonly EndorsementResult[];
}

export function Endorsements({ endorsements, t }: EndorsementsProps) {
  if (endorsements.length === 0) return null;
  return (
    <>
      <h3>{t("others")}</h3>
      <ul class="items cited">
        {endorsements.slice(0, MAX_SHOWN).map((one) => (
          <li>
            <p>
              <strong class="plain">{verdictTitle(one.verdict, t)}</strong>
              {": "}
              <bdi>{one.issuer.name ?? one.issuer.id ?? t("somebody")}</bdi>
            </p>
            {one.comment === null ? null : <Markdown text={one.comment} />}
            <p class="soft small" dir="auto">
              {reasonWords(one, t.language)}
            </p>
          </li>
        ))}
        <More of={endorsements} t={t} />
      </ul>
    </>
  );
}

/** For those who want to see for themselves. */
export function Raw({ verification, t }: Spoken & { readonly verification: Verification }) {
  return (
    <>
      {verification.documents.length === 0 ? null : (
        <details>
          <summary>{t("what-was-read")}</summary>
          <ul class="items small">
            {verification.documents.map((record) => (
              <DocumentItem record={record} t={t} />
            ))}
          </ul>
        </details>
      )}
      <details>
        <summary>{t("as-json")}</summary>
        <pre tabindex={0}>{JSON.stringify(verification, null, 2)}</pre>
      </details>
    </>
  );
}

function DocumentItem({ record, t }: Spoken & { record: DocumentRecord }) {
  const { url, finalUrl, status, bytes, reason } = record;
  const role = <code>{record.role}</code>;
  return (
    <li>
      <code>
        <bdi>{url}</bdi>
      </code>
      <p class="soft">
        {status === null
          ? t.rich("no-answer", { role })
          : t.rich("answered", { role, status: String(status), bytes })}
        {reason === undefined ? null : (
          <>
            {", "}
            <code>{reason}</code>
          </>
        )}
        {finalUrl === undefined ? null : (
          <>
            {", "}
            {t.rich("read-from", { address: <bdi>{finalUrl}</bdi> })}
          </>
        )}
      </p>
    </li>
  );
}
