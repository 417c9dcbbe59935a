// The whole way of an app: it registers, a person allows it, it redeems a code and refreshes.
import { expect, it } from "vitest";
import { testApp } from "../app.ts";
import { givenOrganization, givenPerson } from "../given.ts";
import { signedIn } from "../signed-in.ts";
import { refresh, registered, tokensFor } from "./client.ts";

it("registers, is allowed, redeems and refreshes", async () => {
  const app = await testApp();
  const person = await givenPerson(app.env, await givenOrganization(app.env));
  const browser = await signedIn(app, person.user.id);
  const client = await registered(app);
  const tokens = await tokensFor(app, browser, client);
  expect(tokens).toMatchObject({ token_type: "Bearer", expires_in: 3600 });
  const again = await refresh(app, client, tokens.refresh_token);
  expect(again.status).toBe(200);
});
