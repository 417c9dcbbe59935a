// The settings of an organization: the profile it issues badges under, its picture, where it is found.
import type { Child } from "hono/jsx";
import { type Account, FormToken, Press } from "./account.tsx";
import { deskPage } from "./desk-page.tsx";
import { AreaField, type Faults, FileField, FormErrors, TextField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { here } from "./web-address.ts";
import { SETTINGS_WORDS } from "./words/settings.ts";
import { type Speaker, speaker } from "./words/speak.tsx";

export const SETTINGS_PATH = "/admin/settings";
export const PICTURE_PATH = "/admin/settings/picture";

/** The form's fields, as they are stored or as they were typed. */
export interface SettingsValues {
  readonly name: string;
  readonly slug: string;
  readonly url: string;
  readonly email: string;
  readonly description: string;
  readonly telephone: string;
  readonly language: string;
  readonly isListed: boolean;
  readonly startsWith: string;
  readonly origins: string;
}

interface SettingsPageProps {
  readonly account: Account;
  readonly values: SettingsValues;
  /** Of the organization as it was read. */
  readonly etag: string;
  /** Address of the public issuer profile. */
  readonly issuer: string;
  readonly publicUrl: string;
  readonly isLocal: boolean;
  /** Address of its picture; null for none. */
  readonly picture: string | null;
  readonly done: string | null;
  readonly faults: Faults;
}

type Say = Speaker<keyof typeof SETTINGS_WORDS.en>;

export function settingsPage(props: SettingsPageProps) {
  const { account, faults, done } = props;
  const t = speaker(account.language, SETTINGS_WORDS);
  return deskPage({
    t,
    account,
    place: SETTINGS_PATH,
    children: (
      <>
        <Done words={done} />
        <FormErrors
          faults={faults}
          language={account.language}
          labels={{
            name: t("name"),
            slug: t("slug"),
            url: t("url"),
            email: t("email"),
            description: t("description"),
            telephone: t("telephone"),
            language: t("language"),
            starts_with: t("starts-with"),
            origins: t("origins"),
            file: t("picture-file"),
          }}
        />
        <div class="two-columns">
          <ProfileForm t={t} {...props} />
          <div>
            <Picture t={t} {...props} />
            <Address t={t} {...props} />
          </div>
        </div>
      </>
    ),
  });
}

interface PartProps extends SettingsPageProps {
  readonly t: Say;
}

function ProfileForm({ t, account, values, etag, issuer, faults }: PartProps) {
  const text = (
    name: keyof SettingsValues,
    over: Partial<Parameters<typeof TextField>[0]> = {},
  ) => (
    <TextField
      name={name}
      label={t(name as "name")}
      value={String(values[name])}
      faults={faults}
      autocomplete="off"
      {...over}
    />
  );
  return (
    <form class="sheet pad form" method="post" action={SETTINGS_PATH} aria-labelledby="profile">
      <h2 id="profile">{t("profile")}</h2>
      <FormToken account={account} />
      <input type="hidden" name="etag" value={etag} />
      {text("name", { required: true, maxlength: 255 })}
      {text("url", { type: "url", help: t("url-help"), required: true, maxlength: 2048 })}
      {text("email", { type: "email", help: t("email-help"), required: true, maxlength: 254 })}
      <AreaField
        name="description"
        label={t("description")}
        help={t("description-help")}
        value={values.description}
        faults={faults}
        maxlength={5000}
      />
      {text("telephone", { help: t("telephone-help"), maxlength: 16 })}
      {text("language", { help: t("language-help"), required: true, maxlength: 35 })}
      {text("slug", { help: t("slug-help"), required: true, maxlength: 60 })}
      <label class="choice">
        <input type="checkbox" name="is_listed" value="1" checked={values.isListed} />
        <span>
          {t("listed")}
          <span class="soft small choice-help">{t("listed-help")}</span>
        </span>
      </label>
      <Elsewhere t={t} values={values} faults={faults} />
      <button class="btn first" type="submit">
        {t("save")}
      </button>
      <p class="small">
        <a href={here(issuer)}>{t("see-profile")}</a>
      </p>
    </form>
  );
}

/** OB 2.0, VerificationObject: what few issuers ever need. */
function Elsewhere({ t, values, faults }: Pick<PartProps, "t" | "values" | "faults">): Child {
  const isUsed = values.startsWith !== "" || values.origins !== "";
  const isWrong = faults.some(({ field }) => field === "starts_with" || field === "origins");
  return (
    <details open={isUsed || isWrong}>
      <summary>{t("also-valid")}</summary>
      <p class="soft small">{t("also-valid-help")}</p>
      <TextField
        name="starts_with"
        label={t("starts-with")}
        help={t("starts-with-help")}
        value={values.startsWith}
        faults={faults}
        maxlength={2048}
      />
      <TextField
        name="origins"
        label={t("origins")}
        help={t("origins-help")}
        value={values.origins}
        faults={faults}
        maxlength={6000}
      />
    </details>
  );
}

function Picture({ t, account, picture, faults }: PartProps) {
  const organization = account.organization?.name ?? "";
  return (
    <section class="sheet pad stack" aria-labelledby="picture">
      <h2 id="picture">{t("picture")}</h2>
      <p class="soft small">{t("picture-lead")}</p>
      {picture === null ? (
        <p>{t("picture-none")}</p>
      ) : (
        <img
          class="logo"
          src={here(picture)}
          width="128"
          height="128"
          alt={t("picture-alt", { organization })}
        />
      )}
      <form class="form" method="post" action={PICTURE_PATH} enctype="multipart/form-data">
        <FormToken account={account} />
        <FileField
          name="file"
          label={t("picture-file")}
          faults={faults}
          accept="image/png,image/svg+xml,.png,.svg"
          required
        />
        <button class="btn" type="submit">
          {t("picture-upload")}
        </button>
      </form>
      {picture === null ? null : (
        <Press action={`${PICTURE_PATH}/remove`} account={account}>
          {t("picture-remove")}
        </Press>
      )}
    </section>
  );
}

function Address({ t, publicUrl, isLocal }: PartProps) {
  return (
    <section class="sheet pad stack result-part" aria-labelledby="address">
      <h2 id="address">{t("address")}</h2>
      <p>{t("address-lead")}</p>
      <p>
        <code>{publicUrl}</code>
      </p>
      {isLocal ? <p class="red-note">{t("address-local")}</p> : null}
      <p class="soft small">{t("address-fixed")}</p>
    </section>
  );
}
