// The demo's second Rosette: it starts and stops with the first, and is known to it wherever it is.
import { join } from "node:path";
import Libsql from "libsql";
import { describe, expect, it, vi } from "vitest";
import { type Server, startServer, temporaryFolder } from "./process.ts";

/** Whole processes start here, on machines that are busy with other tests too. */
vi.setConfig({ testTimeout: 60_000 });

/** Where the start says that the backpack is. */
function backpackOf(server: Server): string {
  const line = server.program.stdout.split("\n").find((text) => text.includes("Demo backpack"));
  return new URL(/http:\S+/.exec(line ?? "")?.[0] ?? "").origin;
}

function known(folder: string): unknown {
  const database = new Libsql(join(folder, "rosette.db"));
  const rows = database
    .prepare(
      `SELECT b.name, b.backpack_api_url AS api, s.token_url AS token
        FROM badge_external_backpacks b JOIN oauth2_issuers s ON s.id = b.oauth2_issuer_id`,
    )
    .all([]);
  database.close();
  return rows;
}

describe("the demo's backpack", () => {
  it("is a second origin that answers with its manifest, and is known to the first", async () => {
    const folder = temporaryFolder();
    const server = await startServer({ DATA_DIR: folder, PORT: "0" });
    const origin = backpackOf(server);
    expect(new URL(origin).hostname).toBe("127.0.0.1");
    expect(new URL(server.publicUrl).hostname).toBe("localhost");
    const manifest = await fetch(`${origin}/.well-known/badgeconnect.json`);
    expect(await manifest.json()).toMatchObject({
      id: `${origin}/.well-known/badgeconnect.json`,
      badgeConnectAPI: [{ apiBase: `${origin}/ims/ob/v2p1`, version: "v2p1" }],
    });
    expect((await fetch(`${origin}/dev/backpack`)).status).toBe(200);
    expect((await fetch(`${server.origin}/dev/backpack`)).status).toBe(404);
    expect(known(folder)).toEqual([
      { name: "Demo backpack", api: `${origin}/ims/ob/v2p1`, token: `${origin}/oauth/token` },
    ]);
    expect((await server.stop()).code).toBe(0);
    await expect(fetch(`${origin}/healthz`)).rejects.toThrow();
  });

  it("is found again where a later start put it", async () => {
    const folder = temporaryFolder();
    const first = await startServer({ DATA_DIR: folder, PORT: "0" });
    const before = backpackOf(first);
    await first.stop();
    const second = await startServer({ DATA_DIR: folder, PORT: "0" });
    const after = backpackOf(second);
    expect(after).not.toBe(before);
    expect(known(folder)).toEqual([
      { name: "Demo backpack", api: `${after}/ims/ob/v2p1`, token: `${after}/oauth/token` },
    ]);
    await second.stop();
  });

  it("is not there without the demo", async () => {
    const folder = temporaryFolder();
    const server = await startServer({ DATA_DIR: folder, PORT: "0" }, ["--empty"]);
    expect(server.program.stdout).not.toContain("Demo backpack");
    expect(server.program.stdout).not.toContain("/dev/as/");
    expect(known(folder)).toEqual([]);
    await server.stop();
  });
});
