// `rosette listen` and `award --wait`: what somebody at a terminal sees of an award that another makes.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { run } from "../../src/cli/main.ts";
import { verify } from "../../src/standard-webhooks.ts";
import { temporaryFolder } from "../setup/process.ts";

vi.setConfig({ testTimeout: 60_000 });

type Variables = Readonly<Record<string, string>>;

interface Said {
  readonly code: Promise<number>;
  stdout: string;
  stderr: string;
}

/** A verb in this process, on a database of its own. */
function rosette(variables: Variables, ...args: string[]): Said {
  const said: Said = {
    stdout: "",
    stderr: "",
    code: run(args, {
      stdout: { write: (text) => (said.stdout += text) },
      stderr: { write: (text) => (said.stderr += text) },
      variables,
    }),
  };
  return said;
}

async function done(variables: Variables, ...args: string[]): Promise<Record<string, unknown>> {
  const said = rosette(variables, ...args, "--json");
  expect([await said.code, said.stderr]).toEqual([0, ""]);
  return JSON.parse(said.stdout);
}

/** A demo without a server: one organization with one badge, and mails that are kept. */
async function installation(): Promise<Variables> {
  const variables = { DATA_DIR: temporaryFolder(), DEMO: "true" };
  await done(
    variables,
    ...["organization", "create", "--name", "Northside", "--website", "https://northside.example"],
    ...["--email", "badges@northside.example"],
  );
  await done(
    variables,
    ...["badge", "create", "--name", "First Activity", "--description", "Ran a first session."],
    ...["--criteria", "Run one session."],
  );
  return variables;
}

const lines = (text: string) => text.trim().split("\n");

it("prints a signed message for each event, once, and leaves no endpoint behind", async () => {
  const here = await installation();
  const heard = rosette(
    here,
    "listen",
    "--print",
    "--event",
    "award.created",
    "--count",
    "2",
    "--json",
  );
  await vi.waitFor(() => expect(heard.stdout).toContain("whsec_"), 20_000);
  for (const person of ["kim@person.test", "lee@person.test"]) {
    await done(here, "award", "first-activity", person);
  }
  expect(await heard.code).toBe(0);
  const [{ secret }, ...messages] = lines(heard.stdout).map((line) => JSON.parse(line));
  expect(messages.map(({ type }) => type)).toEqual(["award.created", "award.created"]);
  for (const { headers, body } of messages) {
    const bytes = new TextEncoder().encode(body);
    expect(await verify([secret], new Headers(headers), bytes, Date.now())).toMatchObject({
      ok: true,
    });
  }
  expect(new Set(messages.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
  expect(await done(here, "webhooks", "list")).toEqual({ data: [] });
});

it("passes messages on to a program on this machine, and says what it answered", async () => {
  const here = await installation();
  const received: { signature: string | undefined; body: string }[] = [];
  const receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push({ signature: String(request.headers["webhook-signature"]), body });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    receiver.close();
  });
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  const heard = rosette(here, "listen", "--forward-to", url, "--count", "1");
  await vi.waitFor(() => expect(heard.stdout).toContain("whsec_"), 20_000);
  await done(here, "award", "first-activity", "kim@person.test");
  expect(await heard.code).toBe(0);
  expect(received).toHaveLength(1);
  expect(received[0]?.signature).toMatch(/^v1,/);
  expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({ type: "award.created" });
  expect(heard.stdout).toContain("award.created → 202");
  expect(heard.stdout).not.toContain("webhook-signature");
});

it("goes on where nobody answers at the address, and ends at Ctrl+C", async () => {
  const here = await installation();
  const heard = rosette(here, "listen", "--forward-to", "http://127.0.0.1:1/");
  await vi.waitFor(() => expect(heard.stdout).toContain("whsec_"), 20_000);
  await done(here, "award", "first-activity", "kim@person.test");
  await vi.waitFor(() => expect(heard.stdout).toContain("award.created → no answer"), 20_000);
  process.emit("SIGINT");
  expect(await heard.code).toBe(0);
  expect(await done(here, "webhooks", "list")).toEqual({ data: [] });
});

it("award --wait ends once the mail is sent; the same key again awards and mails nothing", async () => {
  const here = await installation();
  const award = [
    "award",
    "first-activity",
    "kim@person.test",
    "--wait",
    "--idempotency-key",
    "one",
  ];
  const first = await done(here, ...award);
  expect(first).toMatchObject({ status: "valid", mail: "sent" });
  const again = await done(here, ...award);
  expect([again.id, again.mail]).toEqual([first.id, "sent"]);
  const told = rosette(here, "award", "first-activity", "lee@person.test", "--wait");
  expect(await told.code).toBe(0);
  expect(told.stdout).toMatch(/^ {2}Mail +sent$/m);
});

it("award --wait says so where nobody is to be told", async () => {
  const here = { ...(await installation()), DEMO: "false" };
  expect(await done(here, "award", "first-activity", "kim@person.test", "--wait")).toMatchObject({
    mail: null,
  });
});

it.each([
  [["listen", "--forward-to", "localhost"], 2],
  [["listen", "--count", "0"], 2],
  [["listen", "--event", "award.stolen"], 1],
  [["award", "first-activity", "a@x.example", "b@x.example", "--wait"], 2],
] as const)("%j ends with %i", async (args, code) => {
  const said = rosette(await installation(), ...args);
  expect([await said.code, said.stdout]).toEqual([code, ""]);
});
