// What an administrator looks at first, over the API: how much waits for somebody, and how awards fare.
import { z } from "@hono/zod-openapi";
import {
  countToDo,
  MOST_COUNTED,
  newestFunnel,
  TO_DO_KINDS,
  type ToDoKind,
} from "../db/overview.ts";
import { type Operation, operation } from "./operation.ts";

const WORDS: Readonly<Record<ToDoKind, string>> = {
  nominations: "Nominations that wait for a decision.",
  "not-mine": "Awards whose recipients say that they are not theirs.",
  mails: "Mails that could not be sent.",
  "not-sent": "Awards that a backpack refused, or that were given up.",
  expiring: "Awards that expire within 30 days.",
  webhooks: "Webhooks that were switched off because they failed.",
};

const count = (kind: ToDoKind) =>
  z.object({ count: z.int(), is_more: z.boolean() }).openapi({ description: WORDS[kind] });

const shown = z
  .object({
    to_do: z.object({
      nominations: count("nominations"),
      not_mine: count("not-mine"),
      mails: count("mails"),
      not_sent: count("not-sent"),
      expiring: count("expiring"),
      webhooks: count("webhooks"),
    }),
    funnel: z
      .object({
        awarded: z.int(),
        mailed: z.int(),
        accepted: z.int(),
        shown: z.int(),
        carried: z.int(),
      })
      .openapi({
        description: `How far the newest ${MOST_COUNTED} awards came, without those that were revoked.`,
      }),
  })
  .openapi("Overview");

export const overviewOperations: readonly Operation[] = [
  operation({
    id: "getOverview",
    method: "get",
    path: "/overview",
    tag: "Organizations",
    summary: "See what waits for somebody, and how awards fare",
    description: `Counts end at ${MOST_COUNTED}; \`is_more\` says that there are more.`,
    scope: "organizations:read",
    answers: [{ status: 200, description: "The overview.", schema: shown }],
    async handle({ env, organizationId }) {
      const counted = await Promise.all(
        TO_DO_KINDS.map(async (kind) => {
          const found = await countToDo(env.db, organizationId, kind, env.now());
          return [kind.replace("-", "_"), { count: found.count, is_more: found.isMore }] as const;
        }),
      );
      const funnel = await newestFunnel(env.db, organizationId);
      return { status: 200, body: { to_do: Object.fromEntries(counted), funnel } };
    },
  }),
];
