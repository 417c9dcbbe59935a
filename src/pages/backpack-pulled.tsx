// Badges found in a backpack, as they were judged here; every word of theirs is a stranger's.
import type { ExternalBadgeView } from "../backpack/external.ts";
import { linkable } from "../linkable.ts";
import { PulledVerdict } from "./backpack-state.tsx";
import { Day, Minute, WithTimes } from "./time.tsx";
import { hostOf } from "./web-address.ts";

interface PulledBadgesProps {
  readonly badges: readonly ExternalBadgeView[];
  readonly more: boolean;
  /** When the backpack was last asked; null for never. */
  readonly lookedAt: number | null;
}

export function PulledBadges({ badges, more, lookedAt }: PulledBadgesProps) {
  return (
    <>
      {badges.length === 0 ? (
        <p>
          {lookedAt === null
            ? "The backpack has not been asked yet what is in it."
            : "There is no badge from anybody else in it."}
        </p>
      ) : null}
      <ul class="items rows plain">
        {badges.map((badge) => (
          <Pulled {...badge} />
        ))}
      </ul>
      {more ? <p class="soft small">Only the newest {badges.length} are shown.</p> : null}
      {lookedAt === null ? null : (
        <p class="soft small">
          Last looked <Minute at={lookedAt} />. Each badge was checked with its issuer, not with the
          backpack.
        </p>
      )}
    </>
  );
}

function Pulled(badge: ExternalBadgeView) {
  const { canonicalId, name, issuerName, issuedOn, heldIn } = badge;
  const collections = heldIn.flatMap((place) => place.collections);
  const address = linkable(canonicalId);
  return (
    <li>
      <div>
        <h3 dir="auto">{name ?? "A badge without a name"}</h3>
        <p class="soft small">
          <bdi>{issuerName ?? hostOf(canonicalId)}</bdi>
          {issuedOn === null ? null : (
            <>
              , <Day at={issuedOn} />
            </>
          )}
          {collections.map((collection) => (
            <>
              , in “<bdi>{collection}</bdi>”
            </>
          ))}
        </p>
        {badge.verdictDetail === null || (badge.verdict === "valid" && badge.isTheirs) ? null : (
          <p class="small" dir="auto">
            <WithTimes text={badge.verdictDetail} />
          </p>
        )}
      </div>
      <div class="row-end">
        <PulledVerdict verdict={badge.verdict} />
        {address === null || !address.startsWith("http") ? null : (
          <a href={`/verify?input=${encodeURIComponent(address)}`}>
            Check again<span class="unseen"> {name}</span>
          </a>
        )}
      </div>
    </li>
  );
}
