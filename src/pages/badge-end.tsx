// The second step before a badge is archived, deleted or removed for good: what happens then, and the way back.
import { type Account, accountPage, FormToken } from "./account.tsx";
import { badgePath } from "./badges-paths.ts";
import { type Faults, FormErrors, TextField } from "./form.tsx";
import { BADGES } from "./words/badges.ts";
import { speaker } from "./words/speak.tsx";

export const BADGE_ENDS = ["archive", "delete", "purge"] as const;
export type BadgeEnd = (typeof BADGE_ENDS)[number];

interface BadgeEndProps {
  readonly account: Account;
  readonly badge: { readonly id: string; readonly name: string; readonly language: string };
  readonly end: BadgeEnd;
  /** Whether anybody was ever awarded it: then it is not deleted. */
  readonly wasAwarded: boolean;
  readonly faults: Faults;
}

export function badgeEndPage({ account, badge, end, wasAwarded, faults }: BadgeEndProps) {
  const { language } = account;
  const t = speaker(language, BADGES);
  const title = t(`${end}-title`, { name: badge.name });
  const path = badgePath(badge.id);
  const isKept = end === "delete" && wasAwarded;
  return accountPage({
    title,
    account,
    place: "/admin/badges",
    children: (
      <>
        <p class="back">
          <a href={path} lang={badge.language} dir="auto">
            {badge.name}
          </a>
        </p>
        <FormErrors faults={faults} language={language} labels={{ confirm: t("purge-confirm") }} />
        <div class="sheet pad narrow stack">
          <h1 dir="auto">{title}</h1>
          <p>{t(isKept ? "delete-held" : `${end}-text`)}</p>
          <form class="form" method="post" action={`${path}/${end}`} novalidate>
            <FormToken account={account} />
            {end === "purge" ? (
              <TextField
                name="confirm"
                label={t("purge-confirm")}
                help={
                  <span lang={badge.language} dir="auto">
                    {badge.name}
                  </span>
                }
                faults={faults}
                autocomplete="off"
                maxlength={255}
              />
            ) : null}
            <div class="row-actions">
              <button class="btn first" type="submit">
                {t(isKept ? "archive-yes" : `${end}-yes`)}
              </button>
              <a class="btn" href={path}>
                {t("keep")}
              </a>
            </div>
          </form>
        </div>
      </>
    ),
  });
}
