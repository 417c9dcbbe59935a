// People over the API, as one organization knows them: names, roles and status are its own.
import { z } from "@hono/zod-openapi";
import { requireMayGrant } from "../auth.ts";
import type { Database } from "../db/database.ts";
import { isBreach } from "../db/errors.ts";
import { listMembers } from "../db/member-list.ts";
import type { IdentityType, Membership } from "../db/organizations.ts";
import { findMember, type Member } from "../db/people.ts";
import { canonicalLanguage } from "../issuer/language.ts";
import { changeMember, createMember, MEMBER_ROLE, normalised } from "../issuer/person.ts";
import { Problem } from "../problem.ts";
import { isTimeZone } from "../time-zone.ts";
import { idParam, instant, language, line, rule, time } from "./fields.ts";
import { identityInput, identityShown, showIdentity } from "./identity.ts";
import { type Answer, type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";

const MAX_IDENTITIES = 20;
const MAX_ROLES = 20;
export const STATUSES = ["active", "suspended", "deactivated"] as const;

const roles = z
  .array(line(60))
  .min(1)
  .max(MAX_ROLES)
  .refine(
    (given) => new Set(given).size === given.length,
    rule("roles_distinct", "A role is given twice.", "Give each role once."),
  );

const fields = {
  name: line(255).nullable(),
  roles,
  status: z.enum(STATUSES),
  language: language()
    .transform(canonicalLanguage)
    .nullable()
    .openapi({ description: "In which they are written to; null for the organization's." }),
  time_zone: line(64)
    .refine(
      isTimeZone,
      rule(
        "time_zone_name",
        "This is no time zone's name.",
        "Send a name of the IANA database, such as Europe/Berlin.",
      ),
    )
    .nullable()
    .openapi({ description: "Where their days begin, which streaks count; null for UTC." }),
};

const creation = z
  .strictObject({
    name: fields.name.optional(),
    roles: roles.default([MEMBER_ROLE]),
    status: fields.status.default("active"),
    language: fields.language.optional(),
    time_zone: fields.time_zone.optional(),
    identities: z
      .array(identityInput)
      .min(1)
      .max(MAX_IDENTITIES)
      .refine(
        (given) =>
          new Set(given.map((one) => `${one.type} ${normalised(one)}`)).size === given.length,
        rule("identities_distinct", "An identity is given twice.", "Give each identity once."),
      ),
  })
  .openapi("NewUser");

const changes = z.strictObject(fields).partial().openapi("UserChanges");

const shown = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    roles: z.array(z.string()),
    status: z.enum(STATUSES),
    language: z.string().nullable(),
    time_zone: z.string().nullable(),
    identities: z.array(identityShown),
    created_at: time(),
    updated_at: time(),
  })
  .openapi("User");

export function showUser({ user, membership, identities }: Member): z.input<typeof shown> {
  return {
    id: user.id,
    name: membership.name,
    roles: membership.roles,
    status: membership.status,
    language: user.language,
    time_zone: user.time_zone,
    identities: identities.map(showIdentity),
    created_at: instant(membership.created_at),
    updated_at: instant(membership.updated_at),
  };
}

const filters = pageQuery.extend({
  email: z.string().min(1).max(254).optional().openapi({ description: "An e-mail address." }),
  identity: z.string().min(1).max(2048).optional().openapi({
    description: "An identity of any type, as `+16175551212` or `did:web:example.org`.",
  }),
  q: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: "Part of the name, or how an e-mail address begins." }),
  role: z.string().min(1).max(60).optional(),
  status: z.enum(STATUSES).optional(),
});

/** The type is told by the form: no value has the form of two. */
function identityOf(text: string): { type: IdentityType; normalised: string } {
  const type = /^https?:/i.test(text.trim())
    ? "url"
    : text.trim().startsWith("did:")
      ? "did"
      : text.trim().startsWith("+")
        ? "telephone"
        : "email";
  return { type, normalised: normalised({ type, identity: text }) };
}

/** Whom `email` or `identity` names. Throws a 422 Problem for both: one of them would be ignored. */
function soughtIn({ email, identity }: z.output<typeof filters>) {
  if (email === undefined) return identity === undefined ? undefined : identityOf(identity);
  if (identity !== undefined) {
    const detail = "`email` and `identity` are two ways to ask for the same.";
    const fix = "Send one of them; `identity` takes e-mail addresses too.";
    throw new Problem("invalid-request", detail, {
      errors: [{ parameter: "identity", code: "email_or_identity", detail, fix }],
    });
  }
  const type = "email" as const;
  return { type, normalised: normalised({ type, identity: email }) };
}

/** The member; another organization's people are not there. */
export async function requireMember(
  db: Database,
  organizationId: string,
  userId: string,
): Promise<Member> {
  const member = await findMember(db, organizationId, userId);
  if (!member) throw new Problem("not-found", "There is no such user in this organization.");
  return member;
}

/** Roles that somebody gets by a change; all of them where it is what makes them active again. */
function rolesGranted(
  before: Pick<Membership, "roles" | "status">,
  { roles = before.roles, status }: z.output<typeof changes>,
): readonly string[] {
  const isBack = status === "active" && before.status !== "active";
  return isBack ? roles : roles.filter((role) => !before.roles.includes(role));
}

/** Another organization wrote the same identity of the same person at the same time. */
export const identityMet: NonNullable<Answer["refused"]> = (error) =>
  isBreach(error, "unique", "identities.user_id") ? "again" : null;

export const userOperations: readonly Operation[] = [
  operation({
    id: "listUsers",
    method: "get",
    path: "/users",
    tag: "Users",
    summary: "List or find people",
    scope: "users:read",
    query: filters,
    answers: [{ status: 200, description: "A page of people.", schema: pageOf(shown) }],
    async handle(call) {
      const { env, organizationId, query } = call;
      const rows = await listMembers(env.db, organizationId, {
        limit: query.limit,
        cursor: query.cursor,
        identity: soughtIn(query),
        namePart: query.q,
        role: query.role,
        status: query.status,
      });
      return pageAnswer(call, rows, ({ membership }) => membership.id, showUser);
    },
  }),
  operation({
    id: "createUser",
    method: "post",
    path: "/users",
    tag: "Users",
    summary: "Add a person",
    description:
      "Awarding a badge to an unknown address adds the person too; this is for adding people before.",
    scope: "users:write",
    body: creation,
    example: {
      name: "Kim Berg",
      roles: ["member"],
      identities: [{ type: "email", identity: "kim@example.org" }],
    },
    problems: ["identity-taken"],
    answers: [{ status: 201, description: "The person.", schema: shown }],
    async handle({ env, organizationId, principal, body }) {
      requireMayGrant(principal, body.roles);
      const input = { ...body, name: body.name ?? null };
      const { member, writes } = await createMember(env, organizationId, input, principal);
      return {
        status: 201,
        body: showUser(member),
        headers: { location: `/api/v1/users/${member.user.id}` },
        tagged: true,
        writes,
        refused: identityMet,
      };
    },
  }),
  operation({
    id: "getUser",
    method: "get",
    path: "/users/{id}",
    tag: "Users",
    summary: "Read a person",
    scope: "users:read",
    params: idParam,
    answers: [{ status: 200, description: "The person.", schema: shown }],
    async handle({ env, organizationId, params }) {
      const member = await requireMember(env.db, organizationId, params.id);
      return { status: 200, body: showUser(member), tagged: true };
    },
  }),
  operation({
    id: "changeUser",
    method: "patch",
    path: "/users/{id}",
    tag: "Users",
    summary: "Change what is said of a person here",
    description:
      "What other organizations say of the same person stays as it is. Language and time zone are the person's own to say: they can be given while nobody has said them, and changed for people who never signed in and are known to no other organization.",
    scope: "users:write",
    params: idParam,
    body: changes,
    example: { roles: ["member", "coordinator"] },
    answers: [{ status: 200, description: "The person as they are now.", schema: shown }],
    async handle({ env, organizationId, principal, params, body, expectUnchanged }) {
      const current = await requireMember(env.db, organizationId, params.id);
      await expectUnchanged(showUser(current));
      requireMayGrant(principal, rolesGranted(current.membership, body));
      const { member, writes } = await changeMember(env, current, body, principal);
      return { status: 200, body: showUser(member), tagged: true, writes };
    },
  }),
];
