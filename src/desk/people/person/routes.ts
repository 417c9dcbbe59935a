// One person for the administrators: shown, and changed by what their forms send.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods } from "../../../answer.ts";
import { ask } from "../../../api/ask.ts";
import { ADMINISTRATOR } from "../../../auth.ts";
import type { Env } from "../../../env.ts";
import { OFFERED } from "../../../language.ts";
import { doneWord, privatePage, seeOther } from "../../../page-answer.ts";
import { type Faults, type FieldFault, faultsOf } from "../../../pages/form.tsx";
import { PEOPLE_PATH, personPath, type ShownPerson } from "../../../pages/people.tsx";
import { type PersonValues, personPage } from "../../../pages/person.tsx";
import { PEOPLE } from "../../../pages/words/people.ts";
import { speaker } from "../../../pages/words/speak.tsx";
import { type Desk, deskForm, requireDesk } from "../../../signin/desk.ts";
import { askOnce, problemOf } from "../../asked.ts";
import { fieldOf, otherRolesOf, rolesOf } from "../fields.ts";
import { type FoundPerson, findPerson } from "../person.ts";

const ONE = `${PEOPLE_PATH}/:id`;

export function personRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  const idOf = (c: Context) => c.req.param("id") ?? "";

  app.get(ONE, (c) => answerPerson(env, c.req.raw, idOf(c)));
  app.post(ONE, (c) => changePerson(env, c.req.raw, idOf(c)));
  app.post(`${ONE}/suspend`, (c) => setStatus(env, c.req.raw, idOf(c), "suspended"));
  app.post(`${ONE}/restore`, (c) => setStatus(env, c.req.raw, idOf(c), "active"));
  app.post(`${ONE}/identities`, (c) => addIdentity(env, c.req.raw, idOf(c)));
  app.post(`${ONE}/identities/:identity/remove`, (c) =>
    removeIdentity(env, c.req.raw, idOf(c), c.req.param("identity")),
  );
  refuseOtherMethods(app, METHODS);
  return app;
}

const METHODS = [
  [ONE, "GET, HEAD, POST"],
  [`${ONE}/suspend`, "POST"],
  [`${ONE}/restore`, "POST"],
  [`${ONE}/identities`, "POST"],
  [`${ONE}/identities/:identity/remove`, "POST"],
] as const;

const DONE = ["added", "saved", "suspended", "restored", "identity", "removed"] as const;

async function answerPerson(env: Env, request: Request, id: string): Promise<Response> {
  const desk = await requireDesk(env, request, "administrator");
  const found = await findPerson(env, request, desk, id);
  const word = doneWord(DONE, request);
  const t = speaker(desk.account.language, PEOPLE);
  return shown(desk, found, { done: word === null ? null : t(`done-${word}`) });
}

interface State {
  readonly done?: string | null;
  readonly faults?: Faults;
  readonly values?: Partial<PersonValues>;
  readonly status?: number;
}

function shown(desk: Desk, { person, etag }: FoundPerson, state: State): Promise<Response> {
  const page = personPage({
    account: desk.account,
    person,
    etag,
    values: {
      name: person.name ?? "",
      roles: person.roles,
      otherRoles: otherRolesOf(person.roles),
      language: person.language ?? "",
      timeZone: person.time_zone ?? "",
      identityType: "email",
      identity: "",
      ...state.values,
    },
    isSelf: desk.memberIds.includes(person.id),
    languages: OFFERED,
    done: state.done ?? null,
    faults: state.faults ?? [],
  });
  return privatePage(page, { status: state.status ?? 200 });
}

/** A fault in our own words. */
function ownFault(desk: Desk, field: string, key: OwnFault): FieldFault {
  const { language } = desk.account;
  const t = speaker(language, PEOPLE);
  return { field, detail: t(key), fix: key === "not-yourself" ? "" : t(`${key}-fix`), language };
}
type OwnFault = "changed" | "keep-your-role" | "identity-in-use" | "not-yourself";

async function changePerson(env: Env, request: Request, id: string): Promise<Response> {
  const sent = await deskForm(env, request, "administrator");
  const { desk, form } = sent;
  const found = await findPerson(env, request, desk, id);
  const { person } = found;
  const roles = rolesOf(form, person.roles.includes("member"));
  const values = {
    name: fieldOf(form, "name"),
    roles,
    otherRoles: fieldOf(form, "other_roles"),
    language: fieldOf(form, "language"),
    timeZone: fieldOf(form, "time_zone"),
  };
  const isSelf = desk.memberIds.includes(person.id);
  if (isSelf && person.roles.includes(ADMINISTRATOR) && !roles.includes(ADMINISTRATOR)) {
    const faults = [ownFault(desk, "roles", "keep-your-role")];
    return shown(desk, found, { faults, values, status: 422 });
  }
  const asked = await askOnce(env, request, sent, {
    method: "PATCH",
    path: `/users/${encodeURIComponent(id)}`,
    body: changesOf(person, values),
    ifMatch: fieldOf(form, "etag") || "*",
  });
  if (asked.ok) return seeOther(`${personPath(id)}?done=saved`);
  // Somebody else was faster: what they made of it is shown, and nothing of this is kept.
  if (asked.status === 412) {
    return shown(desk, found, { faults: [ownFault(desk, "", "changed")], status: 412 });
  }
  if (asked.status !== 422) throw problemOf(asked.problem);
  const fields = {
    "/name": "name",
    "/roles": "other_roles",
    "/language": "language",
    "/time_zone": "time_zone",
  };
  const faults = faultsOf(asked.problem, fields, desk.account.language);
  return shown(desk, found, { faults, values, status: 422 });
}

/** What the person has said themselves is left alone unless it was changed here. */
function changesOf(person: ShownPerson, values: Omit<PersonValues, "identityType" | "identity">) {
  const { name, roles, language, timeZone } = values;
  return {
    name: name === "" ? null : name,
    roles,
    ...(language === (person.language ?? "") ? {} : { language: language || null }),
    ...(timeZone === (person.time_zone ?? "") ? {} : { time_zone: timeZone || null }),
  };
}

async function setStatus(
  env: Env,
  request: Request,
  id: string,
  status: "active" | "suspended",
): Promise<Response> {
  const { desk } = await deskForm(env, request, "administrator");
  const found = await findPerson(env, request, desk, id);
  if (desk.memberIds.includes(found.person.id)) {
    return shown(desk, found, { faults: [ownFault(desk, "", "not-yourself")], status: 422 });
  }
  const asked = await ask(env, request, desk.organization.id, {
    method: "PATCH",
    path: `/users/${encodeURIComponent(id)}`,
    body: { status },
  });
  if (!asked.ok) throw problemOf(asked.problem);
  return seeOther(`${personPath(id)}?done=${status === "active" ? "restored" : "suspended"}`);
}

async function addIdentity(env: Env, request: Request, id: string): Promise<Response> {
  const sent = await deskForm(env, request, "administrator");
  const { desk, form } = sent;
  const found = await findPerson(env, request, desk, id);
  const values = { identityType: fieldOf(form, "type"), identity: fieldOf(form, "identity") };
  const asked = await askOnce(env, request, sent, {
    method: "POST",
    path: `/users/${encodeURIComponent(id)}/identities`,
    body: { type: values.identityType, identity: values.identity },
  });
  if (asked.ok) return seeOther(`${personPath(id)}?done=identity`);
  if (asked.status !== 422 && asked.problem.code !== "identity-taken") {
    throw problemOf(asked.problem);
  }
  const faults = faultsOf(asked.problem, { "/identity": "identity" }, desk.account.language);
  return shown(desk, found, { faults, values, status: asked.status });
}

async function removeIdentity(
  env: Env,
  request: Request,
  id: string,
  identity: string,
): Promise<Response> {
  const sent = await deskForm(env, request, "administrator");
  const { desk } = sent;
  const found = await findPerson(env, request, desk, id);
  const asked = await askOnce(env, request, sent, {
    method: "DELETE",
    path: `/users/${encodeURIComponent(id)}/identities/${encodeURIComponent(identity)}`,
  });
  if (asked.ok) return seeOther(`${personPath(id)}?done=removed`);
  if (asked.problem.code !== "identity-in-use") throw problemOf(asked.problem);
  return shown(desk, found, { faults: [ownFault(desk, "", "identity-in-use")], status: 409 });
}
