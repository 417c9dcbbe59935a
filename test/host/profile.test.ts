// GET and POST /profile: what an app learns of a person, and what it can only suggest.
import { describe, expect, it } from "vitest";
import { jobs } from "../../src/db/jobs.ts";
import { identities } from "../../src/db/organizations.ts";
import { setOwn } from "../../src/db/people.ts";
import { signInLinks } from "../../src/db/sessions.ts";
import { MAX_SUGGESTED } from "../../src/host/profile.ts";
import { linkSecrets } from "../../src/signin/link.ts";
import { MAILS_BY_PERSON } from "../../src/signin/rate-limit.ts";
import { type Backpack, backpack, envelopeOf, KIM } from "./backpack.ts";

const PROFILE = { "@context": "https://w3id.org/openbadges/v2", id: "urn:uuid:0", type: "Profile" };

async function withIdentity(
  { app, person }: Backpack,
  type: "email" | "url" | "telephone" | "did",
  identity: string,
  verified: boolean,
) {
  await app.env.db.batch([
    app.env.db.orm.insert(identities).values({
      id: `${type} ${identity}`,
      user_id: person.user.id,
      type,
      identity,
      normalised: identity.toLowerCase(),
      verified_at: verified ? 1 : null,
    }),
  ]);
}

async function profileOf(made: Backpack) {
  return (await envelopeOf(await made.get("/profile"))).profile;
}

const links = ({ app }: Backpack) => app.env.db.orm.select().from(signInLinks);

async function refusalOf(response: Response) {
  const { status } = await envelopeOf(response);
  expect(status.statusCode).toBe(response.status);
  return [response.status, status.statusText];
}

describe("GET /profile", () => {
  it("OB21-F-01 is a Profile of OB 2.0 with what the person has proven", async () => {
    const made = await backpack();
    expect(await profileOf(made)).toEqual({
      "@context": "https://w3id.org/openbadges/v2",
      id: `urn:uuid:${made.person.user.id}`,
      type: "Profile",
      name: "Kim Nobody",
      email: KIM,
    });
  });

  it("OB21-F-01 OB21-F-05 leaves out what is not confirmed, and has several of what there are several of", async () => {
    const made = await backpack();
    await withIdentity(made, "email", "Second@example.org", true);
    await withIdentity(made, "email", "claimed@example.org", false);
    await withIdentity(made, "url", "https://kim.example", true);
    await withIdentity(made, "telephone", "+4712345678", false);
    const profile = await profileOf(made);
    expect(new Set(profile?.email as string[])).toEqual(new Set([KIM, "Second@example.org"]));
    expect(profile?.url).toBe("https://kim.example");
    expect(profile).not.toHaveProperty("telephone");
    expect(JSON.stringify(profile)).not.toContain("claimed");
  });
});

describe("POST /profile", () => {
  it("OB21-F-02 OB21-F-03 answers like GET, and adds nothing until it is confirmed by mail", async () => {
    const made = await backpack();
    const response = await made.post("/profile", { ...PROFILE, email: "Kim@Work.example" });
    expect(response.status).toBe(200);
    const { profile, status } = await envelopeOf(response);
    expect(status.statusText).toBe("OK");
    expect(profile).toEqual(await profileOf(made));
    expect(profile?.email).toBe(KIM);
    const [link, ...more] = await links(made);
    expect(more).toEqual([]);
    expect(link).toMatchObject({
      purpose: "confirm_identity",
      normalised: "kim@work.example",
      user_id: made.person.user.id,
    });
  });

  it("OB21-F-02 takes several, changes nothing that is there, and asks nobody for what is proven", async () => {
    const made = await backpack();
    const email = [KIM, KIM.toUpperCase(), "a@example.org", "b@example.org"];
    const body = { ...PROFILE, email, name: "Mallory", url: null, telephone: [] };
    expect((await made.post("/profile", body)).status).toBe(200);
    const asked = (await links(made)).map(({ normalised }) => normalised).sort();
    expect(asked).toEqual(["a@example.org", "b@example.org"]);
    expect((await profileOf(made))?.name).toBe("Kim Nobody");
  });

  it.each([
    ["a telephone number", { telephone: "+4712345678" }],
    ["an address of a site", { url: "https://kim.example" }],
  ])("OB21-F-04 %s cannot be confirmed here: 400 BAD_REQUEST", async (_what, members) => {
    const made = await backpack();
    const response = await made.post("/profile", {
      ...PROFILE,
      email: "a@example.org",
      ...members,
    });
    expect(await refusalOf(response)).toEqual([400, "BAD_REQUEST"]);
    expect(await links(made)).toEqual([]);
  });

  it("OB21-F-04 what is proven already needs no confirming", async () => {
    const made = await backpack();
    await withIdentity(made, "url", "https://kim.example", true);
    const response = await made.post("/profile", { ...PROFILE, url: "https://kim.example" });
    expect(response.status).toBe(200);
  });

  it.each<[string, unknown]>([
    ["no id", { type: "Profile", email: "a@example.org" }],
    ["no type", { id: "urn:uuid:0", email: "a@example.org" }],
    ["another type", { ...PROFILE, type: "Person" }],
    ["no address", { ...PROFILE, email: "nobody" }],
    [
      "an address with a header in it",
      { ...PROFILE, email: "a@example.org\r\nbcc: b@example.org" },
    ],
    ["an address that is no text", { ...PROFILE, email: { "@id": "a@example.org" } }],
    ["a list with something else in it", { ...PROFILE, email: ["a@example.org", 7] }],
    [
      "too many",
      {
        ...PROFILE,
        email: Array.from({ length: MAX_SUGGESTED + 1 }, (_, i) => `a${i}@example.org`),
      },
    ],
    ["a list", []],
  ])("OB21-F-02 %s is 400 REQUEST_VALIDATION_ERROR", async (_what, body) => {
    const made = await backpack();
    expect(await refusalOf(await made.post("/profile", body))).toEqual([
      400,
      "REQUEST_VALIDATION_ERROR",
    ]);
    expect(await links(made)).toEqual([]);
  });

  it("OB21-F-02 takes a type among others", async () => {
    const made = await backpack();
    const response = await made.post("/profile", { ...PROFILE, type: ["Profile", "Extension"] });
    expect(response.status).toBe(200);
  });

  it("has the mail written in the language the person chose", async () => {
    const made = await backpack();
    const { env } = made.app;
    const setting = { language: "de-CH" };
    await env.db.batch([setOwn(env.db, made.person.user.id, setting, env.now())]);
    expect((await made.post("/profile", { ...PROFILE, email: "kim@work.example" })).status).toBe(
      200,
    );
    const rows = await env.db.orm.select({ payload: jobs.payload }).from(jobs);
    expect(rows).toContainEqual({ payload: expect.objectContaining({ language: "de" }) });
  });

  it("sends no mailbox more than its share, whoever asks", async () => {
    const made = await backpack();
    const ask = () => made.post("/profile", { ...PROFILE, email: "victim@example.org" });
    const answers = [];
    for (let time = 0; time < 8; time++) answers.push((await ask()).status);
    expect(answers.slice(0, 5)).toEqual(Array(5).fill(200));
    expect(answers.at(-1)).toBe(429);
    expect((await ask()).headers.get("retry-after")).not.toBeNull();
  });

  it("sends no more mails for one person than they may ask for, to however many addresses", async () => {
    const made = await backpack();
    for (let i = 0; i < MAILS_BY_PERSON.most; i++) {
      const asked = await made.post("/profile", { ...PROFILE, email: `victim${i}@example.org` });
      expect(asked.status).toBe(200);
    }
    const refused = await made.post("/profile", { ...PROFILE, email: "one-more@example.org" });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "3600"]);
    expect(await links(made)).toHaveLength(MAILS_BY_PERSON.most);
  });

  it("an address like the person's own is shown whole before it is confirmed", async () => {
    const made = await backpack();
    const lookalike = "nobody.else@example.org";
    await made.post("/profile", { ...PROFILE, email: lookalike });
    const [link] = await links(made);
    const secrets = link && (await linkSecrets(made.app.env, link));
    const page = await made.browser.get(`/auth/${secrets?.token}`);
    const html = await page.text();
    expect(html).toContain(lookalike);
    expect(html).toContain("Confirm it only if it is yours");
  });
});
