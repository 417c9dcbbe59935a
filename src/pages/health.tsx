// The state of the site for its administrators: each thing it needs, what was found, and what to do about it.
import type { Child } from "hono/jsx";
import type { Check } from "../checkup.ts";
import type { ParkedJobs } from "../db/jobs-look.ts";
import { type Account, accountPage, Press } from "./account.tsx";
import { Done } from "./form-outcome.tsx";
import { ExpiredSign, RevokedSign, ValidSign } from "./icons.tsx";
import { Table } from "./table.tsx";
import { HEALTH } from "./words/health.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const HEALTH_PATH = "/admin/health";
export const RETRY_PATH = "/admin/health/retry";

type Say = Speaker<keyof typeof HEALTH.en>;

interface HealthPageProps {
  readonly account: Account;
  readonly checks: readonly Check[];
  readonly parked: readonly ParkedJobs[];
  readonly done: "retried" | null;
}

export function healthPage({ account, checks, parked, done }: HealthPageProps) {
  const t = speaker(account.language, HEALTH);
  const wrong = checks.filter(({ state }) => state !== "ok").length;
  return accountPage({
    title: t("title"),
    account,
    place: HEALTH_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">
            {t("lead")} {wrong === 0 ? t("all-well") : t("some-wrong", { count: wrong })}
          </p>
          <p>
            {t.rich("backpacks", { link: (inside) => <a href="/admin/backpacks">{inside}</a> })}
          </p>
        </div>
        <Done words={done === null ? null : t(`done-${done}`)} />
        <ul class="sheet pad items health">
          {checks.map((check) => (
            <li>
              <OneCheck t={t} check={check} />
            </li>
          ))}
        </ul>
        {parked.length === 0 ? null : <Parked t={t} account={account} parked={parked} />}
        <p class="doors">
          <a class="btn" href={HEALTH_PATH}>
            {t("again")}
          </a>
        </p>
      </>
    ),
  });
}

/** Also for those who see no colours. */
const STATES: Readonly<Record<Check["state"], readonly [tone: string, sign: () => Child]>> = {
  ok: ["valid", ValidSign],
  warn: ["expired", ExpiredSign],
  fail: ["revoked", RevokedSign],
};

function OneCheck({ t, check }: { readonly t: Say; readonly check: Check }) {
  const { name, state, found, fix, values, command } = check;
  const [tone, sign] = STATES[state];
  return (
    <>
      <div class="shelf-head">
        <h2>{t(`name-${name}`)}</h2>
        <span class={`state ${tone}`}>
          {sign()}
          {t(state)}
        </span>
      </div>
      <p>{t(`found-${found}`, values)}</p>
      {fix === null ? null : <p>{t(`fix-${fix}`, values)}</p>}
      {command === undefined ? null : (
        <>
          <p class="soft small">{t("command")}</p>
          <pre class="wraps command">{command}</pre>
        </>
      )}
    </>
  );
}

interface ParkedProps {
  readonly t: Say;
  readonly account: Account;
  readonly parked: readonly ParkedJobs[];
}

function Parked({ t, account, parked }: ParkedProps) {
  return (
    <section class="sheet pad table-sheet result-part" aria-labelledby="parked">
      <h2 id="parked">{t("parked-list")}</h2>
      <Table<ParkedJobs>
        caption={t("parked-list")}
        rows={parked}
        columns={[
          { name: t("kind"), heads: true, cell: ({ kind }) => <code>{kind}</code> },
          { name: t("many"), numeric: true, cell: ({ count }) => t.number(count) },
          {
            name: t("reason"),
            cell: ({ reason }) => (reason === null ? null : <code>{reason}</code>),
          },
          { name: t("last"), cell: ({ at }) => t.minute(at) },
        ]}
      />
      <Press action={RETRY_PATH} account={account} first>
        {t("retry")}
      </Press>
    </section>
  );
}
