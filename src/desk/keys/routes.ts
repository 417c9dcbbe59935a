// The keys an organization signs with, for its administrators: /admin/keys.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, refuseOtherMethods } from "../../answer.ts";
import { ask } from "../../api/ask.ts";
import type { Env } from "../../env.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import { type Faults, faultsOf } from "../../pages/form.tsx";
import {
  type KeyDone,
  type ListedSigningKey,
  revokeSigningKeyPage,
  rotateKeyPage,
  SIGNING_KEYS_PATH,
  signingKeysPage,
} from "../../pages/signing-keys.tsx";
import { type Desk, deskForm, requireDesk } from "../../signin/desk.ts";
import {
  askOnce,
  correctable,
  doneOf,
  got,
  listAsked,
  listPath,
  type Page,
  textOf,
  timeOf,
} from "../asked.ts";

const DONE = ["rotated", "made", "revoked"] as const satisfies readonly KeyDone[];
const ROTATE_PATH = `${SIGNING_KEYS_PATH}/rotate`;
const REVOKE_PATH = `${SIGNING_KEYS_PATH}/:id/revoke`;

/** As the API shows a key; times in ISO 8601. */
interface ShownKey {
  readonly id: string;
  readonly status: ListedSigningKey["state"];
  readonly url: string | null;
  readonly created_at: string;
  readonly retired_at: string | null;
  readonly revoked_at: string | null;
  readonly revocation_reason: string | null;
}

export function signingKeyPageRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get(SIGNING_KEYS_PATH, (c) => list(env, c));
  app.get(ROTATE_PATH, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    const { data } = await keysOf(env, c, desk, 1);
    const isFirst = data.length === 0;
    return privatePage(rotateKeyPage({ account: desk.account, isFirst }));
  });
  app.post(ROTATE_PATH, (c) => rotate(env, c));
  app.get(REVOKE_PATH, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    return answerRevoke(env, c, desk);
  });
  app.post(REVOKE_PATH, (c) => revoke(env, c));
  refuseOtherMethods(app, METHODS);
  return app;
}

const METHODS = [
  [SIGNING_KEYS_PATH, "GET, HEAD"],
  [ROTATE_PATH, "GET, HEAD, POST"],
  [REVOKE_PATH, "GET, HEAD, POST"],
] as const;

async function keysOf(env: Env, c: Context, { organization }: Desk, limit: number) {
  const path = listPath("/signing-keys", { limit: String(limit) });
  return got(await ask<Page<ShownKey>>(env, c.req.raw, organization.id, { method: "GET", path }));
}

async function list(env: Env, c: Context): Promise<Response> {
  const desk = await requireDesk(env, c.req.raw, "administrator");
  const pages = { path: "/signing-keys", page: SIGNING_KEYS_PATH };
  const { data, first, next } = await listAsked<ShownKey>(env, c.req.raw, desk, pages);
  return privatePage(
    signingKeysPage({
      account: desk.account,
      keys: data.map((key) => ({
        id: key.id,
        state: key.status,
        url: key.url,
        createdAt: Date.parse(key.created_at),
        endedAt: timeOf(key.revoked_at ?? key.retired_at),
        reason: key.revocation_reason,
      })),
      first,
      next,
      done: doneOf(c.req.raw, DONE),
    }),
  );
}

async function rotate(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  got(await askOnce(env, c.req.raw, sent, { method: "POST", path: "/signing-keys" }));
  const { data } = await keysOf(env, c, sent.desk, 2);
  return seeOther(`${SIGNING_KEYS_PATH}?done=${data.length === 1 ? "made" : "rotated"}`);
}

async function answerRevoke(
  env: Env,
  c: Context,
  { organization, account }: Desk,
  { reason = "", faults = [] }: { readonly reason?: string; readonly faults?: Faults } = {},
): Promise<Response> {
  const path = `/signing-keys/${encodeURIComponent(c.req.param("id") ?? "")}`;
  const { id } = got(await ask<ShownKey>(env, c.req.raw, organization.id, { method: "GET", path }));
  const page = revokeSigningKeyPage({ account, id, reason, faults });
  return privatePage(page, { status: faults.length === 0 ? 200 : 422 });
}

async function revoke(env: Env, c: Context): Promise<Response> {
  const sent = await deskForm(env, c.req.raw, "administrator");
  const { desk, form } = sent;
  const path = `/signing-keys/${encodeURIComponent(c.req.param("id") ?? "")}/revoke`;
  const reason = textOf(form, "reason");
  const question = { method: "POST", path, body: { reason } } as const;
  const asked = await askOnce(env, c.req.raw, sent, question);
  if (!asked.ok) {
    const problem = correctable(asked.problem);
    const faults = faultsOf(problem, { "/reason": "reason" }, desk.account.language);
    return answerRevoke(env, c, desk, { reason, faults });
  }
  return seeOther(`${SIGNING_KEYS_PATH}?done=revoked`);
}
