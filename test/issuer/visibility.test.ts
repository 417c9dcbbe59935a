// Whose decision it is whether an award is shown.
import { describe, expect, it } from "vitest";
import { mayToggleVisibility, setVisibility } from "../../src/issuer/visibility.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";

const AWARD = { organization_id: "here" };
const OWNER = "owner";

type Asker = Parameters<typeof mayToggleVisibility>[0];
const person = (id: string, ...roles: string[]): Asker => ({ kind: "user", id, roles });
const key = (organizationId: string | null, ...scopes: string[]): Asker => ({
  kind: "api_key",
  id: "key",
  organizationId,
  scopes,
});

describe("visibility_toggle_restricted_to_owner", () => {
  it.each<[string, Asker, boolean]>([
    ["the owner", person(OWNER), true],
    ["the owner who is a coordinator, too", person(OWNER, "coordinator"), true],
    ["an administrator of the organization", person("a", "organization_administrator"), true],
    ["a coordinator", person("c", "coordinator", "member"), false],
    ["another member", person("m", "member"), false],
    ["nobody in particular", person("n"), false],
    ["a key that may write awards", key("here", "awards:write"), true],
    ["a key that may do all", key("here", "*"), true],
    ["a key of the site that may write awards", key(null, "awards:write"), true],
    ["a key that may read them", key("here", "awards:read", "users:write"), false],
    ["a key of another organization", key("there", "*"), false],
  ])("%s: %#", (_who, asker, expected) => {
    expect(mayToggleVisibility(asker, AWARD, OWNER)).toBe(expected);
  });

  it("where nobody has proven the identity, it is no person's but an administrator's", () => {
    expect(mayToggleVisibility(person("m", "member"), AWARD, null)).toBe(false);
    expect(mayToggleVisibility(person("a", "organization_administrator"), AWARD, null)).toBe(true);
  });

  it("who has proven the identity may, whichever record the award hangs on; a coordinator gets 403", async () => {
    const { env } = await testApp();
    const organization = await givenOrganization(env);
    const badge = await givenBadge(env, organization);
    const owner = await givenPerson(env, await givenOrganization(env), { email: "noor@x.example" });
    // The organization's own record of the same address, which nobody has proven.
    const record = await givenPerson(env, organization, { email: "noor@x.example" });
    const award = await givenAward(env, badge, record);
    const asked = (asker: Asker) => setVisibility(env, award, false, asker);
    const hidden = await asked(person(owner.user.id));
    expect(hidden.result).toMatchObject({ visible: false, is_visible: false, revision: 1 });
    await env.db.batch(hidden.writes);
    for (const asker of [person("c", "coordinator"), person(record.user.id, "member")]) {
      await expect(asked(asker)).rejects.toMatchObject({
        code: "visibility-restricted",
        status: 403,
      });
    }
  });
});
