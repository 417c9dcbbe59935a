// Narrows a person's own page to some of their badges: a form that is an address.
import type { Account } from "./account.tsx";
import { CATEGORIES } from "./badges-list.tsx";
import { SelectField, TextField } from "./form.tsx";
import type { MeSpeaker, MeView, Shown } from "./me.tsx";

interface MeFilterProps {
  readonly t: MeSpeaker;
  readonly account: Account;
  readonly view: MeView;
}

/** Longer than any badge's name. */
export const MAX_NAME_PART = 255;

const WHICH: readonly Shown[] = ["all", "earned", "locked", "hidden"];

export function MeFilter({ t, account, view }: MeFilterProps) {
  const { which, category, name } = view;
  const isPlain = which === "all" && category === null && name === "";
  const { organizations, organization } = account;
  return (
    <search class="me-filter" aria-label={t("filter")}>
      <form class="form" method="get" action="/me">
        <TextField
          name="name"
          type="search"
          label={t("search")}
          value={name}
          maxlength={MAX_NAME_PART}
        />
        <SelectField
          name="category"
          label={t("category")}
          value={category ?? ""}
          options={[
            { value: "", label: t("all-categories") },
            ...CATEGORIES.map((value) => ({ value, label: t(value) })),
          ]}
        />
        <SelectField
          name="show"
          label={t("which")}
          value={which}
          options={WHICH.map((value) => ({ value, label: t(`which-${value}`) }))}
        />
        {organizations.length > 1 ? (
          <SelectField
            name="at"
            label={t("organization")}
            value={organization?.slug ?? ""}
            options={organizations.map(({ slug, name: label }) => ({ value: slug, label }))}
          />
        ) : null}
        <div class="me-apply">
          <button class="btn" type="submit">
            {t("apply")}
          </button>
          {isPlain ? null : <a href="/me">{t("clear")}</a>}
        </div>
      </form>
    </search>
  );
}
