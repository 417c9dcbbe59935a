// A person's backpacks: the pages, and what their forms do. Connecting itself is the OAuth client's.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown } from "../answer.ts";
import {
  countDeliveries,
  findShelfBackpack,
  type ShelfBackpack,
  type ShelfFilter,
} from "../db/backpack-shelf.ts";
import type { Connection } from "../db/backpacks.ts";
import type { Env } from "../env.ts";
import { backpackPage } from "../pages/backpack.tsx";
import { BACKPACKS_PATH, backpackPath } from "../pages/backpack-connect.tsx";
import { disconnectPage } from "../pages/backpack-disconnect.tsx";
import { backpacksPage, type FormFault } from "../pages/backpacks.tsx";
import { PAGE_HEADERS, WATCHED_HEADERS } from "../pages/headers.ts";
import { Problem } from "../problem.ts";
import { accountOf, readForm, requireSession, type Session } from "../signin/session.ts";
import { listExternalBadges } from "./external.ts";
import { cardsOf, connectionView, stateOf } from "./shelf.ts";

const PRIVATE = { "cache-control": "no-store" };

/** What a form did, by the word its page is asked for with. */
const DONE: Readonly<Record<string, string>> = {
  added: "Added. Connect it to send your badges there.",
  connected: "Connected. Your badges are on their way.",
  disconnected: "Disconnected. Everything secret about the connection is deleted.",
  sending: "It will be sent in a moment.",
  looking: "The backpack is being asked what is in it. Show the page again in a moment.",
  "auto-sync-on": "New badges are sent there by themselves from now on.",
  "auto-sync-off": "New badges are sent there only when you say so.",
};

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
    return answerBackpack(env, c, session, shelf, null);
  });
  app.get(`${BACKPACKS_PATH}/:backpack/disconnect`, async (c) => {
    const session = await requireSession(env, c.req.raw);
    const { backpack, connection } = await connectedHere(env, session, c.req.param("backpack"));
    const counts = (await countDeliveries(env.db, [connection.id]))(connection.id);
    const pulled = await listExternalBadges(env.db, session.user.id, {
      connectionId: connection.id,
    });
    const page = await disconnectPage({
      account: await accountOf(env, session),
      backpack,
      sent: counts.delivered,
      waiting: counts.pending + counts.sending + counts.unknown,
      pulled: pulled.badges.length,
    });
    return c.body(String(page), 200, { ...PAGE_HEADERS, ...PRIVATE });
  });
  return app;
}

/** Throws 404 for a backpack that is not there, or is switched off and not connected. */
async function onShelf(env: Env, session: Session, backpackId: string): Promise<ShelfBackpack> {
  const found = await findShelfBackpack(env.db, session.user.id, backpackId);
  if (found === null) {
    throw new Problem("not-found", "There is no such backpack here.", {
      fix: "Go back to the list of your backpacks. An administrator may have removed it or switched it off.",
    });
  }
  return found;
}

/** Throws 404 where this person is not connected: other people's connections have no address here. */
async function connectedHere(
  env: Env,
  session: Session,
  backpackId: string,
): Promise<ShelfBackpack & { readonly connection: Connection }> {
  const { backpack, connection } = await onShelf(env, session, backpackId);
  if (connection === null) {
    throw new Problem("not-found", "You are not connected to this backpack.", {
      fix: "Open the backpack from the list of your backpacks, and connect it.",
    });
  }
  return { backpack, connection };
}

function doneWords(c: Context): string | null {
  const word = c.req.query("done") ?? "";
  return Object.hasOwn(DONE, word) ? (DONE[word] ?? null) : null;
}

interface AddState {
  readonly fault: FormFault | null;
  readonly address: string;
}

async function answerList(env: Env, c: Context, session: Session, { fault, address }: AddState) {
  const page = await backpacksPage({
    account: await accountOf(env, session),
    cards: await cardsOf(env.db, session.user.id),
    done: fault === null ? doneWords(c) : null,
    fault,
    address,
  });
  return c.body(String(page), fault === null ? 200 : 422, { ...PAGE_HEADERS, ...PRIVATE });
}

async function addByAddress(env: Env, c: Context, session: Session, address: string) {
  void env;
  return answerList(env, c, session, { fault: { detail: "x", fix: "y" }, address });
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
  fault: FormFault | null,
) {
  const show = c.req.query("show");
  const filter = isFilter(show) ? show : null;
  const view =
    connection === null
      ? null
      : await connectionView(env.db, backpack, connection, {
          filter,
          after: c.req.query("after") ?? null,
        });
  const page = await backpackPage({
    account: await accountOf(env, session),
    backpack,
    state: stateOf({ backpack, connection }),
    connection:
      view === null ? null : { ...view, older: olderPath(backpack.id, filter, view.next) },
    done: fault === null ? doneWords(c) : null,
    fault,
    now: env.now(),
    urls: env.urls,
  });
  return c.body(String(page), fault === null ? 200 : 422, { ...WATCHED_HEADERS, ...PRIVATE });
}

function olderPath(backpackId: string, filter: ShelfFilter | null, next: string | null) {
  if (next === null) return null;
  const query = new URLSearchParams({ ...(filter === null ? {} : { show: filter }), after: next });
  return `${backpackPath(backpackId)}?${query}#awards`;
}
