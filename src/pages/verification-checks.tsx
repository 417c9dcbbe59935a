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
import { checkWords, OUTCOMES, VERDICT_TITLE } from "./verification-words.ts";

/** Of a list that a stranger wrote; the whole of it is in the result as JSON. */
export const MAX_SHOWN = 100;

/** That a list was cut, as its last item. */
export function More({ of }: { of: readonly unknown[] }) {
  if (of.length <= MAX_SHOWN) return null;
  return <li class="soft">And {of.length - MAX_SHOWN} more, in the whole result below.</li>;
}

/** What speaks against the badge stands first. */
const ORDER: readonly Outcome[] = ["failed", "not-possible", "warned", "passed"];

export function Checks({ checks }: { checks: readonly Check[] }) {
  const ordered = ORDER.flatMap((outcome) => checks.filter((check) => check.outcome === outcome));
  return (
    <ul class="items checks">
      {ordered.slice(0, MAX_SHOWN).map((check) => (
        <CheckItem check={check} />
      ))}
      <More of={checks} />
    </ul>
  );
}

function CheckItem({ check }: { check: Check }) {
  const { word, tone } = OUTCOMES[check.outcome];
  const { document, property, found, expected } = check.evidence;
  const facts = [
    ["Document", document],
    ["Property", property],
    ["Found", found],
    ["Expected", expected],
  ] as const;
  const given = facts.filter(([, value]) => value !== undefined && value !== "");
  return (
    <li>
      <span>{checkWords(check)}</span>
      <span class={`state ${tone}`}>{word}</span>
      <span class="soft small" dir="auto">
        <WithTimes text={check.words} />
      </span>
      <details class="small">
        <summary>Evidence and time</summary>
        <dl class="facts">
          {given.map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>
                <code>
                  <bdi>{value}</bdi>
                </code>
              </dd>
            </>
          ))}
          {check.reason === null ? null : (
            <>
              <dt>Reason</dt>
              <dd>
                <code>{check.reason}</code>
              </dd>
            </>
          )}
          <dt>Time</dt>
          <dd>
            <StatedMinute text={check.at} />
          </dd>
        </dl>
      </details>
    </li>
  );
}

export function Endorsements({ endorsements }: { endorsements: readonly EndorsementResult[] }) {
  if (endorsements.length === 0) return null;
  return (
    <>
      <h3>What others say for it</h3>
      <ul class="items cited">
        {endorsements.slice(0, MAX_SHOWN).map(({ verdict, words, issuer, comment }) => (
          <li>
            <p>
              <strong class="plain">{VERDICT_TITLE[verdict]}</strong>
              {": "}
              <bdi>{issuer.name ?? issuer.id ?? "somebody"}</bdi>
            </p>
            {comment === null ? null : <Markdown text={comment} />}
            <p class="soft small" dir="auto">
              {words}
            </p>
          </li>
        ))}
        <More of={endorsements} />
      </ul>
    </>
  );
}

/** For those who want to see for themselves. */
export function Raw({ verification }: { readonly verification: Verification }) {
  return (
    <>
      {verification.documents.length === 0 ? null : (
        <details>
          <summary>What was read</summary>
          <ul class="items small">
            {verification.documents.map((record) => (
              <DocumentItem record={record} />
            ))}
          </ul>
        </details>
      )}
      <details>
        <summary>The whole result as JSON</summary>
        <pre tabindex={0}>{JSON.stringify(verification, null, 2)}</pre>
      </details>
    </>
  );
}

function DocumentItem({ record }: { record: DocumentRecord }) {
  const { url, finalUrl, role, status, bytes, reason } = record;
  return (
    <li>
      <code>
        <bdi>{url}</bdi>
      </code>
      <p class="soft">
        {role}: {status === null ? "no answer" : `HTTP ${status}, ${bytes} bytes`}
        {reason === undefined ? "" : `, ${reason}`}
        {finalUrl === undefined ? null : (
          <>
            {", from "}
            <bdi>{finalUrl}</bdi>
          </>
        )}
      </p>
    </li>
  );
}
