// What an administrator sees first: /admin, the lists its tiles lead to, and its numbers as a file.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import { BYTE_ORDER_MARK, csvLine } from "../../csv/write.ts";
import { ATTENTION, type Attention, listAttention } from "../../db/attention.ts";
import { funnelsByBadge } from "../../db/overview.ts";
import type { Env } from "../../env.ts";
import { csvFile, privatePage } from "../../page-answer.ts";
import { ATTENTION_PATH, attentionPage } from "../../pages/attention.tsx";
import { NUMBERS_PATH, OVERVIEW_PATH, overviewPage } from "../../pages/overview.tsx";
import { Problem } from "../../problem.ts";
import { requireDesk } from "../../signin/desk.ts";
import { readTiles } from "./tiles.ts";

/** Awards on one page of a list. */
const LISTED = 25;

export function overviewRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(OVERVIEW_PATH, (c) => show(env, c));
  app.get(NUMBERS_PATH, (c) => numbers(env, c));
  app.get(`${ATTENTION_PATH}/:kind`, (c) => list(env, c));
  for (const path of [OVERVIEW_PATH, NUMBERS_PATH, `${ATTENTION_PATH}/:kind`]) {
    app.all(path, () => {
      throw wrongMethod("GET, HEAD");
    });
  }
  return app;
}

async function show(env: Env, c: Context): Promise<Response> {
  const { account, organization } = await requireDesk(env, c.req.raw, "administrator");
  const tiles = await readTiles(env, organization.id);
  const { publicUrl, publicUrlIsLocal, demo } = env.config;
  const localAddress = publicUrlIsLocal && !demo ? publicUrl : null;
  return privatePage(overviewPage({ account, tiles, localAddress }));
}

function isAttention(text: string): text is Attention {
  return ATTENTION.some((kind) => kind === text);
}

async function list(env: Env, c: Context): Promise<Response> {
  const { account, organization } = await requireDesk(env, c.req.raw, "administrator");
  const kind = c.req.param("kind") ?? "";
  if (!isAttention(kind)) throw new Problem("not-found", "There is no such list.");
  const after = c.req.query("after") ?? null;
  const found = await listAttention(
    env.db,
    organization.id,
    kind,
    { limit: LISTED, after },
    env.now(),
  );
  const rows = found.slice(0, LISTED);
  const next = found.length > LISTED ? (rows.at(-1)?.cursor ?? null) : null;
  return privatePage(attentionPage({ account, kind, rows, next, isFirst: after === null }));
}

const HEAD = [
  "badge_id",
  "badge",
  "status",
  "awarded",
  "mailed",
  "accepted",
  "shown",
  "in_a_backpack",
  "revoked",
];

/** Exact, over all awards, a line a badge: what the page's chart shows a part of. */
async function numbers(env: Env, c: Context): Promise<Response> {
  const { organization } = await requireDesk(env, c.req.raw, "administrator");
  return csvFile(linesOf(env, organization.id), `badges-${organization.slug}.csv`);
}

/** The heading at once: counting takes its time, and whoever waits sees that it comes. */
async function* linesOf(env: Env, organizationId: string): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(HEAD, ",");
  for (const one of await funnelsByBadge(env.db, organizationId)) {
    const { badgeId, name, status, awarded, mailed, accepted, shown, carried, revoked } = one;
    const counts = [awarded, mailed, accepted, shown, carried, revoked].map(String);
    yield csvLine([badgeId, name, status, ...counts], ",");
  }
}
