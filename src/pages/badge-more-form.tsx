// The parts of the editor that many badges leave as they are: who may have it, levels, its end, mail, and what it is related to.
import type { Draft, TierDraft } from "../desk/badges/edit/draft.ts";
import type { Language } from "../language.ts";
import { AreaField, Choices, type Faults, SelectField, TextField } from "./form.tsx";
import { BADGE_EDITOR } from "./words/badge-editor.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

interface PartProps {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly language: Language;
}

interface PressableProps extends PartProps {
  /** Where the form is sent. */
  readonly action: string;
}

type Words = Speaker<keyof typeof BADGE_EDITOR.en>;

/** One box. `name` is ticked where the draft has a value for it. */
function Box(props: {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly checked: boolean;
}) {
  const { name, label, help, checked } = props;
  return (
    <label class="choice" for={name}>
      <input type="checkbox" id={name} name={name} value="yes" checked={checked} />
      <span>
        {label}
        {help === undefined ? null : <span class="soft small choice-help">{help}</span>}
      </span>
    </label>
  );
}

/** The fields of a draft's values, each by its name alone. */
function fielder({ draft, faults }: PartProps) {
  return (name: keyof Draft["values"], label: string, help?: string) => ({
    name,
    label,
    faults,
    value: draft.values[name],
    ...(help === undefined ? {} : { help }),
  });
}

export function WhoPart(props: PartProps & { readonly roles: readonly string[] }) {
  const t = speaker(props.language, BADGE_EDITOR);
  const field = fielder(props);
  const { values } = props.draft;
  return (
    <>
      <TextField
        {...field("roles", t("roles"), t("roles-help", { roles: props.roles.join(", ") }))}
      />
      <TextField {...field("max_awards", t("max"), t("max-help"))} maxlength={16} />
      <Box
        name="visible_locked"
        label={t("visible")}
        help={t("visible-help")}
        checked={values.visible_locked !== ""}
      />
      <TextField {...field("sort_order", t("order"), t("order-help"))} maxlength={16} />
    </>
  );
}

export function EndPart(props: PartProps) {
  const t = speaker(props.language, BADGE_EDITOR);
  const field = fielder(props);
  const { values } = props.draft;
  const units = (["D", "W", "M", "Y"] as const).map((unit) => ({
    value: unit as string,
    label: t(unit),
  }));
  const stored = values.expire_unit === "S" ? [{ value: "S", label: t("S") }] : [];
  return (
    <>
      <Choices
        name="expiry"
        legend={t("end")}
        type="radio"
        options={[
          { value: "never", label: t("end-never") },
          { value: "date", label: t("end-date") },
          { value: "period", label: t("end-period") },
        ]}
        chosen={[values.expiry]}
      />
      <input type="hidden" name="expire_moment" value={values.expire_moment} />
      <TextField {...field("expire_date", t("end-day"))} type="date" />
      <div class="pair">
        <TextField {...field("expire_span", t("end-span"))} maxlength={10} />
        <SelectField {...field("expire_unit", t("unit"))} options={[...units, ...stored]} />
      </div>
      <Box name="renewable" label={t("renewable")} checked={values.renewable !== ""} />
    </>
  );
}

export function TiersPart({ draft, faults, language, action }: PressableProps) {
  const t = speaker(language, BADGE_EDITOR);
  return (
    <div id="tiers">
      <p class="soft small">{t("tiers-help")}</p>
      {draft.tiers.map((tier, i) => (
        <Tier tier={tier} index={i} faults={faults} action={action} t={t} />
      ))}
      <button class="btn" type="submit" name="do" value="add-tier" formaction={`${action}#tiers`}>
        {t("add-tier")}
      </button>
    </div>
  );
}

function Tier(props: {
  readonly tier: TierDraft;
  readonly index: number;
  readonly faults: Faults;
  readonly action: string;
  readonly t: Words;
}) {
  const { tier, index, faults, action, t } = props;
  const level = index + 1;
  return (
    <fieldset class="rule-row">
      <legend class="unseen">{t("tier-name", { level })}</legend>
      <TextField
        name={`t${index}.name`}
        label={t("tier-name", { level })}
        faults={faults}
        value={tier.name}
        maxlength={100}
      />
      <TextField
        name={`t${index}.threshold`}
        label={t("tier-threshold")}
        faults={faults}
        value={tier.threshold}
        maxlength={16}
      />
      <button
        class="btn"
        type="submit"
        name="do"
        value={`drop-tier.${index}`}
        formaction={`${action}#tiers`}
      >
        {t("drop-tier", { level })}
      </button>
    </fieldset>
  );
}

export function MailPart(props: PartProps & { readonly placeholders: readonly string[] }) {
  const t = speaker(props.language, BADGE_EDITOR);
  const field = fielder(props);
  const { values } = props.draft;
  const placeholders = props.placeholders.map((name) => `%${name}%`).join(", ");
  return (
    <>
      <TextField {...field("message_subject", t("subject"))} maxlength={255} />
      <AreaField {...field("message", t("message"), t("message-help", { placeholders }))} />
      <Box name="attachment" label={t("attachment")} checked={values.attachment !== ""} />
      <SelectField
        {...field("notification", t("notification"))}
        options={(["0", "1", "2", "3", "4"] as const).map((often) => ({
          value: often,
          label: t(`notify-${often}`),
        }))}
      />
    </>
  );
}

export function AlignmentsPart({ draft, faults, language, action }: PressableProps) {
  const t = speaker(language, BADGE_EDITOR);
  return (
    <div id="alignments">
      {draft.alignments.map((one, i) => {
        const at = `a${i}`;
        const name = one.name === "" ? t("this-one") : one.name;
        const field = (member: keyof typeof one, label: string) => ({
          name: `${at}.${member}`,
          label,
          faults,
          value: one[member],
        });
        return (
          <fieldset class="rule">
            <legend dir="auto">{name}</legend>
            <TextField {...field("name", t("align-name"))} maxlength={255} />
            <TextField {...field("url", t("align-url"))} type="url" />
            <TextField {...field("framework", t("align-framework"))} maxlength={255} />
            <TextField {...field("code", t("align-code"))} maxlength={255} />
            <AreaField {...field("description", t("align-description"))} rows={2} />
            <button
              class="btn"
              type="submit"
              name="do"
              value={`drop-alignment.${i}`}
              formaction={`${action}#alignments`}
            >
              {t("drop-alignment", { name })}
            </button>
          </fieldset>
        );
      })}
      <button
        class="btn"
        type="submit"
        name="do"
        value="add-alignment"
        formaction={`${action}#alignments`}
      >
        {t("add-alignment")}
      </button>
    </div>
  );
}

export function RelatedPart(
  props: PartProps & {
    readonly badges: readonly { readonly id: string; readonly name: string }[];
  },
) {
  const { draft, faults, language, badges } = props;
  const t = speaker(language, BADGE_EDITOR);
  if (badges.length === 0) return <p class="soft">{t("no-related")}</p>;
  return (
    <fieldset class="choices" id="related">
      <legend>{t("section-related")}</legend>
      {faults
        .filter(({ field }) => field === "related")
        .map(({ detail, language: said }) => (
          <p class="field-fault" lang={said}>
            {detail}
          </p>
        ))}
      {badges.map(({ id, name }) => (
        <label class="choice">
          <input type="checkbox" name="related" value={id} checked={draft.related.includes(id)} />
          <span dir="auto">{name}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function EndorsementPart(props: PartProps) {
  const t = speaker(props.language, BADGE_EDITOR);
  const field = fielder(props);
  const { values } = props.draft;
  return (
    <>
      <p class="soft small">{t("endorsement-help")}</p>
      {(["endorsement_id", "endorsement_claim", "endorsement_date"] as const).map((name) => (
        <input type="hidden" name={name} value={values[name]} />
      ))}
      <TextField {...field("endorser_name", t("endorser-name"))} maxlength={255} />
      <TextField {...field("endorser_url", t("endorser-url"))} type="url" />
      <TextField {...field("endorser_email", t("endorser-email"))} type="email" />
      <AreaField {...field("endorser_comment", t("endorser-comment"))} rows={3} />
    </>
  );
}

export function MorePart(props: PartProps) {
  const t = speaker(props.language, BADGE_EDITOR);
  const field = fielder(props);
  return (
    <>
      <TextField {...field("version", t("version"))} maxlength={50} />
      <Choices
        name="type"
        legend={t("type")}
        type="radio"
        options={[
          { value: "1", label: t("type-site") },
          { value: "2", label: t("type-course") },
        ]}
        chosen={[props.draft.values.type]}
      />
      <TextField {...field("course_id", t("course"))} maxlength={255} />
      <h3>{t("issuer")}</h3>
      <TextField {...field("issuer_name", t("issuer-name"))} maxlength={255} />
      <TextField {...field("issuer_url", t("issuer-url"))} type="url" />
      <TextField {...field("issuer_contact", t("issuer-contact"))} maxlength={255} />
    </>
  );
}
