// A thousand refreshes whose answers never arrive; on one runtime, for the time they take.
import { expect, it } from "vitest";
import { freshToken } from "../../src/oauth/token.ts";
import { connected } from "./connecting.ts";

it("of a thousand refreshes whose first answer is lost, none logs anybody out", async () => {
  const { env, host, test, connectionId, connection } = await connected();
  for (let round = 1; round <= 1_000; round++) {
    test.clock.advance(3_600_000);
    host.answers.token = (asked) => {
      host.answers.token = undefined;
      host.grant(asked);
      throw new TypeError("reset");
    };
    const { ok } = await freshToken(env, connectionId);
    if (!ok) expect.fail(`round ${round}`);
  }
  expect((await connection()).status).toBe("connected");
  expect(host.at("token")).toHaveLength(2_000);
}, 120_000);
