// Two deeds about one thing: whatever the one does before any step of the other, the rules hold, and each is told what came of it.
import { and, inArray, isNull } from "drizzle-orm";
import { expect, it } from "vitest";
import { type Award, awards, findAwardById } from "../../src/db/awards.ts";
import type { Badge } from "../../src/db/badges.ts";
import { DatabaseError } from "../../src/db/errors.ts";
import type { Organization } from "../../src/db/organizations.ts";
import type { Env } from "../../src/env.ts";
import { declineAward } from "../../src/issuer/acceptance.ts";
import type { Actor } from "../../src/issuer/audit.ts";
import { isOvertaken } from "../../src/issuer/audit.ts";
import { awardBadge } from "../../src/issuer/award.ts";
import type { Decision } from "../../src/issuer/badge.ts";
import { claimBadge } from "../../src/issuer/claim.ts";
import { claimCodeHash } from "../../src/issuer/claim-code.ts";
import { approveNomination, declineNomination } from "../../src/issuer/nomination-decision.ts";
import { reissueAward } from "../../src/issuer/reissue.ts";
import { revokeAward } from "../../src/issuer/revoke.ts";
import { setVisibility } from "../../src/issuer/visibility.ts";
import { drain } from "../../src/jobs/drain.ts";
import type { Handlers } from "../../src/jobs/outbox.ts";
import { Problem } from "../../src/problem.ts";
import { HANDLERS } from "../../src/work.ts";
import { type TestApp, testApp } from "../app.ts";
import { givenCode } from "../claim/claiming.ts";
import { givenAward, givenBadge, givenOrganization, givenPerson, type Person } from "../given.ts";
import { givenManualCriterion, givenNomination } from "../given-nominations.ts";
import { beforeEachStep, type Meanwhile } from "../interleaved.ts";
import { importing, type ShownImport } from "./importing.ts";

interface Stage {
  readonly t: TestApp;
  readonly env: Env;
  readonly organization: Organization;
  /** Awarded once to a person. */
  readonly badge: Badge;
  readonly person: Person;
  readonly meanwhile: Meanwhile;
}

async function eachStep(play: (stage: Stage) => Promise<void>): Promise<number> {
  const t = await testApp();
  const { env } = t;
  return beforeEachStep(async (meanwhile) => {
    const organization = await givenOrganization(env);
    const badge = await givenBadge(env, organization, { max_awards_per_user: 1 });
    const person = await givenPerson(env, organization);
    await play({ t, env, organization, badge, person, meanwhile });
  });
}

const ADMIN: Actor = { kind: "operator", id: null };

/** Decides and writes, anew where somebody was faster. Returns what came of it, or a problem's code. */
async function done<T>(env: Env, decide: (env: Env) => Promise<Decision<T>>): Promise<T | string> {
  try {
    for (;;) {
      const { result, writes } = await decide(env);
      try {
        if (writes.length > 0) await env.db.batch(writes);
        return result;
      } catch (error) {
        const isUnique = error instanceof DatabaseError && error.code === "unique";
        if (!isUnique && !isOvertaken(error)) throw error;
      }
    }
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

function validOf({ env }: Pick<Stage, "env">, ...people: readonly Person[]): Promise<Award[]> {
  const ids = people.map(({ user }) => user.id);
  return env.db.orm
    .select()
    .from(awards)
    .where(and(inArray(awards.user_id, ids), isNull(awards.revoked_at)));
}

const claimant = ({ user, identity }: Person) => ({ userId: user.id, identity, name: user.name });

it("the last place of a claim code is one person's", async () => {
  await eachStep(async (stage) => {
    const { t, env, organization, badge, person, meanwhile } = stage;
    const hash = await claimCodeHash(await givenCode(t, organization, badge, { max_claims: 1 }));
    const other = await givenPerson(env, organization);
    const outcomes: boolean[] = [];
    const there = meanwhile.env(env, async () => {
      outcomes.push((await claimBadge(env, hash, claimant(other))).ok);
    });
    outcomes.push((await claimBadge(there, hash, claimant(person))).ok);
    expect(outcomes.filter((ok) => ok)).toHaveLength(1);
    expect(await validOf(stage, person, other)).toHaveLength(1);
  });
});

it("one's own claim in another window is the same claim, and takes one place", async () => {
  await eachStep(async (stage) => {
    const { t, env, organization, badge, person, meanwhile } = stage;
    const hash = await claimCodeHash(await givenCode(t, organization, badge, { max_claims: 2 }));
    const claim = (one: Env) => claimBadge(one, hash, claimant(person));
    const there = meanwhile.env(env, () => claim(env));
    expect(await claim(there)).toMatchObject({ ok: true, already: meanwhile.happened() });
    expect(await validOf(stage, person)).toHaveLength(1);
    const { rows } = await env.db.read({
      sql: "select claims from claim_codes where code_hash = ?",
      params: [hash],
    });
    expect(rows).toEqual([[1]]);
  });
});

it("what may be awarded once is awarded once, whoever awards it too", async () => {
  await eachStep(async (stage) => {
    const { env, organization, badge, person, meanwhile } = stage;
    const award = (one: Env) =>
      done(one, () =>
        awardBadge(one, organization.id, { badge: badge.id, user: person.user.id }, ADMIN),
      );
    const there = meanwhile.env(env, () => award(env));
    expect(await award(there)).toMatchObject({ awarded: !meanwhile.happened() });
    expect(await validOf(stage, person)).toHaveLength(1);
  });
});

it("a nomination is decided once", async () => {
  await eachStep(async (stage) => {
    const { env, organization, badge, person, meanwhile } = stage;
    await givenManualCriterion(env, badge);
    const { id } = await givenNomination(env, badge, person);
    const there = meanwhile.env(env, () =>
      done(env, () => declineNomination(env, organization.id, id, "Not yet.", ADMIN)),
    );
    const approved = await done(there, () =>
      approveNomination(there, organization.id, id, {}, ADMIN),
    );
    const isDeclined = meanwhile.happened();
    if (isDeclined) expect(approved).toBe("nomination-decided");
    else expect(approved).toMatchObject({ state: "approved" });
    expect(await validOf(stage, person)).toHaveLength(isDeclined ? 0 : 1);
  });
});

it("an award that is corrected while it is revoked is corrected or revoked", async () => {
  await eachStep(async (stage) => {
    const { env, organization, badge, person, meanwhile } = stage;
    const { id } = await givenAward(env, badge, person);
    const there = meanwhile.env(env, () =>
      done(env, () => revokeAward(env, organization.id, id, "In error.", ADMIN)),
    );
    const corrected = await done(there, () =>
      reissueAward(there, organization.id, id, { narrative: "Corrected." }, "Mistyped.", ADMIN),
    );
    const isRevoked = meanwhile.happened();
    if (isRevoked) expect(corrected).toBe("award-revoked");
    else expect(corrected).toMatchObject({ reissued: true });
    expect(await validOf(stage, person)).toHaveLength(isRevoked ? 0 : 1);
  });
});

it("an award that is declined while it is shown stays hidden", async () => {
  await eachStep(async (stage) => {
    const { env, badge, person, meanwhile } = stage;
    const award = await givenAward(env, badge, person, { visible: false });
    const now = async () => (await findAwardById(env.db, award.id)) as Award;
    const decline = async () => declineAward(env, await now(), ADMIN, "account");
    const there = meanwhile.env(env, () => done(env, decline));
    const asker = { kind: "operator", id: "", organizationId: null, scopes: ["*"] } as const;
    const shown = await done(there, async (one) => {
      const read = await findAwardById(one.db, award.id);
      return setVisibility(one, read as Award, true, asker);
    });
    const isDeclined = meanwhile.happened();
    if (isDeclined) expect(shown).toBe("visibility-restricted");
    expect((await now()).visible).toBe(!isDeclined);
  });
});

const IMPORTING = { "award.import": HANDLERS["award.import"] } as Handlers;

it.each([1, null])("a row of a file and a hand, of a badge with a limit of %s", async (max) => {
  const { t, send, badge, organization } = await importing({ max_awards_per_user: max });
  const { env } = t;
  await beforeEachStep(async (meanwhile) => {
    const person = await givenPerson(env, organization);
    const begun = await send(`email\n${person.identity.identity}\n`);
    expect(begun.status).toBe(202);
    let before = 0;
    const there = meanwhile.env(env, async () => {
      before = (await validOf({ env }, person)).length;
      const input = { badge: badge.id, user: person.user.id };
      await done(env, () => awardBadge(env, organization.id, input, ADMIN));
    });
    await drain(there, IMPORTING, { limit: 10 });
    // A hand may give what is held already, where the badge allows it; a file does not.
    expect(await validOf({ env }, person)).toHaveLength(max === null ? before + 1 : 1);
  });
});

it("nothing is awarded by a file after it was cancelled", async () => {
  const { t, send, post, organization } = await importing();
  const { env } = t;
  await beforeEachStep(async (meanwhile) => {
    const person = await givenPerson(env, organization);
    const { id } = (await (
      await send(`email\n${person.identity.identity}\n`)
    ).json()) as ShownImport;
    let before = 1;
    const there = meanwhile.env(env, async () => {
      before = (await validOf({ env }, person)).length;
      await post(`/imports/${id}/cancel`);
    });
    await drain(there, IMPORTING, { limit: 10 });
    expect(await validOf({ env }, person)).toHaveLength(before);
  });
});
