// What this software keeps about people, for how long, and who sees it.
import { layout } from "./layout.tsx";

export function privacyPage({ host }: { readonly host: string }) {
  return layout({
    title: "Privacy",
    children: (
      <>
        <div class="intro">
          <h1>Privacy</h1>
          <p class="lead">
            What the software that runs <span dir="ltr">{host}</span> does with personal data.
            Whoever runs this site answers for it, and may have more to say.
          </p>
        </div>
        <div class="sheet pad stack">
          <section class="prose">
            <h2>What is kept</h2>
            <ul>
              <li>Your name, as an organization or you yourself wrote it, and your addresses.</li>
              <li>
                The badges awarded to you here, with what was written down when they were; and for
                90 days your line in the list that an organization awarded badges by.
              </li>
              <li>
                Badges of other issuers that an app put here for you, as their issuers publish them,
                with the day they were verified: they are listed under{" "}
                <a href="/me/badges">Badges kept here</a>.
              </li>
              <li>Which apps you let in, what each may do, and when it last used that.</li>
              <li>
                Which backpacks you connected, what was sent there and when, and which badges were
                found there.
              </li>
              <li>
                Your sessions: when each began and was last used, and what your browser calls
                itself.
              </li>
            </ul>
          </section>
          <section class="prose">
            <h2>Who sees it</h2>
            <p>
              A badge awarded here has a public page and a public record, as the standard of Open
              Badges asks; the record names you by a salted hash of your address, not by the
              address. Organizations see their own members and awards, and no others.
            </p>
            <p>
              A backpack you connected is sent your badges from here, those you keep private only if
              you say so, until you <a href="/me/backpacks">disconnect it</a>; then its tokens are
              deleted here and given back there.
            </p>
            <p>
              An app sees what you allowed it to see, until you end that under{" "}
              <a href="/me/apps">Connected apps</a>. Addresses you have not confirmed are shown to
              no app.
            </p>
            <p>
              To verify a badge, its issuer’s server is asked for the badge’s public documents. It
              learns that somebody asked for them, and not who you are. No page here loads anything
              from another site, and there is no tracking and no advertising.
            </p>
          </section>
          <section class="prose">
            <h2>How it is kept</h2>
            <p>
              The tokens of apps and the links we mail you are stored as hashes, other secrets
              encrypted. One cookie keeps you signed in; one ties a sign-in to the browser that
              began it, for a day; two more are there while you decide about an app. None is for
              anything else.
            </p>
          </section>
          <section class="prose">
            <h2>How long</h2>
            <p>
              Sessions end after fourteen days without use, an app’s access after half a year
              without use. Badges are kept until you or the organization that awarded them has them
              deleted. Ask whoever runs this site for a copy of your data, or to have it deleted.
            </p>
          </section>
        </div>
      </>
    ),
  });
}
