// Who did what, for administrators of an organization: /admin/audit, and the same as a file.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import { ask, askFile } from "../../api/ask.ts";
import { badgeNames, keyNames, memberNames, type NamedAward, namedAwards } from "../../db/named.ts";
import type { Env } from "../../env.ts";
import { privatePage } from "../../page-answer.ts";
import {
  AUDIT_FILE_PATH,
  AUDIT_PATH,
  type AuditQuery,
  type AuditRow,
  auditPage,
} from "../../pages/audit.tsx";
import { requireDesk } from "../../signin/desk.ts";
import { got, listPath, type Page, problemOf } from "../asked.ts";

const LISTED = 50;
const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NOTHING: AuditQuery = { action: "", actor: "", object: "", since: "", until: "" };

/** As the API shows an entry; times in ISO 8601. */
interface ApiEntry {
  readonly at: string;
  readonly actor: { readonly kind: AuditRow["actorKind"]; readonly id: string | null };
  readonly action: string;
  readonly object: { readonly kind: string; readonly id: string };
  readonly detail: Readonly<Record<string, unknown>> | null;
}

export function auditPageRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(AUDIT_PATH, (c) => list(env, c));
  app.get(AUDIT_FILE_PATH, (c) => file(env, c));
  for (const path of [AUDIT_PATH, AUDIT_FILE_PATH]) {
    app.all(path, () => {
      throw wrongMethod("GET, HEAD");
    });
  }
  return app;
}

function queryOf(c: Context): AuditQuery {
  const value = (name: string) => (c.req.query(name) ?? "").trim();
  return {
    action: value("action"),
    actor: value("actor"),
    object: value("object"),
    since: value("since"),
    until: value("until"),
  };
}

/** As the API is asked: the last day is one of those that are wanted. */
function asked({ action, actor, object, since, until }: AuditQuery) {
  return { action, actor, object, since: startOf(since, 0), until: startOf(until, 1) };
}

function startOf(day: string, later: number): string {
  if (day === "") return "";
  const at = DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // What is no day is for the API to refuse.
  return Number.isNaN(at) ? day : new Date(at + later * DAY_MS).toISOString();
}

async function list(env: Env, c: Context): Promise<Response> {
  const { account, organization } = await requireDesk(env, c.req.raw, "administrator");
  const given = queryOf(c);
  const cursor = c.req.query("cursor");
  const page = (query: AuditQuery, after: string | undefined) => {
    const path = listPath("/audit", { ...asked(query), limit: String(LISTED), cursor: after });
    return ask<Page<ApiEntry>>(env, c.req.raw, organization.id, { method: "GET", path });
  };
  const first = await page(given, cursor);
  const isUnreadable = !first.ok && first.status === 422;
  const query = isUnreadable ? NOTHING : given;
  const { data, next_cursor: next } = got(isUnreadable ? await page(NOTHING, undefined) : first);
  return privatePage(
    auditPage({
      account,
      rows: await rowsOf(env, organization.id, data),
      query,
      pathWith: (change) => listPath(AUDIT_PATH, { ...query, ...change }),
      filePath: listPath(AUDIT_FILE_PATH, { ...query }),
      newest: cursor === undefined ? null : listPath(AUDIT_PATH, { ...query }),
      older: next === null ? null : listPath(AUDIT_PATH, { ...query, cursor: next }),
      isUnreadable,
    }),
    { status: isUnreadable ? 422 : 200 },
  );
}

async function file(env: Env, c: Context): Promise<Response> {
  const { organization } = await requireDesk(env, c.req.raw, "administrator");
  const path = listPath("/audit.csv", asked(queryOf(c)));
  const answer = await askFile(env, c.req.raw, organization.id, path);
  if (answer instanceof Response) return answer;
  throw problemOf(answer);
}

async function rowsOf(
  { db }: Env,
  organizationId: string,
  entries: readonly ApiEntry[],
): Promise<AuditRow[]> {
  const actors = (kind: AuditRow["actorKind"]) =>
    entries.flatMap(({ actor }) => (actor.kind === kind && actor.id !== null ? [actor.id] : []));
  const objects = (kind: string) =>
    entries.flatMap(({ object }) => (object.kind === kind ? [object.id] : []));
  const [people, keys, badges, awards] = await Promise.all([
    memberNames(db, organizationId, new Set([...actors("user"), ...objects("user")])),
    keyNames(db, organizationId, new Set([...actors("api_key"), ...objects("api_key")])),
    badgeNames(db, organizationId, new Set(objects("badge"))),
    namedAwards(db, organizationId, new Set(objects("award"))),
  ]);
  return entries.map(({ at, actor, action, object, detail }) => ({
    at: Date.parse(at),
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: (actor.kind === "user" ? people : keys).get(actor.id ?? "") ?? null,
    action,
    objectKind: object.kind,
    objectId: object.id,
    ...objectOf(object, { people, keys, badges, awards }),
    detail,
  }));
}

interface Names {
  readonly people: ReadonlyMap<string, string>;
  readonly keys: ReadonlyMap<string, string>;
  readonly badges: ReadonlyMap<string, string>;
  readonly awards: ReadonlyMap<string, NamedAward>;
}

type ObjectOf = Pick<AuditRow, "objectName" | "objectPath">;

function objectOf({ kind, id }: ApiEntry["object"], names: Names): ObjectOf {
  const called = (name: string | undefined, path: string | null): ObjectOf =>
    name === undefined
      ? { objectName: null, objectPath: null }
      : { objectName: name, objectPath: path };
  if (kind === "user") return called(names.people.get(id), `/admin/people/${id}`);
  if (kind === "badge") return called(names.badges.get(id), `/admin/badges/${id}`);
  if (kind === "api_key") return called(names.keys.get(id), null);
  const award = kind === "award" ? names.awards.get(id) : undefined;
  if (award === undefined) return called(undefined, null);
  const { badge, recipient, hash } = award;
  return called(recipient === null ? badge : `${badge}: ${recipient}`, `/b/${hash}`);
}
