// The overview of an organization: what waits for somebody, how awards fare, what happened last.
import type { Child } from "hono/jsx";
import type { Activity, Count, FirstSteps, Funnel, ToDoKind } from "../db/overview.ts";
import type { Tiles } from "../desk/overview/tiles.ts";
import { type Account, accountPage } from "./account.tsx";
import { Table } from "./table.tsx";
import { AUDIT } from "./words/audit.ts";
import { OVERVIEW } from "./words/overview.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const OVERVIEW_PATH = "/admin";
export const NUMBERS_PATH = "/admin/overview/badges.csv";

type Say = Speaker<keyof typeof OVERVIEW.en>;

/** Where each thing to do is done, with nothing else in the list. */
const TO_DO_LINKS: Readonly<Record<ToDoKind, string>> = {
  nominations: "/award/nominations?show=pending",
  "not-mine": "/award/declined",
  mails: "/admin/mail?state=parked",
  "not-sent": "/admin/overview/not-sent",
  expiring: "/admin/overview/expiring",
  webhooks: "/admin/webhooks?state=disabled",
};

interface OverviewPageProps {
  readonly account: Account;
  readonly tiles: Tiles;
  /** The public address where it can only mean this machine or network; else null. */
  readonly localAddress: string | null;
}

export function overviewPage({ account, tiles, localAddress }: OverviewPageProps) {
  const t = speaker(account.language, OVERVIEW);
  const organization = <bdi>{account.organization?.name ?? ""}</bdi>;
  return accountPage({
    title: t("title"),
    account,
    place: OVERVIEW_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">{t.rich("lead", { organization })}</p>
        </div>
        {localAddress === null ? null : (
          <p class="sheet pad note">{t("local", { address: localAddress })}</p>
        )}
        <FirstStepsTile t={t} steps={tiles.steps} />
        <div class="tiles">
          <div>
            <ToDoTile t={t} toDo={tiles.toDo} />
            <ActivityTile t={t} activity={tiles.activity} />
          </div>
          <div>
            <FunnelTile t={t} funnel={tiles.funnel} />
          </div>
        </div>
      </>
    ),
  });
}

interface FrameProps {
  readonly id: string;
  readonly title: string;
  readonly children: Child;
}

function Frame({ id, title, children }: FrameProps) {
  return (
    <section class="sheet pad stack overview-tile" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function Failed({ t }: { readonly t: Say }) {
  return (
    <p class="tile-failed" role="alert">
      {t("failed")}
    </p>
  );
}

function ToDoTile({ t, toDo }: { readonly t: Say; readonly toDo: Tiles["toDo"] }) {
  const waiting = toDo.filter(({ count }) => count === null || count.count > 0);
  return (
    <Frame id="to-do" title={t("to-do")}>
      {waiting.length === 0 ? (
        <p>{t("all-done")}</p>
      ) : (
        <ul class="to-do">
          {waiting.map(({ kind, count }) => (
            <li>
              {count === null ? (
                <p class="tile-failed" role="alert">
                  {t("failed-named", { what: t(`name-${kind}`) })}
                </p>
              ) : (
                <a href={TO_DO_LINKS[kind]}>{countWords(t, kind, count)}</a>
              )}
            </li>
          ))}
        </ul>
      )}
    </Frame>
  );
}

function countWords(t: Say, kind: ToDoKind, { count, isMore }: Count): string {
  const words = t(kind, { count });
  return isMore ? t("more", { words }) : words;
}

const STEPS = ["awarded", "mailed", "accepted", "shown", "carried"] as const;

function FunnelTile({ t, funnel }: { readonly t: Say; readonly funnel: Funnel | null }) {
  return (
    <Frame id="funnel" title={t("funnel")}>
      {funnel === null ? (
        <Failed t={t} />
      ) : funnel.awarded === 0 ? (
        <>
          <p>{t("none-awarded")}</p>
          <p>
            <a class="btn" href="/award">
              {t("award-first")}
            </a>
          </p>
        </>
      ) : (
        <FunnelChart t={t} funnel={funnel} />
      )}
    </Frame>
  );
}

function percent(part: number, all: number): number {
  return all === 0 ? 0 : Math.round((part / all) * 100);
}

/** Bars say at a glance what the table says in numbers; who does not see them has the table. */
function FunnelChart({ t, funnel }: { readonly t: Say; readonly funnel: Funnel }) {
  const rows = STEPS.map((step) => ({
    name: t(step),
    count: funnel[step],
    share: percent(funnel[step], funnel.awarded),
  }));
  return (
    <>
      <p class="soft small">{t("funnel-of", { count: funnel.awarded })}</p>
      <div class="chart" aria-hidden="true">
        {rows.map(({ name, count, share }) => (
          <div>
            <p>
              <span>{name}</span>
              <span class="numeric">{t.number(count)}</span>
            </p>
            <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
              <rect class="bar-whole" width="100" height="4" />
              <rect class="bar-part" width={share} height="4" />
            </svg>
          </div>
        ))}
      </div>
      <details>
        <summary>{t("as-table")}</summary>
        <Table
          caption={t("table-caption")}
          columns={[
            { name: t("step"), cell: ({ name }) => name, heads: true },
            { name: t("awards"), cell: ({ count }) => t.number(count), numeric: true },
            { name: t("share"), cell: ({ share }) => `${share} %`, numeric: true },
          ]}
          rows={rows}
        />
      </details>
      <p class="soft small">{t("uncounted")}</p>
      <p>
        <a href={NUMBERS_PATH}>{t("csv")}</a>
      </p>
    </>
  );
}

interface ActivityTileProps {
  readonly t: Say;
  readonly activity: readonly Activity[] | null;
}

function ActivityTile({ t, activity }: ActivityTileProps) {
  return (
    <Frame id="recent" title={t("recent")}>
      {activity === null ? (
        <Failed t={t} />
      ) : activity.length === 0 ? (
        <p>{t("nothing-yet")}</p>
      ) : (
        <>
          <ol class="recent">
            {activity.map((one) => (
              <li>
                <ActivityLine t={t} one={one} />
              </li>
            ))}
          </ol>
          <p>
            <a href="/admin/audit">{t("log")}</a>
          </p>
        </>
      )}
    </Frame>
  );
}

function ActivityLine({ t, one }: { readonly t: Say; readonly one: Activity }) {
  const path = pathOf(one);
  const name = one.objectName === null ? null : <bdi>{one.objectName}</bdi>;
  return (
    <>
      <p>
        {actionWords(t, one.action)}
        {name === null ? null : (
          <>
            {": "}
            {path === null ? name : <a href={path}>{name}</a>}
          </>
        )}
      </p>
      <p class="soft small">
        {t.minute(one.at)}, {actorWords(t, one)}
      </p>
    </>
  );
}

function pathOf({ objectKind, objectId }: Activity): string | null {
  if (objectKind === "badge") return `/admin/badges/${objectId}`;
  return objectKind === "user" ? `/admin/people/${objectId}` : null;
}

function isOf<K extends string>(words: Readonly<Record<K, string>>, action: string): action is K {
  return action.includes(".") && Object.hasOwn(words, action);
}

/** What happens often has its words here, the rest where all is listed. */
function actionWords(t: Say, action: string): string {
  if (isOf(OVERVIEW.en, action)) return t(action);
  return isOf(AUDIT.en, action) ? speaker(t.language, AUDIT)(action) : t("other");
}

function actorWords(t: Say, { actorKind, actorName }: Activity): Child {
  if (actorKind === "user") {
    return actorName === null
      ? t("by-somebody")
      : t.rich("by-user", { name: <bdi>{actorName}</bdi> });
  }
  if (actorKind === "api_key") return t("by-api_key");
  return actorKind === "operator" ? t("by-operator") : t("by-system");
}

const FIRST_STEPS = ["profile", "badge", "people", "award"] as const;
const STEP_LINKS: Readonly<Record<(typeof FIRST_STEPS)[number], string>> = {
  profile: "/admin/settings",
  badge: "/admin/badges/new",
  people: "/admin/people/new",
  award: "/award",
};

/** Only until each was done once. */
function FirstStepsTile({ t, steps }: { readonly t: Say; readonly steps: FirstSteps | null }) {
  if (steps === null) return null;
  const done = FIRST_STEPS.filter((step) => steps[step]).length;
  if (done === FIRST_STEPS.length) return null;
  return (
    <section class="sheet pad stack first-steps" aria-labelledby="first-steps">
      <h2 id="first-steps">{t("first-steps")}</h2>
      <p class="soft">{t("steps-lead", { done })}</p>
      <ol>
        {FIRST_STEPS.map((step) => (
          <li class={steps[step] ? "is-done" : undefined}>
            <a href={STEP_LINKS[step]}>{t(`step-${step}`)}</a>
            <span class="step-state">{steps[step] ? `✓ ${t("done")}` : t("open")}</span>
            <p class="soft small">{t(`step-${step}-why`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
