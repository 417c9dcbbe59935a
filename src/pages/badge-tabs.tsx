// What stands under the tabs of a badge's page besides its awards: the funnel, versions, endorsements, JSON.

import type { Endorsement } from "../db/badges.ts";
import type { BadgeFunnel, BadgeVersion } from "../db/badges-desk.ts";
import { type Account, Press } from "./account.tsx";
import { holdersWords, statusWords } from "./badges-list.tsx";
import { badgePath } from "./badges-paths.ts";
import { Markdown } from "./markdown.tsx";
import { Table } from "./table.tsx";
import { BADGES } from "./words/badges.ts";
import { speaker } from "./words/speak.tsx";

interface FunnelProps {
  readonly account: Account;
  readonly funnel: BadgeFunnel;
  /** Awards that were looked at, at most. */
  readonly most: number;
}

const STAGES = ["awarded", "mailed", "claimed", "carried"] as const;
const ENDS = ["declined", "hidden", "expired", "revoked"] as const;
/** Units a bar is drawn in, of the whole. */
const BAR = 200;

export function FunnelTab({ account, funnel, most }: FunnelProps) {
  const t = speaker(account.language, BADGES);
  const total = funnel.awarded;
  if (total === 0) return <p class="sheet pad">{t("funnel-none")}</p>;
  return (
    <section class="sheet pad table-sheet">
      <h2>{t("funnel-title")}</h2>
      {total >= most ? <p class="soft">{t("funnel-lately", { count: most })}</p> : null}
      <Table
        caption={t("funnel-title")}
        rows={[...STAGES, ...ENDS]}
        columns={[
          { name: t("stage"), heads: true, cell: (stage) => t(stage) },
          { name: t("awards"), numeric: true, cell: (stage) => t.number(funnel[stage]) },
          {
            name: t("share"),
            cell: (stage) => (
              <span class="share">
                <svg
                  class="share-bar"
                  viewBox={`0 0 ${BAR} 12`}
                  width={BAR}
                  height="12"
                  preserveAspectRatio="none"
                  aria-hidden="true"
                >
                  <rect width={BAR} height="12" class="all" />
                  <rect width={Math.round((funnel[stage] / total) * BAR)} height="12" />
                </svg>{" "}
                {Math.round((funnel[stage] / total) * 100)} %
              </span>
            ),
          },
        ]}
      />
      <p class="soft small">{t("funnel-uncounted")}</p>
    </section>
  );
}

interface VersionsProps {
  readonly account: Account;
  readonly versions: readonly BadgeVersion[];
  /** The one whose page it is. */
  readonly current: string;
  readonly mostHolders: number;
}

export function VersionsTab({ account, versions, current, mostHolders }: VersionsProps) {
  const t = speaker(account.language, BADGES);
  return (
    <section class="sheet pad table-sheet">
      <Table
        caption={t("versions-list")}
        rows={versions}
        columns={[
          {
            name: t("version"),
            heads: true,
            cell: ({ id, version, name }) => (
              <>
                <a href={badgePath(id)} aria-current={id === current ? "true" : undefined}>
                  <bdi>
                    {name} {version}
                  </bdi>
                </a>
                {id === current ? ` (${t("this")})` : ""}
              </>
            ),
          },
          { name: t("status"), cell: ({ status }) => statusWords(status, t) },
          { name: t("made"), cell: ({ created_at }) => t.day(created_at) },
          { name: t("holders"), cell: ({ holders }) => holdersWords(holders, mostHolders, t) },
        ]}
      />
    </section>
  );
}

interface EndorsementProps {
  readonly account: Account;
  readonly badge: { readonly id: string; readonly isLocked: boolean; readonly isArchived: boolean };
  readonly endorsement: Endorsement | null;
}

export function EndorsementTab({ account, badge, endorsement }: EndorsementProps) {
  const t = speaker(account.language, BADGES);
  const isFixed = badge.isLocked || badge.isArchived;
  const note = isFixed ? (
    <p class="soft">{t("endorsement-locked")}</p>
  ) : (
    <p>
      {t("endorse-here")} <a href={`${badgePath(badge.id)}/edit`}>{t("edit")}</a>
    </p>
  );
  if (endorsement === null) {
    return (
      <section class="sheet pad stack">
        <h2>{t("no-endorsement")}</h2>
        {note}
      </section>
    );
  }
  const { issuer_name: name, issuer_url: url, claim_comment: comment } = endorsement;
  return (
    <section class="sheet pad stack">
      <h2 dir="auto">{t("endorsed-by", { name })}</h2>
      <p class="soft">
        {t.rich("endorsed-on", { day: t.day(endorsement.date_issued) })} ·{" "}
        <a href={url} rel="nofollow noopener">
          <bdi>{url}</bdi>
        </a>
      </p>
      <Markdown text={comment} />
      {isFixed ? null : (
        <Press account={account} action={`${badgePath(badge.id)}/withdraw-endorsement`}>
          {t("withdraw")}
        </Press>
      )}
      {note}
    </section>
  );
}

interface JsonProps {
  readonly account: Account;
  /** As verifiers get it, and as the API shows it. */
  readonly document: unknown;
  readonly shown: unknown;
  readonly address: string;
}

export function JsonTab({ account, document, shown, address }: JsonProps) {
  const t = speaker(account.language, BADGES);
  return (
    <section class="sheet pad stack">
      <p>
        {t("json-public")}:{" "}
        <a href={new URL(address).pathname}>
          <bdi>{address}</bdi>
        </a>
      </p>
      <h2>{t("json-class")}</h2>
      <pre tabindex={0}>{JSON.stringify(document, null, 2)}</pre>
      <h2>{t("json-api")}</h2>
      <pre tabindex={0}>{JSON.stringify(shown, null, 2)}</pre>
    </section>
  );
}
