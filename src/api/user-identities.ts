// A person's identities over the API: what awards can be made out to.
import { z } from "@hono/zod-openapi";
import { requireMayGrant } from "../auth.ts";
import { addIdentity, removeIdentity } from "../issuer/person.ts";
import { Problem } from "../problem.ts";
import { idParam } from "./fields.ts";
import { identityInput, identityShown, showIdentity } from "./identity.ts";
import { type Operation, operation } from "./operation.ts";
import { identityMet, requireMember, showUser } from "./users.ts";

const bothIds = idParam.extend({ identity: z.string().min(1).max(100) });

export const identityOperations: readonly Operation[] = [
  operation({
    id: "listIdentities",
    method: "get",
    path: "/users/{id}/identities",
    tag: "Users",
    summary: "List a person's identities",
    description: "All of them, oldest first.",
    scope: "users:read",
    params: idParam,
    answers: [
      {
        status: 200,
        description: "The identities.",
        schema: z.object({ data: z.array(identityShown), next_cursor: z.null() }),
      },
    ],
    async handle({ env, organizationId, params }) {
      const { identities } = await requireMember(env.db, organizationId, params.id);
      const data = identities.map(showIdentity);
      return { status: 200, body: { data, next_cursor: null }, tagged: true };
    },
  }),
  operation({
    id: "addIdentity",
    method: "post",
    path: "/users/{id}/identities",
    tag: "Users",
    summary: "Add an identity to a person",
    scope: "users:write",
    params: idParam,
    body: identityInput,
    example: { type: "email", identity: "kim@example.org" },
    problems: ["identity-taken"],
    answers: [{ status: 201, description: "The identity, not verified.", schema: identityShown }],
    async handle({ env, organizationId, principal, params, body }) {
      const member = await requireMember(env.db, organizationId, params.id);
      requireMayGrant(principal, member.membership.roles, "/identity");
      const { identity, writes } = await addIdentity(env, member, body, principal);
      return { status: 201, body: showIdentity(identity), writes, refused: identityMet };
    },
  }),
  operation({
    id: "removeIdentity",
    method: "delete",
    path: "/users/{id}/identities/{identity}",
    tag: "Users",
    summary: "Remove an identity nothing was made out to",
    description: "`If-Match` takes the ETag of the person.",
    scope: "users:write",
    params: bothIds,
    problems: ["identity-in-use"],
    answers: [{ status: 204, description: "It is gone." }],
    async handle({ env, organizationId, principal, params, expectUnchanged }) {
      const member = await requireMember(env.db, organizationId, params.id);
      const identity = member.identities.find(({ id }) => id === params.identity);
      if (!identity) throw new Problem("not-found", "The user has no such identity.");
      await expectUnchanged(showUser(member));
      return { status: 204, writes: await removeIdentity(env, member, identity, principal) };
    },
  }),
];
