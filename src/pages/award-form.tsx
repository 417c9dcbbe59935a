// The form a badge is awarded with, or somebody nominated for one.
import { type Account, accountPage, FormToken } from "./account.tsx";
import { BADGES_PATH } from "./badges-paths.ts";
import { AreaField, Choices, type Faults, FormErrors, SelectField, TextField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { PersonField, PersonScript, type PersonValue } from "./person-field.tsx";
import { AWARD } from "./words/award.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

/** A badge, or one tier of it, as it can be chosen. */
export interface AwardChoice {
  /** The badge's id, with `/` and the tier's level behind it where it has tiers. */
  readonly value: string;
  readonly badgeName: string;
  readonly tier: { readonly level: number; readonly name: string | null } | null;
  /** Who asks may nominate for it, and not award it. */
  readonly nominateOnly: boolean;
}

/** What was typed. */
export interface AwardValues extends PersonValue {
  readonly mode: "award" | "nominate";
  readonly name: string;
  /** Of a choice. */
  readonly badge: string;
  readonly expires: string;
  readonly evidence: string;
  readonly note: string;
}

export interface AwardFormProps {
  readonly account: Account;
  readonly organizationId: string;
  readonly choices: readonly AwardChoice[];
  /** Active badges that are none of them. */
  readonly hidden: number;
  readonly values: AwardValues;
  readonly faults: Faults;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly notice: string | null;
}

export const MAX_NOTE_LENGTH = 4_000;

export function awardFormPage(props: AwardFormProps) {
  const { account, choices, faults, notice } = props;
  const t = speaker(account.language, AWARD);
  return accountPage({
    title: t("title"),
    account,
    place: "/award",
    head: <PersonScript />,
    children: (
      <>
        <div class="intro">
          <h1>{t("title")}</h1>
          <p class="lead">{t("lead")}</p>
        </div>
        <Done words={notice} />
        <FormErrors faults={faults} language={account.language} labels={labelsOf(t)} />
        {choices.length === 0 ? (
          <div class="sheet pad narrow stack">
            <p>{t("no-badges")}</p>
            <p class="soft">{t("no-badges-why")}</p>
            {account.may.administer ? (
              <p>
                <a class="btn first" href={`${BADGES_PATH}/new`}>
                  {t("no-badges-make")}
                </a>
              </p>
            ) : null}
          </div>
        ) : (
          <AwardForm {...props} t={t} />
        )}
        <p class="apart narrow">
          {t.rich("many", { link: (inside) => <a href="/award/import">{inside}</a> })}
        </p>
      </>
    ),
  });
}

export function labelsOf(t: Speaker<keyof typeof AWARD.en>) {
  return {
    person: t("person"),
    user: t("person-which"),
    name: t("name"),
    badge: t("badge"),
    expires: t("expires"),
    evidence: t("evidence"),
    note: t("note"),
  };
}

interface Spoken extends AwardFormProps {
  readonly t: Speaker<keyof typeof AWARD.en>;
}

function AwardForm(props: Spoken) {
  const { t, account, organizationId, choices, hidden, values, faults, now } = props;
  const shared = { faults };
  return (
    <form class="form sheet pad narrow" method="post" action="/award">
      <FormToken account={account} />
      <Choices
        {...shared}
        name="mode"
        legend={t("what")}
        type="radio"
        options={(["award", "nominate"] as const).map((mode) => ({
          value: mode,
          label: t(`mode-${mode}`),
          help: t(`mode-${mode}-help`),
        }))}
        chosen={[values.mode]}
      />
      <PersonField t={t} value={values} faults={faults} organizationId={organizationId} />
      <TextField
        {...shared}
        name="name"
        label={t("name")}
        help={t("name-help")}
        value={values.name}
        maxlength={255}
        autocomplete="off"
      />
      <SelectField
        {...shared}
        name="badge"
        label={t("badge")}
        help={t("badge-help", { hidden })}
        required
        value={values.badge}
        options={[
          { value: "", label: t("badge-choose") },
          ...choices.map((choice) => ({ value: choice.value, label: choiceLabel(t, choice) })),
        ]}
      />
      <div>
        <p class="as-label">{t("date")}</p>
        <p class="soft small">{t.rich("date-help", { day: t.day(now) })}</p>
      </div>
      <TextField
        {...shared}
        name="expires"
        label={t("expires")}
        help={t("expires-help")}
        type="date"
        value={values.expires}
      />
      <AreaField
        {...shared}
        name="evidence"
        label={t("evidence")}
        help={t("evidence-help")}
        rows={3}
        value={values.evidence}
      />
      <AreaField
        {...shared}
        name="note"
        label={t("note")}
        help={t("note-help")}
        rows={4}
        value={values.note}
        maxlength={MAX_NOTE_LENGTH}
      />
      <button class="btn first" type="submit" name="step" value="preview">
        {t("preview")}
      </button>
    </form>
  );
}

export function choiceLabel(
  t: Speaker<keyof typeof AWARD.en>,
  { badgeName, tier, nominateOnly }: AwardChoice,
): string {
  const badge = nominateOnly ? t("badge-nominate-only", { badge: badgeName }) : badgeName;
  return tier === null
    ? badge
    : t("badge-tier", { badge, tier: tier.name ?? String(tier.level), level: tier.level });
}
