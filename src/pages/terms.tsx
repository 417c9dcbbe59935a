// What those who use this site as a backpack, or connect an app to it, may expect of it.
import { layout } from "./layout.tsx";

export function termsPage({ host }: { readonly host: string }) {
  return layout({
    title: "Terms of use",
    children: (
      <>
        <div class="intro">
          <h1>Terms of use</h1>
          <p class="lead">
            What the software that runs <span dir="ltr">{host}</span> does, and what it asks of
            those who use it. Whoever runs this site may add terms of their own.
          </p>
        </div>
        <div class="sheet pad stack">
          <section class="prose">
            <h2>For people who keep badges here</h2>
            <p>
              A badge is kept for you only if it was made out to an address you have confirmed, and
              only after it was verified with its issuer. A badge that its issuer takes back is
              shown as revoked, here as everywhere.
            </p>
            <p>
              You decide which apps may see your badges or add to them, one by one, and you can end
              that at any time. Ended access stops at once; what an app copied before is no longer
              in anybody’s hands here.
            </p>
            <p>Do not claim an address that is not yours, and do not share your sign-in links.</p>
          </section>
          <section class="prose">
            <h2>For those who connect an app</h2>
            <p>
              The interface is Open Badges 2.1. Register with your true name and addresses under one
              host name, over https. Ask for no more than you use. Keep secrets and tokens to
              yourselves, and delete what a person asks you to delete.
            </p>
            <p>
              Send one badge at a time, the same badge under the same id. Wait as long as an
              answer’s <code>Retry-After</code> says. Registrations are counted, and an app that
              harms others may be shut out.
            </p>
          </section>
          <section class="prose">
            <h2>For both</h2>
            <p>
              The software comes as it is, under the Apache License 2.0, without warranty of any
              kind. How it treats personal data is said under <a href="/privacy">Privacy</a>.
            </p>
          </section>
        </div>
      </>
    ),
  });
}
