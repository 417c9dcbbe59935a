// The badges that other apps put here for a person: each with its verdict, and who brought it when.
import { linkable } from "../linkable.ts";
import { type Account, accountPage } from "./account.tsx";
import { PulledVerdict } from "./backpack-state.tsx";
import { Day, Minute, WithTimes } from "./time.tsx";
import { hostOf } from "./web-address.ts";

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
  return accountPage({
    title: "Badges kept here",
    account,
    place: "/me/badges",
    children: (
      <>
        <div class="intro">
          <h1>Badges kept here</h1>
          <p class="lead">
            Badges from elsewhere that your <a href="/me/apps">connected apps</a> put here. Each was
            checked with its issuer before it was kept.
          </p>
        </div>
        {badges.length === 0 ? (
          <p class="sheet pad">
            No app has put a badge here for you. Other sites do so once you connect them to this one
            as your backpack.
          </p>
        ) : (
          <section class="sheet pad">
            <h2>Put here for you</h2>
            <ul class="items rows plain">
              {badges.map((badge) => (
                <Kept {...badge} />
              ))}
            </ul>
            {older === null ? null : (
              <p>
                <a href={older}>Older ones</a>
              </p>
            )}
          </section>
        )}
      </>
    ),
  });
}

function Kept({ id, name, issuerName, broughtBy, since, checkedAt, ...judged }: KeptBadge) {
  const { verdict, verdictDetail, isHosted } = judged;
  const address = isHosted ? linkable(id) : null;
  return (
    <li>
      <div>
        <h3 dir="auto">{name ?? "A badge without a name"}</h3>
        <p class="soft small">
          <bdi>{issuerName ?? hostOf(id)}</bdi>
        </p>
        {verdictDetail === null ? null : (
          <p class="small" dir="auto">
            <WithTimes text={verdictDetail} />
          </p>
        )}
        <p class="soft small">
          <BroughtBy app={broughtBy} />, <Day at={since} />. Checked <Minute at={checkedAt} />.
        </p>
      </div>
      <div class="row-end">
        <PulledVerdict verdict={verdict} />
        {address === null || !address.startsWith("http") ? null : (
          <a href={`/verify?input=${encodeURIComponent(address)}`}>
            Check again<span class="unseen"> {name}</span>
          </a>
        )}
      </div>
    </li>
  );
}

function BroughtBy({ app }: { readonly app: KeptBadge["broughtBy"] }) {
  if (app === null) return <>Put here by an app that is not known any more</>;
  return (
    <>
      Put here by <bdi>{app.name}</bdi> at <bdi>{app.host}</bdi>
    </>
  );
}
