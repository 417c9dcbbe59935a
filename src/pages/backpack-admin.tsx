// All backpacks as administrators see them: in the order people are offered them, with how it goes with each.
import type { BackpackHealth } from "../backpack/site-health.ts";
import { type Account, accountPage, FormToken, Press } from "./account.tsx";
import { AddressField } from "./backpack-address.tsx";
import { type SiteFaultCode, siteFaultWords } from "./backpack-fault.ts";
import { StateLabel } from "./backpack-state.tsx";
import { Done, Fault } from "./form-outcome.tsx";
import { ExpiredSign, HiddenSign, RevokedSign, ValidSign, WaitingSign } from "./icons.tsx";
import { hostOf } from "./web-address.ts";
import { type BACKPACK_ADMIN_DONE, BACKPACK_ADMIN_WORDS } from "./words/backpack-admin.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export type BackpackAdminDone = (typeof BACKPACK_ADMIN_DONE)[number];

export const ADMIN_BACKPACKS_PATH = "/admin/backpacks";

export function adminBackpackPath(id: string): string {
  return `${ADMIN_BACKPACKS_PATH}/${id}`;
}

export interface AdminBackpack {
  readonly id: string;
  readonly name: string;
  readonly webUrl: string;
  readonly isEnabled: boolean;
  /** A person gave its address, and it is offered to nobody else yet. */
  readonly isPersonal: boolean;
  readonly health: BackpackHealth;
}

export interface AdminBackpacksPageProps {
  readonly account: Account;
  /** Those that are offered to everybody, in order. */
  readonly backpacks: readonly AdminBackpack[];
  /** Some that people added for themselves, the newest first, of so many. */
  readonly personal: readonly AdminBackpack[];
  readonly personalCount: number;
  readonly done: BackpackAdminDone | null;
  readonly fault: SiteFaultCode | null;
  readonly address: string;
}

type T = Speaker<keyof typeof BACKPACK_ADMIN_WORDS.en>;

export function adminBackpacksPage(props: AdminBackpacksPageProps) {
  const { account, backpacks, done, address } = props;
  const t = speaker(account.language, BACKPACK_ADMIN_WORDS);
  const fault = props.fault && siteFaultWords(props.fault, account.language);
  return accountPage({
    title: fault === null ? t("title") : t("not-done", { what: fault.detail }),
    account,
    place: ADMIN_BACKPACKS_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        <Done words={done === null ? null : t(`done-${done}`)} />
        <Fault fault={fault} />
        {backpacks.length === 0 ? (
          <p class="sheet pad">{t("none")}</p>
        ) : (
          <ol class="shelf">
            {backpacks.map((backpack, i) => (
              <Card
                account={account}
                backpack={backpack}
                isFirst={i === 0}
                isLast={i === backpacks.length - 1}
              />
            ))}
          </ol>
        )}
        <AddForm account={account} address={address} />
        <Personal {...props} />
      </>
    ),
  });
}

function Personal({ account, personal, personalCount }: AdminBackpacksPageProps) {
  if (personalCount === 0) return null;
  const t = speaker(account.language, BACKPACK_ADMIN_WORDS);
  return (
    <section class="band result-part" aria-labelledby="personal">
      <h2 id="personal">{t("personal")}</h2>
      <ul class="shelf">
        {personal.map((backpack) => (
          <Card account={account} backpack={backpack} isFirst isLast />
        ))}
      </ul>
      {personalCount > personal.length ? (
        <p class="soft small">{t("newest-of", { shown: personal.length, count: personalCount })}</p>
      ) : null}
    </section>
  );
}

interface CardProps {
  readonly account: Account;
  readonly backpack: AdminBackpack;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function Card({ account, backpack, isFirst, isLast }: CardProps) {
  const { id, name, webUrl, isPersonal, health } = backpack;
  const t = speaker(account.language, BACKPACK_ADMIN_WORDS);
  const order = `${ADMIN_BACKPACKS_PATH}/order`;
  const host = <bdi>{hostOf(webUrl)}</bdi>;
  return (
    <li class="sheet pad">
      <div class="shelf-head">
        <h2 dir="auto">
          <a href={adminBackpackPath(id)}>{name}</a>
        </h2>
        <HealthLabel {...backpack} t={t} />
      </div>
      <p class="soft small">{isPersonal ? t.rich("personal-host", { host }) : host}</p>
      <p>
        <HealthLine health={health} t={t} />
      </p>
      <div class="controls">
        {isFirst ? null : (
          <Press
            action={order}
            account={account}
            fields={{ backpack: id, direction: "up" }}
            about={name}
          >
            {t("up")}
          </Press>
        )}
        {isLast ? null : (
          <Press
            action={order}
            account={account}
            fields={{ backpack: id, direction: "down" }}
            about={name}
          >
            {t("down")}
          </Press>
        )}
        <a class="btn" href={adminBackpackPath(id)}>
          {t("settings")}
          <span class="unseen"> {t("settings-of", { name })}</span>
        </a>
      </div>
    </li>
  );
}

interface HealthLabelProps extends Pick<AdminBackpack, "isEnabled" | "isPersonal" | "health"> {
  readonly t: T;
}

/** The worst there is to say, in a word with its sign. */
export function HealthLabel({ isEnabled, isPersonal, health, t }: HealthLabelProps) {
  if (!isEnabled) return <StateLabel tone="hidden" sign={HiddenSign} word={t("health-off")} />;
  if (health.pausedUntil !== null) {
    return <StateLabel tone="revoked" sign={RevokedSign} word={t("health-silent")} />;
  }
  if (health.parked > 0) {
    return <StateLabel tone="expired" sign={ExpiredSign} word={t("health-parked")} />;
  }
  if (isPersonal) {
    return <StateLabel tone="hidden" sign={WaitingSign} word={t("health-personal")} />;
  }
  return <StateLabel tone="valid" sign={ValidSign} word={t("health-well")} />;
}

export function HealthLine({ health, t }: { readonly health: BackpackHealth; readonly t: T }) {
  const { connected, reconnect, delivered, waiting, parked, refused, pullProblems } = health;
  const { lastSuccessAt } = health;
  return (
    <>
      {t.rich("numbers", {
        people: <strong>{t("people", { count: connected })}</strong>,
        reconnect,
        delivered,
        waiting,
        parked,
        refused,
        unread: pullProblems,
      })}
      {lastSuccessAt === null ? null : (
        <> {t.rich("last-success", { at: t.minute(lastSuccessAt) })}</>
      )}
    </>
  );
}

function AddForm({ account, address }: { readonly account: Account; readonly address: string }) {
  const t = speaker(account.language, BACKPACK_ADMIN_WORDS);
  return (
    <form
      class="sheet pad form result-part"
      method="post"
      action={ADMIN_BACKPACKS_PATH}
      aria-labelledby="add"
    >
      <h2 id="add">{t("add-title")}</h2>
      <FormToken account={account} />
      <AddressField language={account.language} address={address}>
        {t("add-what")}
      </AddressField>
      <label class="choice">
        <input type="checkbox" name="auto_sync_default" value="1" checked />
        {t("auto-sync")}
      </label>
      <button class="btn first" type="submit">
        {t("add")}
      </button>
    </form>
  );
}
