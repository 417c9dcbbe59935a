// A person's backpacks: the pages, and what their forms do. Connecting itself is the OAuth client's.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../answer.ts";
import {
  countDeliveries,
  findShelfBackpack,
  type ShelfBackpack,
  type ShelfFilter,
} from "../db/backpack-shelf.ts";
import type { Connection } from "../db/backpacks.ts";
import { provenIdentities } from "../db/people.ts";
import { connectionsTo } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { enqueue } from "../jobs/outbox.ts";
import { doneWord, privatePage, seeOther } from "../page-answer.ts";
import { backpackPage } from "../pages/backpack.tsx";
import { BACKPACKS_PATH, backpackPath, type ProvenEmail } from "../pages/backpack-connect.tsx";
import { disconnectPage } from "../pages/backpack-disconnect.tsx";
import type { BackpackFault } from "../pages/backpack-fault.ts";
import { type BackpackDone, backpacksPage } from "../pages/backpacks.tsx";
import { WATCHED_HEADERS } from "../pages/headers.ts";
import { BACKPACK_DONE } from "../pages/words/backpacks.ts";
import { PROBLEM_FIXES } from "../pages/words/problem-fixes.ts";
import { Problem } from "../problem.ts";
import { isSame, keyedHash } from "../signin/keyed-hash.ts";
import { type Limit, takeShares } from "../signin/rate-limit.ts";
import { accountOf, readForm, requireSession, type Session } from "../signin/session.ts";
import { disconnect, sendNow, setAutoSync } from "./connection.ts";
import { connectDisplayer, type DisplayerFault } from "./displayer-connect.ts";
import { listExternalBadges } from "./external.ts";
import { pullJob } from "./pull.ts";
import { readProblem } from "./reasons.ts";
import { cardsOf, connectionView, stateOf } from "./shelf.ts";
import { addBackpack } from "./site.ts";
import { removeBackpack } from "./site-remove.ts";

export function backpackRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get(BACKPACKS_PATH, async (c) => {
    const session = await requireSession(env, c.req.raw);
    return answerList(env, c, session, { fault: null, address: "" });
  });
  app.post(BACKPACKS_PATH, async (c) => {
    const session = await requireSession(env, c.req.raw);
    const form = await readForm(env, session, c.req.raw);
    return addByAddress(env, c, session, String(form.get("address") ?? "").trim());
  });
  app.get(`${BACKPACKS_PATH}/:backpack`, async (c) => {
    const session = await requireSession(env, c.req.raw);
    const shelf = await onShelf(env, session, c.req.param("backpack"));
    await requireOffered(env, c, session, shelf);
    return answerBackpack(env, c, session, shelf, null);
  });
  app.get(`${BACKPACKS_PATH}/:backpack/disconnect`, async (c) => {
    const session = await requireSession(env, c.req.raw);
    const { backpack, connection } = await connectedHere(env, session, c.req.param("backpack"));
    const counts = (await countDeliveries(env.db, [connection.id]))(connection.id);
    const pulled = await listExternalBadges(env.db, session.user.id, {
      connectionId: connection.id,
    });
    const page = disconnectPage({
      account: await accountOf(env, session),
      backpack,
      sent: counts.delivered,
      waiting: counts.pending + counts.sending + counts.unknown,
      pulled: pulled.badges.length,
    });
    return privatePage(page);
  });
  app.post(`${BACKPACKS_PATH}/:backpack/:action`, async (c) => {
    const action = c.req.param("action");
    if (!isAction(action)) throw new Problem("not-found", "There is nothing at this address.");
    const session = await requireSession(env, c.req.raw);
    const form = await readForm(env, session, c.req.raw);
    const shelf = await onShelf(env, session, c.req.param("backpack"));
    return ACTIONS[action]({ env, c, session, form, shelf });
  });
  for (const [path, allow] of ALLOWED) {
    app.all(path, () => {
      throw wrongMethod(allow);
    });
  }
  return app;
}

const ALLOWED = [
  [BACKPACKS_PATH, "GET, HEAD, POST"],
  [`${BACKPACKS_PATH}/:backpack`, "GET, HEAD"],
  [`${BACKPACKS_PATH}/:backpack/disconnect`, "GET, HEAD, POST"],
  [`${BACKPACKS_PATH}/:backpack/:action`, "POST"],
] as const;

interface Action {
  readonly env: Env;
  readonly c: Context;
  readonly session: Session;
  readonly form: FormData;
  readonly shelf: ShelfBackpack;
}

/** What the forms of a backpack's page do; each answers with the page that shows it. */
const ACTIONS = {
  async send({ env, session, form, shelf }: Action) {
    const connection = connectedTo(shelf);
    const award = form.get("award");
    if (typeof award !== "string" || award === "") {
      throw new Problem("invalid-request", "The form does not say which badge to send.");
    }
    const queued = await sendNow(env, session.user.id, connection.id, award);
    return backTo(shelf, queued === 0 ? "nothing" : queued === 1 ? "sending" : "sending-all");
  },
  async pull({ env, shelf }: Action) {
    const connection = connectedTo(shelf);
    await env.db.batch([enqueue(env, pullJob(connection.id, connection.external_backpack_id))]);
    return backTo(shelf, "looking");
  },
  async "auto-sync"({ env, session, form, shelf }: Action) {
    const connection = connectedTo(shelf);
    const isOn = form.get("on") === "1";
    await setAutoSync(env, session.user.id, connection.id, isOn);
    return backTo(shelf, isOn ? "auto-sync-on" : "auto-sync-off");
  },
  async show({ env, c, session, form, shelf }: Action) {
    const identity = String(form.get("identity") ?? "");
    const result = await connectDisplayer(env, session.user.id, shelf.backpack.id, identity);
    if (result.ok) return backTo(shelf, "shown");
    return answerBackpack(env, c, session, shelf, showFault(result.reason));
  },
  async remove({ env, c, session, shelf: { backpack } }: Action) {
    const userId = session.user.id;
    if (backpack.added_by_user_id !== userId) {
      throw new Problem("not-found", "You have not added this backpack.");
    }
    const refused = await removeOwn(env, backpack.id, userId);
    if (refused === null) {
      return seeOther(`${BACKPACKS_PATH}?done=removed`);
    }
    const shelf = await onShelf(env, session, backpack.id);
    return answerBackpack(env, c, session, shelf, refused);
  },
  async disconnect({ env, session, shelf }: Action) {
    const connection = connectedTo(shelf);
    await disconnect(env, session.user.id, connection.id);
    return seeOther(`${BACKPACKS_PATH}?done=disconnected`);
  },
} as const;

/** Null when it is gone. Whoever is connected to it would be disconnected with it. */
async function removeOwn(
  env: Env,
  backpackId: string,
  userId: string,
): Promise<BackpackFault | null> {
  if ((await connectionsTo(env.db, backpackId, 1)).length > 0) return { kind: "others-connected" };
  const removed = await removeBackpack(env, backpackId, { kind: "user", id: userId });
  return removed.ok ? null : { ...removed, kind: "site" };
}

/** Why a backpack that only shows badges could not be connected. */
function showFault(reason: DisplayerFault): BackpackFault {
  switch (reason) {
    case "backpack-gone":
    case "backpack-disabled":
    case "not-a-displayer":
    case "identity-not-proven":
    case "not-known-there":
      return { kind: "show", reason };
    default:
      return { kind: "show-problem", problem: readProblem(reason) };
  }
}

function isAction(word: string): word is keyof typeof ACTIONS {
  return Object.hasOwn(ACTIONS, word);
}

function backTo({ backpack }: ShelfBackpack, done: string): Response {
  return seeOther(`${backpackPath(backpack.id)}?done=${done}`);
}

/** Throws 404 for a backpack that is not there, or is switched off and not connected. */
async function onShelf(env: Env, session: Session, backpackId: string): Promise<ShelfBackpack> {
  const found = await findShelfBackpack(env.db, session.user.id, backpackId);
  if (found === null) {
    throw new Problem("not-found", "There is no such backpack here.", {
      fix: PROBLEM_FIXES.en["own-backpack"],
    });
  }
  return found;
}

/**
 * A backpack that somebody else added is shown to whoever gave its address too, and to nobody whom a
 * mere link leads there: its name and where it leads are the word of whoever added it. Throws 404.
 */
async function requireOffered(env: Env, c: Context, session: Session, shelf: ShelfBackpack) {
  const { added_by_user_id: owner, id } = shelf.backpack;
  if (owner === null || owner === session.user.id || shelf.connection !== null) return;
  if (isSame(c.req.query("given") ?? "", await givenMark(env, session, id))) return;
  throw new Problem("not-found", "This backpack is on nobody's list but another person's.", {
    fix: PROBLEM_FIXES.en["others-backpack"],
  });
}

/** Says that this session gave the address of that backpack. */
function givenMark(env: Env, session: Session, backpackId: string): Promise<string> {
  return keyedHash(env.config, "form", `given ${session.id} ${backpackId}`);
}

/** Throws 404 where this person is not connected: other people's connections have no address here. */
async function connectedHere(
  env: Env,
  session: Session,
  backpackId: string,
): Promise<ShelfBackpack & { readonly connection: Connection }> {
  const shelf = await onShelf(env, session, backpackId);
  return { backpack: shelf.backpack, connection: connectedTo(shelf) };
}

/** Throws 404 where this person is not connected. */
function connectedTo({ connection }: ShelfBackpack): Connection {
  if (connection !== null) return connection;
  throw new Problem("not-found", "You are not connected to this backpack.", {
    fix: PROBLEM_FIXES.en["not-connected"],
  });
}

/** What somebody has confirmed, to be found by. */
async function emailsOf(env: Env, { user }: Session): Promise<ProvenEmail[]> {
  const proven = await provenIdentities(env.db, user.id);
  return proven.flatMap(({ id, type, identity }) =>
    type === "email" ? [{ id, email: identity }] : [],
  );
}

interface AddState {
  readonly fault: BackpackFault | null;
  readonly address: string;
  readonly status?: 200 | 422 | 429;
}

async function answerList(env: Env, c: Context, session: Session, state: AddState) {
  const { fault, address, status = fault === null ? 200 : 422 } = state;
  const page = backpacksPage({
    account: await accountOf(env, session),
    cards: await cardsOf(env.db, session.user.id),
    emails: await emailsOf(env, session),
    done: fault === null ? doneWord(BACKPACK_DONE, c.req.raw) : null,
    fault,
    address,
  });
  return privatePage(page, { status });
}

/** Each address that somebody gives has this server ask another one. */
const ADDRESSES_BY_PERSON: Limit = { name: "backpack-by", most: 20, windowMs: 3_600_000 };

/** One that is known already is what the person is looking for. */
async function addByAddress(env: Env, c: Context, session: Session, address: string) {
  const userId = session.user.id;
  if ((await takeShares(env, [[ADDRESSES_BY_PERSON, userId]])) !== null) {
    const fault = { kind: "too-often" } as const;
    return answerList(env, c, session, { fault, address, status: 429 });
  }
  const actor = { kind: "user", id: userId } as const;
  const added = await addBackpack(env, { address, addedBy: userId, actor });
  const go = (id: string, done: string) => seeOther(`${backpackPath(id)}?done=${done}`);
  if (added.ok) return go(added.backpack.id, "added");
  const { reason, backpackId } = added;
  if (reason === "already-known" && backpackId !== null) {
    return go(backpackId, `known&given=${await givenMark(env, session, backpackId)}`);
  }
  return answerList(env, c, session, { fault: { ...added, kind: "site" }, address });
}

const FILTERS: ReadonlySet<string> = new Set<ShelfFilter>([
  "attention",
  "waiting",
  "sent",
  "unsent",
]);

function isFilter(word: string | undefined): word is ShelfFilter {
  return word !== undefined && FILTERS.has(word);
}

async function answerBackpack(
  env: Env,
  c: Context,
  session: Session,
  { backpack, connection }: ShelfBackpack,
  fault: BackpackFault | null,
) {
  const show = c.req.query("show");
  const filter = isFilter(show) ? show : null;
  const view =
    connection === null
      ? null
      : await connectionView(env, backpack, connection, {
          filter,
          after: c.req.query("after") ?? null,
        });
  const page = backpackPage({
    account: await accountOf(env, session),
    backpack,
    emails: await emailsOf(env, session),
    state: stateOf({ backpack, connection }),
    isOwn: backpack.added_by_user_id === session.user.id,
    connection:
      view === null ? null : { ...view, older: olderPath(backpack.id, filter, view.next) },
    done: fault === null ? saidOf(c, view) : null,
    fault,
    now: env.now(),
    urls: env.urls,
  });
  return privatePage(page, { status: fault === null ? 200 : 422, headers: WATCHED_HEADERS });
}

/** Nothing is on its way where nothing is sent: the page says why. */
function saidOf(
  c: Context,
  view: { autoSync: boolean; canPush: boolean } | null,
): BackpackDone | null {
  const done = doneWord(BACKPACK_DONE, c.req.raw);
  const isSent = view === null || (view.autoSync && view.canPush);
  return done === "connected" && !isSent ? "connected-only" : done;
}

function olderPath(backpackId: string, filter: ShelfFilter | null, next: string | null) {
  if (next === null) return null;
  const query = new URLSearchParams({ ...(filter === null ? {} : { show: filter }), after: next });
  return `${backpackPath(backpackId)}?${query}#awards`;
}
