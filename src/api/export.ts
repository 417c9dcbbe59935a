// Everything of an organization over the API: one file, a record a line, written out as it is read.
import { requireScope, type Scope } from "../auth.ts";
import { type ExportRecord, exportRecords } from "../db/export.ts";
import { findOrganization } from "../db/organizations.ts";
import type { Env } from "../env.ts";
import { audited } from "../issuer/audit.ts";
import { Problem } from "../problem.ts";
import { instant } from "./fields.ts";
import { type Operation, operation } from "./operation.ts";

/** Goes up when what reads the file would have to be changed. */
export const EXPORT_VERSION = 1;

/** Whoever takes everything with them may read all of it. */
const NEEDED: readonly Scope[] = [
  "users:read",
  "images:read",
  "badges:read",
  "awards:read",
  "nominations:read",
  "keys:read",
  "webhooks:read",
];

/** The first line, then the records, then a line that says how many: without it, some are missing. */
async function* lines(env: Env, organizationId: string): AsyncGenerator<string> {
  const counts: Record<string, number> = {};
  const head = {
    version: EXPORT_VERSION,
    public_url: env.urls.base,
    exported_at: instant(env.now()),
  };
  yield line({ record: "export", organization: organizationId, ...head });
  for await (const records of exportRecords(env.db, organizationId)) {
    for (const { record } of records) counts[record] = (counts[record] ?? 0) + 1;
    yield records.map((record) => line(withAddress(env, record))).join("");
  }
  yield line({ record: "end", counts });
}

function line(record: ExportRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** Where the world finds an award, a badge or the issuer: their ids, for ever. */
function withAddress({ urls }: Env, one: ExportRecord): ExportRecord {
  if (one.record === "award") return { ...one, url: urls.assertion(String(one.unique_hash)) };
  if (one.record === "badge") return { ...one, url: urls.badgeClass(String(one.id)) };
  if (one.record === "organization") return { ...one, issuer: urls.issuer(String(one.id)) };
  return one;
}

export const exportOperations: readonly Operation[] = [
  operation({
    id: "exportOrganization",
    method: "get",
    path: "/export",
    tag: "Organizations",
    summary: "Take everything of the organization with you",
    description: `JSON Lines: the first has the record \`export\`, the last the record \`end\` with how many there are of each; a file without it is not whole. Pictures are in it as Base64, awards with their public addresses and, where they were signed, as they were signed. Secrets are not, and neither is what people keep for themselves, such as their backpacks. What is written meanwhile may be in it or not. A key needs the scopes ${NEEDED.map((scope) => `\`${scope}\``).join(", ")} too.`,
    scope: "organizations:read",
    answers: [{ status: 200, description: "The file.", mediaType: "application/x-ndjson" }],
    async handle({ env, organizationId, principal }) {
      for (const scope of NEEDED) requireScope(principal, scope);
      const organization = await findOrganization(env.db, organizationId);
      if (organization === null) throw new Problem("not-found", "There is no such organization.");
      const day = instant(env.now()).slice(0, 10);
      return {
        status: 200,
        file: {
          mediaType: "application/x-ndjson; charset=utf-8",
          name: `rosette-${organization.slug}-${day}.jsonl`,
          pieces: lines(env, organizationId),
        },
        writes: [
          audited(env, {
            organizationId,
            actor: principal,
            action: "organization.exported",
            object: ["organization", organizationId],
          }),
        ],
      };
    },
  }),
];
