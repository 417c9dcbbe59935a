// Who an identity stands for in an organization, and that nobody is made twice.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { identities, memberships, type Organization, users } from "../../src/db/organizations.ts";
import { findMember } from "../../src/db/people.ts";
import type { Env } from "../../src/env.ts";
import { isOvertaken } from "../../src/issuer/audit.ts";
import {
  addIdentity,
  type FoundPerson,
  findOrCreatePerson,
  normalised,
  type PersonInput,
  removeIdentity,
} from "../../src/issuer/person.ts";
import { testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";

const ACTOR = { kind: "operator", id: "test" } as const;
const KIM: PersonInput = { type: "email", identity: "Kim@Example.org ", name: "Kim" };

async function found(env: Env, organization: Organization, input = KIM): Promise<FoundPerson> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const person = await findOrCreatePerson(env, organization.id, input, ACTOR);
    if (person.writes.length === 0) return person;
    try {
      await env.db.batch(person.writes);
      return person;
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }
  throw new Error("overtaken again and again");
}

async function memberOf(env: Env, organization: Organization, userId: string) {
  const member = await findMember(env.db, organization.id, userId);
  if (!member) throw new Error("not a member");
  return member;
}

describe("normalised", () => {
  it.each([
    ["email", " Kim@Example.ORG ", "kim@example.org"],
    ["url", " https://example.org/Kim ", "https://example.org/Kim"],
    ["telephone", " +16175551212", "+16175551212"],
    ["did", "did:web:Example.org ", "did:web:Example.org"],
  ] as const)("%s %j is %j", (type, identity, expected) => {
    expect(normalised({ type, identity })).toBe(expected);
  });
});

describe("findOrCreatePerson", () => {
  it("makes an unknown person with an unverified identity and the role member", async () => {
    const { env } = await testApp();
    const organization = await givenOrganization(env);
    const made = await found(env, organization);
    const member = await memberOf(env, organization, made.user.id);
    expect(member.user.name).toBeNull();
    expect(member.membership).toMatchObject({ name: "Kim", roles: ["member"], status: "active" });
    expect(member.identities).toMatchObject([
      { identity: "Kim@Example.org", normalised: "kim@example.org", verified_at: null },
    ]);
    expect(member.identities[0]?.id).toBe(made.identity.id);
  });

  it("finds a member again in any spelling, and writes nothing", async () => {
    const { env } = await testApp();
    const organization = await givenOrganization(env);
    const made = await found(env, organization);
    const again = await findOrCreatePerson(
      env,
      organization.id,
      { type: "email", identity: "KIM@example.org" },
      ACTOR,
    );
    expect(again.user.id).toBe(made.user.id);
    expect(again.membership.name).toBe("Kim");
    expect(again.writes).toEqual([]);
  });

  it("makes one person of many calls at once", async () => {
    const { env } = await testApp();
    const organization = await givenOrganization(env);
    const people = await Promise.all(Array.from({ length: 40 }, () => found(env, organization)));
    expect(new Set(people.map(({ user }) => user.id)).size).toBe(1);
    expect(new Set(people.map(({ identity }) => identity.id)).size).toBe(1);
    expect(await env.db.orm.select().from(users)).toHaveLength(1);
    expect(await env.db.orm.select().from(memberships)).toHaveLength(1);
    expect(await env.db.orm.select().from(identities)).toHaveLength(1);
  });

  it("makes different people of different identities at once", async () => {
    const { env } = await testApp();
    const organization = await givenOrganization(env);
    const inputs = Array.from({ length: 30 }, (_, i) => `p${i % 10}@example.org`);
    await Promise.all(
      inputs.map((identity) => found(env, organization, { type: "email", identity })),
    );
    expect(await env.db.orm.select().from(users)).toHaveLength(10);
  });

  it("takes in the person who has proven the identity elsewhere, without the name there", async () => {
    const { env } = await testApp();
    const [here, elsewhere] = [await givenOrganization(env), await givenOrganization(env)];
    const person = await givenPerson(env, elsewhere, {
      email: "kim@example.org",
      name: "Kimberly",
    });
    await found(env, elsewhere, { type: "email", identity: "kim@example.org" });
    const joined = await found(env, here);
    expect(joined.user.id).toBe(person.user.id);
    expect(joined.membership).toMatchObject({ organization_id: here.id, name: "Kim" });
    expect((await memberOf(env, here, person.user.id)).identities).toHaveLength(1);
    expect((await memberOf(env, elsewhere, person.user.id)).membership.name).toBe("Kimberly");
  });

  it("lets the proven person in once, of many calls at once", async () => {
    const { env } = await testApp();
    const [here, elsewhere] = [await givenOrganization(env), await givenOrganization(env)];
    const person = await givenPerson(env, elsewhere, { email: "kim@example.org" });
    const joined = await Promise.all(Array.from({ length: 20 }, () => found(env, here)));
    expect(new Set(joined.map(({ user }) => user.id))).toEqual(new Set([person.user.id]));
    expect(
      await env.db.orm.select().from(memberships).where(eq(memberships.organization_id, here.id)),
    ).toHaveLength(1);
  });

  it("makes another person of an identity that is only claimed elsewhere", async () => {
    const { env } = await testApp();
    const [here, elsewhere] = [await givenOrganization(env), await givenOrganization(env)];
    const claimed = await found(env, elsewhere);
    expect((await found(env, here)).user.id).not.toBe(claimed.user.id);
  });

  it("is not redirected by what another organization claims of a shared person", async () => {
    const { env } = await testApp();
    const [here, elsewhere] = [await givenOrganization(env), await givenOrganization(env)];
    const shared = await givenPerson(env, elsewhere, { email: "kim@example.org" });
    await found(env, here);
    const boss: PersonInput = { type: "email", identity: "boss@example.org" };
    const there = await memberOf(env, elsewhere, shared.user.id);
    await env.db.batch((await addIdentity(env, there, boss, ACTOR)).writes);
    const named = await memberOf(env, here, shared.user.id);
    expect(named.identities.map(({ normalised }) => normalised)).toEqual(["kim@example.org"]);
    expect((await found(env, here, boss)).user.id).not.toBe(shared.user.id);
    expect((await found(env, elsewhere, boss)).user.id).toBe(shared.user.id);
  });
});

describe("removeIdentity", () => {
  it("removes what nothing was made out to", async () => {
    const { env } = await testApp();
    const organization = await givenOrganization(env);
    const { user, identity } = await found(env, organization);
    const member = await memberOf(env, organization, user.id);
    await env.db.batch(await removeIdentity(env, member, identity, ACTOR));
    expect((await memberOf(env, organization, user.id)).identities).toEqual([]);
    expect((await found(env, organization)).user.id).not.toBe(user.id);
  });

  it("refuses what an award was made out to", async () => {
    const { env } = await testApp();
    const organization = await givenOrganization(env);
    const person = await found(env, organization);
    await givenAward(env, await givenBadge(env, organization), person);
    const member = await memberOf(env, organization, person.user.id);
    await expect(removeIdentity(env, member, person.identity, ACTOR)).rejects.toMatchObject({
      code: "identity-in-use",
    });
  });

  it("refuses it when the award came between the look and the write", async () => {
    const { env } = await testApp();
    const organization = await givenOrganization(env);
    const person = await found(env, organization);
    const member = await memberOf(env, organization, person.user.id);
    const writes = await removeIdentity(env, member, person.identity, ACTOR);
    await givenAward(env, await givenBadge(env, organization), person);
    const error = await env.db.batch(writes).catch((caught: unknown) => caught);
    expect(isOvertaken(error)).toBe(true);
  });

  it("refuses it for a person who is in another organization too", async () => {
    const { env } = await testApp();
    const [here, elsewhere] = [await givenOrganization(env), await givenOrganization(env)];
    await givenPerson(env, elsewhere, { email: "kim@example.org" });
    const { user, identity } = await found(env, here);
    const member = await memberOf(env, here, user.id);
    await expect(removeIdentity(env, member, identity, ACTOR)).rejects.toMatchObject({
      code: "identity-in-use",
    });
  });
});
