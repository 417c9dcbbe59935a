// Memberships over the API: who is in the organization, with which roles.
import { z } from "@hono/zod-openapi";
import { listMemberships } from "../db/member-list.ts";
import type { Membership } from "../db/organizations.ts";
import { instant, time } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";
import { pageAnswer, pageOf, pageQuery } from "./page.ts";
import { STATUSES } from "./users.ts";

const shown = z
  .object({
    id: z.string(),
    organization: z.string(),
    user: z.string(),
    name: z.string().nullable(),
    roles: z.array(z.string()),
    status: z.enum(STATUSES),
    created_at: time(),
    updated_at: time(),
  })
  .openapi("Membership");

function show(row: Membership): z.input<typeof shown> {
  return {
    id: row.id,
    organization: row.organization_id,
    user: row.user_id,
    name: row.name,
    roles: row.roles,
    status: row.status,
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
  };
}

const filters = pageQuery.extend({
  user: z.string().min(1).max(100).optional().openapi({ description: "A user's id." }),
  role: z.string().min(1).max(60).optional(),
});

export const membershipOperations: readonly Operation[] = [
  operation({
    id: "listMemberships",
    method: "get",
    path: "/memberships",
    tag: "Users",
    summary: "List memberships",
    description: "They are made and changed with the users they belong to.",
    scope: "users:read",
    query: filters,
    answers: [{ status: 200, description: "A page of memberships.", schema: pageOf(shown) }],
    async handle(call) {
      const { env, organizationId, query } = call;
      const { user, ...rest } = query;
      const rows = await listMemberships(env.db, organizationId, { ...rest, userId: user });
      return pageAnswer(call, rows, ({ id }) => id, show);
    },
  }),
];
