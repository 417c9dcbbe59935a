// The front door: what this installation is, and where to go first.
import type { ShowcaseRow } from "../db/badge-page.ts";
import { standingOf } from "../standing.ts";
import type { Urls } from "../urls.ts";
import { layout } from "./layout.tsx";
import { BadgePicture } from "./picture.tsx";
import { VerdictLabel } from "./verdict.tsx";
import { here } from "./web-address.ts";

export interface HomePageProps {
  readonly urls: Urls;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Awards of the demo to look at; empty where there is no demo. */
  readonly showcase: readonly ShowcaseRow[];
  /** Whether no organization exists yet. */
  readonly isEmpty: boolean;
  /** Whether the public address means this machine or network only. */
  readonly isLocal: boolean;
}

export function homePage(props: HomePageProps) {
  const { urls, isEmpty, isLocal } = props;
  return layout({
    title: "Rosette: Open Badges that anyone can verify",
    head: (
      <>
        <meta
          name="description"
          content="This server issues Open Badges and answers for each of them."
        />
        <link rel="canonical" href={urls.home} />
      </>
    ),
    children: (
      <>
        <div class="intro">
          <h1>Badges that anyone can verify</h1>
          <p class="lead">
            This server issues Open Badges and answers for every one of them: each award has a page
            for people, a record for programs, and a picture that carries the record inside.
          </p>
          {isLocal ? (
            <p class="lead soft">
              It runs under <code>{urls.base}</code>, an address that only this machine or network
              knows: badges issued now verify here and nowhere else.
            </p>
          ) : null}
        </div>
        <section class="band" aria-labelledby="verify">
          <h2 id="verify">Did somebody show you a badge?</h2>
          <p>
            <a href="/verify">Verify a badge</a> of any issuer: give its link or its file, and see
            whether it is genuine and still stands.
          </p>
        </section>
        <section class="band" aria-labelledby="yours">
          <h2 id="yours">Did you earn a badge here?</h2>
          <p>
            <a href="/me/backpacks">Sign in</a> with the address it was made out to, and have it
            sent to the backpack you keep your badges in. There is no password.
          </p>
        </section>
        {props.showcase.length > 0 ? <Showcase {...props} /> : null}
        {isEmpty ? <FirstSteps /> : null}
        <section class="band" aria-labelledby="programs">
          <h2 id="programs">For programs</h2>
          <ul class="plain-list">
            <li>
              <a href="/docs">API documentation</a>: define badges, award and revoke them.
            </li>
            <li>
              <a href="/openapi.json">OpenAPI description</a> of the same, for code generators.
            </li>
            <li>
              <a href="/problems">Every error the server can answer with</a>, and what to do about
              it.
            </li>
          </ul>
        </section>
      </>
    ),
  });
}

function Showcase({ showcase, now, urls }: HomePageProps) {
  return (
    <section class="band" aria-labelledby="demo">
      <h2 id="demo">Look at some: the demo’s badges</h2>
      <ul class="cards">
        {showcase.map(({ award, badge, picture }) => (
          <li class={award.revoked_at === null ? "sheet card" : "sheet card faded"}>
            <BadgePicture picture={picture} badge={badge} urls={urls} />
            <VerdictLabel verdict={standingOf(award, now)} />
            <h3>
              <a href={here(urls.badgePage(award.unique_hash))} lang={badge.language} dir="auto">
                {badge.name}
              </a>
            </h3>
            {award.recipient_name && award.revoked_at === null ? (
              <p class="soft small">
                <bdi>{award.recipient_name}</bdi>
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function FirstSteps() {
  return (
    <section class="band" aria-labelledby="first">
      <h2 id="first">Nothing has been issued yet</h2>
      <ol class="steps plain-list">
        <li>
          Make a key for the API, in the folder that Rosette runs in:
          <pre tabindex={0}>npm run rosette -- keys create --site --name setup</pre>
        </li>
        <li>
          With it, make your organization, define a badge and award it. The{" "}
          <a href="/docs">API documentation</a> shows each call.
        </li>
        <li>The answer to the award names its page. Open it, and send the link to its holder.</li>
      </ol>
    </section>
  );
}
