// The cards of a person's own page: one badge each, and one link each.
import type { Badge } from "../db/badges.ts";
import type { OwnBadge } from "../db/own-shelf.ts";
import type { Urls } from "../urls.ts";
import { type Account, Press } from "./account.tsx";
import { cutShort } from "./cut-short.ts";
import { HeldBadge } from "./held-badge.tsx";
import { HiddenSign } from "./icons.tsx";
import type { MeSpeaker } from "./me.tsx";
import type { ShownNext } from "./me-next.tsx";
import { here } from "./web-address.ts";

interface OwnCardProps {
  readonly t: MeSpeaker;
  readonly account: Account;
  readonly urls: Urls;
  readonly now: number;
  readonly own: OwnBadge;
}

export function OwnCard({ t, account, urls, now, own }: OwnCardProps) {
  const { badge, times, shown } = own;
  const isHidden = shown === 0;
  return (
    <li class={isHidden ? "sheet card own faded" : "sheet card own"}>
      <HeldBadge t={t} urls={urls} now={now} own={own} heading="h4" />
      <div class="card-foot">
        {shown === times ? null : (
          <span class="state hidden">
            <HiddenSign />
            {isHidden ? t("hidden") : t("partly-hidden", { hidden: times - shown, count: times })}
          </span>
        )}
        <Press
          account={account}
          action="/me/visibility"
          fields={{ badge: badge.id, visible: isHidden ? "true" : "false" }}
          about={badge.name}
        >
          {t(isHidden ? "show" : "hide")}
        </Press>
      </div>
    </li>
  );
}

/** More than the lines that are seen of it. */
const MAX_DESCRIPTION = 300;

interface LockedCardProps {
  readonly t: MeSpeaker;
  readonly urls: Urls;
  readonly badge: Badge;
  readonly next: readonly ShownNext[];
}

/** Nearly without colour, and with its description: what it takes is behind the link. */
export function LockedCard({ t, urls, badge, next }: LockedCardProps) {
  const progress = next.find((one) => one.badge.id === badge.id)?.steps[0];
  return (
    <li class="sheet card locked">
      <img class="art" src={here(urls.lockedImage(badge.id))} width="144" height="144" alt="" />
      <h4>
        <a href={here(urls.badgeCriteria(badge.id))} lang={badge.language} dir="auto">
          {badge.name}
        </a>
      </h4>
      <p class="soft small clamped" lang={badge.language} dir="auto">
        {cutShort(badge.description, MAX_DESCRIPTION)}
      </p>
      <p class="soft small">
        {progress === undefined
          ? t("locked-badge")
          : t("progress", { value: progress.value, threshold: progress.threshold })}
      </p>
    </li>
  );
}
