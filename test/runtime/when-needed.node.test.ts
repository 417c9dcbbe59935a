import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createLog } from "../../src/log.ts";
import { listenerWhenNeeded, whenNeeded } from "../../src/runtime/when-needed.ts";

describe("what is loaded when needed", () => {
  it("is loaded once, for everybody who asks", async () => {
    let loads = 0;
    const thing = whenNeeded(async () => ++loads);
    expect(await thing.ifAsked()).toBeNull();
    expect(await Promise.all([thing.load(), thing.load(), thing.ifAsked()])).toEqual([1, 1, 1]);
    expect(await thing.load()).toBe(1);
  });

  it("is asked for anew after it failed", async () => {
    let loads = 0;
    const thing = whenNeeded(async () => {
      if (++loads === 1) throw new Error("unreadable");
      return loads;
    });
    await expect(thing.load()).rejects.toThrow("unreadable");
    expect(await thing.ifAsked()).toBeNull();
    expect(await thing.load()).toBe(2);
  });

  it("is null to those who wait for a loading that fails", async () => {
    const thing = whenNeeded(() => Promise.reject(new Error("unreadable")));
    const failed = expect(thing.load()).rejects.toThrow("unreadable");
    expect(await thing.ifAsked()).toBeNull();
    await failed;
  });
});

describe("a listener that is loaded with the first request", () => {
  async function serving(load: () => Promise<RequestListener>) {
    const lines: string[] = [];
    const log = createLog("info", (line) => lines.push(line), Date.now);
    const server = createServer(listenerWhenNeeded(load, log));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const post = (body: string) => fetch(`http://127.0.0.1:${port}/`, { method: "POST", body });
    return { post, lines };
  }

  const echo: RequestListener = (request, response) => void request.pipe(response);

  it("keeps whole requests that come while it is loaded", async () => {
    let loaded = (_listener: RequestListener) => {};
    let asked = () => {};
    const asks = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const thing = whenNeeded(() => {
      asked();
      return new Promise<RequestListener>((resolve) => {
        loaded = resolve;
      });
    });
    const { post } = await serving(thing.load);
    const bodies = ["first", "x".repeat(300_000), ""];
    const answers = bodies.map(async (body) => (await post(body)).text());
    await asks;
    loaded(echo);
    expect(await Promise.all(answers)).toEqual(bodies);
    expect(await (await post("later")).text()).toBe("later");
  });

  it("answers 500 where it cannot be loaded, says so in the log, and tries again", async () => {
    let failing = true;
    const thing = whenNeeded(async () => {
      if (failing) throw Object.assign(new Error("gone"), { code: "ERR_MODULE_NOT_FOUND" });
      return echo;
    });
    const { post, lines } = await serving(thing.load);
    const refused = await post("first");
    expect([refused.status, refused.headers.get("cache-control")]).toEqual([500, "no-store"]);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: "error", event: "program.load_failed", code: "ERR_MODULE_NOT_FOUND" },
    ]);
    failing = false;
    expect(await (await post("again")).text()).toBe("again");
  });
});
