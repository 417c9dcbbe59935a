// What docs/webhooks.md tells receivers: its program runs, and its list of types is the one that is sent.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { WEBHOOK_EVENTS } from "../../src/issuer/announce.ts";
import { newWebhookSecret, sign } from "../../src/standard-webhooks.ts";
import { countingRandom } from "../app.ts";

const PAGE = readFileSync(new URL("../../docs/webhooks.md", import.meta.url), "utf8");

type IsGenuine = (secret: string, headers: Record<string, string>, body: Uint8Array) => boolean;

async function program(): Promise<IsGenuine> {
  const [, source = ""] = /^```js\n([\s\S]*?)^```$/m.exec(PAGE) ?? [];
  const address = `data:text/javascript,${encodeURIComponent(source)}`;
  const loaded: { isGenuine: IsGenuine } = await import(/* @vite-ignore */ address);
  return loaded.isGenuine;
}

it("its program accepts what was signed, with either secret, and nothing else", async () => {
  const isGenuine = await program();
  const random = countingRandom();
  const [old, current] = [newWebhookSecret({ random }), newWebhookSecret({ random })];
  const body = new TextEncoder().encode('{"type":"ping"}');
  const message = { id: "one", timestamp: Math.floor(Date.now() / 1_000), body };
  const signed = await sign([current, old], message);
  expect([isGenuine(current, signed, body), isGenuine(old, signed, body)]).toEqual([true, true]);
  expect(isGenuine(newWebhookSecret({ random }), signed, body)).toBe(false);
  expect(isGenuine(current, { ...signed, "webhook-id": "two" }, body)).toBe(false);
  const late = await sign([current], { ...message, timestamp: message.timestamp - 301 });
  expect(isGenuine(current, late, body)).toBe(false);
});

it("its table names every type there is", () => {
  const named = [...PAGE.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([\w.]+)`/g)].map(([, type]) => type),
  );
  expect(named.sort()).toEqual([...WEBHOOK_EVENTS].sort());
});
