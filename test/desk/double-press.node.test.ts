// A button that is pressed twice while two processes serve one file: what is done is done once.
import { expect, it, onTestFinished } from "vitest";
import { openHere } from "../../src/cli/here.ts";
import { badges } from "../../src/db/badges.ts";
import { organizations } from "../../src/db/organizations.ts";
import { givenInstallation } from "../durability/issuing.ts";
import { givenPerson } from "../given.ts";
import type { Server } from "../setup/process.ts";
import { signedIn } from "../signed-in.ts";
import { fieldsOf } from "./badge-world.ts";

it("Save of a new badge: one badge, and either process leads to it", async () => {
  const installation = await givenInstallation();
  const servers = [await installation.serve(), await installation.serve()] as const;
  const { env, close } = await openHere(installation.variables);
  onTestFinished(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await close();
  });
  const [organization] = await env.db.orm.select().from(organizations);
  if (organization === undefined) throw new Error("there is no organization");
  const roles = ["organization_administrator"];
  const { user } = await givenPerson(env, organization, { email: "ada@example.org", roles });
  // Any server answers for any session: it is a row.
  const at = (server: Server) =>
    signedIn(
      {
        env,
        request: (path, init) => fetch(`${server.origin}${path}`, { ...init, redirect: "manual" }),
      },
      user.id,
    );
  const one = await at(servers[0]);
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
