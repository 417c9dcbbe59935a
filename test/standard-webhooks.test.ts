// Signed webhooks: the specification's own example, and every way in which a message is not ours.
import { describe, expect, it } from "vitest";
import {
  newWebhookSecret,
  sign,
  TOLERANCE_SECONDS,
  verify,
  WEBHOOK_HEADERS,
} from "../src/standard-webhooks.ts";
import { countingRandom } from "./app.ts";

/** The example that libraries of Standard Webhooks test with. */
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const TIMESTAMP = 1_614_265_330;
const BODY = new TextEncoder().encode('{"test": 2432232314}');
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const NOW = TIMESTAMP * 1000;

const headers = (over: Record<string, string> = {}) =>
  new Headers({
    [WEBHOOK_HEADERS.id]: ID,
    [WEBHOOK_HEADERS.timestamp]: String(TIMESTAMP),
    [WEBHOOK_HEADERS.signature]: SIGNATURE,
    ...over,
  });

const OTHER = newWebhookSecret({ random: countingRandom(7) });

describe("signing", () => {
  it("gives the example's signature", async () => {
    const message = { id: ID, timestamp: TIMESTAMP, body: BODY };
    expect(await sign([SECRET], message)).toEqual(Object.fromEntries(headers()));
  });

  it("gives a signature for each secret, and either is enough", async () => {
    const signed = await sign([OTHER, SECRET], { id: ID, timestamp: TIMESTAMP, body: BODY });
    expect(signed[WEBHOOK_HEADERS.signature]?.split(" ")).toHaveLength(2);
    for (const secret of [SECRET, OTHER]) {
      expect(await verify([secret], new Headers(signed), BODY, NOW)).toEqual({ ok: true, id: ID });
    }
  });

  it("makes secrets of 32 bytes", () => {
    expect(OTHER).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(newWebhookSecret({ random: countingRandom(8) })).not.toBe(OTHER);
  });

  it.each(["", "whsec_", "whsec_?", SECRET.slice("whsec_".length)])(
    "refuses the secret %j",
    async (secret) => {
      await expect(sign([secret], { id: ID, timestamp: TIMESTAMP, body: BODY })).rejects.toThrow();
    },
  );
});

describe("verifying", () => {
  it("takes the example, with either of two secrets", async () => {
    expect(await verify([SECRET], headers(), BODY, NOW)).toEqual({ ok: true, id: ID });
    expect(await verify([OTHER, SECRET], headers(), BODY, NOW)).toEqual({ ok: true, id: ID });
  });

  it.each([
    ["later", TOLERANCE_SECONDS, true],
    ["too late", TOLERANCE_SECONDS + 1, false],
    ["earlier", -TOLERANCE_SECONDS, true],
    ["too early", -TOLERANCE_SECONDS - 1, false],
  ])("judges the time by five minutes: %s", async (_name, seconds, ok) => {
    const said = await verify([SECRET], headers(), BODY, NOW + seconds * 1000);
    expect(said).toEqual(ok ? { ok, id: ID } : { ok, reason: "stale" });
  });

  it.each<[string, Record<string, string>, string]>([
    ["no id", { [WEBHOOK_HEADERS.id]: "" }, "headers"],
    ["an id without end", { [WEBHOOK_HEADERS.id]: "x".repeat(257) }, "headers"],
    ["another id", { [WEBHOOK_HEADERS.id]: "msg_other" }, "signature"],
    ["another time", { [WEBHOOK_HEADERS.timestamp]: String(TIMESTAMP + 1) }, "signature"],
    ["a time in words", { [WEBHOOK_HEADERS.timestamp]: "now" }, "headers"],
    ["a fractional time", { [WEBHOOK_HEADERS.timestamp]: `${TIMESTAMP}.0` }, "headers"],
    ["a negative time", { [WEBHOOK_HEADERS.timestamp]: `-${TIMESTAMP}` }, "headers"],
    ["no signature", { [WEBHOOK_HEADERS.signature]: "" }, "headers"],
    [
      "a signature of another version",
      { [WEBHOOK_HEADERS.signature]: SIGNATURE.replace("v1", "v1a") },
      "headers",
    ],
    ["no base64", { [WEBHOOK_HEADERS.signature]: "v1,???" }, "headers"],
    ["half a signature", { [WEBHOOK_HEADERS.signature]: "v1,g0hM9SsE" }, "signature"],
    [
      "ours after too many",
      { [WEBHOOK_HEADERS.signature]: `${"v1,AAAA ".repeat(8)}${SIGNATURE}` },
      "signature",
    ],
  ])("refuses %s", async (_name, over, reason) => {
    expect(await verify([SECRET], headers(over), BODY, NOW)).toEqual({ ok: false, reason });
  });

  it("finds ours among signatures of others", async () => {
    const several = `v1a,AAAA v1,AAAA ${SIGNATURE}`;
    const said = await verify(
      [SECRET],
      headers({ [WEBHOOK_HEADERS.signature]: several }),
      BODY,
      NOW,
    );
    expect(said.ok).toBe(true);
  });

  it("refuses another body, and everything where there is no secret", async () => {
    const body = new TextEncoder().encode('{"test": 2432232315}');
    expect(await verify([SECRET], headers(), body, NOW)).toEqual({
      ok: false,
      reason: "signature",
    });
    expect(await verify([], headers(), BODY, NOW)).toEqual({ ok: false, reason: "signature" });
  });
});
