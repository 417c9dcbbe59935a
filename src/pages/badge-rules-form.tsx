// The rule builder: criteria with what each asks for, all or any at both levels; works by submit buttons alone.
import type { CriterionDraft, Draft, RowDraft } from "../desk/badges/edit/draft.ts";
import type { RealType } from "../issuer/criteria/kinds.ts";
import type { Language } from "../language.ts";
import { AreaField, Choices, type Faults, type Option, SelectField, TextField } from "./form.tsx";
import { BADGE_RULES_WORDS } from "./words/badge-rules.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

/** What params may be chosen from. */
export interface RuleChoices {
  /** Those an organization counts, its own and those that are always there. */
  readonly metrics: readonly { readonly name: string; readonly label: string }[];
  readonly badges: readonly { readonly id: string; readonly name: string }[];
  readonly roles: readonly string[];
}

interface RulesProps {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly language: Language;
  readonly choices: RuleChoices;
  /** Where the form is sent. */
  readonly action: string;
}

/** Of a badge of the site (1) and of a course (2); in the order in which they are offered. */
const OFFERED: Readonly<Record<string, readonly RealType[]>> = {
  "1": ["metric", "manual", "badge", "courseset", "cohort", "competency", "profile"],
  "2": ["metric", "manual", "badge", "course", "activity", "competency"],
};

export const RULES_ANCHOR = "rules";

type Words = Speaker<keyof typeof BADGE_RULES_WORDS.en>;

export function BadgeRules({ draft, faults, language, choices, action }: RulesProps) {
  const t = speaker(language, BADGE_RULES_WORDS);
  const there = draft.criteria.map(({ type }) => type);
  const left = (OFFERED[draft.values.type] ?? []).filter((type) => !there.includes(type));
  const press = { t, action: `${action}#${RULES_ANCHOR}` };
  return (
    <div class="form rules" id={RULES_ANCHOR}>
      <Choices
        name="method"
        legend={t("method")}
        type="radio"
        faults={faults}
        options={[
          { value: "all", label: t("all") },
          { value: "any", label: t("any") },
        ]}
        chosen={[draft.values.method]}
      />
      {draft.criteria.length === 0 ? <p class="soft">{t("none")}</p> : null}
      {draft.criteria.map((criterion, i) => (
        <Criterion criterion={criterion} index={i} faults={faults} choices={choices} {...press} />
      ))}
      <datalist id="known-roles">
        {choices.roles.map((role) => (
          <option value={role} />
        ))}
      </datalist>
      {left.length === 0 ? null : (
        <div class="add-line">
          <SelectField
            name="added"
            label={t("add-type")}
            options={left.map((type) => ({ value: type, label: t(type) }))}
          />
          <DoButton {...press} value="add-criterion">
            {t("add")}
          </DoButton>
        </div>
      )}
    </div>
  );
}

interface Press {
  readonly t: Words;
  readonly action: string;
}

function DoButton(props: {
  readonly action: string;
  readonly value: string;
  readonly about?: string;
  readonly children: string;
}) {
  const { action, value, about, children } = props;
  return (
    <button class="btn" type="submit" name="do" value={value} formaction={action}>
      {children}
      {about === undefined ? null : <span class="unseen"> {about}</span>}
    </button>
  );
}

interface CriterionProps extends Press {
  readonly criterion: CriterionDraft;
  readonly index: number;
  readonly faults: Faults;
  readonly choices: RuleChoices;
}

function Criterion({ criterion, index, faults, choices, t, action }: CriterionProps) {
  const { type, rows, method, description } = criterion;
  const at = `c${index}`;
  return (
    <fieldset class="rule">
      <legend>{t(type)}</legend>
      <input type="hidden" name={`${at}.type`} value={type} />
      {rows.length < 2 ? (
        <input type="hidden" name={`${at}.method`} value={method} />
      ) : (
        <Choices
          name={`${at}.method`}
          legend={t("rows-method")}
          type="radio"
          options={[
            { value: "all", label: t("rows-all") },
            { value: "any", label: t("rows-any") },
          ]}
          chosen={[method]}
        />
      )}
      {rows.map((row, j) => {
        const about = t("about", { what: t(`key-${type}`), number: j + 1 });
        return (
          <fieldset class="rule-row">
            <legend class="unseen">{about}</legend>
            <RowFields
              row={row}
              at={`${at}.${j}`}
              type={type}
              faults={faults}
              choices={choices}
              t={t}
            />
            <DoButton action={action} value={`drop-row.${index}.${j}`} about={about}>
              {t("drop-row")}
            </DoButton>
          </fieldset>
        );
      })}
      <details open={description !== ""}>
        <summary>{t("comment")}</summary>
        <AreaField
          name={`${at}.description`}
          label={t("comment")}
          help={t("comment-help")}
          faults={faults}
          value={description}
          rows={2}
        />
      </details>
      <div class="controls">
        <DoButton action={action} value={`add-row.${index}`} about={t(type)}>
          {t("add-row")}
        </DoButton>
        <DoButton action={action} value={`drop-criterion.${index}`} about={t(type)}>
          {t("drop-criterion")}
        </DoButton>
      </div>
    </fieldset>
  );
}

interface RowProps {
  readonly row: RowDraft;
  readonly at: string;
  readonly type: RealType;
  readonly faults: Faults;
  readonly choices: RuleChoices;
  readonly t: Words;
}

function RowFields({ row, at, type, faults, choices, t }: RowProps) {
  const key = { name: `${at}.key`, label: t(`key-${type}`), faults, value: row.key };
  const until = (
    <TextField
      name={`${at}.until`}
      label={t("until")}
      faults={faults}
      value={row.until}
      placeholder="2027-06-30"
      maxlength={40}
    />
  );
  switch (type) {
    case "metric":
      return (
        <>
          <SelectField {...key} options={metricOptions(row.key, choices, t)} />
          <Least at={at} row={row} faults={faults} label={t("least")} />
          <TextField
            name={`${at}.span`}
            label={t("span")}
            faults={faults}
            value={row.span}
            placeholder={t("span-help")}
            maxlength={40}
          />
          <SelectField
            name={`${at}.unit`}
            label={t("unit")}
            value={row.unit}
            options={(["D", "W", "M", "Y"] as const)
              .map((unit): Option => ({ value: unit, label: t(unit) }))
              .concat(row.unit === "P" ? [{ value: "P", label: t("P") }] : [])}
          />
        </>
      );
    case "badge":
      return <SelectField {...key} options={badgeOptions(row.key, choices, t)} />;
    case "manual":
      return <TextField {...key} list="known-roles" maxlength={100} />;
    case "course":
    case "courseset":
      return (
        <>
          <TextField {...key} maxlength={100} />
          <Least at={at} row={row} faults={faults} label={t("grade")} />
          {until}
        </>
      );
    case "activity":
      return (
        <>
          <TextField {...key} maxlength={100} />
          {until}
        </>
      );
    default:
      return <TextField {...key} maxlength={100} />;
  }
}

function Least(props: {
  readonly at: string;
  readonly row: RowDraft;
  readonly faults: Faults;
  readonly label: string;
}) {
  const { at, row, faults, label } = props;
  return (
    <TextField
      name={`${at}.least`}
      label={label}
      faults={faults}
      value={row.least}
      maxlength={20}
    />
  );
}

/** Of those that are always there, these have labels that say all. */
const COUNTED = [
  "activity_count",
  "activity_hours",
  "training_completion",
  "recruiting_milestone",
] as const;
const NAMED = ["certification_active", "streak_days", "streak_weeks"] as const;
const LONG_STREAKS = ["streak_length.day", "streak_length.week"] as const;

/** What is always there, streaks, the organization's own; and what the form has, if it is none of them. */
function metricOptions(chosen: string, { metrics }: RuleChoices, t: Words): Option[] {
  const labels = new Map(metrics.map(({ name, label }) => [name, label]));
  const named = [
    ...COUNTED.map((name) => ({ value: name as string, label: labels.get(name) ?? name })),
    ...NAMED.map((name) => ({ value: name as string, label: t(name) })),
  ];
  const long = LONG_STREAKS.filter((name) => name === chosen).map((name) => ({
    value: name as string,
    label: t(name),
  }));
  const known = new Set(named.map(({ value }) => value));
  const own = metrics
    .filter(({ name }) => !known.has(name))
    .map(({ name, label }) => ({ value: name, label }));
  return withChosen(chosen, [...named, ...long, ...own], t);
}

function badgeOptions(chosen: string, { badges }: RuleChoices, t: Words): Option[] {
  return withChosen(
    chosen,
    badges.map(({ id, name }) => ({ value: id, label: name })),
    t,
  );
}

function withChosen(chosen: string, options: readonly Option[], t: Words): Option[] {
  const isThere = chosen === "" || options.some(({ value }) => value === chosen);
  return [
    { value: "", label: t("choose") },
    ...options,
    ...(isThere ? [] : [{ value: chosen, label: chosen }]),
  ];
}
