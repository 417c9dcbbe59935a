// Words of several people for a person: giving one, and who waits for more.
import type { BadgeChoice } from "../db/award-choices.ts";
import type { OpenVouch } from "../db/nomination-desk.ts";
import { type Account, accountPage, FormToken, Press } from "./account.tsx";
import { labelsOf } from "./award-form.tsx";
import { type Faults, FormErrors, SelectField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import {
  NOMINATIONS_PATH,
  type NominationSpeaker,
  NominationTabs,
  VOUCHES_PATH,
} from "./nominations.tsx";
import { PersonField, PersonScript, type PersonValue, personSpeaker } from "./person-field.tsx";
import { NOMINATIONS } from "./words/nominations.ts";
import { speaker } from "./words/speak.tsx";

export interface VouchValues extends PersonValue {
  /** A badge's id, with `/` and a tier's level where it has tiers. */
  readonly badge: string;
  readonly role: string;
}

export interface VouchesProps {
  readonly account: Account;
  readonly organizationId: string;
  readonly badges: readonly BadgeChoice[];
  /** That who looks may vouch as. */
  readonly roles: readonly string[];
  readonly open: readonly OpenVouch[];
  /** They may look people up, and see what others said. */
  readonly isCoordinator: boolean;
  /** Whether who looks may take a word back. */
  readonly mayWithdraw: (by: string | null) => boolean;
  readonly values: VouchValues;
  readonly faults: Faults;
  readonly notice: string | null;
}

interface Spoken extends VouchesProps {
  readonly t: NominationSpeaker;
}

export function vouchesPage(props: VouchesProps) {
  const { account, badges, faults, notice, isCoordinator } = props;
  const t = speaker(account.language, NOMINATIONS);
  const labels = { ...labelsOf(personSpeaker(account.language)), role: t("role") };
  return accountPage({
    title: t("tab-vouches"),
    account,
    place: isCoordinator ? NOMINATIONS_PATH : "/me",
    head: isCoordinator ? <PersonScript /> : null,
    children: (
      <>
        <div class="intro">
          <h1>{t("tab-vouches")}</h1>
          <p class="lead">{t("vouches-lead")}</p>
        </div>
        <Done words={notice} />
        <FormErrors faults={faults} language={account.language} labels={labels} />
        {isCoordinator ? <NominationTabs t={t} current={VOUCHES_PATH} /> : null}
        {badges.length === 0 ? (
          <p class="sheet pad narrow">{t("vouches-none")}</p>
        ) : (
          <VouchForm {...props} t={t} />
        )}
        {badges.length === 0 ? null : <Open {...props} t={t} />}
      </>
    ),
  });
}

function optionsOf(t: NominationSpeaker, { id, name, tiers, manual }: BadgeChoice) {
  const label = t("vouch-badge-label", {
    badge: name,
    method: manual?.method === 1 ? "all" : "any",
    roles: (manual?.roles ?? []).join(", "),
  });
  if (tiers.length === 0) return [{ value: id, label }];
  return tiers.map((tier) => ({
    value: `${id}/${tier.level}`,
    label: `${label} · ${tier.name ?? tier.level}`,
  }));
}

function VouchForm(props: Spoken) {
  const { t, account, organizationId, badges, roles, values, faults, isCoordinator } = props;
  return (
    <form class="form sheet pad narrow" method="post" action={VOUCHES_PATH}>
      <FormToken account={account} />
      <h2>{t("vouch-title")}</h2>
      <PersonField
        t={personSpeaker(account.language)}
        help={t(isCoordinator ? "vouch-person-help" : "vouch-address-help")}
        value={values}
        faults={faults}
        organizationId={organizationId}
      />
      <SelectField
        name="badge"
        label={t("badge")}
        faults={faults}
        value={values.badge}
        options={badges.flatMap((badge) => optionsOf(t, badge))}
      />
      <SelectField
        name="role"
        label={t("role")}
        help={t("role-help")}
        faults={faults}
        value={values.role}
        options={[
          { value: "", label: t("role-own") },
          ...roles.map((role) => ({ value: role, label: role })),
        ]}
      />
      <button class="btn first" type="submit">
        {t("vouch")}
      </button>
    </form>
  );
}

function Open({ t, account, badges, open, mayWithdraw, isCoordinator }: Spoken) {
  return (
    <section class="sheet pad result-part" aria-labelledby="open">
      <h2 id="open">{t("open-title")}</h2>
      {open.length === 0 ? <p>{t("open-none")}</p> : null}
      <ul class="items">
        {open.map(({ badgeId, name, words }) => {
          const badge = badges.find(({ id }) => id === badgeId);
          const person = name ?? t("somebody");
          return (
            <li>
              <h3>
                <bdi>{person}</bdi>
                {" · "}
                <bdi lang={badge?.language}>{badge?.name}</bdi>
              </h3>
              {isCoordinator ? <p class="soft">{missingOf(t, badge, words)}</p> : null}
              {words.map(({ id, role, by, byName, at }) => (
                <div class="controls word">
                  <p>
                    {t.rich("word-by", {
                      role: <bdi>{role}</bdi>,
                      who: <bdi>{byName ?? (by === null ? t("organization") : t("somebody"))}</bdi>,
                      day: t.day(at),
                    })}
                  </p>
                  {mayWithdraw(by) ? (
                    <Press
                      action={`${VOUCHES_PATH}/withdraw`}
                      account={account}
                      fields={{ badge: badgeId, vouch: id }}
                      about={t("word-about", { role, person })}
                    >
                      {t("word-withdraw")}
                    </Press>
                  ) : null}
                </div>
              ))}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function missingOf(
  t: NominationSpeaker,
  badge: BadgeChoice | undefined,
  words: OpenVouch["words"],
): string {
  const { roles = [], method = 1 } = badge?.manual ?? {};
  const missing = roles.filter((role) => !words.some((word) => word.role === role));
  const isMet = method === 1 ? missing.length === 0 : missing.length < roles.length;
  return isMet ? t("open-other") : t("open-missing", { roles: missing.join(", ") });
}
