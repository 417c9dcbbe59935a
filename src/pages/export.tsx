// The page on which an administrator takes everything of an organization with them.
import { type Account, accountPage, FormToken } from "./account.tsx";
import { SETTINGS_WORDS } from "./words/settings.ts";
import { speaker } from "./words/speak.tsx";

export const EXPORT_PATH = "/admin/export";

const INSIDE = ["profile", "badges", "people", "awards", "work"] as const;
const LEFT_OUT = ["secrets", "theirs"] as const;

export function exportPage({ account }: { readonly account: Account }) {
  const t = speaker(account.language, SETTINGS_WORDS);
  const { name = "", slug = "" } = account.organization ?? {};
  return accountPage({
    title: t("export-title"),
    account,
    place: EXPORT_PATH,
    children: (
      <>
        <div class="intro">
          <h1>{t("export-title")}</h1>
          <p class="lead">{t.rich("export-lead", { organization: <bdi>{name}</bdi> })}</p>
        </div>
        <div class="sheet pad stack">
          <h2>{t("export-what")}</h2>
          <ul class="plain-list">
            {INSIDE.map((part) => (
              <li>{t(`export-${part}`)}</li>
            ))}
          </ul>
          <h2>{t("export-not")}</h2>
          <ul class="plain-list">
            {LEFT_OUT.map((part) => (
              <li>{t(`export-${part}`)}</li>
            ))}
          </ul>
          <p class="soft small">{t("export-form")}</p>
          <p>{t("export-personal")}</p>
          <form class="press" method="post" action={EXPORT_PATH}>
            <FormToken account={account} />
            <button class="btn first" type="submit">
              {t("export-now")}
            </button>
          </form>
          <p class="soft small">{t("export-cli")}</p>
          <pre class="command">
            npx rosette export {slug}.jsonl --organization {slug}
          </pre>
        </div>
      </>
    ),
  });
}
