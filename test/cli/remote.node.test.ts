// The same verbs against an installation elsewhere, over HTTP with a key.
import { describe, expect, it, vi } from "vitest";
import { rosette, startServer, temporaryFolder } from "../setup/process.ts";

vi.setConfig({ testTimeout: 60_000 });

describe("--url and --key", () => {
  it("award a badge over HTTP, and say what is wrong in the words of the problem", async () => {
    const here = { DATA_DIR: temporaryFolder(), PORT: "0" };
    const server = await startServer(here);
    const made = await rosette(["keys", "create", "--scope", "badges:read", "--json"], here);
    const reader = JSON.parse(made.stdout).key as string;
    const full = JSON.parse((await rosette(["keys", "create", "--json"], here)).stdout)
      .key as string;
    const elsewhere = { DATA_DIR: temporaryFolder(), ROSETTE_URL: server.origin };

    const award = ["award", "First Activity", "far@example.org", "--json"];
    const allowed = await rosette(award, { ...elsewhere, ROSETTE_KEY: full });
    expect(allowed.code).toBe(0);
    expect(JSON.parse(allowed.stdout)).toMatchObject({ status: "valid" });

    const refused = await rosette(award, { ...elsewhere, ROSETTE_KEY: reader });
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stderr)).toMatchObject({ code: "insufficient-scope" });

    const unknown = await rosette(["badge", "list", "--key", "ros_none"], elsewhere);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain("This API key is not valid");
  });

  it("say so when nobody answers", async () => {
    const { code, stderr } = await rosette(
      ["badge", "list", "--url", "http://127.0.0.1:9", "--key", "ros_x"],
      { DATA_DIR: temporaryFolder() },
    );
    expect(code).toBe(1);
    expect(stderr).toContain("does not answer");
    const told = await rosette(
      ["badge", "list", "--url", "http://127.0.0.1:9", "--key", "ros_x", "--json"],
      { DATA_DIR: temporaryFolder() },
    );
    expect(told).toMatchObject({ code: 1, stdout: "" });
    expect(JSON.parse(told.stderr)).toMatchObject({ code: "unreachable" });
  });
});
