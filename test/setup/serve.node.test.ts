// Starting: what a first start makes, what a second leaves alone, and what no start does.
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import Libsql from "libsql";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { rosette, startServer, temporaryFolder } from "./process.ts";

/** Whole processes start here, on machines that are busy with other tests too. */
vi.setConfig({ testTimeout: 60_000 });

const HTML = { headers: { accept: "text/html" } };

function count(folder: string, table: string): number {
  const database = new Libsql(join(folder, "rosette.db"));
  const row = database.prepare(`SELECT count(*) AS n FROM ${table}`).get([]) as { n: number };
  database.close();
  return row.n;
}

async function takePort(): Promise<number> {
  const holder = createServer();
  onTestFinished(() => {
    holder.close();
  });
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const address = holder.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}

describe("a first start", () => {
  it("makes a database, seeds the demo and says where to look", async () => {
    const folder = join(temporaryFolder(), "data");
    const server = await startServer({ DATA_DIR: folder, PORT: "0" });
    const { stdout } = server.program;
    expect(stdout).toMatch(/^✔ database .* \(created, \d+ migrations\)$/m);
    expect(stdout).toContain("demo data  1 organization, 5 people, 9 badges, 22 awards");
    expect(stdout).toContain("is local: badges issued now verify on this machine only");
    const home = await fetch(`${server.origin}/`, HTML);
    expect(home.status).toBe(200);
    const text = await home.text();
    for (const [verdict, status] of [
      ["valid", 200],
      ["expired", 200],
      ["revoked", 410],
    ] as const) {
      expect(text).toContain(`href="/dev/badges/${verdict}"`);
      const example = await fetch(`${server.origin}/dev/badges/${verdict}`, HTML);
      expect(example.status).toBe(status);
      expect(text).toContain(`href="${new URL(example.url).pathname}"`);
    }
    expect((await server.stop()).code).toBe(0);
  });

  it("prints a key that opens the API, the same at every start until it is revoked", async () => {
    const folder = temporaryFolder();
    const keyOf = async () => {
      const server = await startServer({ DATA_DIR: folder, PORT: "0" });
      const key = /API key +(ros_\S+) +\(demo only\)/.exec(server.program.stdout)?.[1] ?? null;
      const headers = { authorization: `Bearer ${key}` };
      const said = await fetch(`${server.origin}/api/v1/api-keys`, { headers });
      const { data = [] } = (await said.json()) as { data?: { id: string; name: string }[] };
      const made = data.find(({ name }) => name === "Demo");
      const end = () =>
        fetch(`${server.origin}/api/v1/api-keys/${made?.id}`, { method: "DELETE", headers });
      return { key, status: said.status, end, stop: () => server.stop() };
    };
    const first = await keyOf();
    expect(first.status).toBe(200);
    await first.stop();
    const second = await keyOf();
    expect([second.key, second.status]).toEqual([first.key, 200]);
    expect((await second.end()).status).toBe(204);
    await second.stop();
    const third = await keyOf();
    expect([third.key, third.status]).toEqual([null, 401]);
    await third.stop();
  });

  it("is not told twice: the second start leaves the demo as it is", async () => {
    const folder = temporaryFolder();
    const first = await startServer({ DATA_DIR: folder, PORT: "0" });
    await first.stop();
    const before = count(folder, "badge_issues");
    const second = await startServer({ DATA_DIR: folder, PORT: "0" });
    expect(second.program.stdout).not.toContain("demo data");
    expect(second.program.stdout).toContain("/dev/as/noor");
    await second.stop();
    expect([count(folder, "organizations"), count(folder, "badge_issues")]).toEqual([1, before]);
  });

  it("seeds once when two race for an empty database", async () => {
    const folder = temporaryFolder();
    const start = () => startServer({ DATA_DIR: folder, PORT: "0" });
    const [one, two] = await Promise.all([start(), start()]);
    await Promise.all([one.stop(), two.stop()]);
    expect([count(folder, "organizations"), count(folder, "badges")]).toEqual([1, 9]);
  });

  it("with --empty seeds nothing, and prints a link that sets it up", async () => {
    const folder = temporaryFolder();
    const server = await startServer({ DATA_DIR: folder, PORT: "0" }, ["--empty"]);
    expect((await fetch(`${server.origin}/`, HTML)).status).toBe(200);
    const path = /\/setup\/[A-Za-z0-9_-]{43}\b/.exec(server.program.stdout)?.[0];
    expect(path).toBeDefined();
    const link = `${server.origin}${path}`;
    const page = await fetch(link, HTML);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Step 1 of 3")]);
    const { stdout } = await rosette(["setup", "--json"], { DATA_DIR: folder, DEMO: "false" });
    expect((await fetch(link, HTML)).status).toBe(404);
    const newer = new URL(JSON.parse(stdout).url).pathname;
    expect((await fetch(`${server.origin}${newer}`, HTML)).status).toBe(200);
    await server.stop();
    expect(count(folder, "organizations")).toBe(0);
  });

  it("of the demo prints no such link, for it has its administrators", async () => {
    const folder = temporaryFolder();
    const server = await startServer({ DATA_DIR: folder, PORT: "0" });
    expect(server.program.stdout).not.toContain("/setup/");
    expect((await fetch(`${server.origin}/setup`, HTML)).status).toBe(404);
    await server.stop();
    const again = await startServer({ DATA_DIR: folder, PORT: "0" }, ["--empty"]);
    expect(again.program.stdout).not.toContain("/setup/");
    await again.stop();
    const { code, stderr } = await rosette(["setup"], { DATA_DIR: folder, DEMO: "false" });
    expect([code, stderr]).toEqual([1, expect.stringContaining("is set up")]);
  });
});

describe("the port", () => {
  it("is the next free one when nobody chose it, and the public address follows", async () => {
    const one = await startServer({ DATA_DIR: temporaryFolder(), DEMO: "false" });
    const two = await startServer({ DATA_DIR: temporaryFolder(), DEMO: "false" });
    expect(two.origin).not.toBe(one.origin);
    expect(two.program.stdout).toContain("is taken by another program");
    expect(two.publicUrl).toBe(`http://localhost:${new URL(two.origin).port}`);
    expect((await fetch(`${two.origin}/readyz`)).status).toBe(200);
  });

  it("joins a server of the same database under the address in its badges", async () => {
    const folder = temporaryFolder();
    const one = await startServer({ DATA_DIR: folder });
    const two = await startServer({ DATA_DIR: folder });
    expect(two.origin).not.toBe(one.origin);
    expect(two.publicUrl).toBe(one.publicUrl);
    expect(two.program.stdout).toContain("joins it");
  });

  it("is an error when it was chosen and is taken", async () => {
    const port = await takePort();
    const { code, stderr } = await rosette(["serve"], {
      DATA_DIR: temporaryFolder(),
      PORT: String(port),
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} is taken by another program`);
  });
});

describe("a start that cannot be", () => {
  it("ends, also where its own port was open already: no process is left that answers nobody", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "demo-backpack"), "not a folder");
    const { code, stderr } = await rosette(["serve"], { DATA_DIR: folder, PORT: "0" });
    expect(code).toBe(1);
    expect(stderr).toContain("demo-backpack");
  });

  it("names every setting that is wrong", async () => {
    const { code, stderr } = await rosette(["serve"], {
      DATA_DIR: temporaryFolder(),
      PORT: "http",
      PUBLIC_URL: "badges.example.org",
      LOG_LEVEL: "loud",
    });
    expect(code).toBe(1);
    for (const name of ["PORT", "PUBLIC_URL", "LOG_LEVEL"]) expect(stderr).toContain(`  ${name} `);
    expect(stderr).not.toContain("    at ");
  });

  it("refuses a database that a newer version wrote", async () => {
    const folder = temporaryFolder();
    const variables = { DATA_DIR: folder, DEMO: "false" };
    await rosette(["migrate"], variables);
    const database = new Libsql(join(folder, "rosette.db"));
    database.exec("INSERT INTO schema_migrations (name, checksum) VALUES ('9999_later', 'x')");
    database.close();
    const { code, stderr } = await rosette(["serve"], variables);
    expect(code).toBe(1);
    expect(stderr).toContain("written by a newer version (migration 9999_later)");
  });

  it("says so when the data folder cannot be written", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const { code, stderr } = await rosette(["serve"], { DATA_DIR: join(file, "data") });
    expect(code).toBe(1);
    expect(stderr).toContain("Set DATA_DIR to a folder this user can write to");
  });
});

describe("an address that badges were issued under", () => {
  it("is kept by later starts that choose none, and another one is said aloud", async () => {
    const folder = temporaryFolder();
    const port = await takePort();
    const first = await startServer({ DATA_DIR: folder, PORT: "0" });
    await first.stop();
    const again = await startServer({ DATA_DIR: folder });
    expect(again.publicUrl).toBe(first.publicUrl);
    await again.stop();
    const elsewhere = await startServer({
      DATA_DIR: folder,
      PORT: "0",
      PUBLIC_URL: `http://localhost:${port}`,
    });
    expect(elsewhere.program.stdout).toContain(`badges issued earlier say ${first.publicUrl}`);
  });
});
