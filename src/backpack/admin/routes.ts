// The backpacks of the site, for its administrators: added, put in order, tried, switched off, removed.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import { findShelfServer, listLedger } from "../../db/backpack-ledger.ts";
import type { Backpack } from "../../db/backpacks.ts";
import { findBackpack, listBackpacks } from "../../db/site-backpacks.ts";
import type { Env } from "../../env.ts";
import { doneWord, privatePage, seeOther } from "../../page-answer.ts";
import {
  ADMIN_BACKPACKS_PATH,
  type AdminBackpack,
  adminBackpackPath,
  adminBackpacksPage,
  type BackpackAdminDone,
} from "../../pages/backpack-admin.tsx";
import { adminBackpackPage, removeBackpackPage } from "../../pages/backpack-admin-one.tsx";
import type { SiteFaultCode } from "../../pages/backpack-fault.ts";
import { BACKPACK_ADMIN_DONE } from "../../pages/words/backpack-admin.ts";
import { PROBLEM_FIXES } from "../../pages/words/problem-fixes.ts";
import { Problem } from "../../problem.ts";
import {
  accountOf,
  readForm,
  requireSiteAdministrator,
  type Session,
} from "../../signin/session.ts";
import { replayDelivery, replayParked } from "../deliveries.ts";
import { type Probe, probeBackpack } from "../probe.ts";
import { deliveryReason } from "../reasons.ts";
import { addBackpack, changeBackpack, orderBackpacks } from "../site.ts";
import type { SiteActor } from "../site-audit.ts";
import { enterClient } from "../site-client.ts";
import { type BackpackHealth, backpackHealth } from "../site-health.ts";
import { removeBackpack } from "../site-remove.ts";

/** Deliveries in trouble that a page shows, the newest first. */
export const TROUBLED_SHOWN = 50;
/** Backpacks that people added for themselves. */
export const PERSONAL_SHOWN = 50;

export function adminBackpackRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get(ADMIN_BACKPACKS_PATH, async (c) => {
    const session = await requireSiteAdministrator(env, c.req.raw);
    return answerList(env, c, session, { fault: null, address: "" });
  });
  app.post(ADMIN_BACKPACKS_PATH, async (c) => {
    const { session, form } = await formOf(env, c);
    return addByAddress(env, c, session, form);
  });
  app.post(`${ADMIN_BACKPACKS_PATH}/order`, async (c) => {
    const { session, form } = await formOf(env, c);
    const order = moved(offered(await listBackpacks(env.db)), form);
    const done = await orderBackpacks(env, order, actorOf(session));
    if (!done.ok) return answerList(env, c, session, { fault: done, address: "" });
    return seeOther(`${ADMIN_BACKPACKS_PATH}?done=ordered`);
  });
  app.get(`${ADMIN_BACKPACKS_PATH}/:backpack`, async (c) => {
    const session = await requireSiteAdministrator(env, c.req.raw);
    return answerOne(env, c, session, await known(env, c.req.param("backpack")), null);
  });
  app.get(`${ADMIN_BACKPACKS_PATH}/:backpack/remove`, async (c) => {
    const session = await requireSiteAdministrator(env, c.req.raw);
    const backpack = await known(env, c.req.param("backpack"));
    const health = await healthOf(env);
    const page = removeBackpackPage({
      account: await accountOf(env, session),
      backpack: adminView(backpack, health),
    });
    return privatePage(page);
  });
  app.post(`${ADMIN_BACKPACKS_PATH}/:backpack/:action`, async (c) => {
    const action = c.req.param("action");
    if (!isAction(action)) throw new Problem("not-found", "There is nothing at this address.");
    const { session, form } = await formOf(env, c);
    const backpack = await known(env, c.req.param("backpack"));
    const result = await ACTIONS[action](env, { backpack, form, actor: actorOf(session) });
    if ("fault" in result) return answerOne(env, c, session, backpack, result.fault);
    const path = result.list === true ? ADMIN_BACKPACKS_PATH : adminBackpackPath(backpack.id);
    return seeOther(`${path}?done=${result.done}`);
  });
  for (const [path, allow] of ALLOWED) {
    app.all(path, () => {
      throw wrongMethod(allow);
    });
  }
  return app;
}

const ALLOWED = [
  [ADMIN_BACKPACKS_PATH, "GET, HEAD, POST"],
  [`${ADMIN_BACKPACKS_PATH}/:backpack`, "GET, HEAD"],
  [`${ADMIN_BACKPACKS_PATH}/:backpack/remove`, "GET, HEAD, POST"],
  [`${ADMIN_BACKPACKS_PATH}/:backpack/:action`, "POST"],
] as const;

/** Who it is before what is asked: a stranger does not learn which backpacks there are. */
async function formOf(env: Env, c: Context): Promise<{ session: Session; form: FormData }> {
  const session = await requireSiteAdministrator(env, c.req.raw);
  return { session, form: await readForm(env, session, c.req.raw) };
}

function actorOf({ user }: Session): SiteActor {
  return { kind: "user", id: user.id };
}

async function known(env: Env, id: string): Promise<Backpack> {
  const backpack = await findBackpack(env.db, id);
  if (backpack !== null) return backpack;
  throw new Problem("not-found", "There is no such backpack here.", {
    fix: PROBLEM_FIXES.en["site-backpack"],
  });
}

/** What has an order: those that one person added have none, since nobody sees two of them. */
function offered(backpacks: readonly Backpack[]): string[] {
  return backpacks.flatMap(({ id, added_by_user_id: by }) => (by === null ? [id] : []));
}

/** One step up or down; the same order where there is no such step. */
function moved(order: readonly string[], form: FormData): string[] {
  const at = order.indexOf(String(form.get("backpack")));
  if (at === -1) throw new Problem("not-found", "There is no such backpack here.");
  const to = form.get("direction") === "up" ? at - 1 : at + 1;
  const swapped = [...order];
  const [one, other] = [order[at], order[to]];
  if (one === undefined || other === undefined) return swapped;
  swapped[at] = other;
  swapped[to] = one;
  return swapped;
}

interface Work {
  readonly backpack: Backpack;
  readonly form: FormData;
  readonly actor: SiteActor;
}

type Outcome =
  | { readonly done: BackpackAdminDone; readonly list?: boolean }
  | { readonly fault: SiteFaultCode };

const checked = (form: FormData, name: string) => form.get(name) === "1";

const ACTIONS = {
  async probe(env: Env, { backpack }: Work): Promise<Outcome> {
    await probeBackpack(env, backpack.id);
    return { done: "probed" };
  },
  async settings(env: Env, { backpack, form, actor }: Work): Promise<Outcome> {
    const change = {
      isEnabled: checked(form, "is_enabled"),
      autoSyncDefault: checked(form, "auto_sync_default"),
      ...(checked(form, "offer") ? { offeredToAll: true as const } : {}),
    };
    const changed = await changeBackpack(env, backpack.id, change, actor);
    return changed.ok ? { done: "saved" } : { fault: changed };
  },
  async client(env: Env, { backpack, form, actor }: Work): Promise<Outcome> {
    const clientId = String(form.get("client_id") ?? "").trim();
    const clientSecret = String(form.get("client_secret") ?? "").trim();
    const entered = await enterClient(env, backpack.id, { clientId, clientSecret }, actor);
    return entered.ok ? { done: "client" } : { fault: entered };
  },
  async replay(env: Env, { backpack, form }: Work): Promise<Outcome> {
    const delivery = String(form.get("delivery") ?? "");
    if (delivery === "parked") {
      const count = await replayParked(env, { backpackId: backpack.id });
      return { done: count > 0 ? "replayed" : "gone" };
    }
    return { done: (await replayDelivery(env, delivery)) ? "replayed" : "gone" };
  },
  async remove(env: Env, { backpack, actor }: Work): Promise<Outcome> {
    const removed = await removeBackpack(env, backpack.id, actor);
    if (!removed.ok) return { fault: removed };
    return { done: removed.finished ? "removed" : "removing", list: true };
  },
} as const;

function isAction(word: string): word is keyof typeof ACTIONS {
  return Object.hasOwn(ACTIONS, word);
}

type Health = ReadonlyMap<string, BackpackHealth>;

function healthOf(env: Env): Promise<Health> {
  return backpackHealth(env.db, env.now());
}

const NOTHING: BackpackHealth = {
  connected: 0,
  reconnect: 0,
  waiting: 0,
  parked: 0,
  refused: 0,
  delivered: 0,
  pullProblems: 0,
  lastSuccessAt: null,
  pausedUntil: null,
  failures: 0,
  lastProblem: null,
};

function adminView(backpack: Backpack, health: Health): AdminBackpack {
  return {
    id: backpack.id,
    name: backpack.name,
    webUrl: backpack.backpack_web_url,
    isEnabled: backpack.is_enabled,
    isPersonal: backpack.added_by_user_id !== null,
    health: health.get(backpack.id) ?? NOTHING,
  };
}

/** As it was kept by this version; what another one wrote is tried again sooner than understood. */
function probeIn({ last_probe: kept }: Backpack): Probe | null {
  const isProbe = typeof kept === "object" && kept !== null && "checks" in kept && "works" in kept;
  return isProbe ? (kept as Probe) : null;
}

interface AddState {
  readonly fault: SiteFaultCode | null;
  readonly address: string;
}

async function answerList(env: Env, c: Context, session: Session, { fault, address }: AddState) {
  const [backpacks, health] = await Promise.all([listBackpacks(env.db), healthOf(env)]);
  const views = backpacks.map((backpack) => adminView(backpack, health));
  const personal = views.filter(({ isPersonal }) => isPersonal);
  const page = adminBackpacksPage({
    account: await accountOf(env, session),
    backpacks: views.filter(({ isPersonal }) => !isPersonal),
    // The newest are the ones to look at.
    personal: personal.slice(-PERSONAL_SHOWN).reverse(),
    personalCount: personal.length,
    done: fault === null ? doneWord(BACKPACK_ADMIN_DONE, c.req.raw) : null,
    fault,
    address,
  });
  return privatePage(page, { status: fault === null ? 200 : 422 });
}

/** It is tried at once, so that an administrator sees what people will meet. */
async function addByAddress(env: Env, c: Context, session: Session, form: FormData) {
  const address = String(form.get("address") ?? "").trim();
  const added = await addBackpack(env, {
    address,
    autoSyncDefault: checked(form, "auto_sync_default"),
    actor: actorOf(session),
  });
  const go = (id: string, done: string) => seeOther(`${adminBackpackPath(id)}?done=${done}`);
  if (added.ok) {
    await probeBackpack(env, added.backpack.id);
    return go(added.backpack.id, "added");
  }
  const { reason, backpackId } = added;
  if ((reason === "already-known" || reason === "switched-off") && backpackId !== null) {
    return go(backpackId, "known");
  }
  return answerList(env, c, session, { fault: added, address });
}

async function answerOne(
  env: Env,
  c: Context,
  session: Session,
  backpack: Backpack,
  fault: SiteFaultCode | null,
) {
  const [health, server, troubled] = await Promise.all([
    healthOf(env),
    findShelfServer(env.db, backpack.oauth2_issuer_id),
    listLedger(env.db, {
      limit: TROUBLED_SHOWN,
      states: ["parked", "refused"],
      backpackId: backpack.id,
    }),
  ]);
  const page = adminBackpackPage({
    account: await accountOf(env, session),
    backpack: {
      ...adminView(backpack, health),
      apiVersion: backpack.api_version,
      autoSyncDefault: backpack.auto_sync_default,
    },
    server,
    probe: probeIn(backpack),
    troubled: troubled
      .slice(0, TROUBLED_SHOWN)
      .map((row) => ({ ...row, reason: deliveryReason(row.delivery) })),
    moreTroubled: troubled.length > TROUBLED_SHOWN,
    done: fault === null ? doneWord(BACKPACK_ADMIN_DONE, c.req.raw) : null,
    fault,
  });
  return privatePage(page, { status: fault === null ? 200 : 422 });
}
