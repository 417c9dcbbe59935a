// Awards as a table for spreadsheets, written out as they are read.
import { z } from "@hono/zod-openapi";
import { BYTE_ORDER_MARK, csvLine } from "../csv/write.ts";
import { AWARD_STATUSES, type Award, type AwardFilter, listAwards } from "../db/awards.ts";
import type { Env } from "../env.ts";
import { standingOf } from "../standing.ts";
import { instant, instantOrNull } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";

/** Awards read at a time. */
const ROWS_AT_ONCE = 500;

type Cell = (env: Env, award: Award) => string;

const yes = (holds: boolean) => (holds ? "yes" : "no");

const COLUMNS: Readonly<Record<string, Cell>> = {
  id: (_, { id }) => id,
  page: ({ urls }, { unique_hash }) => urls.badgePage(unique_hash),
  badge: (_, { badge_id }) => badge_id,
  user: (_, { user_id }) => user_id,
  recipient_name: (_, { recipient_name }) => recipient_name ?? "",
  status: ({ now }, award) => standingOf(award, now()),
  awarded_at: (_, { awarded_at }) => instant(awarded_at),
  expires_at: (_, { date_expire }) => instantOrNull(date_expire) ?? "",
  tier_level: (_, { tier_level }) => String(tier_level ?? ""),
  awarded_by: (_, { awarded_by }) => awarded_by,
  claim_state: (_, { claim_state }) => claim_state,
  notification_sent: (_, { notification_sent }) => yes(notification_sent),
  is_visible: (_, { visible }) => yes(visible),
  revoked_at: (_, { revoked_at }) => instantOrNull(revoked_at) ?? "",
  revocation_reason: (_, { revocation_reason }) => revocation_reason ?? "",
  superseded_by: (_, { superseded_by }) => superseded_by ?? "",
};

/** The file's pieces, the last written award first: a page of awards at a time, never all of them. */
export async function* awardsCsv(
  env: Env,
  organizationId: string,
  filter: AwardFilter,
): AsyncGenerator<string> {
  const cells = Object.values(COLUMNS);
  yield BYTE_ORDER_MARK + csvLine(Object.keys(COLUMNS), ",");
  for (let cursor: string | undefined; ; ) {
    const page = { limit: ROWS_AT_ONCE, cursor };
    const rows = await listAwards(env.db, organizationId, filter, page, env.now());
    const shown = rows.slice(0, ROWS_AT_ONCE);
    yield shown
      .map((award) =>
        csvLine(
          cells.map((cell) => cell(env, award)),
          ",",
        ),
      )
      .join("");
    if (rows.length <= ROWS_AT_ONCE) return;
    cursor = shown.at(-1)?.id;
  }
}

const filters = z.strictObject({
  badge: z.string().min(1).max(100).optional().openapi({ description: "A badge's id." }),
  user: z.string().min(1).max(100).optional().openapi({ description: "A user's id." }),
  status: z.enum(AWARD_STATUSES).optional(),
});

export const awardExportOperations: readonly Operation[] = [
  operation({
    id: "exportAwards",
    method: "get",
    path: "/awards.csv",
    tag: "Awards",
    summary: "Fetch awards as a CSV file",
    description:
      "With the filters of the list; the address an award was made out to is left out. Cells that a spreadsheet would run have an apostrophe before them.",
    scope: "awards:read",
    query: filters,
    answers: [{ status: 200, description: "The file, in UTF-8.", mediaType: "text/csv" }],
    async handle({ env, organizationId, query }) {
      return {
        status: 200,
        file: {
          mediaType: "text/csv; charset=utf-8",
          name: "awards.csv",
          pieces: awardsCsv(env, organizationId, query),
        },
      };
    },
  }),
];
