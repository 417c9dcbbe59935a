// What a person is closest to: as a number, in words and as a bar, with when it was counted.
import type { Badge } from "../db/badges.ts";
import type { Urls } from "../urls.ts";
import type { Account } from "./account.tsx";
import type { MeSpeaker } from "./me.tsx";
import { here } from "./web-address.ts";

export interface ShownStep {
  readonly value: number;
  readonly threshold: number;
  /** What is counted, in the reader's language; null where nothing says it. */
  readonly what: string | null;
  /** Milliseconds since 1970; null where nothing was counted yet. */
  readonly countedAt: number | null;
}

export interface ShownNext {
  readonly badge: Badge;
  readonly tierName: string | null;
  /** Never empty. */
  readonly steps: readonly ShownStep[];
}

interface NextUpProps {
  readonly t: MeSpeaker;
  readonly account: Account;
  readonly urls: Urls;
  readonly next: readonly ShownNext[];
  readonly evaluatedAt: number | null;
}

/** Of all that is counted, so many are shown at the head of the page. */
const MOST_NEXT = 3;
/** Of one badge. */
const MOST_STEPS = 2;

export function NextUpPart({ t, account, urls, next, evaluatedAt }: NextUpProps) {
  if (next.length === 0) return null;
  const { organizations, organization } = account;
  const several = organizations.length > 1 && organization !== null;
  return (
    <section class="band" aria-labelledby="next-up">
      <h2 id="next-up">
        {several
          ? t.rich("next-up-at", { organization: <bdi>{organization.name}</bdi> })
          : t("next-up")}
      </h2>
      {evaluatedAt === null ? null : (
        <p class="soft small">{t.rich("evaluated-long-ago", { time: t.minute(evaluatedAt) })}</p>
      )}
      <ul class="next-up">
        {next.slice(0, MOST_NEXT).map((one, i) => (
          <NextCard t={t} urls={urls} next={one} id={`next-${i}`} />
        ))}
      </ul>
    </section>
  );
}

interface NextCardProps {
  readonly t: MeSpeaker;
  readonly urls: Urls;
  readonly next: ShownNext;
  readonly id: string;
}

function NextCard({ t, urls, next, id }: NextCardProps) {
  const { badge, tierName, steps } = next;
  const more = steps.length - MOST_STEPS;
  const name = (
    <bdi lang={badge.language} id={id}>
      {badge.name}
    </bdi>
  );
  return (
    <li class="sheet card next">
      <img class="art" src={here(urls.lockedImage(badge.id))} width="96" height="96" alt="" />
      <div class="next-words">
        <h3>
          <a href={here(urls.badgeCriteria(badge.id))}>
            {tierName === null
              ? name
              : t.rich("next-tier", {
                  tier: <bdi lang={badge.language}>{tierName}</bdi>,
                  badge: name,
                })}
          </a>
        </h3>
        {steps.slice(0, MOST_STEPS).map((step) => (
          <NextStep t={t} step={step} name={badge.name} />
        ))}
        {more > 0 ? <p class="soft small">{t("more-steps", { count: more })}</p> : null}
      </div>
    </li>
  );
}

function NextStep({ t, step, name }: { t: MeSpeaker; step: ShownStep; name: string }) {
  const { value, threshold, what, countedAt } = step;
  return (
    <div class="step">
      <p>
        <b>{t("progress", { value, threshold })}</b>
        {what === null ? null : ` · ${what}`}
      </p>
      <progress
        value={Math.max(0, Math.min(value, threshold))}
        max={threshold > 0 ? threshold : 1}
        aria-label={t("progress-of", { badge: name, value, threshold })}
      />
      <p class="soft small">
        {countedAt === null ? t("not-counted") : t.rich("counted", { time: t.minute(countedAt) })}
      </p>
    </div>
  );
}
