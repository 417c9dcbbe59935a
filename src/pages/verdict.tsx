// What a stranger came to know: whether the badge still stands, before anything else.
import type { Child } from "hono/jsx";
import type { Award, AwardStatus } from "../db/awards.ts";
import type { Language } from "../language.ts";
import { standingOf } from "../standing.ts";
import type { Urls } from "../urls.ts";
import { ExpiredSign, HiddenSign, RevokedSign, ValidSign } from "./icons.tsx";
import { here } from "./web-address.ts";
import { speaker } from "./words/speak.tsx";
import { VERDICT_WORDS } from "./words/verdict.ts";

type Standing = Pick<Award, "revoked_at" | "date_expire">;

function VerdictSign({ verdict }: { verdict: AwardStatus }) {
  if (verdict === "valid") return <ValidSign />;
  return verdict === "expired" ? <ExpiredSign /> : <RevokedSign />;
}

/** The verdict as one word with its sign. */
export function VerdictLabel({ verdict, language }: { verdict: AwardStatus; language: Language }) {
  return (
    <span class={`state ${verdict}`}>
      <VerdictSign verdict={verdict} />
      {speaker(language, VERDICT_WORDS)(verdict)}
    </span>
  );
}

export interface VerdictBandProps {
  readonly award: Standing & Pick<Award, "revocation_reason" | "visible">;
  /** The award that took this one's place; null where none did, or its holder keeps it private. */
  readonly replacementHash: string | null;
  readonly wasReplaced: boolean;
  readonly now: number;
  readonly urls: Urls;
  readonly language: Language;
}

export function VerdictBand(props: VerdictBandProps) {
  const { award, replacementHash, wasReplaced, now, urls, language } = props;
  const verdict = standingOf(award, now);
  if (verdict === "revoked") return <RevokedBand {...props} />;
  if (!award.visible) return <HiddenBand {...props} verdict={verdict} />;
  const t = speaker(language, VERDICT_WORDS);
  const checked = t.minute(now);
  if (verdict === "expired") {
    return (
      <Band kind="expired" sign={<ExpiredSign />} word={t("is-expired")}>
        {t.rich("expired-on", { day: t.day(award.date_expire ?? now), checked })}{" "}
        {replacementHash !== null ? (
          <a href={here(urls.badgePage(replacementHash))}>{t("see-renewal")}</a>
        ) : wasReplaced ? (
          t("ask-renewal")
        ) : (
          ""
        )}
      </Band>
    );
  }
  return (
    <Band kind="valid" sign={<ValidSign />} word={t("is-valid")}>
      {award.date_expire === null
        ? t.rich("valid-endless", { checked })
        : t.rich("valid-until", { checked, day: t.day(award.date_expire) })}
    </Band>
  );
}

function RevokedBand(props: VerdictBandProps) {
  const { award, replacementHash, wasReplaced, now, urls, language } = props;
  const t = speaker(language, VERDICT_WORDS);
  return (
    <Band kind="revoked" sign={<RevokedSign />} word={t("is-revoked")}>
      {t.rich("revoked-on", { day: t.day(award.revoked_at ?? now) })}{" "}
      {award.revocation_reason ? (
        <>
          {t.rich("reason-given", { reason: <bdi>{award.revocation_reason}</bdi> })}
          {/[.!?…]$/.test(award.revocation_reason) ? " " : ". "}
        </>
      ) : (
        ""
      )}
      {t("do-not-rely")}{" "}
      {replacementHash !== null ? (
        <a href={here(urls.badgePage(replacementHash))}>{t("see-replacement")}</a>
      ) : wasReplaced ? (
        t("ask-replacement")
      ) : (
        ""
      )}
    </Band>
  );
}

interface HiddenBandProps extends VerdictBandProps {
  readonly verdict: AwardStatus;
}

/** Private is not void: whoever was given the link still learns whether the award stands. */
function HiddenBand({ verdict, award, now, language }: HiddenBandProps) {
  const t = speaker(language, VERDICT_WORDS);
  return (
    <Band kind="hidden" sign={<HiddenSign />} word={t("is-private")}>
      {verdict === "valid"
        ? t.rich("private-valid", { checked: t.minute(now) })
        : t.rich("private-expired", { day: t.day(award.date_expire ?? now) })}{" "}
      {t("ask-for-file")}
    </Band>
  );
}

interface BandProps {
  readonly kind: AwardStatus | "hidden";
  readonly sign: Child;
  readonly word: string;
  readonly children: Child;
}

function Band({ kind, sign, word, children }: BandProps) {
  return (
    <div class={`verdict ${kind}`}>
      {sign}
      <strong>{word}</strong>
      <p class="more">{children}</p>
    </div>
  );
}
