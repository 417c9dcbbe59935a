// One badge as its pages show it: what the API says of it, and what is asked beside that.
import { ask } from "../../../api/ask.ts";
import type { Env } from "../../../env.ts";
import type { Foresight, OneBadge } from "../../../pages/badge-one.tsx";
import { Problem } from "../../../problem.ts";
import type { Desk } from "../../../signin/desk.ts";
import type { ShownBadge } from "../edit/draft.ts";

export interface FoundBadge {
  readonly shown: ShownBadge;
  readonly badge: OneBadge;
}

interface ShownRules {
  readonly method: "all" | "any";
  readonly rules: readonly { readonly words: string }[];
}

/** Throws the same for another organization's badge as for none. */
export async function badgeOf(
  env: Env,
  request: Request,
  { organization, account }: Desk,
  id: string,
): Promise<FoundBadge> {
  const path = `/badges/${encodeURIComponent(id)}`;
  const [asked, rules] = await Promise.all([
    ask<ShownBadge>(env, request, organization.id, { method: "GET", path }),
    ask<ShownRules>(env, request, organization.id, {
      method: "GET",
      path: `${path}/criteria`,
      language: account.language,
    }),
  ]);
  if (!asked.ok || !rules.ok) {
    throw new Problem("not-found", "This organization has no badge with this id.");
  }
  const { data: shown } = asked;
  const { name, language, category, status, version } = shown;
  return {
    shown,
    badge: {
      id: shown.id,
      name,
      language,
      category,
      status,
      version,
      picture: new URL(shown.asset_url ?? env.urls.badgeImage(shown.id)).pathname,
      asks: { method: rules.data.method, words: rules.data.rules.map(({ words }) => words) },
    },
  };
}

interface ShownEvaluation {
  readonly id: string;
  readonly badge: string | null;
  readonly dry_run: boolean;
  readonly state: string;
  readonly people: number;
  readonly found: number;
}

/** How far a dry run of this badge is; null for none, or one of something else. */
export async function foresightOf(
  env: Env,
  request: Request,
  { organization }: Desk,
  badgeId: string,
): Promise<Foresight | null> {
  const id = new URL(request.url).searchParams.get("evaluation");
  if (id === null) return null;
  const path = `/evaluations/${encodeURIComponent(id)}`;
  const asked = await ask<ShownEvaluation>(env, request, organization.id, { method: "GET", path });
  if (!asked.ok || asked.data.badge !== badgeId || !asked.data.dry_run) return null;
  const { state, people, found } = asked.data;
  return { id, isDone: state === "done", people, found };
}
