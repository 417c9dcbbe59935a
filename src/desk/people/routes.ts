// The people of an organization for its administrators: found and added.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods } from "../../answer.ts";
import { ask } from "../../api/ask.ts";
import type { Env } from "../../env.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import { faultsOf } from "../../pages/form.tsx";
import {
  newPersonPage,
  PEOPLE_PATH,
  peoplePage,
  personPath,
  type ShownPerson,
} from "../../pages/people.tsx";
import { type Desk, deskForm, requireDesk } from "../../signin/desk.ts";
import { askOnce, problemOf } from "../asked.ts";
import { fieldOf, newPersonOf, searchFor } from "./fields.ts";

/** People on one page. */
const LISTED = 25;

export function peopleRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(PEOPLE_PATH, (c) => list(env, c));
  app.post(PEOPLE_PATH, (c) => add(env, c));
  app.get(`${PEOPLE_PATH}/new`, async (c) => {
    const { account } = await requireDesk(env, c.req.raw, "administrator");
    const values = { name: "", email: "", roles: [], otherRoles: "" };
    return privatePage(newPersonPage({ account, values, faults: [], holder: null }));
  });
  refuseOtherMethods(app, METHODS);
  return app;
}

const METHODS = [
  [PEOPLE_PATH, "GET, HEAD, POST"],
  [`${PEOPLE_PATH}/new`, "GET, HEAD"],
] as const;

interface Page {
  readonly data: readonly ShownPerson[];
  readonly next_cursor: string | null;
}

async function list(env: Env, c: Context): Promise<Response> {
  const { account, organization } = await requireDesk(env, c.req.raw, "administrator");
  const search = {
    q: c.req.query("q")?.trim() ?? "",
    role: c.req.query("role") ?? "",
    status: c.req.query("status") ?? "",
  };
  const cursor = c.req.query("cursor") ?? "";
  const path = `/users?${searchFor(search, cursor, LISTED)}`;
  const asked = await ask<Page>(env, c.req.raw, organization.id, { method: "GET", path });
  const shown = { account, search, isFirst: cursor === "" };
  if (asked.ok) {
    const { data: people, next_cursor: next } = asked.data;
    return privatePage(peoplePage({ ...shown, people, next, faults: [] }));
  }
  if (asked.status !== 422) throw problemOf(asked.problem);
  const faults = faultsOf(asked.problem, { "/q": "q", "/identity": "q" }, account.language);
  const page = peoplePage({ ...shown, people: [], next: null, faults });
  return privatePage(page, { status: 422 });
}

async function add(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const { desk, form } = sent;
  const { account } = desk;
  const { body, values } = newPersonOf(form);
  const question = { method: "POST", path: "/users", body } as const;
  const asked = await askOnce<ShownPerson>(env, c.req.raw, sent, question);
  if (asked.ok) return seeOther(`${personPath(asked.data.id)}?done=added`);
  const isTaken = asked.problem.code === "identity-taken";
  if (asked.status !== 422 && !isTaken) throw problemOf(asked.problem);
  const fields = {
    "/name": "name",
    "/roles": "other_roles",
    "/identities": "email",
    "/identities/0/identity": "email",
  };
  const faults = faultsOf(asked.problem, fields, account.language);
  const holder = isTaken ? await holderOf(env, c.req.raw, desk, fieldOf(form, "email")) : null;
  return privatePage(newPersonPage({ account, values, faults, holder }), { status: asked.status });
}

/** Whom an address is known to stand for. */
async function holderOf(
  env: Env,
  request: Request,
  { organization }: Desk,
  email: string,
): Promise<string | null> {
  const path = `/users?${new URLSearchParams({ email, limit: "1" })}`;
  const asked = await ask<Page>(env, request, organization.id, { method: "GET", path });
  return asked.ok ? (asked.data.data[0]?.id ?? null) : null;
}
