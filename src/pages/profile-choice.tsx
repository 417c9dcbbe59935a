// Where a person chooses whether there is a page of their badges for others, and what it says of them.
import { type Account, accountPage, FormToken } from "./account.tsx";
import { Choices, type Faults, FormErrors, TextField } from "./form.tsx";
import { Done } from "./form-outcome.tsx";
import { here } from "./web-address.ts";
import { PROFILE } from "./words/profile.ts";
import { speaker } from "./words/speak.tsx";

export const PROFILE_VISIBILITY = ["off", "on", "indexed"] as const;
export type ProfileVisibility = (typeof PROFILE_VISIBILITY)[number];

export interface ProfileChoice {
  readonly name: string;
  readonly slug: string;
  readonly visibility: ProfileVisibility;
  readonly isListed: boolean;
}

export interface ProfileChoicePageProps {
  readonly account: Account;
  /** What the form holds: as it is stored, or as it was sent. */
  readonly choice: ProfileChoice;
  /** The page's address while it is on; null while it is off. */
  readonly url: string | null;
  /** What stands before the slug. */
  readonly base: string;
  readonly done: "kept" | null;
  readonly faults: Faults;
}

export const MAX_PROFILE_NAME = 100;
export const MAX_SLUG = 40;

export function profileChoicePage(props: ProfileChoicePageProps) {
  const { account, choice, url, base, done, faults } = props;
  const t = speaker(account.language, PROFILE);
  return accountPage({
    title: t("choose-title"),
    account,
    place: "/me",
    children: (
      <>
        <div class="intro">
          <h1>{t("choose-heading")}</h1>
          <p class="lead">{t("choose-lead")}</p>
        </div>
        <FormErrors
          faults={faults}
          language={account.language}
          labels={{ name: t("name"), slug: t("slug") }}
        />
        <Done words={done === null ? null : t(`done-${done}`)} />
        <form class="sheet pad form narrow" method="post" action="/me/profile">
          <FormToken account={account} />
          <p>
            {url === null
              ? t("is-off")
              : t.rich("is-on", {
                  address: url,
                  link: (inside) => <a href={here(url)}>{inside}</a>,
                })}
          </p>
          <p>{t("what-shows")}</p>
          <TextField
            name="name"
            label={t("name")}
            help={t("name-help")}
            value={choice.name}
            maxlength={MAX_PROFILE_NAME}
            autocomplete="name"
            faults={faults}
          />
          <TextField
            name="slug"
            label={t("slug")}
            help={t("slug-help", { base })}
            value={choice.slug}
            maxlength={MAX_SLUG}
            faults={faults}
          />
          <Choices
            name="visibility"
            type="radio"
            legend={t("visibility")}
            options={PROFILE_VISIBILITY.map((value) => ({
              value,
              label: t(value === "indexed" ? "public-indexed" : `public-${value}`),
              help: t(value === "indexed" ? "public-indexed-help" : `public-${value}-help`),
            }))}
            chosen={[choice.visibility]}
          />
          <Choices
            name="listed"
            type="checkbox"
            legend={t("listed")}
            options={[{ value: "yes", label: t("listed-label"), help: t("listed-help") }]}
            chosen={choice.isListed ? ["yes"] : []}
          />
          <button class="btn first" type="submit">
            {t("keep")}
          </button>
          <p>
            <a href="/me">{t("back")}</a>
          </p>
        </form>
      </>
    ),
  });
}
