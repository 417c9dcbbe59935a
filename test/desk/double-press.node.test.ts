// A button that is pressed twice while two processes serve one file: what is done is done once.
import { expect, it } from "vitest";
import { badges } from "../../src/db/badges.ts";
import { givenTwoServers } from "../durability/two-servers.ts";
import { givenPerson } from "../given.ts";
import { fieldsOf } from "./badge-world.ts";

it("Save of a new badge: one badge, and either process leads to it", async () => {
  const { servers, env, organization, signedInAt } = await givenTwoServers();
  const roles = ["organization_administrator"];
  const { user } = await givenPerson(env, organization, { email: "ada@example.org", roles });
  const one = await signedInAt(servers[0], user.id);
  const html = await (await one.get("/admin/badges/new")).text();
  const fields = {
    ...fieldsOf(html),
    form_token: one.formToken,
    once: /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "",
    name: "Night Walk Guide",
    description: "Led ten night walks.",
    narrative: "Lead ten night walks.",
    do: "save",
  };
  const before = (await env.db.orm.select().from(badges)).length;
  const pressed = await Promise.all(
    servers.map((server) =>
      fetch(`${server.origin}/admin/badges/new`, {
        method: "POST",
        redirect: "manual",
        headers: { cookie: one.cookie, origin: env.config.publicUrl },
        body: new URLSearchParams(
          Object.entries(fields).flatMap(([name, value]) =>
            [value].flat().map((each) => [name, each]),
          ),
        ),
      }),
    ),
  );
  const outcomes = pressed.map(({ status, headers }) => [status, headers.get("location")]);
  expect(outcomes[0]).toEqual([303, expect.stringMatching(/^\/admin\/badges\/.+\?done=new/)]);
  expect(outcomes[1]).toEqual(outcomes[0]);
  expect(await env.db.orm.select().from(badges)).toHaveLength(before + 1);
});
