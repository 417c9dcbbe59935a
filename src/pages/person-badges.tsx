// What one person was awarded here, and how far they are with what they were not, with every reason.

import type { AwardStatus } from "../db/awards.ts";
import type { ReasonCode } from "../issuer/evaluation-verdict.ts";
import type { Account } from "./account.tsx";
import { type PeopleSay, personPath, type ShownPerson } from "./people.tsx";
import { personFrame } from "./person-frame.tsx";
import { Pager, Table } from "./table.tsx";
import { PEOPLE } from "./words/people.ts";
import { speaker } from "./words/speak.tsx";

export interface PersonAward {
  readonly hash: string;
  readonly badge: { readonly id: string; readonly name: string; readonly language: string };
  readonly awardedAt: number;
  readonly expiresAt: number | null;
  readonly status: AwardStatus;
}

interface PersonAwardsPageProps {
  readonly account: Account;
  readonly person: ShownPerson;
  readonly awards: readonly PersonAward[];
  readonly next: string | null;
  readonly isFirst: boolean;
}

export function personAwardsPage(props: PersonAwardsPageProps) {
  const { account, person, awards, next, isFirst } = props;
  const t = speaker(account.language, PEOPLE);
  const path = `${personPath(person.id)}/awards`;
  return personFrame({
    account,
    person,
    tab: "/awards",
    children: (
      <section class="sheet pad stack" aria-labelledby="awards">
        <h2 id="awards">{t("awards")}</h2>
        {awards.length === 0 ? (
          <p>{t("no-awards")}</p>
        ) : (
          <Table
            caption={t("awards")}
            columns={[
              {
                name: t("badge"),
                heads: true,
                cell: ({ badge }) => (
                  <a href={`/admin/badges/${badge.id}`} lang={badge.language} dir="auto">
                    {badge.name}
                  </a>
                ),
              },
              {
                name: t("awarded"),
                cell: ({ hash, awardedAt }) => <a href={`/b/${hash}`}>{t.day(awardedAt)}</a>,
              },
              {
                name: t("expires"),
                cell: ({ expiresAt }) => (expiresAt === null ? "–" : t.day(expiresAt)),
              },
              { name: t("award-status"), brief: true, cell: ({ status }) => t(status) },
            ]}
            rows={awards}
          />
        )}
        <Pager
          language={account.language}
          first={isFirst ? null : path}
          next={next === null ? null : `${path}?cursor=${encodeURIComponent(next)}`}
        />
        <p>
          <a class="btn" href={`/award?person=${encodeURIComponent(person.id)}`}>
            {t("award-one")}
          </a>
        </p>
      </section>
    ),
  });
}

/** One badge of GET /users/{id}/progress; what the page needs of it. */
export interface ShownProgress {
  readonly badge: { readonly id: string; readonly name: string };
  readonly method: "all" | "any";
  readonly satisfied: boolean;
  readonly criteria: readonly {
    readonly words: string;
    readonly met: boolean;
    readonly met_at: string | null;
    readonly params: readonly ShownParam[];
  }[];
  readonly tiers: readonly {
    readonly level: number;
    readonly name: string;
    readonly reached: boolean;
    readonly params: readonly ShownParam[];
  }[];
  readonly held: readonly { readonly award: string }[];
  readonly not_yet: readonly { readonly code: ReasonCode; readonly detail: string }[];
}

interface ShownParam {
  readonly value: number;
  readonly threshold: number;
  readonly met: boolean;
  readonly counted_at: string | null;
  readonly missing: boolean;
}

interface PersonProgressPageProps {
  readonly account: Account;
  readonly person: ShownPerson;
  readonly progress: readonly ShownProgress[];
  readonly next: string | null;
  readonly isFirst: boolean;
}

export function personProgressPage(props: PersonProgressPageProps) {
  const { account, person, progress, next, isFirst } = props;
  const t = speaker(account.language, PEOPLE);
  const path = `${personPath(person.id)}/progress`;
  return personFrame({
    account,
    person,
    tab: "/progress",
    children: (
      <section aria-labelledby="progress">
        <h2 id="progress" class="unseen">
          {t("progress")}
        </h2>
        <p class="lead">{t("progress-lead")}</p>
        {progress.length === 0 ? <p class="sheet pad result-part">{t("no-progress")}</p> : null}
        <ul class="shelf result-part">
          {progress.map((one) => (
            <li class="sheet">
              <Progress t={t} one={one} />
            </li>
          ))}
        </ul>
        <Pager
          language={account.language}
          first={isFirst ? null : path}
          next={next === null ? null : `${path}?cursor=${encodeURIComponent(next)}`}
        />
      </section>
    ),
  });
}

function Progress({ t, one }: { readonly t: PeopleSay; readonly one: ShownProgress }) {
  const { badge, method, criteria, tiers, held, not_yet: reasons } = one;
  return (
    <>
      <div class="shelf-head">
        <h3 dir="auto">
          <a href={`/admin/badges/${badge.id}`}>{badge.name}</a>
        </h3>
        <span>{held.length === 0 ? t("not-held") : t("held-times", { count: held.length })}</span>
      </div>
      {criteria.length > 1 ? <p class="soft small">{t("method", { method })}</p> : null}
      <ul class="progress-list">
        {criteria.map(({ words, met, met_at, params }) => (
          <li>
            <p>
              {words}
              {" · "}
              <strong>
                {met && met_at !== null
                  ? t.rich("met-on", { day: t.day(Date.parse(met_at)) })
                  : t(met ? "met" : "not-met")}
              </strong>
            </p>
            <Params t={t} params={params} words={words} />
          </li>
        ))}
        {tiers.map(({ name, reached, params }) => (
          <li>
            <p>
              <span dir="auto">{name}</span>
              {" · "}
              <strong>{t(reached ? "met" : "not-met")}</strong>
            </p>
            <Params t={t} params={params} words={name} />
          </li>
        ))}
      </ul>
      {reasons.length === 0 ? (
        <p>{t("next-look")}</p>
      ) : (
        <>
          <p>
            <strong>{t("why-not")}</strong>
          </p>
          <ul class="plain-list">
            {reasons.map(({ code }) => (
              <li>{t(code)}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

interface ParamsProps {
  readonly t: PeopleSay;
  readonly params: readonly ShownParam[];
  readonly words: string;
}

/** Of what is a yes or no, met or not has said it. */
function isCounted({ threshold, missing }: ShownParam): boolean {
  return threshold > 1 || missing;
}

/** The number says it; the bar only shows it. */
function Params({ t, params, words }: ParamsProps) {
  return (
    <>
      {params.filter(isCounted).map(({ value, threshold, counted_at, missing }) => (
        <div class="progress-line">
          <progress max={Math.max(threshold, 1)} value={Math.min(value, threshold)} dir="auto">
            {words}
          </progress>
          <p class="small soft">
            {missing
              ? t("missing")
              : t("so-much", { value: t.number(value), threshold: t.number(threshold) })}
            {", "}
            {counted_at === null
              ? t("never-counted")
              : t.rich("counted-on", { minute: t.minute(Date.parse(counted_at)) })}
          </p>
        </div>
      ))}
    </>
  );
}
