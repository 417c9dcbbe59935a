import { describe, expect, it } from "vitest";
import { authorizations, backpacks, connections, tokens } from "../../src/db/backpacks.ts";
import { callbackOf } from "../../src/oauth/registration.ts";
import { REFUSED } from "../../src/oauth/words.ts";
import { CONNECT_REASONS } from "../../src/pages/words/connect-reasons.ts";
import { CONNECTING_WORDS } from "../../src/pages/words/connecting.ts";
import { givenScene, HOST, json, manifest, type Scene } from "./host.ts";

const connectPath = ({ backpack }: Scene) => `/me/backpacks/${backpack.id}/connect`;

const BROWSER = { accept: "text/html,*/*;q=0.8" };

/** Where the page leads on to. */
function leadsTo(response: Response): URL {
  const refresh = response.headers.get("refresh") ?? "";
  expect(refresh).toMatch(/^0; url=https:/);
  return new URL(refresh.slice("0; url=".length));
}

/** From the form to the address the backpack leads back to. */
async function toCallback(scene: Scene): Promise<string> {
  const response = await scene.browser.post(connectPath(scene), { auto_sync: "1" });
  const url = leadsTo(response);
  const back = new URL(url.searchParams.get("redirect_uri") ?? "");
  back.searchParams.set("state", url.searchParams.get("state") ?? "");
  back.searchParams.set("code", "the-code");
  return `${back.pathname}${back.search}`;
}

describe("the form that begins a connection", () => {
  it("leads to the backpack, and says to which host", async () => {
    const scene = await givenScene();
    const response = await scene.browser.post(connectPath(scene), { auto_sync: "1" });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    const url = leadsTo(response);
    expect(`${url.origin}${url.pathname}`).toBe(`${HOST}/oauth/authorize`);
    const page = await response.text();
    expect(page).toContain("On to <bdi>backpack.example.net</bdi>");
    expect(page).toContain(url.href.replaceAll("&", "&amp;"));
  });

  it.each(["login.example.net", "backpack.example.net", "a.b.example.net"])(
    "goes on by itself to %s, which is near",
    async (host) => {
      const scene = await givenScene((one) => {
        one.answers.manifest = () =>
          json(manifest({}, { authorizationUrl: `https://${host}/authorize` }));
      });
      expect(leadsTo(await scene.browser.post(connectPath(scene))).host).toBe(host);
    },
  );

  it.each(["login.example.com", "93.184.216.34", "example.org"])(
    "OB21-M-08 goes to %s, another site, only when it is told to, and shows both",
    async (host) => {
      const scene = await givenScene((one) => {
        one.answers.manifest = () =>
          json(manifest({}, { authorizationUrl: `https://${host}/authorize` }));
      });
      const response = await scene.browser.post(connectPath(scene));
      expect(response.status).toBe(200);
      expect(response.headers.get("refresh")).toBeNull();
      const page = await response.text();
      expect(page).toContain(`On to <bdi>${host}</bdi>`);
      expect(page).toContain("The backpack is at <bdi>backpack.example.net</bdi>");
      expect(page).toContain(`href="https://${host}/authorize?`);
    },
  );

  it.each([
    [{ auto_sync: "1" }, true],
    [{}, false],
    [{ auto_sync: "0" }, false],
  ])("with %o keeps whether badges are sent by themselves", async (fields, auto_sync) => {
    const scene = await givenScene();
    await scene.browser.post(connectPath(scene), fields);
    const [row] = await scene.env.db.orm.select().from(authorizations);
    expect(row).toMatchObject({ auto_sync });
  });

  it("is for who is signed in, and for forms of its own", async () => {
    const scene = await givenScene();
    const stranger = await scene.test.request(connectPath(scene), { method: "POST" });
    expect([303, 401]).toContain(stranger.status);
    const forged = await scene.browser.post(connectPath(scene), { form_token: "guess" });
    expect(forged.status).toBe(403);
    expect(scene.host.asked).toHaveLength(0);
    expect(await scene.env.db.orm.select().from(authorizations)).toHaveLength(0);
  });

  it("says on a page why it goes no further", async () => {
    const scene = await givenScene((host) => {
      host.answers.register = () => json({ error: "access_denied" }, 403);
    });
    const response = await scene.browser.post(connectPath(scene));
    expect(response.status).toBe(502);
    const page = await response.text();
    expect(page).toContain(CONNECT_REASONS.en["registration-refused"]);
    expect(page).toContain("registration-refused");
    expect(page).toContain(`href="/me/backpacks/${scene.backpack.id}"`);
    expect(response.headers.get("refresh")).toBeNull();
  });

  it("a backpack that is not there", async () => {
    const { browser } = await givenScene();
    const response = await browser.post("/me/backpacks/none/connect");
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('href="/me/backpacks"');
  });

  it("answers no other method", async () => {
    const scene = await givenScene();
    const response = await scene.browser.get(connectPath(scene));
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });
});

describe("the address a backpack leads back to", () => {
  it("connects, and goes on to the backpack's page", async () => {
    const scene = await givenScene();
    const response = await scene.browser.get(await toCallback(scene));
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(
      `/me/backpacks/${scene.backpack.id}?done=connected`,
    );
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(await scene.env.db.orm.select().from(connections)).toHaveLength(1);
  });

  it.each([
    ["denied", { error: "access_denied", code: "" }, 403],
    ["state-missing", { state: "" }, 400],
    ["issuer-wrong", { iss: "https://evil.example" }, 400],
  ] as const)("%s: a page that says what happened and what to do", async (reason, over, status) => {
    const scene = await givenScene();
    const back = new URL(await toCallback(scene), scene.env.urls.base);
    for (const [name, value] of Object.entries(over)) {
      if (value === "") back.searchParams.delete(name);
      else back.searchParams.set(name, value);
    }
    const response = await scene.browser.get(`${back.pathname}${back.search}`);
    expect(response.status).toBe(status);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).toContain(`<h1>${CONNECT_REASONS.en[reason]}</h1>`);
    expect(page).toContain(CONNECT_REASONS.en[`${reason}-fix`].split("'")[0]);
    expect(page).toContain(CONNECTING_WORDS.en[`who-${REFUSED[reason].who}`]);
    expect(page).not.toContain("the-code");
    expect(scene.host.at("token")).toHaveLength(0);
  });

  it("without a session connects nobody, and takes the code nowhere", async () => {
    const scene = await givenScene();
    const path = await toCallback(scene);
    const response = await scene.test.request(path, { headers: BROWSER });
    expect(response.status).toBe(403);
    const page = await response.text();
    expect(page).toContain(CONNECT_REASONS.en["signed-out"]);
    const headers = { ...BROWSER, "accept-language": "de" };
    const german = await (await scene.test.request(path, { headers })).text();
    expect(german).toContain("Sie sind hier nicht mehr angemeldet");
    expect(page).toContain("A backpack is connected for whoever");
    expect(german).not.toContain("A backpack is connected for whoever");
    expect(page).not.toContain("the-code");
    expect(response.headers.get("location")).toBeNull();
    // Whoever signs in again has another session: theirs goes on working only in its own.
    expect((await scene.browser.get(path)).status).toBe(303);
  });

  it("is not used up by asking for its head", async () => {
    const scene = await givenScene();
    const path = await toCallback(scene);
    const headers = { cookie: scene.browser.cookie };
    expect((await scene.test.request(path, { method: "HEAD", headers })).status).toBe(405);
    expect((await scene.browser.get(path)).status).toBe(303);
  });

  it("writes neither code nor state nor token into a log", async () => {
    const scene = await givenScene();
    const path = await toCallback(scene);
    await scene.browser.get(path);
    await scene.browser.get(path);
    scene.host.answers.token = () => new Response("access-secret", { status: 500 });
    await scene.browser.get(await toCallback(scene));
    const log = JSON.stringify(scene.test.logged);
    expect(log).toContain("state-used");
    expect(log).toContain("token-unavailable");
    const state = new URL(path, HOST).searchParams.get("state") ?? "-";
    for (const secret of [
      "the-code",
      state,
      "access-1",
      "refresh-1",
      "access-secret",
      "secret 1",
    ]) {
      expect(log).not.toContain(secret);
    }
  });

  it("shows what a backpack calls itself and its errors as text", async () => {
    const scene = await givenScene((host) => {
      host.answers.manifest = () => json(manifest({}, { name: "<img src=x onerror=alert(1)>" }));
      host.answers.register = () => new Response("no", { status: 503 });
    });
    const page = await (await scene.browser.post(connectPath(scene))).text();
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
  });

  it("a backpack's own error code is shown only as far as it is one", async () => {
    const scene = await givenScene();
    const back = new URL(await toCallback(scene), scene.env.urls.base);
    back.searchParams.set("error", "<script>alert(1)</script>");
    const page = await (await scene.browser.get(`${back.pathname}${back.search}`)).text();
    expect(page).not.toContain("script>");
  });
});

it("each backpack leads back to an address of its own", async () => {
  const scene = await givenScene();
  const other = { ...scene.backpack, id: "other", backpack_api_url: "a", backpack_web_url: "b" };
  await scene.env.db.batch([scene.env.db.orm.insert(backpacks).values(other)]);
  expect(callbackOf(scene.env, other.id)).not.toBe(callbackOf(scene.env, scene.backpack.id));
  const back = (await toCallback(scene)).replace(scene.backpack.id, other.id);
  const response = await scene.browser.get(back);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("state-swapped");
  expect(await scene.env.db.orm.select().from(tokens)).toHaveLength(0);
});
