// What one person was awarded, and how far they are with the rest.
import { Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../../answer.ts";
import { ask } from "../../../api/ask.ts";
import { listAwards } from "../../../db/awards.ts";
import { badgeNames } from "../../../db/badge-names.ts";
import type { Env } from "../../../env.ts";
import { isId } from "../../../ids.ts";
import { privatePage } from "../../../page-answer.ts";
import { PEOPLE_PATH } from "../../../pages/people.tsx";
import {
  personAwardsPage,
  personProgressPage,
  type ShownProgress,
} from "../../../pages/person-badges.tsx";
import { requireDesk } from "../../../signin/desk.ts";
import { standingOf } from "../../../standing.ts";
import { problemOf } from "../../asked.ts";
import { findPerson } from "../person.ts";

const AWARDS = `${PEOPLE_PATH}/:id/awards`;
const PROGRESS = `${PEOPLE_PATH}/:id/progress`;

export function personBadgesRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(AWARDS, (c) => answerAwards(env, c.req.raw, c.req.param("id")));
  app.get(PROGRESS, (c) => answerProgress(env, c.req.raw, c.req.param("id")));
  for (const path of [AWARDS, PROGRESS]) {
    app.all(path, () => {
      throw wrongMethod("GET, HEAD");
    });
  }
  return app;
}

/** Awards on one page. */
const LISTED = 25;
/** Badges on one page, each with all its criteria. */
const WEIGHED = 10;

function cursorOf(request: Request): string | null {
  return new URL(request.url).searchParams.get("cursor");
}

async function answerAwards(env: Env, request: Request, id: string): Promise<Response> {
  const desk = await requireDesk(env, request, "administrator");
  const { person } = await findPerson(env, request, desk, id);
  const given = cursorOf(request) ?? "";
  const cursor = isId(given) ? given : undefined;
  const page = { limit: LISTED, cursor };
  const { id: organizationId } = desk.organization;
  const found = await listAwards(env.db, organizationId, { user: person.id }, page, env.now());
  const rows = found.slice(0, LISTED);
  const names = await badgeNames(env.db, organizationId, [...new Set(rows.map((r) => r.badge_id))]);
  const awards = rows.map((row) => ({
    hash: row.unique_hash,
    badge: names.get(row.badge_id) ?? { id: row.badge_id, name: row.badge_id, language: "en" },
    awardedAt: row.awarded_at,
    expiresAt: row.date_expire,
    status: standingOf(row, env.now()),
  }));
  const next = found.length > LISTED ? (rows.at(-1)?.id ?? null) : null;
  const { account } = desk;
  const isFirst = cursor === undefined;
  return privatePage(personAwardsPage({ account, person, awards, next, isFirst }));
}

interface ProgressPage {
  readonly data: readonly ShownProgress[];
  readonly next_cursor: string | null;
}

async function answerProgress(env: Env, request: Request, id: string): Promise<Response> {
  const desk = await requireDesk(env, request, "administrator");
  const { person } = await findPerson(env, request, desk, id);
  const cursor = cursorOf(request);
  const query = new URLSearchParams({
    limit: String(WEIGHED),
    ...(cursor === null ? {} : { cursor }),
  });
  const path = `/users/${encodeURIComponent(id)}/progress?${query}`;
  const asked = await ask<ProgressPage>(env, request, desk.organization.id, {
    method: "GET",
    path,
    language: desk.account.language,
  });
  if (!asked.ok) throw problemOf(asked.problem);
  const { data: progress, next_cursor: next } = asked.data;
  const { account } = desk;
  const isFirst = cursor === null;
  return privatePage(personProgressPage({ account, person, progress, next, isFirst }));
}
