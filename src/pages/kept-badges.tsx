// The badges that other apps put here for a person: each with its verdict, and who brought it when.
import type { Language } from "../language.ts";
import { linkable } from "../linkable.ts";
import { type Account, accountPage } from "./account.tsx";
import { PulledVerdict } from "./backpack-state.tsx";
import { JudgedDetail } from "./judged-detail.tsx";
import { hostOf } from "./web-address.ts";
import { APPS_WORDS } from "./words/apps.ts";
import { speaker } from "./words/speak.tsx";

/** Every text but the verdict is a stranger's. */
export interface KeptBadge {
  /** The assertion's id. */
  readonly id: string;
  /** Whether the issuer hosts it at that address, so that it can be checked by it. */
  readonly isHosted: boolean;
  readonly name: string | null;
  readonly issuerName: string | null;
  readonly verdict: string;
  readonly verdictDetail: string | null;
  /** Its own date has passed since it was checked. */
  readonly hasRunOut: boolean;
  /** The app that put it here, by its own word and its host; null where it is not known any more. */
  readonly broughtBy: { readonly name: string; readonly host: string } | null;
  /** Milliseconds since 1970: when it first came, and when it was last checked. */
  readonly since: number;
  readonly checkedAt: number;
}

export interface KeptBadgesPageProps {
  readonly account: Account;
  readonly badges: readonly KeptBadge[];
  /** The address of the page with those before these; null at the end. */
  readonly older: string | null;
}

/** To be sent with PAGE_HEADERS and `cache-control: no-store`. */
export function keptBadgesPage({ account, badges, older }: KeptBadgesPageProps) {
  const t = speaker(account.language, APPS_WORDS);
  return accountPage({
    title: t("kept-title"),
    account,
    place: "/me/badges",
    children: (
      <>
        <div class="intro">
          <h1>{t("kept-title")}</h1>
          <p class="lead">
            {t.rich("kept-lead", { link: (inside) => <a href="/me/apps">{inside}</a> })}
          </p>
        </div>
        {badges.length === 0 ? (
          <p class="sheet pad">{t("kept-none")}</p>
        ) : (
          <section class="sheet pad">
            <h2>{t("kept-heading")}</h2>
            <ul class="items rows plain">
              {badges.map((badge) => (
                <Kept {...badge} language={account.language} />
              ))}
            </ul>
            {older === null ? null : (
              <p>
                <a href={older}>{t("older")}</a>
              </p>
            )}
          </section>
        )}
      </>
    ),
  });
}

function Kept(badge: KeptBadge & { readonly language: Language }) {
  const { id, name, issuerName, verdict, isHosted, hasRunOut, language } = badge;
  const t = speaker(language, APPS_WORDS);
  const address = isHosted ? linkable(id) : null;
  return (
    <li>
      <div>
        <h3 dir="auto">{name ?? t("nameless")}</h3>
        <p class="soft small">
          <bdi>{issuerName ?? hostOf(id)}</bdi>
        </p>
        {hasRunOut ? (
          <p class="small">{t("ran-out")}</p>
        ) : (
          <JudgedDetail
            verdict={verdict}
            detail={badge.verdictDetail}
            isTheirs
            language={language}
          />
        )}
        <p class="soft small">
          <BroughtBy {...badge} />
        </p>
      </div>
      <div class="row-end">
        <PulledVerdict verdict={hasRunOut ? "expired" : verdict} language={language} />
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

function BroughtBy({
  broughtBy,
  since,
  checkedAt,
  language,
}: KeptBadge & { readonly language: Language }) {
  const t = speaker(language, APPS_WORDS);
  const times = { day: t.day(since), at: t.minute(checkedAt) };
  if (broughtBy === null) return <>{t.rich("brought-by-nobody", times)}</>;
  const { name, host } = broughtBy;
  return (
    <>{t.rich("brought-by", { ...times, name: <bdi>{name}</bdi>, host: <bdi>{host}</bdi> })}</>
  );
}
