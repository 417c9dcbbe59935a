// The words of mails over the API: what they may hold, which are used, and what would be sent.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_TEMPLATE_SUBJECT } from "../../src/api/mail-templates.ts";
import type { MailMessage, MailResult } from "../../src/env.ts";
import { MAIL_KINDS } from "../../src/mail/kinds.ts";
import { placeholdersOf } from "../../src/mail/placeholders.ts";
import { SHIPPED_LANGUAGES } from "../../src/mail/shipped.ts";
import { MAX_MARKDOWN } from "../../src/markdown.ts";
import { testApp } from "../app.ts";
import { givenApiKey, givenBadge, givenOrganization } from "../given.ts";
import { asking } from "./ask.ts";

async function world() {
  const t = await testApp();
  const organization = await givenOrganization(t.env);
  const ask = asking(t, await givenApiKey(t.env, organization));
  return { t, organization, ask };
}

const GERMAN = "/mail-templates/award.created/de";
const FRENCH = "/mail-templates/award.created/fr";
/** How many there are where an organization wrote none. */
const SHIPPED = MAIL_KINDS.length * SHIPPED_LANGUAGES.length;
const WORDS = { subject: "Glückwunsch, %username%", body: "Hallo **%username%**: %badgelink%" };

describe("words of mails", () => {
  it("ship in English and German for every mail, with what may stand in them", async () => {
    const { ask } = await world();
    const list = await ask("GET", "/mail-templates");
    const known = list.json.data.map(({ kind, language }) => `${kind} ${language}`);
    expect(known).toEqual(
      SHIPPED_LANGUAGES.flatMap((language) => MAIL_KINDS.map((kind) => `${kind} ${language}`)),
    );
    for (const language of SHIPPED_LANGUAGES) {
      for (const kind of MAIL_KINDS) {
        const one = await ask("GET", `/mail-templates/${kind}/${language}`);
        expect(one.json).toMatchObject({
          is_shipped: true,
          language,
          placeholders: placeholdersOf(kind),
          updated_at: null,
        });
      }
    }
    expect((await ask("GET", FRENCH)).status).toBe(404);
  });

  it("are written, read, changed while nobody else did, and removed", async () => {
    const { ask } = await world();
    const made = await ask("PUT", FRENCH, { body: WORDS });
    expect([made.status, made.json.subject]).toEqual([201, WORDS.subject]);
    const read = await ask("GET", FRENCH);
    expect(read.json).toEqual(made.json);
    expect(read.json.is_shipped).toBe(false);
    const stale = { "if-match": '"other"' };
    expect((await ask("PUT", FRENCH, { body: WORDS, headers: stale })).status).toBe(412);
    const headers = { "if-match": read.headers.get("etag") ?? "" };
    const body = { ...WORDS, subject: "Hurra" };
    expect((await ask("PUT", FRENCH, { body, headers })).status).toBe(200);
    expect((await ask("PUT", FRENCH, { body, headers })).status).toBe(412);
    expect((await ask("GET", "/mail-templates")).json.data).toHaveLength(SHIPPED + 1);
    expect((await ask("DELETE", FRENCH)).status).toBe(204);
    expect((await ask("DELETE", FRENCH)).status).toBe(404);
    expect((await ask("GET", FRENCH)).status).toBe(404);
  });

  it("in English take the place of ours, and are ours again once removed", async () => {
    const { ask } = await world();
    const english = "/mail-templates/award.created/en";
    const shipped = await ask("GET", english);
    expect((await ask("PUT", english, { body: WORDS })).status).toBe(201);
    expect((await ask("GET", "/mail-templates")).json.data).toHaveLength(SHIPPED);
    await ask("DELETE", english);
    expect((await ask("GET", english)).json).toEqual(shipped.json);
  });

  it("are one for a language, however its tag is written", async () => {
    const { ask } = await world();
    const body = WORDS;
    expect((await ask("PUT", "/mail-templates/award.created/PT-br", { body })).status).toBe(201);
    const other = await ask("PUT", "/mail-templates/award.created/pt-BR", { body });
    expect([other.status, other.json.language]).toEqual([200, "pt-BR"]);
  });

  it.each([
    [GERMAN, { subject: WORDS.subject }],
    [GERMAN, { ...WORDS, subject: "" }],
    [GERMAN, { ...WORDS, subject: "a\r\nBcc: eve@example.org" }],
    [GERMAN, { ...WORDS, subject: "x".repeat(MAX_TEMPLATE_SUBJECT + 1) }],
    [GERMAN, { ...WORDS, body: "" }],
    [GERMAN, { ...WORDS, body: "x".repeat(MAX_MARKDOWN + 1) }],
    [GERMAN, { ...WORDS, body: "bell \u0007" }],
    [GERMAN, { ...WORDS, from: "eve@example.org" }],
  ])("%s does not take %j", async (path, body) => {
    const { ask } = await world();
    expect((await ask("PUT", encodeURI(path), { body })).status).toBe(422);
    expect((await ask("GET", "/mail-templates")).json.data).toHaveLength(SHIPPED);
  });

  it.each(["award.lost/de", "award.created/d", "award.created/de_AT"])(
    "do not exist at %s",
    async (path) => {
      const { ask } = await world();
      const said = await ask("PUT", `/mail-templates/${path}`, { body: WORDS });
      expect(said.status).toBe(404);
    },
  );

  it("take subjects and bodies as long as they may be", async () => {
    const { ask } = await world();
    const body = { subject: "x".repeat(MAX_TEMPLATE_SUBJECT), body: "x".repeat(MAX_MARKDOWN) };
    expect((await ask("PUT", GERMAN, { body })).status).toBe(201);
  });

  it("refuse a placeholder nothing stands for, naming it and those there are", async () => {
    const { ask } = await world();
    const body = {
      subject: "%badgename% %recipientname%",
      body: "%USERNAME%, %userlink% and 100%",
    };
    const said = await ask("PUT", GERMAN, { body });
    expect(said.status).toBe(422);
    expect(said.json.errors).toMatchObject([
      { pointer: "/subject", code: "placeholder_known" },
      { pointer: "/body", code: "placeholder_known" },
    ]);
    expect(said.json.errors[0]?.detail).toContain("%recipientname%");
    expect(said.json.errors[1]?.detail).toContain("%USERNAME%, %userlink%");
    for (const name of placeholdersOf("award.created")) {
      expect(said.json.errors[1]?.fix).toContain(`%${name}%`);
    }
  });
});

describe("a preview", () => {
  it.each(MAIL_KINDS)("of %s fills every placeholder and keeps nothing", async (kind) => {
    const { ask, organization } = await world();
    const body = placeholdersOf(kind)
      .map((name) => `${name}: %${name}%`)
      .join("\n\n");
    const said = await ask("POST", "/mail-templates/preview", {
      body: { kind, subject: "About %badgename%", body },
    });
    expect(said.status).toBe(200);
    expect(said.text).not.toMatch(/%[a-z]+%/);
    expect(said.json.text).toContain(`organizationname: ${organization.name}`);
    expect((await ask("GET", "/mail-templates")).json.data).toHaveLength(SHIPPED);
  });

  it("shows the words that would be used, in the language asked for", async () => {
    const { ask } = await world();
    await ask("PUT", GERMAN, { body: WORDS });
    const german = await ask("POST", "/mail-templates/preview", {
      body: { kind: "award.created", language: "de-AT" },
    });
    expect(german.json).toMatchObject({ language: "de", subject: "Glückwunsch, Noor Haddad" });
    expect(german.json.html).toContain('<html lang="de">');
    const english = await ask("POST", "/mail-templates/preview", {
      body: { kind: "award.created" },
    });
    expect(english.json.language).toBe("en");
  });

  it("is about the badge that is named, and in its words where it has some", async () => {
    const { ask, t, organization } = await world();
    const badge = await givenBadge(t.env, organization, { message: "For *%badgename%*" });
    const body = { kind: "award.created", badge: badge.id };
    const said = await ask("POST", "/mail-templates/preview", { body });
    expect(said.json.html).toContain(`<p>For <em>${badge.name}</em></p>`);
    const others = await givenOrganization(t.env);
    const foreign = await givenBadge(t.env, others);
    const unknown = { ...body, badge: foreign.id };
    expect((await ask("POST", "/mail-templates/preview", { body: unknown })).status).toBe(404);
  });

  it("of any words at all makes no markup but ours, and one line of a subject", async () => {
    const { ask } = await world();
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom("%username%", "%badgelink%", "<img src=x>", "](", "[", "javascript:a", "*"),
        fc.constantFrom("https://x.example/", "\n", "- ", '"', "&", "'", "<", ">", "(", ")"),
        fc.string({ maxLength: 4 }),
      ),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(pieces, async (given) => {
        const said = await ask("POST", "/mail-templates/preview", {
          body: { kind: "award.created", body: given.join(""), subject: "Hello" },
        });
        if (said.status === 422) return;
        const html = String(said.json.html);
        const inside = html.slice(html.indexOf("<body"), html.indexOf("</body>"));
        const tags = (inside.match(/<[^>]*>?/g) ?? []).slice(1);
        const allowed =
          /^<(\/?(p|ul|ol|li|em|strong|a)|br|a href="(https?:\/\/|mailto:)[^"<>]*")>$/;
        expect(tags.filter((tag) => !allowed.test(tag))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("POST /mail-templates/test", () => {
  const TEST = { kind: "award.created", ...WORDS };

  async function mailing(answer: MailResult = { ok: true }) {
    const sent: MailMessage[] = [];
    const send = async (message: MailMessage) => {
      sent.push(message);
      return answer;
    };
    const t = await testApp({ override: () => ({ mail: { send } }) });
    const organization = await givenOrganization(t.env);
    const ask = asking(t, await givenApiKey(t.env, organization));
    return { t, organization, ask, sent };
  }

  it("sends a program's test to the organization's own address, and to nobody else", async () => {
    const { organization, ask, sent } = await mailing();
    const said = await ask("POST", "/mail-templates/test", { body: TEST });
    expect(said.json).toEqual({ to: organization.email, sent: true, reason: null });
    expect(sent).toMatchObject([{ to: organization.email, subject: "Glückwunsch, Noor Haddad" }]);
    const elsewhere = { ...TEST, to: "victim@example.org" };
    expect((await ask("POST", "/mail-templates/test", { body: elsewhere })).status).toBe(422);
    expect(sent).toHaveLength(1);
  });

  it("is sent once under one Idempotency-Key", async () => {
    const { ask, sent } = await mailing();
    const headers = { "idempotency-key": "once" };
    const first = await ask("POST", "/mail-templates/test", { body: TEST, headers });
    const second = await ask("POST", "/mail-templates/test", { body: TEST, headers });
    expect(second.json).toEqual(first.json);
    expect(sent).toHaveLength(1);
  });

  it("says why the server did not take it", async () => {
    const { ask } = await mailing({ ok: false, reason: "mail-tls-failed", permanent: false });
    const said = await ask("POST", "/mail-templates/test", { body: TEST });
    expect(said.json).toMatchObject({ sent: false, reason: "mail-tls-failed" });
  });

  it("is refused with words that mean nothing, without the right, and where no mail can be sent", async () => {
    const { t, organization, ask, sent } = await mailing();
    const wrong = { body: { ...TEST, subject: "%nobody%" } };
    expect((await ask("POST", "/mail-templates/test", wrong)).status).toBe(422);
    const reader = asking(t, await givenApiKey(t.env, organization, ["organizations:read"]));
    expect((await reader("POST", "/mail-templates/test", { body: TEST })).status).toBe(403);
    expect(sent).toEqual([]);
    const without = await (await world()).ask("POST", "/mail-templates/test", { body: TEST });
    expect([without.status, without.json.code]).toEqual([409, "mail-not-set-up"]);
  });
});
