// Badges found in a backpack, as they were judged here; every word of theirs is a stranger's.
import type { ExternalBadgeView } from "../backpack/external.ts";
import type { Language } from "../language.ts";
import { linkable } from "../linkable.ts";
import { PulledVerdict } from "./backpack-state.tsx";
import { JudgedDetail } from "./judged-detail.tsx";
import { hostOf } from "./web-address.ts";
import { BACKPACK_WORDS } from "./words/backpack.ts";
import { speaker } from "./words/speak.tsx";

interface PulledBadgesProps {
  readonly badges: readonly ExternalBadgeView[];
  readonly more: boolean;
  /** When the backpack was last asked; null for never. */
  readonly lookedAt: number | null;
  readonly language: Language;
}

export function PulledBadges({ badges, more, lookedAt, language }: PulledBadgesProps) {
  const t = speaker(language, BACKPACK_WORDS);
  return (
    <>
      {badges.length === 0 ? <p>{t(lookedAt === null ? "not-asked" : "nothing-there")}</p> : null}
      <ul class="items rows plain">
        {badges.map((badge) => (
          <Pulled badge={badge} language={language} />
        ))}
      </ul>
      {more ? <p class="soft small">{t("newest-shown", { count: badges.length })}</p> : null}
      {lookedAt === null ? null : (
        <p class="soft small">{t.rich("looked-at", { at: t.minute(lookedAt) })}</p>
      )}
    </>
  );
}

interface PulledProps {
  readonly badge: ExternalBadgeView;
  readonly language: Language;
}

function Pulled({ badge, language }: PulledProps) {
  const t = speaker(language, BACKPACK_WORDS);
  const { canonicalId, name, issuerName, issuedOn, heldIn, verdict, isTheirs } = badge;
  const collections = heldIn.flatMap((place) => place.collections);
  const address = linkable(canonicalId);
  return (
    <li>
      <div>
        <h3 dir="auto">{name ?? t("nameless")}</h3>
        <p class="soft small">
          <bdi>{issuerName ?? hostOf(canonicalId)}</bdi>
          {issuedOn === null ? null : <>, {t.day(issuedOn)}</>}
          {collections.map((collection) => (
            <>, {t.rich("in-collection", { name: <bdi>{collection}</bdi> })}</>
          ))}
        </p>
        {verdict === "valid" && isTheirs ? null : (
          <JudgedDetail
            verdict={verdict}
            detail={badge.verdictDetail}
            isTheirs={isTheirs}
            language={language}
          />
        )}
      </div>
      <div class="row-end">
        <PulledVerdict verdict={verdict} language={language} />
        {address === null || !address.startsWith("http") ? null : (
          <a href={`/verify?input=${encodeURIComponent(address)}`}>
            {t("check-again")}
            <span class="unseen">
              {" "}
              <bdi>{name}</bdi>
            </span>
          </a>
        )}
      </div>
    </li>
  );
}
