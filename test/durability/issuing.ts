// An installation on disk that real processes serve, and what must be true of it after any of them died.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import Libsql from "libsql";
import {
  rosette,
  type Server,
  startServer,
  temporaryFolder,
  type Variables,
} from "../setup/process.ts";

export interface Installation {
  readonly variables: Variables;
  readonly file: string;
  readonly key: string;
  readonly badge: string;
  serve(): Promise<Server>;
}

/** An organization with one badge that may be awarded once a person, and a key to award it. */
export async function givenInstallation(
  badge: Record<string, unknown> = {},
): Promise<Installation> {
  const folder = temporaryFolder();
  const variables: Variables = {
    DATA_DIR: folder,
    DEMO: "false",
    PUBLIC_URL: "https://badges.example.org",
    HOST: "127.0.0.1",
    PORT: "0",
    LOG_LEVEL: "info",
  };
  await command(variables, [
    "organization",
    "create",
    "--name",
    "Northside",
    "--website",
    "https://northside.example",
    "--email",
    "badges@northside.example",
  ]);
  const { key } = await command(variables, ["keys", "create", "--name", "durability"]);
  const serve = () => startServer(variables);
  const server = await serve();
  const defined = await post(server, String(key), "/api/v1/badges", {
    name: "Durable",
    description: "Never lost, never doubled.",
    criteria: { narrative: "Survive." },
    ...badge,
  });
  await server.stop();
  return {
    variables,
    file: join(folder, "rosette.db"),
    key: String(key),
    badge: String(defined.body.id),
    serve,
  };
}

async function command(variables: Variables, args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await rosette([...args, "--json"], variables);
  if (code !== 0) throw new Error(`rosette ${args.join(" ")} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

export interface Posted {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export async function post(
  { origin }: Server,
  key: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Posted> {
  const response = await fetch(`${origin}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** One wish: an award, and the key that makes asking for it again harmless. */
export interface Wish {
  readonly body: Record<string, unknown>;
  readonly idempotencyKey: string;
}

export function wish({ badge }: Installation, identity = `${randomUUID()}@example.org`): Wish {
  return {
    body: { badge, recipient: { type: "email", identity, name: "Durable Person" } },
    idempotencyKey: randomUUID(),
  };
}

export function award(
  server: Server,
  { key }: Installation,
  { body, idempotencyKey }: Wish,
): Promise<Posted> {
  return post(server, key, "/api/v1/awards", body, { "idempotency-key": idempotencyKey });
}

/** Every sentence that must hold of the file, as a count of rows that break it. */
const BROKEN = {
  "an award without its audit entry":
    "SELECT count(*) FROM badge_issues a WHERE NOT EXISTS (SELECT 1 FROM audit_log l WHERE l.object_id = a.id AND l.action = 'award.created')",
  "an audit entry without its award":
    "SELECT count(*) FROM audit_log l WHERE l.action = 'award.created' AND NOT EXISTS (SELECT 1 FROM badge_issues a WHERE a.id = l.object_id)",
  "an award without its stored assertion":
    "SELECT count(*) FROM badge_issues a WHERE revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM hosted_assertions h WHERE h.unique_hash = a.unique_hash)",
  "a stored assertion without its award":
    "SELECT count(*) FROM hosted_assertions h WHERE NOT EXISTS (SELECT 1 FROM badge_issues a WHERE h.unique_hash = a.unique_hash)",
  "a kept answer that names no award":
    "SELECT count(*) FROM idempotency_keys k WHERE path = '/api/v1/awards' AND status = 201 AND NOT EXISTS (SELECT 1 FROM badge_issues a WHERE a.id = json_extract(k.body, '$.id'))",
  "two awards in one slot":
    "SELECT count(*) FROM (SELECT 1 FROM badge_issues WHERE revoked_at IS NULL GROUP BY user_id, badge_id, organization_id, award_slot HAVING count(*) > 1)",
  "two people of one organization under one address":
    "SELECT count(*) FROM (SELECT 1 FROM identities i JOIN memberships m ON m.user_id = i.user_id GROUP BY m.organization_id, i.type, i.normalised HAVING count(DISTINCT i.user_id) > 1)",
  "a person without a membership":
    "SELECT count(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id)",
} as const;

export interface Stored {
  readonly ids: ReadonlySet<string>;
  readonly broken: Readonly<Record<string, number>>;
  readonly integrity: string;
}

/** Reads the file itself, with no server in between. */
export function stored({ file }: Installation): Stored {
  const db = new Libsql(file);
  try {
    const rows = db.prepare("SELECT id FROM badge_issues").raw(true).all([]) as unknown as [
      string,
    ][];
    const count = (sql: string) =>
      Number((db.prepare(sql).raw(true).get([]) as unknown as [number])[0]);
    return {
      ids: new Set(rows.map(([id]) => id)),
      broken: Object.fromEntries(
        Object.entries(BROKEN)
          .map(([what, sql]) => [what, count(sql)] as const)
          .filter(([, found]) => found > 0),
      ),
      integrity: String(
        (db.prepare("PRAGMA integrity_check").raw(true).get([]) as unknown as [string])[0],
      ),
    };
  } finally {
    db.close();
  }
}
