// The programs that send signed events, for administrators: /admin/event-sources.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods } from "../../answer.ts";
import { ask, type Question } from "../../api/ask.ts";
import type { Env } from "../../env.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import {
  EVENT_SOURCES_PATH,
  eventSourcesPage,
  type ListedSource,
  revokeSourcePage,
  rotateSourcePage,
  SOURCE_OVERLAPS,
  sourceSecretPage,
} from "../../pages/event-sources.tsx";
import { type Faults, faultsOf } from "../../pages/form.tsx";
import { type Desk, deskForm, requireDesk } from "../../signin/desk.ts";
import {
  askOnce,
  correctable,
  doneOf,
  got,
  listAsked,
  shownOnce,
  textOf,
  timeOf,
} from "../asked.ts";

const ROTATE = `${EVENT_SOURCES_PATH}/:id/rotate`;
const REVOKE = `${EVENT_SOURCES_PATH}/:id/revoke`;

/** As the API shows a source; times in ISO 8601. */
interface ApiSource {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly previous_secret_until: string | null;
  readonly last_event_at: string | null;
  readonly revoked_at: string | null;
}
type WithSecret = ApiSource & { readonly secret: string };

export function eventSourcePageRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get(EVENT_SOURCES_PATH, async (c) =>
    answerList(env, c, await requireDesk(env, c.req.raw, "administrator")),
  );
  app.post(EVENT_SOURCES_PATH, (c) => add(env, c));
  app.get(ROTATE, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    const source = await sourceAsked(env, c, desk);
    return privatePage(rotateSourcePage({ account: desk.account, source }));
  });
  app.post(ROTATE, (c) => rotate(env, c));
  app.get(REVOKE, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    const source = await sourceAsked(env, c, desk);
    return privatePage(revokeSourcePage({ account: desk.account, source }));
  });
  app.post(REVOKE, async (c) => {
    const sent = await deskForm(env, c.req.raw, "administrator");
    const question: Question = { method: "DELETE", path: apiPath(c) };
    got(await askOnce(env, c.req.raw, sent, question));
    return seeOther(`${EVENT_SOURCES_PATH}?done=revoked`);
  });
  refuseOtherMethods(app, METHODS);
  return app;
}

const METHODS = [
  [EVENT_SOURCES_PATH, "GET, HEAD, POST"],
  [ROTATE, "GET, HEAD, POST"],
  [REVOKE, "GET, HEAD, POST"],
] as const;

function apiPath(c: Context, rest = ""): string {
  return `/event-sources/${encodeURIComponent(c.req.param("id") ?? "")}${rest}`;
}

async function sourceAsked(env: Env, c: Context, { organization }: Desk): Promise<ApiSource> {
  const question: Question = { method: "GET", path: apiPath(c) };
  return got(await ask<ApiSource>(env, c.req.raw, organization.id, question));
}

function listed(source: ApiSource): ListedSource {
  const { id, name, url } = source;
  return {
    id,
    name,
    url,
    lastEventAt: timeOf(source.last_event_at),
    bothUntil: timeOf(source.previous_secret_until),
    isRevoked: source.revoked_at !== null,
  };
}

interface FormState {
  readonly name?: string;
  readonly faults?: Faults;
  readonly status?: number;
}

async function answerList(env: Env, c: Context, desk: Desk, state: FormState = {}) {
  const list = { path: "/event-sources", page: EVENT_SOURCES_PATH };
  const { data, first, next } = await listAsked<ApiSource>(env, c.req.raw, desk, list);
  const { name = "", faults = [], status = 200 } = state;
  return privatePage(
    eventSourcesPage({
      account: desk.account,
      sources: data.map(listed),
      first,
      next,
      name,
      faults,
      done: doneOf(c.req.raw, ["revoked"]),
    }),
    { status },
  );
}

async function add(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const name = textOf(sent.form, "name");
  const question = { method: "POST", path: "/event-sources", body: { name } } as const;
  const asked = await askOnce<WithSecret>(env, c.req.raw, sent, question);
  const { account } = sent.desk;
  if (!asked.ok) {
    const faults = faultsOf(correctable(asked.problem), { "/name": "name" }, account.language);
    return answerList(env, c, sent.desk, { name, faults, status: asked.status });
  }
  const secret = shownOnce(asked, (made) => made.secret);
  const page = sourceSecretPage({ account, source: asked.data, secret });
  return privatePage(page, { status: secret === null ? 200 : 201 });
}

async function rotate(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const given = textOf(sent.form, "overlap");
  const overlap = SOURCE_OVERLAPS.find((one) => one === given) ?? SOURCE_OVERLAPS[0];
  const body = { overlap_hours: Number(overlap) };
  const question: Question = { method: "POST", path: apiPath(c, "/rotate-secret"), body };
  const asked = await askOnce<WithSecret>(env, c.req.raw, sent, question);
  const source = got(asked);
  const secret = shownOnce(asked, (rotated) => rotated.secret);
  return privatePage(sourceSecretPage({ account: sent.desk.account, source, secret }));
}
