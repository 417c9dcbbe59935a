// `rosette webhooks` against an installation of its own.
import { describe, expect, it, vi } from "vitest";
import { rosette, temporaryFolder, type Variables } from "../setup/process.ts";

vi.setConfig({ testTimeout: 60_000 });

async function installation(): Promise<Variables> {
  const variables = { DATA_DIR: temporaryFolder(), DEMO: "false" };
  const args = ["organization", "create", "--name", "Northside"];
  const web = ["--website", "https://northside.example", "--email", "badges@northside.example"];
  expect((await rosette([...args, ...web], variables)).code).toBe(0);
  return variables;
}

describe("rosette webhooks", () => {
  it("adds an endpoint, pings it, shows the log, and sends again", async () => {
    const here = await installation();
    const json = async (...args: string[]) => {
      const { code, stdout, stderr } = await rosette(["webhooks", ...args, "--json"], here);
      expect([code, stderr]).toEqual([0, ""]);
      return JSON.parse(stdout);
    };
    const made = await json("add", "https://hooks.example.net/in", "--event", "award.created");
    expect(made).toMatchObject({
      events: ["award.created"],
      secret: expect.stringMatching(/^whsec_/),
    });
    const { data } = await json("list");
    expect(data).toMatchObject([{ id: made.id, enabled: true }]);
    expect(JSON.stringify(data)).not.toContain("whsec_");
    const ping = await json("ping", made.id);
    const log = await json("deliveries", made.id, "--state", "waiting");
    expect(log.data).toMatchObject([{ id: ping.id, type: "ping", state: "waiting" }]);
    expect(await json("resend", ping.id)).toMatchObject({ id: ping.id, state: "waiting" });
    expect(await json("resend", "--parked", made.id)).toEqual({ resent: 0, left: 0 });
    const shown = await rosette(["webhooks", "deliveries", made.id], here);
    expect(shown.stdout).toContain("ping");
  });

  it.each([
    [["add"], 2],
    [["add", "http://hooks.example.net/in"], 1],
    [["add", "https://hooks.example.net/in", "--event", "award.stolen"], 1],
    [["ping", "none"], 1],
    [["deliveries", "none", "--state", "lost"], 2],
    [["resend"], 2],
    [["resend", "one", "--parked", "two"], 2],
  ])("%j ends with %i", async (args, code) => {
    const said = await rosette(["webhooks", ...args], await installation());
    expect([said.code, said.stdout]).toEqual([code, ""]);
    expect(said.stderr).not.toBe("");
  });
});
