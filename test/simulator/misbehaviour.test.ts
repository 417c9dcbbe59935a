// Each fault of the simulator, as the other side sees it; and that good behaviour is the app's own.
import { describe, expect, it } from "vitest";
import { FAULTS, type Fault, placeOf } from "../../src/simulator/faults.ts";
import {
  ConnectionDropped,
  Misbehaviour,
  type Mischief,
} from "../../src/simulator/misbehaviour.ts";
import { testApp } from "../app.ts";

const API = "https://backpack.example.net/ims/ob/v2p1/assertions";
const OK = { status: { error: null, statusCode: 200, statusText: "OK" } };

function parts() {
  const waits: number[] = [];
  const asked: string[] = [];
  const chances: number[] = [];
  const misbehaviour = new Misbehaviour({
    now: () => 1_000,
    chance: () => chances.shift() ?? 0,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
  });
  const answering = misbehaviour.around((request) => {
    asked.push(request.url);
    return Response.json(OK);
  });
  return { misbehaviour, answering, waits, asked, chances };
}

function mischief(fault: Fault, more: Partial<Mischief> = {}): Mischief {
  const place = { place: "api", share: 1, times: null } as const;
  return { faults: [fault], ...place, delayMs: 5_000, retryAfterSeconds: 20, ...more };
}

describe("a fault, seen from outside", () => {
  it.each([
    ["unauthorized", 401, "UNAUTHENTICATED"],
    ["rate-limited", 429, undefined],
    ["server-error", 500, undefined],
  ] as const)("%s is a status object with %i, and nothing is done", async (fault, code, text) => {
    const { misbehaviour, answering, asked } = parts();
    misbehaviour.set(mischief(fault));
    const answer = await answering(new Request(API));
    expect(answer.status).toBe(code);
    const { status } = (await answer.json()) as { status: Record<string, unknown> };
    expect(status).toMatchObject({ statusCode: code });
    expect(status.statusText).toBe(text);
    expect(asked).toEqual([]);
  });

  it("rate-limited says when to come back", async () => {
    const { misbehaviour, answering } = parts();
    misbehaviour.set(mischief("rate-limited"));
    expect((await answering(new Request(API))).headers.get("retry-after")).toBe("20");
  });

  it("at the token endpoint it is an error of OAuth 2", async () => {
    const { misbehaviour, answering } = parts();
    misbehaviour.set(mischief("unauthorized", { place: "token" }));
    const answer = await answering(new Request("https://backpack.example.net/oauth/token"));
    expect([answer.status, await answer.json()]).toEqual([401, { error: "invalid_client" }]);
  });

  it("html is a page with 200", async () => {
    const { misbehaviour, answering } = parts();
    misbehaviour.set(mischief("html"));
    const answer = await answering(new Request(API));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
  });

  it("slow waits, then answers as it should", async () => {
    const { misbehaviour, answering, waits } = parts();
    misbehaviour.set(mischief("slow"));
    expect(await (await answering(new Request(API))).json()).toEqual(OK);
    expect(waits).toEqual([5_000]);
  });

  it("slow-loris sends a byte at a time and never ends", async () => {
    const { misbehaviour, answering, waits } = parts();
    misbehaviour.set(mischief("slow-loris"));
    const reader = (await answering(new Request(API))).body?.getReader();
    for (let i = 0; i < 5; i++) {
      expect((await reader?.read())?.value).toEqual(new Uint8Array([0x20]));
    }
    await reader?.cancel();
    expect(waits.length).toBeGreaterThanOrEqual(5);
  });

  it("truncated-json does it, and answers with half", async () => {
    const { misbehaviour, answering, asked } = parts();
    misbehaviour.set(mischief("truncated-json"));
    const text = await (await answering(new Request(API))).text();
    expect(JSON.stringify(OK).startsWith(text)).toBe(true);
    expect(() => JSON.parse(text)).toThrow();
    expect(asked).toEqual([API]);
  });

  it("dropped-answer does it, and ends the connection", async () => {
    const { misbehaviour, answering, asked } = parts();
    misbehaviour.set(mischief("dropped-answer"));
    await expect(answering(new Request(API))).rejects.toThrow(ConnectionDropped);
    expect(asked).toEqual([API]);
    let destroyed = 0;
    const socket = { outgoing: { destroy: () => void destroyed++ } };
    await answering(new Request(API), socket);
    expect(destroyed).toBe(1);
  });

  it("fewer-scopes leaves reading only of what a person allowed, and says so to nobody", async () => {
    const { misbehaviour } = parts();
    misbehaviour.set(mischief("fewer-scopes"));
    const forms: URLSearchParams[] = [];
    const answering = misbehaviour.around(async (request) => {
      forms.push(new URLSearchParams(await request.text()));
      return new Response(request.headers.get("cookie"));
    });
    const decide = (fields: [string, string][]) =>
      answering(
        new Request("https://backpack.example.net/oauth/consent/uid", {
          method: "POST",
          headers: { cookie: "a=b" },
          body: new URLSearchParams([["form_token", "t"], ...fields]),
        }),
      );
    const allowed = await decide([
      ["decision", "allow"],
      ["scope", "a"],
      ["scope", "b"],
    ]);
    expect(await allowed.text()).toBe("a=b");
    expect(forms[0]?.getAll("scope")).toEqual([expect.stringMatching(/assertion\.readonly$/)]);
    expect([forms[0]?.get("decision"), forms[0]?.get("form_token")]).toEqual(["allow", "t"]);
    await decide([["decision", "deny"]]);
    expect(forms[1]?.has("scope")).toBe(false);
  });
});

describe("when a fault strikes", () => {
  it("never, for what it was told nothing about", async () => {
    const { misbehaviour, answering } = parts();
    for (const path of ["/healthz", "/me/apps", "/oauth/token", "/.well-known/badgeconnect.json"]) {
      misbehaviour.set(mischief("server-error"));
      expect((await answering(new Request(`https://backpack.example.net${path}`))).status).toBe(
        200,
      );
    }
  });

  it("so many times and no more", async () => {
    const { misbehaviour, answering } = parts();
    misbehaviour.set(mischief("server-error", { times: 2 }));
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await answering(new Request(API))).status);
    expect(statuses).toEqual([500, 500, 200]);
  });

  it("for the share that was set", async () => {
    const { misbehaviour, answering, chances } = parts();
    misbehaviour.set(mischief("server-error", { share: 0.3 }));
    chances.push(0.3, 0.29, 0);
    const statuses = [(await answering(new Request(API))).status];
    statuses.push((await answering(new Request(API))).status);
    expect(statuses).toEqual([200, 500]);
  });

  it("notes the last twenty requests, newest first, with what struck them", async () => {
    const { misbehaviour, answering } = parts();
    for (let i = 0; i < 25; i++) await answering(new Request(`${API}?n=${i}`));
    misbehaviour.set(mischief("server-error"));
    await answering(new Request(API, { method: "POST" }));
    expect(misbehaviour.seen).toHaveLength(20);
    expect(misbehaviour.seen[0]).toEqual({
      at: 1_000,
      method: "POST",
      path: "/ims/ob/v2p1/assertions",
      status: 500,
      fault: "server-error",
    });
  });

  it.each([
    ["/ims/ob/v2p1/profile", "api"],
    ["/oauth/token", "token"],
    ["/oauth/register", "registration"],
    ["/.well-known/badgeconnect.json", "manifest"],
    ["/me/apps", null],
  ])("%s is %s", (path, place) => expect(placeOf(path)).toBe(place));
});

describe("GET and POST /dev/backpack", () => {
  async function simulator() {
    const { misbehaviour } = parts();
    const app = await testApp({ override: () => ({ misbehaviour }) });
    const send = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      app.request("/dev/backpack", { method: "POST", body: new URLSearchParams(fields), headers });
    return { app, misbehaviour, send };
  }

  it("is not there in any other installation", async () => {
    const app = await testApp();
    expect((await app.request("/dev/backpack")).status).toBe(404);
  });

  it("offers every fault", async () => {
    const { app } = await simulator();
    const page = await (await app.request("/dev/backpack")).text();
    for (const fault of FAULTS) expect(page).toContain(`value="${fault}"`);
    const german = await (await app.request("/dev/backpack?lang=de")).text();
    expect(german).toContain("Ein Backpack zum Ausprobieren");
    expect(german).toContain("Antwortet mit 500");
    expect((await app.request("/")).headers.get("location")).toBe("/dev/backpack");
  });

  it("sets and ends a fault", async () => {
    const { misbehaviour, send } = await simulator();
    const page = await (
      await send({ fault: "rate-limited", place: "token", often: "once" })
    ).text();
    expect(page).toContain("It misbehaves");
    expect(misbehaviour.mischief).toMatchObject({
      faults: ["rate-limited"],
      place: "token",
      times: 1,
      share: 1,
    });
    await send({ fault: "" });
    expect(misbehaviour.mischief).toBeNull();
  });

  it("knows no other fault", async () => {
    const { misbehaviour, send } = await simulator();
    await send({ fault: "constructor" });
    expect(misbehaviour.mischief).toBeNull();
  });

  it.each([
    ["origin", "https://elsewhere.example"],
    ["sec-fetch-site", "cross-site"],
    ["sec-fetch-site", "same-site"],
  ])("takes no orders from another site: %s %s", async (name, value) => {
    const { misbehaviour, send } = await simulator();
    expect((await send({ fault: "slow" }, { [name]: value })).status).toBe(404);
    expect(misbehaviour.mischief).toBeNull();
  });

  it("is not there under another host's name", async () => {
    const { app } = await simulator();
    expect((await app.request("https://rebound.example/dev/backpack")).status).toBe(404);
  });

  it.each([
    [413, "application/x-www-form-urlencoded", `fault=slow&${"x".repeat(1_024)}`],
    [415, "application/json", "{}"],
  ])("answers %i to %s that is not its form", async (status, type, body) => {
    const { app, misbehaviour } = await simulator();
    const headers = { "content-type": type };
    const answer = await app.request("/dev/backpack", { method: "POST", headers, body });
    expect(answer.status).toBe(status);
    expect(misbehaviour.mischief).toBeNull();
  });

  it.each([
    ["revoke-tokens", ["Client"]],
    ["forget-clients", []],
  ])("%s leaves %j", async (deed, left) => {
    const { app, send } = await simulator();
    for (const kind of ["Client", "Grant", "AccessToken", "RefreshToken", "AuthorizationCode"]) {
      await app.env.db.batch([
        {
          sql: "INSERT INTO authorization_records (kind, id, payload) VALUES (?, 'x', '{}')",
          params: [kind],
        },
      ]);
    }
    expect((await send({ deed })).status).toBe(200);
    const { rows } = await app.env.db.read({
      sql: "SELECT kind FROM authorization_records",
      params: [],
    });
    expect(rows.map(([kind]) => kind)).toEqual(left);
  });
});
