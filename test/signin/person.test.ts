// Who an address stands for when somebody proves it: every case of who recorded it and who proved it before.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { identities, memberships, type User, users } from "../../src/db/organizations.ts";
import { findProvenHolder, isOnlyOwnUse, provenIdentities } from "../../src/db/people.ts";
import { isTheirs } from "../../src/db/theirs.ts";
import { normalisedEmail } from "../../src/email-address.ts";
import type { Env } from "../../src/env.ts";
import { newId } from "../../src/ids.ts";
import { normalised } from "../../src/issuer/person.ts";
import { listSiteAdministrators, setSiteAdministrator } from "../../src/signin/administrator.ts";
import { whoProves } from "../../src/signin/person.ts";
import { signIn } from "../../src/signin/sign-in.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson } from "../given.ts";
import { count } from "./visitor.ts";

const KIM = "kim@example.org";

/** As an organization records somebody: unproven. */
async function recorded(env: Env, email: string, over: Partial<User> = {}) {
  const organization = await givenOrganization(env);
  const person = await givenPerson(env, organization, { email });
  await env.db.batch([
    env.db.orm
      .update(identities)
      .set({ verified_at: null })
      .where(eq(identities.id, person.identity.id)),
    env.db.orm
      .update(users)
      .set({ updated_at: env.now(), ...over })
      .where(eq(users.id, person.user.id)),
  ]);
  return { organization, ...person };
}

async function alsoKnownAs(env: Env, userId: string, email: string, verified_at: number | null) {
  await env.db.batch([
    env.db.orm.insert(identities).values({
      id: newId(env),
      user_id: userId,
      type: "email",
      identity: email,
      normalised: email,
      verified_at,
    }),
  ]);
}

const request = new Request("https://badges.example.org/auth/x");

function prove(app: TestApp, email: string) {
  const arrive = () => whoProves(app.env, email);
  return signIn(app.env, request, { method: "link", arrive, uses: [] });
}

describe("whoever proves an address", () => {
  it("is who proved it before, however it is written", async () => {
    const app = await testApp();
    const first = await prove(app, KIM);
    expect(await prove(app, ` ${KIM.toUpperCase()} `)).toMatchObject({
      userId: first.ok && first.userId,
    });
    expect(await count(app.env, "users")).toBe(1);
    expect(await count(app.env, "identities")).toBe(1);
  });

  it("is a new person where nobody recorded it", async () => {
    const app = await testApp();
    const proven = await prove(app, "New@example.org");
    const [identity] = await provenIdentities(app.env.db, proven.ok ? proven.userId : "");
    expect(identity).toMatchObject({ identity: "New@example.org", normalised: "new@example.org" });
  });

  it("is the person an organization recorded under it", async () => {
    const app = await testApp();
    const { user } = await recorded(app.env, KIM);
    expect(await prove(app, KIM)).toMatchObject({ ok: true, userId: user.id });
    expect(await provenIdentities(app.env.db, user.id)).toHaveLength(1);
  });

  it("is the older one of two records, and has the awards of both", async () => {
    const app = await testApp();
    const { env } = app;
    const one = await recorded(env, KIM);
    app.clock.advance(1);
    const other = await recorded(env, KIM);
    const awards = [];
    for (const record of [one, other]) {
      awards.push(await givenAward(env, await givenBadge(env, record.organization), record));
    }
    expect(await prove(app, KIM)).toMatchObject({ ok: true, userId: one.user.id });
    for (const { id } of awards) expect(await isTheirs(env.db, one.user.id, id)).toBe(true);
  });

  it("is not somebody who proved another address, whoever wrote this one beside it", async () => {
    const app = await testApp();
    const { env } = app;
    const ada = await givenPerson(env, await givenOrganization(env), { email: "ada@example.org" });
    await alsoKnownAs(env, ada.user.id, "eve@example.org", null);
    const eve = await prove(app, "eve@example.org");
    expect(eve).toMatchObject({ ok: true });
    expect(eve.ok && eve.userId).not.toBe(ada.user.id);
    expect(await provenIdentities(env.db, ada.user.id)).toHaveLength(1);
  });

  it("is not a record that two organizations share", async () => {
    const app = await testApp();
    const { env } = app;
    const { user } = await recorded(env, KIM);
    const second = await givenOrganization(env);
    await env.db.batch([
      env.db.orm.insert(memberships).values({
        id: newId(env),
        organization_id: second.id,
        user_id: user.id,
        roles: ["member"],
        updated_at: env.now(),
      }),
    ]);
    const proven = await prove(app, KIM);
    expect(proven.ok && proven.userId).not.toBe(user.id);
  });

  it("is not a record with the right to look after the site", async () => {
    const app = await testApp();
    const { user } = await recorded(app.env, KIM, { is_site_administrator: true });
    const proven = await prove(app, KIM);
    expect(proven.ok && proven.userId).not.toBe(user.id);
  });

  it("of two addresses on one record, the first to be proven has it, the second is somebody new", async () => {
    const app = await testApp();
    const { user } = await recorded(app.env, KIM);
    await alsoKnownAs(app.env, user.id, "lee@example.org", null);
    const both = await Promise.all([prove(app, KIM), prove(app, "lee@example.org")]);
    const ids = both.map((one) => (one.ok ? one.userId : ""));
    expect(new Set(ids).size).toBe(2);
    expect(ids).toContain(user.id);
    expect(await provenIdentities(app.env.db, user.id)).toHaveLength(1);
  });

  it.each(["suspended", "deactivated"] as const)(
    "is not let in when %s, proven or recorded, and is not made anew",
    async (status) => {
      const app = await testApp();
      await recorded(app.env, KIM, { status });
      await recorded(app.env, KIM);
      expect(await prove(app, KIM)).toEqual({ ok: false, reason: "suspended" });
      const holder = await givenPerson(app.env, await givenOrganization(app.env), { status });
      const { normalised: address } = holder.identity;
      expect(await prove(app, address)).toEqual({ ok: false, reason: "suspended" });
      expect(await count(app.env, "sessions")).toBe(0);
      expect(await count(app.env, "users")).toBe(3);
    },
  );

  it("is one person, when many prove it at once", async () => {
    const app = await testApp();
    for (const email of ["nobody@example.org", KIM]) {
      if (email === KIM) await recorded(app.env, KIM);
      const all = await Promise.all(Array.from({ length: 20 }, () => prove(app, email)));
      expect(new Set(all.map((one) => (one.ok ? one.userId : one.reason))).size).toBe(1);
    }
    expect(await count(app.env, "users")).toBe(2);
    expect(await count(app.env, "identities", "verified_at is not null")).toBe(2);
    expect(await count(app.env, "sessions")).toBe(40);
  });

  it("leaves an entry of no organization in the audit log", async () => {
    const app = await testApp();
    await recorded(app.env, KIM);
    await prove(app, KIM);
    const { rows } = await app.env.db.read({
      sql: "SELECT action, organization_id, actor_kind FROM audit_log WHERE action = 'identity.proven'",
      params: [],
    });
    expect(rows).toEqual([["identity.proven", null, "user"]]);
  });

  it("has the address for good: no organization removes it any more", async () => {
    const app = await testApp();
    const { organization, identity } = await recorded(app.env, KIM);
    expect(await isOnlyOwnUse(app.env.db, organization.id, identity)).toBe(true);
    await prove(app, KIM);
    expect(await isOnlyOwnUse(app.env.db, organization.id, identity)).toBe(false);
  });

  it("compares addresses as awards do", () => {
    for (const email of [" Kim@Example.ORG ", "Ärger@example.org", "ſ@example.org"]) {
      expect(normalisedEmail(email)).toBe(normalised({ type: "email", identity: email }));
    }
  });
});

describe("administrators of the site", () => {
  it("are named by an address they proved, once", async () => {
    const { env } = await testApp();
    const { user } = await givenPerson(env, await givenOrganization(env), { email: KIM });
    const made = { ok: true, userId: user.id, changed: true };
    expect(await setSiteAdministrator(env, "Kim@example.org", true)).toEqual(made);
    expect(await setSiteAdministrator(env, KIM, true)).toEqual({ ...made, changed: false });
    expect(await listSiteAdministrators(env)).toEqual([
      { userId: user.id, name: "Noor Haddad", emails: [KIM] },
    ]);
    expect(await setSiteAdministrator(env, KIM, false)).toEqual(made);
    expect(await setSiteAdministrator(env, KIM, false)).toEqual({ ...made, changed: false });
    expect(await listSiteAdministrators(env)).toEqual([]);
  });

  it("get an account of their own where an organization's record is all there is", async () => {
    const app = await testApp();
    const { user } = await recorded(app.env, KIM);
    const made = await setSiteAdministrator(app.env, KIM, true);
    expect(made.ok && made.userId).not.toBe(user.id);
    expect(await prove(app, KIM)).toMatchObject({ userId: made.ok && made.userId });
    expect(await prove(app, KIM)).toMatchObject({ ok: true });
    expect((await findProvenHolder(app.env.db, "email", KIM))?.user.is_site_administrator).toBe(
      true,
    );
  });

  it("two operators at once name one person", async () => {
    const { env } = await testApp();
    const both = await Promise.all([
      setSiteAdministrator(env, KIM, true),
      setSiteAdministrator(env, KIM, true),
    ]);
    expect(new Set(both.map((one) => one.ok && one.userId)).size).toBe(1);
    expect(await listSiteAdministrators(env)).toHaveLength(1);
  });

  it.each([
    ["kim", true, "not-an-address"],
    ["kim@example.org\n", false, "unknown"],
    ["", true, "not-an-address"],
  ])("%j cannot be changed to %s: %s", async (email, on, reason) => {
    const { env } = await testApp();
    expect(await setSiteAdministrator(env, email, on)).toEqual({ ok: false, reason });
  });
});
