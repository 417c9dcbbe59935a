// The frame of one badge's pages: what it is and asks for, what can be done with it, and its tabs.
import type { Child } from "hono/jsx";
import type { BadgeCategory, BadgeStatus } from "../db/badges.ts";
import type { Language } from "../language.ts";
import { type Account, accountPage, Press } from "./account.tsx";
import { BADGE_DESK_PATH } from "./badge-desk-script.ts";
import { statusWords } from "./badges-list.tsx";
import { BADGES_PATH, badgePath } from "./badges-paths.ts";
import { Done, Fault, type FormFault } from "./form-outcome.tsx";
import { Tabs } from "./tabs.tsx";
import { BADGES } from "./words/badges.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export interface OneBadge {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly category: BadgeCategory;
  readonly status: BadgeStatus;
  readonly version: string;
  /** Of its picture, below this site. */
  readonly picture: string;
  /** What it asks for, as the API says it in the reader's language. */
  readonly asks: { readonly method: "all" | "any"; readonly words: readonly string[] };
}

/** Who would get it now; null where nobody has asked. */
export interface Foresight {
  readonly id: string;
  readonly isDone: boolean;
  readonly people: number;
  readonly found: number;
}

/** Words of what a form did, chosen by the word its page is asked for with. */
export const BADGE_DONE = [
  "made-new",
  "made-changed",
  "made-version",
  "done-activated",
  "done-deactivated",
  "done-cloned",
  "done-archived",
  "done-kept",
  "done-endorsed",
  "done-withdrawn",
] as const;
export type BadgeDone = (typeof BADGE_DONE)[number];

export const BADGE_TABS = ["awards", "funnel", "versions", "endorsements", "json"] as const;
export type BadgeTab = (typeof BADGE_TABS)[number];

export interface BadgeFrameProps {
  readonly account: Account;
  readonly badge: OneBadge;
  readonly tab: BadgeTab;
  readonly foresight: Foresight | null;
  /** Ready words, said once. */
  readonly done: string | null;
  readonly fault: FormFault | null;
  readonly children: Child;
}

type Words = Speaker<keyof typeof BADGES.en>;

export function doneWordsOf(done: BadgeDone, language: Language): string {
  return speaker(language, BADGES)(done);
}

/** The first tab is the badge's own address. */
function tabPath(id: string, tab: BadgeTab): string {
  return tab === "awards" ? badgePath(id) : `${badgePath(id)}/${tab}`;
}

/** A whole document; to be sent with the headers of a page whose script asks this site. */
export function badgeFrame(props: BadgeFrameProps) {
  const { account, badge, tab, foresight, done, fault, children } = props;
  const t = speaker(account.language, BADGES);
  return accountPage({
    title: badge.name,
    account,
    place: "/admin/badges",
    head: <script type="module" src={BADGE_DESK_PATH}></script>,
    children: (
      <>
        <p class="back">
          <a href={BADGES_PATH}>{t("back")}</a>
        </p>
        <Done words={done} />
        <Fault fault={fault} />
        <div class="sheet pad badge-head">
          <img class="art" src={badge.picture} width="160" height="160" alt="" />
          <div class="stack">
            <h1 lang={badge.language} dir="auto">
              {badge.name}
            </h1>
            <p class="soft">
              {t(badge.category)} · {t("version")} <bdi>{badge.version}</bdi> ·{" "}
              <strong>{statusWords(badge.status, t)}</strong>
            </p>
            <Asks badge={badge} t={t} />
            <Foreseen badge={badge} foresight={foresight} account={account} t={t} />
            <Deeds badge={badge} account={account} t={t} />
          </div>
        </div>
        <Tabs
          label={t("tabs")}
          current={tabPath(badge.id, tab)}
          tabs={BADGE_TABS.map((one) => ({
            href: tabPath(badge.id, one),
            name: t(`tab-${one}`),
          }))}
        />
        {children}
      </>
    ),
  });
}

function Asks({ badge, t }: { readonly badge: OneBadge; readonly t: Words }) {
  const { method, words } = badge.asks;
  if (words.length === 0) return <p class="soft">{t("asks-nothing")}</p>;
  return (
    <div>
      <h2>{t("asks")}</h2>
      {words.length > 1 ? <p>{t(`asks-${method}`)}</p> : null}
      <ul class="plain-list">
        {words.map((one) => (
          <li>{one}</li>
        ))}
      </ul>
    </div>
  );
}

interface DeedProps {
  readonly badge: OneBadge;
  readonly account: Account;
  readonly t: Words;
}

export function isActive(status: BadgeStatus): boolean {
  return status === "active" || status === "active_locked";
}

function Foreseen({
  badge,
  foresight,
  account,
  t,
}: DeedProps & { readonly foresight: Foresight | null }) {
  if (badge.status === "archived" || badge.asks.words.length === 0) return null;
  const path = badgePath(badge.id);
  if (foresight === null) {
    return (
      <Press account={account} action={`${path}/count`}>
        {t("count")}
      </Press>
    );
  }
  const { id, isDone, people, found: count } = foresight;
  if (!isDone) {
    return (
      <div role="status" data-count data-counting>
        <p>{t("counting", { count: people })}</p>
        <p>
          <a href={`${path}?evaluation=${id}`}>{t("again")}</a>
        </p>
      </div>
    );
  }
  return (
    <div role="status" data-count>
      <p>
        {t.rich(isActive(badge.status) ? "counted-active" : "counted", {
          count,
          b: (inside) => <strong>{inside}</strong>,
        })}
      </p>
    </div>
  );
}

function Deeds({ badge, account, t }: DeedProps) {
  const path = badgePath(badge.id);
  const isArchived = badge.status === "archived";
  return (
    <>
      <div class="controls">
        {isArchived ? null : (
          <a class="btn" href={`${path}/edit`}>
            {t("edit")}
          </a>
        )}
        {isActive(badge.status) ? (
          <a class="btn first" href={`/award?badge=${encodeURIComponent(badge.id)}`}>
            {t("award")}
          </a>
        ) : null}
        {isArchived ? null : isActive(badge.status) ? (
          <Press account={account} action={`${path}/deactivate`}>
            {t("deactivate")}
          </Press>
        ) : (
          <Press account={account} action={`${path}/activate`} first>
            {t("activate")}
          </Press>
        )}
        <Press account={account} action={`${path}/clone`}>
          {t("clone")}
        </Press>
      </div>
      <div class="controls">
        {isArchived ? null : (
          <>
            <a class="btn" href={`${path}/archive`}>
              {t("archive")}
            </a>
            <a class="btn" href={`${path}/delete`}>
              {t("delete")}
            </a>
          </>
        )}
        <a class="btn" href={`${path}/purge`}>
          {t("purge")}
        </a>
      </div>
    </>
  );
}
