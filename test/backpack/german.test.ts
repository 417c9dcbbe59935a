// The pages of backpacks and apps in German: none of their English sentences is left over.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { backpackEvents } from "../../src/db/deliveries.ts";
import { users } from "../../src/db/organizations.ts";
import { newId } from "../../src/ids.ts";
import { APPS_WORDS } from "../../src/pages/words/apps.ts";
import { BACKPACK_WORDS } from "../../src/pages/words/backpack.ts";
import { BACKPACK_ADMIN_WORDS } from "../../src/pages/words/backpack-admin.ts";
import { BACKPACK_PROBLEMS } from "../../src/pages/words/backpack-problems.ts";
import { BACKPACKS_WORDS } from "../../src/pages/words/backpacks.ts";
import { PLACE_WORDS } from "../../src/pages/words/places.ts";
import { SHELL } from "../../src/pages/words/shell.ts";
import { setSiteAdministrator } from "../../src/signin/administrator.ts";
import { testApp } from "../app.ts";
import { givenShelves } from "../pages/shelf-scenes.ts";
import { signedIn } from "../signed-in.ts";

const AREAS = [
  APPS_WORDS,
  BACKPACK_WORDS,
  BACKPACK_ADMIN_WORDS,
  BACKPACK_PROBLEMS,
  BACKPACKS_WORDS,
  PLACE_WORDS,
  SHELL,
];

/** Sentences and words of English that mean nothing in German, without those that hold values. */
const ENGLISH = AREAS.flatMap((area) => {
  const german = new Set(Object.values(area.de));
  return Object.values(area.en).filter((text) => !/[{<]/.test(text) && !german.has(text));
});

/** What is read, without what is said to be in another language. */
function readIn(html: string): string[] {
  return html
    .replace(/<(\w+)[^>]* lang="en"[^>]*>.*?<\/\1>/gs, "")
    .split(/<[^>]*>/)
    .map((text) => text.trim());
}

async function scene() {
  const app = await testApp();
  const shelves = await givenShelves(app.env);
  const { noor, administrator } = shelves;
  await setSiteAdministrator(app.env, administrator.identity.identity, true);
  await app.env.db.batch([
    app.env.db.orm.update(users).set({ language: "de" }).where(eq(users.status, "active")),
  ]);
  return {
    env: app.env,
    shelves,
    noor: await signedIn(app, noor.user.id),
    administrator: await signedIn(app, administrator.user.id),
  };
}

describe("in German", () => {
  it("nothing English is left on a person's pages", async () => {
    const { shelves, noor } = await scene();
    const { connected, reconnect, off, offered, empty } = shelves;
    const paths = [
      "/me/backpacks",
      ...[connected, reconnect, off, offered, empty].map(({ id }) => `/me/backpacks/${id}`),
      `/me/backpacks/${connected.id}/disconnect`,
      "/me/apps",
      "/me/badges",
    ];
    for (const path of paths) {
      const page = await noor.get(path);
      expect(page.status).toBe(200);
      const texts = readIn(await page.text());
      expect(texts.filter((text) => ENGLISH.includes(text))).toEqual([]);
      expect(texts).toContain("Abmelden");
    }
  });

  it("nothing English is left on the pages of administrators", async () => {
    const { shelves, administrator } = await scene();
    const one = `/admin/backpacks/${shelves.connected.id}`;
    for (const path of ["/admin/backpacks", one, `${one}/remove`]) {
      const page = await administrator.get(path);
      expect(page.status).toBe(200);
      const texts = readIn(await page.text());
      expect(texts.filter((text) => ENGLISH.includes(text))).toEqual([]);
    }
  });

  it("says how it stands, what happened and what hinders it", async () => {
    const { env, shelves, noor } = await scene();
    const event = { connection_id: shelves.connections.connected, created_at: env.now() };
    await env.db.batch(
      [
        { kind: "refused", detail: { code: "invalid_badge" } },
        { kind: "pull_failed", detail: { problem: "refused" } },
        { kind: "reconnect", detail: { code: "token-expired" } },
        { kind: "of_a_later_version", detail: {} },
      ].map((what) =>
        env.db.orm.insert(backpackEvents).values({ id: newId(env), ...event, ...what }),
      ),
    );
    const page = await (await noor.get(`/me/backpacks/${shelves.connected.id}`)).text();
    const text = page.replace(/<[^>]*>/g, "");
    for (const words of [
      "1 gesendet, 3 wartend, 2 nicht angenommen, 2 nicht gesendet",
      "Ein Badge wurde abgelehnt. Der Backpack konnte das Badge nicht prüfen.",
      "Der Backpack weigert sich, seine Badges aufzuzählen.",
      "Der Zugang ist abgelaufen, und einen dauerhaften gewährt der Backpack nicht.",
      "of a later version",
      "Nachgesehen, was dort ist. 5 neue Badges.",
      "Sein Aussteller hat es widerrufen.",
      "Die 4 fehlenden Badges senden",
    ]) {
      expect(text).toContain(words);
    }
    const faulty = await noor.post("/me/backpacks", { address: "no address" });
    expect(faulty.status).toBe(422);
    expect(await faulty.text()).toContain("Das ist keine Adresse einer Website");
  });

  it("says what was tried out at a backpack", async () => {
    const { shelves, administrator } = await scene();
    const path = `/admin/backpacks/${shelves.connected.id}`;
    expect((await administrator.post(`${path}/probe`)).status).toBe(303);
    const page = await (await administrator.get(`${path}?done=probed`)).text();
    expect(page).toContain("Gerade ausprobiert.");
    expect(page).toContain("Das Manifest");
    expect(page).toContain("Unter dieser Adresse antwortet nichts.");
  });
});
