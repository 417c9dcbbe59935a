// What one person was awarded, and how far they are with the rest.
import { ask } from "../../api/ask.ts";
import { listAwards } from "../../db/awards.ts";
import { badgeNames } from "../../db/badge-names.ts";
import type { Env } from "../../env.ts";
import { isId } from "../../ids.ts";
import { privatePage } from "../../page-answer.ts";
import {
  personAwardsPage,
  personProgressPage,
  type ShownProgress,
} from "../../pages/person-badges.tsx";
import { requireDesk } from "../../signin/desk.ts";
import { standingOf } from "../../standing.ts";
import { refusal } from "../refusal.ts";
import { findPerson } from "./person.ts";

/** Awards on one page. */
const LISTED = 25;
/** Badges on one page, each with all its criteria. */
const WEIGHED = 10;

function cursorOf(request: Request): string | null {
  return new URL(request.url).searchParams.get("cursor");
}

export async function answerAwards(env: Env, request: Request, id: string): Promise<Response> {
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

export async function answerProgress(env: Env, request: Request, id: string): Promise<Response> {
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
  });
  if (!asked.ok) throw refusal(asked.problem);
  const { data: progress, next_cursor: next } = asked.data;
  const { account } = desk;
  const isFirst = cursor === null;
  return privatePage(personProgressPage({ account, person, progress, next, isFirst }));
}
