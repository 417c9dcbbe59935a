// Two processes on one file, asked at once to use up the same link, or to make the same person.
import { join } from "node:path";
import Libsql from "libsql";
import { beforeAll, expect, inject, it, onTestFinished } from "vitest";
import { build, type Server, startServer, temporaryFolder } from "../setup/process.ts";

const PUBLIC_URL = "https://badges.example.org";
const { port, inbox } = inject("smtp");

beforeAll(build, 120_000);

async function twoProcesses() {
  const folder = temporaryFolder();
  const variables = {
    DATA_DIR: folder,
    DEMO: "false",
    PUBLIC_URL,
    HOST: "127.0.0.1",
    PORT: "0",
    SMTP_URL: `smtp://127.0.0.1:${port}`,
  };
  const first = await startServer(variables);
  const second = await startServer(variables);
  onTestFinished(async () => {
    await Promise.all([first.stop(), second.stop()]);
  });
  const count = (table: string) => {
    const db = new Libsql(join(folder, "rosette.db"), { readonly: true });
    const [row] = db.prepare(`SELECT count(*) AS n FROM ${table}`).all([]) as { n: number }[];
    db.close();
    return row?.n;
  };
  return { servers: [first, second] as const, count };
}

/** A new browser with a page open: what it sends with that page's form. */
async function opened({ origin }: Server, path: string) {
  const page = await fetch(`${origin}${path}`, { headers: { accept: "text/html" } });
  const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const token = /name="form_token" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
  return (fields: Record<string, string> = {}, action = path) =>
    fetch(`${origin}${action}`, {
      method: "POST",
      redirect: "manual",
      headers: { accept: "text/html", cookie, origin: PUBLIC_URL },
      body: new URLSearchParams({ form_token: token, ...fields }),
    });
}

/** Has a mail sent; resolves to the paths of the links of all mails to the address so far. */
async function askForMail(server: Server, email: string, least: number): Promise<string[]> {
  const send = await opened(server, "/login");
  expect((await send({ email })).status).toBe(303);
  const answer = await fetch(`${inbox}?to=${encodeURIComponent(email)}&least=${least}`);
  const mails = (await answer.json()) as string[];
  return mails.map((mail) => {
    const text = mail.replaceAll("=\r\n", "").replaceAll("=3D", "=");
    return /https:\/\/badges\.example\.org(\/auth\/[\w-]+)/.exec(text)?.[1] ?? "";
  });
}

it("a link that twenty browsers follow at once signs in one of them, and is mailed once", async () => {
  const { servers, count } = await twoProcesses();
  for (let round = 1; round <= 5; round++) {
    const email = `kim-${round}@${crypto.randomUUID()}.example`;
    const [link = "", ...more] = await askForMail(servers[0], email, 1);
    expect(more).toEqual([]);
    const browsers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => opened(servers[i % 2 ? 1 : 0], link)),
    );
    const answers = await Promise.all(browsers.map((send) => send()));
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([303, ...Array(19).fill(410)]);
    for (const table of ["sessions", "users", "identities"]) expect(count(table)).toBe(round);
    const mails = await fetch(`${inbox}?to=${encodeURIComponent(email)}`);
    expect(await mails.json()).toHaveLength(1);
  }
}, 120_000);

it("two links to one new address, followed at once, sign in one person twice", async () => {
  const { servers, count } = await twoProcesses();
  for (let round = 1; round <= 5; round++) {
    const email = `lee-${round}@${crypto.randomUUID()}.example`;
    await askForMail(servers[0], email, 1);
    const links = await askForMail(servers[1], email, 2);
    const browsers = await Promise.all(
      links.map((link, i) => opened(servers[i % 2 ? 1 : 0], link)),
    );
    const answers = await Promise.all(browsers.map((send) => send()));
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(count("users")).toBe(round);
    expect(count("identities WHERE verified_at IS NOT NULL")).toBe(round);
    expect(count("sessions")).toBe(2 * round);
  }
}, 120_000);
