// The second step before awards are revoked, and the form that corrects one and issues it again.
import type { Award } from "../db/awards.ts";
import { type Account, accountPage, FormToken } from "./account.tsx";
import { deedPath, recipientOf } from "./badge-awards.tsx";
import { badgePath } from "./badges-paths.ts";
import { AreaField, type Faults, FormErrors, SelectField, TextField } from "./form.tsx";
import { BADGE_AWARDS } from "./words/badge-awards.ts";
import { speaker } from "./words/speak.tsx";

interface Named {
  readonly id: string;
  readonly name: string;
}

interface RevokeProps {
  readonly account: Account;
  readonly badge: Named;
  readonly awards: readonly Award[];
  readonly reason: string;
  readonly faults: Faults;
}

export function revokePage({ account, badge, awards, reason, faults }: RevokeProps) {
  const { language } = account;
  const t = speaker(language, BADGE_AWARDS);
  const count = awards.length;
  const title = t("revoke-title", { count, name: badge.name });
  return accountPage({
    title,
    account,
    place: "/admin/badges",
    children: (
      <>
        <p class="back">
          <a href={badgePath(badge.id)} dir="auto">
            {badge.name}
          </a>
        </p>
        <FormErrors faults={faults} language={language} labels={{ reason: t("reason") }} />
        <div class="sheet pad narrow stack">
          <h1 dir="auto">{title}</h1>
          <ul class="plain-list">
            {awards.map((award) => (
              <li dir="auto">{recipientOf(award)}</li>
            ))}
          </ul>
          <p>{t("revoke-text")}</p>
          <form class="form" method="post" action={deedPath(badge.id, "revoke")} novalidate>
            <FormToken account={account} />
            <input type="hidden" name="confirmed" value="yes" />
            {awards.map(({ id }) => (
              <input type="hidden" name="award" value={id} />
            ))}
            <AreaField
              name="reason"
              label={t("reason")}
              help={t("reason-help")}
              required
              rows={3}
              maxlength={1_000}
              value={reason}
              faults={faults}
            />
            <label class="choice" for="reset">
              <input type="checkbox" id="reset" name="reset" value="yes" />
              <span>{t("reset")}</span>
            </label>
            <div class="row-actions">
              <button class="btn first" type="submit">
                {t("revoke-yes", { count })}
              </button>
              <a class="btn" href={badgePath(badge.id)}>
                {t("keep")}
              </a>
            </div>
          </form>
        </div>
      </>
    ),
  });
}

/** As it was typed. */
export interface CorrectionDraft {
  readonly narrative: string;
  readonly evidence: string;
  /** A day, as 2027-06-30; empty for never. */
  readonly expires: string;
  readonly tier: string;
  readonly reason: string;
}

interface CorrectProps {
  readonly account: Account;
  readonly badge: Named;
  readonly award: Award;
  readonly tiers: readonly { readonly level: number; readonly name: string }[];
  readonly draft: CorrectionDraft;
  readonly faults: Faults;
}

export function correctPage({ account, badge, award, tiers, draft, faults }: CorrectProps) {
  const { language } = account;
  const t = speaker(language, BADGE_AWARDS);
  const title = t("correct-title", { name: recipientOf(award) });
  const labels = {
    narrative: t("narrative"),
    evidence: t("evidence"),
    expires: t("expiry"),
    tier: t("tier"),
    reason: t("correct-reason"),
  };
  return accountPage({
    title,
    account,
    place: "/admin/badges",
    children: (
      <>
        <p class="back">
          <a href={badgePath(badge.id)} dir="auto">
            {badge.name}
          </a>
        </p>
        <FormErrors faults={faults} language={language} labels={labels} />
        <div class="sheet pad narrow stack">
          <h1 dir="auto">{title}</h1>
          <p>{t("correct-text")}</p>
          <form
            class="form"
            method="post"
            action={`${badgePath(badge.id)}/awards/${award.id}/correct`}
            novalidate
          >
            <FormToken account={account} />
            <AreaField
              name="narrative"
              label={labels.narrative}
              help={t("narrative-help")}
              value={draft.narrative}
              faults={faults}
            />
            <AreaField
              name="evidence"
              label={labels.evidence}
              help={t("evidence-help")}
              rows={3}
              value={draft.evidence}
              faults={faults}
            />
            <TextField
              name="expires"
              type="date"
              label={labels.expires}
              help={t("expiry-help")}
              value={draft.expires}
              faults={faults}
            />
            {tiers.length === 0 ? null : (
              <SelectField
                name="tier"
                label={labels.tier}
                value={draft.tier}
                faults={faults}
                options={[
                  { value: "", label: t("tier-none") },
                  ...tiers.map(({ level, name }) => ({ value: String(level), label: name })),
                ]}
              />
            )}
            <AreaField
              name="reason"
              label={labels.reason}
              help={t("correct-reason-help")}
              required
              rows={3}
              maxlength={1_000}
              value={draft.reason}
              faults={faults}
            />
            <button class="btn first" type="submit">
              {t("correct-yes")}
            </button>
          </form>
          <p>
            <a href={badgePath(badge.id)}>{t("keep")}</a>
          </p>
        </div>
      </>
    ),
  });
}
