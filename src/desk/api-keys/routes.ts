// An organization's API keys, for its administrators: /admin/api-keys.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods } from "../../answer.ts";
import { ask } from "../../api/ask.ts";
import { SCOPES } from "../../auth.ts";
import type { Env } from "../../env.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import {
  API_KEYS_PATH,
  apiKeysPage,
  EXPIRIES,
  type ListedKey,
  madeKeyPage,
  type NewKeyForm,
  revokeKeyPage,
} from "../../pages/api-keys.tsx";
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
  textsOf,
  timeOf,
} from "../asked.ts";

const DAY_MS = 86_400_000;
/** Long enough for most programs, and short enough to be changed now and then. */
const EMPTY: NewKeyForm = { name: "", scopes: [], expiry: "90" };

/** As the API shows a key; times in ISO 8601. */
interface ShownKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
}

export function apiKeyPageRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get(API_KEYS_PATH, async (c) =>
    answerList(env, c, await requireDesk(env, c.req.raw, "administrator")),
  );
  app.post(API_KEYS_PATH, (c) => make(env, c));
  app.get(`${API_KEYS_PATH}/:id/revoke`, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    const { id, name } = await keyOf(env, c, desk);
    return privatePage(revokeKeyPage({ account: desk.account, id, name }));
  });
  app.post(`${API_KEYS_PATH}/:id/revoke`, async (c) => {
    const sent = await deskForm(env, c.req.raw, "administrator");
    const path = `/api-keys/${encodeURIComponent(c.req.param("id"))}`;
    got(await askOnce(env, c.req.raw, sent, { method: "DELETE", path }));
    return seeOther(`${API_KEYS_PATH}?done=revoked`);
  });
  refuseOtherMethods(app, [
    [API_KEYS_PATH, "GET, HEAD, POST"],
    [`${API_KEYS_PATH}/:id/revoke`, "GET, HEAD, POST"],
  ]);
  return app;
}

async function keyOf(env: Env, c: Context, { organization }: Desk): Promise<ShownKey> {
  const path = `/api-keys/${encodeURIComponent(c.req.param("id") ?? "")}`;
  return got(await ask<ShownKey>(env, c.req.raw, organization.id, { method: "GET", path }));
}

interface ListState {
  readonly form?: NewKeyForm;
  readonly faults?: Faults;
  readonly status?: number;
}

async function answerList(env: Env, c: Context, desk: Desk, state: ListState = {}) {
  const list = { path: "/api-keys", page: API_KEYS_PATH };
  const { data, first, next } = await listAsked<ShownKey>(env, c.req.raw, desk, list);
  const { form = EMPTY, faults = [], status = 200 } = state;
  return privatePage(
    apiKeysPage({
      account: desk.account,
      keys: data.map((key) => listed(key, env.now())),
      scopes: SCOPES,
      first,
      next,
      form,
      faults,
      done: doneOf(c.req.raw, ["revoked"]),
    }),
    { status },
  );
}

function listed(key: ShownKey, now: number): ListedKey {
  const { id, name, prefix, scopes } = key;
  const expiresAt = timeOf(key.expires_at);
  const isExpired = expiresAt !== null && expiresAt <= now;
  return {
    id,
    name,
    prefix,
    scopes,
    createdAt: Date.parse(key.created_at),
    expiresAt,
    lastUsedAt: timeOf(key.last_used_at),
    state: key.revoked_at !== null ? "revoked" : isExpired ? "expired" : "active",
  };
}

const FIELDS = { "/name": "name", "/scopes": "scopes", "/expires_at": "expiry" };

async function make(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const { desk, form } = sent;
  const given: NewKeyForm = {
    name: textOf(form, "name"),
    scopes: textsOf(form, "scopes"),
    expiry: textOf(form, "expiry"),
  };
  const days = EXPIRIES.find((one) => one === given.expiry);
  // Of the day, so that the same form sent again is the same question.
  const today = Math.floor(env.now() / DAY_MS) * DAY_MS;
  const expires =
    days === undefined ? null : new Date(today + (Number(days) + 1) * DAY_MS).toISOString();
  const body = {
    name: given.name,
    scopes: given.scopes.includes("*") ? ["*"] : given.scopes,
    ...(expires === null ? {} : { expires_at: expires }),
  };
  const asked = await askOnce<ShownKey & { readonly key: string }>(env, c.req.raw, sent, {
    method: "POST",
    path: "/api-keys",
    body,
  });
  const { account } = desk;
  if (!asked.ok) {
    const faults = faultsOf(correctable(asked.problem), FIELDS, account.language);
    return answerList(env, c, desk, { form: given, faults, status: asked.status });
  }
  const { name } = asked.data;
  const key = shownOnce(asked, (made) => made.key);
  const example = `${env.urls.base}/api/v1/badges`;
  return privatePage(madeKeyPage({ account, name, key, example }), {
    status: key === null ? 200 : 201,
  });
}
