// The page on which a person sees what apps put here for them.
import { describe, expect, it } from "vitest";
import { keepHostedBadge } from "../../src/db/hosted-badges.ts";
import { identities } from "../../src/db/organizations.ts";
import { KEPT_ON_A_PAGE } from "../../src/host/kept.ts";
import { MAX_BADGES } from "../../src/host/posted.ts";
import { newId } from "../../src/ids.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { signedIn } from "../signed-in.ts";
import { type Backpack, backpack } from "./backpack.ts";
import { METADATA } from "./client.ts";

const PAGE = "/me/badges";
const MARKUP = "<img src=x onerror=alert(1)>";

async function htmlOf({ browser }: Backpack, path = PAGE): Promise<string> {
  const response = await browser.get(path);
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  return response.text();
}

/** Writes badges down as an app left them, one second after the other. */
async function given(
  made: Backpack,
  names: readonly (string | null)[],
  { clientId, jws = null }: { readonly clientId?: string; readonly jws?: string | null } = {},
) {
  const { app, person } = made;
  const [identity] = await app.env.db.orm.select().from(identities);
  for (const name of names) {
    app.clock.advance(1_000);
    const id = newId(app.env);
    const row = {
      id,
      user_id: person.user.id,
      assertion_id: `https://issuer.example/${id}`,
      document: {},
      jws,
      name,
      issuer_name: name,
      verdict: "valid",
      verdict_detail: null,
      identity_id: identity?.id ?? "",
      client_id: clientId ?? made.client.client_id,
      checked_at: app.env.now(),
      updated_at: app.env.now(),
    };
    await app.env.db.batch([keepHostedBadge(app.env.db, row, MAX_BADGES)]);
  }
}

describe("GET /me/badges", () => {
  it("asks a browser to sign in, and says so where nothing is kept", async () => {
    const made = await backpack();
    const stranger = await made.app.request(PAGE, { headers: { accept: "text/html" } });
    expect(stranger.status).toBe(303);
    expect(stranger.headers.get("location")).toBe("/login?next=%2Fme%2Fbadges");
    const html = await htmlOf(made);
    expect(html).toContain("No app has put a badge here for you");
    expect(html).toContain('<a href="/me/badges" aria-current="page">');
  });

  it("shows each with its name, issuer and verdict, and who put it here when", async () => {
    const made = await backpack();
    expect((await made.put(await made.issuer.badge("one"))).status).toBe(200);
    const html = await htmlOf(made);
    for (const words of ["Streak", "Northside", "Valid", METADATA.client_name, "Check again"]) {
      expect(html).toContain(words);
    }
    expect(html).toContain(new URL(METADATA.client_uri).hostname);
    expect(html).toContain(`datetime="${new Date(made.app.env.now()).toISOString()}"`);
    const another = await givenPerson(made.app.env, await givenOrganization(made.app.env));
    const theirs = await (await signedIn(made.app, another.user.id)).get(PAGE);
    expect(await theirs.text()).toContain("No app has put a badge here");
  });

  it("shows a revoked one as revoked, with the issuer's reason", async () => {
    const made = await backpack();
    const badge = await made.issuer.badge("one");
    await made.put(badge);
    const gone = { id: badge.id, type: "Assertion", revoked: true, revocationReason: "A slip." };
    made.issuer.pages.set(badge.id, { "@context": badge["@context"], ...gone });
    made.app.clock.advance(1_000);
    await made.put(badge);
    const html = await htmlOf(made);
    expect(html).toContain("Revoked");
    expect(html).toContain("A slip.");
    expect(html).not.toContain("Valid<");
    const german = await htmlOf(made, `${PAGE}?lang=de`);
    expect(german).toContain("Sein Aussteller hat es widerrufen.");
    expect(german).toContain("A slip.");
    expect(german).toContain("Abgelegt am <time");
  });

  it("calls a badge expired from the instant it names, though nobody asked its issuer again", async () => {
    const made = await backpack();
    const end = made.app.env.now() + 60_000;
    const badge = await made.issuer.badge("one", { expires: new Date(end).toISOString() });
    expect((await made.put(badge)).status).toBe(200);
    made.app.clock.advance(end - made.app.env.now() - 1);
    expect(await htmlOf(made)).toContain("Valid");
    made.app.clock.advance(1);
    const html = await htmlOf(made);
    expect(html).toContain("Expired");
    expect(html).not.toContain("Valid");
  });

  it("shows what strangers wrote as text, and names an app that is forgotten as nobody", async () => {
    const made = await backpack();
    await given(made, [MARKUP, null], { clientId: "forgotten" });
    const html = await htmlOf(made);
    expect(html).not.toContain(MARKUP);
    expect(html).toContain("&lt;img src=x");
    expect(html).toContain("A badge without a name");
    expect(html).toContain("an app that is not known any more");
  });

  it("offers to check again what its issuer hosts, and not what is only signed", async () => {
    const made = await backpack();
    await given(made, ["Hosted"]);
    expect(await htmlOf(made)).toContain('href="/verify?input=https%3A%2F%2Fissuer.example%2F');
    const signed = await backpack();
    await given(signed, ["Signed"], { jws: "a.b.c" });
    expect(await htmlOf(signed)).not.toContain("/verify?input=");
  });

  it("shows nothing that is made out to an address the person has given up", async () => {
    const made = await backpack();
    await given(made, ["Lost"]);
    const { db } = made.app.env;
    await db.batch([db.orm.update(identities).set({ verified_at: null })]);
    expect(await htmlOf(made)).not.toContain("Lost");
  });

  it("leads on where there are more than a page holds, each shown once", async () => {
    const made = await backpack();
    const names = Array.from({ length: KEPT_ON_A_PAGE }, (_, i) => `Badge ${i}.`);
    await given(made, names);
    expect(await htmlOf(made)).not.toContain("Older ones");
    await given(made, ["The newest."]);
    const first = await htmlOf(made);
    const [, older = ""] = /href="(\/me\/badges\?after=[^"]+)"/.exec(first) ?? [];
    const second = await htmlOf(made, older);
    const shown = (html: string) => html.match(/<h3 dir="auto">[^<]+/g) ?? [];
    expect(shown(first)).toHaveLength(KEPT_ON_A_PAGE);
    expect(shown(first)[0]).toContain("The newest.");
    expect(shown(second)).toEqual(['<h3 dir="auto">Badge 0.']);
    expect(second).not.toContain("Older ones");
  });

  it.each(["", "x", "1.", "99999999999999999.a", "1.'--", "%00"])(
    "takes ?after=%s for the first page",
    async (after) => {
      const made = await backpack();
      await given(made, ["One"]);
      expect(await htmlOf(made, `${PAGE}?after=${after}`)).toContain("One");
    },
  );

  it("is read, not changed", async () => {
    const made = await backpack();
    const response = await made.browser.post(PAGE, {});
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
  });
});
