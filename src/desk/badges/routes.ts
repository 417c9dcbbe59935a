// The badges of an organization for its administrators: /admin/badges.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import { type BadgeSearch, searchBadges } from "../../db/badges-desk.ts";
import type { Env } from "../../env.ts";
import { privatePage } from "../../page-answer.ts";
import { badgesPage, CATEGORIES, SEARCHED_STATES } from "../../pages/badges-list.tsx";
import { BADGES_PATH } from "../../pages/badges-paths.ts";
import { requireDesk } from "../../signin/desk.ts";

/** Badges on one page. */
export const BADGES_LISTED = 25;
/** Holders are counted so far and no further. */
export const MOST_HOLDERS = 1_000;
/** Of a search. */
const MAX_TEXT = 100;

export function badgeListRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(BADGES_PATH, (c) => list(env, c));
  app.all(BADGES_PATH, () => {
    throw wrongMethod("GET, HEAD");
  });
  return app;
}

async function list(env: Env, c: Context): Promise<Response> {
  const { account, organization } = await requireDesk(env, c.req.raw, "administrator");
  const text = (c.req.query("q") ?? "").slice(0, MAX_TEXT);
  const search: BadgeSearch = {
    text,
    category: CATEGORIES.find((one) => one === c.req.query("category")) ?? null,
    status: SEARCHED_STATES.find((one) => one === c.req.query("status")) ?? null,
  };
  const after = c.req.query("after") ?? null;
  const page = { limit: BADGES_LISTED, cursor: after, mostHolders: MOST_HOLDERS + 1 };
  const found = await searchBadges(env.db, organization.id, search, page);
  const badges = found.slice(0, BADGES_LISTED);
  const isMore = found.length > BADGES_LISTED;
  const query = new URLSearchParams(
    Object.entries({
      q: text.trim(),
      category: search.category ?? "",
      status: search.status ?? "",
    }).filter(([, value]) => value !== ""),
  );
  const done = (["deleted", "purging"] as const).find((one) => one === c.req.query("done")) ?? null;
  return privatePage(
    badgesPage({
      account,
      organization,
      badges,
      search: { text, category: search.category ?? "", status: search.status ?? "" },
      isSearch: query.size > 0,
      mostHolders: MOST_HOLDERS,
      first: after === null ? null : address(query, null),
      next: isMore ? address(query, badges.at(-1)?.badge.id ?? null) : null,
      done,
      urls: env.urls,
    }),
  );
}

function address(search: URLSearchParams, after: string | null): string {
  const query = new URLSearchParams(search);
  if (after !== null) query.set("after", after);
  return query.size === 0 ? BADGES_PATH : `${BADGES_PATH}?${query}`;
}
