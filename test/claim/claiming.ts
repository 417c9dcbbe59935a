// A badge with a claim code, and people who have it.
import type { Badge } from "../../src/db/badges.ts";
import type { Organization } from "../../src/db/organizations.ts";
import { createClaimCode, type NewClaimCode } from "../../src/issuer/claim-code.ts";
import type { TestApp } from "../app.ts";
import { givenBadge, givenOrganization, givenPerson, type Person } from "../given.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";

export interface Claiming {
  readonly organization: Organization;
  readonly badge: Badge;
  readonly code: string;
  readonly path: string;
  /** Somebody who is signed in, known to no organization of this test. */
  stranger(email: string): Promise<{ person: Person; browser: SignedInBrowser }>;
}

const BASE: NewClaimCode = { label: "", max_claims: null, expires_at: null, code: null };

export async function givenCode(
  t: Pick<TestApp, "env">,
  organization: Organization,
  badge: Badge,
  over: Partial<NewClaimCode> = {},
): Promise<string> {
  const { result, writes } = await createClaimCode(
    t.env,
    { badge, tierLevels: [] },
    { ...BASE, ...over },
    { kind: "operator", id: organization.id },
  );
  await t.env.db.batch(writes);
  return result.code;
}

export async function claiming(
  t: TestApp,
  over: Partial<NewClaimCode> = {},
  badgeOver: Partial<Badge> = {},
): Promise<Claiming> {
  const organization = await givenOrganization(t.env);
  const elsewhere = await givenOrganization(t.env);
  const badge = await givenBadge(t.env, organization, {
    name: "First Session",
    max_awards_per_user: 1,
    ...badgeOver,
  });
  const code = await givenCode(t, organization, badge, over);
  return {
    organization,
    badge,
    code,
    path: `/claim/${code}`,
    async stranger(email) {
      const person = await givenPerson(t.env, elsewhere, { email });
      return { person, browser: await signedIn(t, person.user.id) };
    },
  };
}

/** The fields of a claim page's form, as a browser would send them. */
export function fieldsOf(html: string): Record<string, string> {
  const identity =
    /name="identity" value="([^"]+)" checked/.exec(html) ??
    /name="identity" value="([^"]+)"/.exec(html);
  return identity?.[1] === undefined ? {} : { identity: identity[1] };
}
