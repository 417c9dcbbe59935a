// The set-up of a new installation: three steps, and what a link says that sets nothing up.
import type { Child } from "hono/jsx";
import type { Language } from "../language.ts";
import { FORM_TOKEN_FIELD } from "./account.tsx";
import { AreaField, type Faults, FormErrors, TextField } from "./form.tsx";
import { layout } from "./layout.tsx";
import { SETUP } from "./words/setup.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const SETUP_PATH = "/setup";
/** Prints a new link. */
const PRINT_COMMAND = "npx rosette setup";

export type SetupStep = 1 | 2 | 3;

/** What is typed on the three steps; it travels in the form, and is stored with the last step. */
export interface SetupValues {
  readonly organization: string;
  readonly url: string;
  readonly name: string;
  readonly email: string;
  readonly contact: string;
  readonly address: string;
  readonly badge_name: string;
  readonly badge_description: string;
  readonly badge_criteria: string;
}

type Field = keyof SetupValues;

const SETUP_FIELDS: Readonly<Record<SetupStep, readonly Field[]>> = {
  1: ["organization", "url", "name", "email", "contact"],
  2: ["address"],
  3: ["badge_name", "badge_description", "badge_criteria"],
};

interface SetupPageProps {
  readonly language: Language;
  readonly step: SetupStep;
  readonly values: SetupValues;
  /** The page's own path, with its token. */
  readonly action: string;
  readonly formToken: string;
  /** As it is set now. */
  readonly publicUrl: string;
  readonly isLocal: boolean;
  /** Whether people can sign in at all, once this session has ended. */
  readonly canSignIn: boolean;
  readonly faults: Faults;
}

type Say = Speaker<keyof typeof SETUP.en>;

const STEPS = [1, 2, 3] as const;

export function setupPage(props: SetupPageProps) {
  const { language, step, values, action, formToken, faults } = props;
  const t = speaker(language, SETUP);
  const others = STEPS.filter((one) => one !== step).flatMap((one) => SETUP_FIELDS[one]);
  const heading = t("step-of", { step, name: t(`step-${step}`) });
  return layout({
    title: `${t("title")}: ${heading}`,
    language,
    noindex: true,
    children: (
      <>
        <div class="intro">
          <p class="lead">{t("title")}</p>
          <h1>{heading}</h1>
          <p class="lead">{t(`lead-${step}`)}</p>
        </div>
        <ol class="steps-bar" aria-label={t("steps")}>
          {STEPS.map((one) => (
            <li aria-current={one === step ? "step" : undefined}>{t(`step-${one}`)}</li>
          ))}
        </ol>
        <FormErrors faults={faults} language={language} labels={labelsOf(t)} />
        <form class="sheet pad form narrow" method="post" action={action}>
          <input type="hidden" name={FORM_TOKEN_FIELD} value={formToken} />
          <input type="hidden" name="step" value={String(step)} />
          {others.map((name) => (
            <input type="hidden" name={name} value={values[name]} />
          ))}
          {step === 1 ? <Organization t={t} {...props} /> : null}
          {step === 2 ? <Address t={t} {...props} /> : null}
          {step === 3 ? <FirstBadge t={t} values={values} faults={faults} /> : null}
          <Buttons t={t} step={step} />
        </form>
      </>
    ),
  });
}

function labelsOf(t: Say): Record<Field, string> {
  return {
    organization: t("organization"),
    url: t("url"),
    name: t("name"),
    email: t("email"),
    contact: t("contact"),
    address: t("address"),
    badge_name: t("badge-name"),
    badge_description: t("badge-description"),
    badge_criteria: t("badge-criteria"),
  };
}

interface PartProps {
  readonly t: Say;
  readonly values: SetupValues;
  readonly faults: Faults;
}

function Organization({ t, values, faults, canSignIn }: SetupPageProps & { readonly t: Say }) {
  return (
    <>
      <TextField
        name="organization"
        label={t("organization")}
        help={t("organization-help")}
        value={values.organization}
        faults={faults}
        required
        maxlength={255}
        autocomplete="organization"
      />
      <TextField
        name="url"
        type="url"
        label={t("url")}
        help={t("url-help")}
        value={values.url}
        faults={faults}
        required
        maxlength={2048}
        autocomplete="url"
      />
      <TextField
        name="name"
        label={t("name")}
        help={t("name-help")}
        value={values.name}
        faults={faults}
        maxlength={255}
        autocomplete="name"
      />
      <TextField
        name="email"
        type="email"
        label={t("email")}
        help={t("email-help")}
        value={values.email}
        faults={faults}
        required
        maxlength={254}
        autocomplete="email"
      />
      {canSignIn ? null : <p class="red-note">{t("no-mail")}</p>}
      <TextField
        name="contact"
        type="email"
        label={t("contact")}
        help={t("contact-help")}
        value={values.contact}
        faults={faults}
        maxlength={254}
        autocomplete="off"
      />
    </>
  );
}

function Address({ t, values, faults, publicUrl, isLocal }: SetupPageProps & { readonly t: Say }) {
  return (
    <>
      <TextField
        name="address"
        type="url"
        label={t("address")}
        help={t("address-help")}
        value={values.address}
        faults={faults}
        required
        maxlength={2048}
        autocomplete="off"
      />
      {isLocal ? (
        <div class="red-note stack">
          <p>
            <strong>{t("local-note")}</strong>
          </p>
          <p>{t("local-why", { address: publicUrl })}</p>
          <pre class="command">PUBLIC_URL=https://badges.example.org npm start -- --empty</pre>
          <p>{t("local-go-on")}</p>
        </div>
      ) : null}
    </>
  );
}

function FirstBadge({ t, values, faults }: PartProps) {
  return (
    <>
      <TextField
        name="badge_name"
        label={t("badge-name")}
        value={values.badge_name}
        faults={faults}
        maxlength={255}
        autocomplete="off"
      />
      <AreaField
        name="badge_description"
        label={t("badge-description")}
        help={t("badge-description-help")}
        value={values.badge_description}
        faults={faults}
        rows={3}
        maxlength={5000}
      />
      <AreaField
        name="badge_criteria"
        label={t("badge-criteria")}
        help={t("badge-criteria-help")}
        value={values.badge_criteria}
        faults={faults}
        maxlength={20000}
      />
    </>
  );
}

/** Whoever presses Enter goes on: the first button is the one that does. */
function Buttons({ t, step }: { readonly t: Say; readonly step: SetupStep }): Child {
  return (
    <div class="btn-row">
      <button class="btn first" type="submit">
        {t(step === 3 ? "finish" : "next")}
      </button>
      {step === 3 ? (
        <button class="btn" type="submit" name="skip" value="1" formnovalidate>
          {t("skip")}
        </button>
      ) : null}
      {step === 1 ? null : (
        <button class="btn" type="submit" name="back" value="1" formnovalidate>
          {t("back")}
        </button>
      )}
    </div>
  );
}

interface NoSetupPageProps {
  readonly language: Language;
  readonly why: "none" | "unknown" | "ended";
}

export function noSetupPage({ language, why }: NoSetupPageProps) {
  const t = speaker(language, SETUP);
  return layout({
    title: t("link-title"),
    language,
    noindex: true,
    children: (
      <>
        <div class="intro">
          <h1>{t("link-title")}</h1>
          <p class="lead">{t(`link-${why}`)}</p>
        </div>
        <div class="sheet pad narrow stack">
          <p>{t("link-new")}</p>
          <pre class="command">{PRINT_COMMAND}</pre>
        </div>
      </>
    ),
  });
}
