import { expect, it } from "vitest";
import { testApp } from "./app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "./given.ts";

it("rows that tests start from obey the schema", async () => {
  const { env } = await testApp();
  const organization = await givenOrganization(env);
  const badge = await givenBadge(env, organization);
  const award = await givenAward(env, badge, await givenPerson(env, organization));
  expect(award).toMatchObject({ date_issued: env.now(), is_visible: true, revision: 1 });
  expect(badge).toMatchObject({
    is_active: true,
    is_enabled: true,
    organization_id: organization.id,
  });
});
