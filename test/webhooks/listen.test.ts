// Where messages end that somebody reads from the log.
import { expect, it } from "vitest";
import { testApp } from "../app.ts";

it("accepts messages until its moment, and is gone afterwards", async () => {
  const { request, clock } = await testApp();
  const path = `/webhooks/listen/${clock.now + 1}`;
  const send = () => request(path, { method: "POST", body: "{}" });
  expect((await send()).status).toBe(204);
  clock.advance(1);
  expect((await send()).status).toBe(410);
});

it.each(["/webhooks/listen/never", "/webhooks/listen/9999999999999999"])(
  "%s is a moment of no use",
  async (path) => {
    const { request } = await testApp();
    expect((await request(path, { method: "POST" })).status).toBe(410);
  },
);

it("takes messages, and shows nothing", async () => {
  const { request } = await testApp();
  const response = await request("/webhooks/listen/1");
  expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
});
