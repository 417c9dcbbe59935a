// Keeps what the editor says: a new badge, a change, or a new version of one that people hold; by the API alone.
import { type Asked, ask } from "../../../api/ask.ts";
import type { Env } from "../../../env.ts";
import type { Desk } from "../../../signin/desk.ts";
import { bodyOf } from "./body.ts";
import type { Draft, ShownBadge } from "./draft.ts";

/** What the button says: keep it; and have it awarded from now on; or say who would get it. */
export type Wish = "save" | "activate" | "count";

export interface Saved {
  readonly badge: ShownBadge;
  readonly as: "new" | "changed" | "version";
}

interface Uploaded {
  readonly id: string;
  readonly warnings: readonly { readonly code: string }[];
}

/** Puts a file into the registry of pictures. */
export function uploaded(
  env: Env,
  request: Request,
  { organization }: Desk,
  file: File,
): Promise<Asked<Uploaded>> {
  return file.arrayBuffer().then((buffer) => {
    const bytes = new Uint8Array(buffer);
    // The API looks at the bytes; the type only has to be one that it reads.
    const mediaType = file.type === "image/svg+xml" ? "image/svg+xml" : "image/png";
    const name = encodeURIComponent(file.name.slice(0, 255) || "badge");
    return ask<Uploaded>(env, request, organization.id, {
      method: "POST",
      path: `/images?name=${name}`,
      upload: { mediaType, bytes },
    });
  });
}

export type SaveResult =
  | { readonly ok: true; readonly saved: Saved }
  | Extract<Asked<ShownBadge>, { ok: false }>;

/** A new badge; not active unless that is the wish. */
export async function createBadge(
  env: Env,
  request: Request,
  { organization }: Desk,
  draft: Draft,
  wish: Wish,
): Promise<SaveResult> {
  const made = await ask<ShownBadge>(env, request, organization.id, {
    method: "POST",
    path: "/badges",
    body: { ...bodyOf(draft), is_active: wish === "activate" },
  });
  return made.ok ? { ok: true, saved: { badge: made.data, as: "new" } } : made;
}

/**
 * A change. Where people hold the badge and it would be another one, a new version is made in place of
 * it; what may change of such a badge is changed without one.
 */
export async function changeBadge(
  env: Env,
  request: Request,
  { organization }: Desk,
  change: {
    readonly id: string;
    readonly etag: string;
    readonly draft: Draft;
    readonly wish: Wish;
  },
): Promise<SaveResult> {
  const { id, etag, draft, wish } = change;
  const path = `/badges/${encodeURIComponent(id)}`;
  const ifMatch = etag === "" ? {} : { ifMatch: etag };
  const body = { ...bodyOf(draft), ...(wish === "activate" ? { is_active: true } : {}) };
  const changed = await ask<ShownBadge>(env, request, organization.id, {
    method: "PATCH",
    path,
    body,
    ...ifMatch,
  });
  if (changed.ok) return { ok: true, saved: { badge: changed.data, as: "changed" } };
  if (changed.problem.code !== "badge-locked") return changed;
  const next = await ask<ShownBadge>(env, request, organization.id, {
    method: "POST",
    path: `${path}/versions`,
    body: { ...withoutVersion(body), is_active: wish === "activate" },
    ...ifMatch,
  });
  return next.ok ? { ok: true, saved: { badge: next.data, as: "version" } } : next;
}

/** The next version is numbered by the API. */
function withoutVersion({ version: _version, ...body }: Record<string, unknown>) {
  return body;
}

/** Asks who would get the badge now, everybody looked at; null where that cannot be asked. */
export async function countThem(
  env: Env,
  request: Request,
  organizationId: string,
  badgeId: string,
): Promise<string | null> {
  const asked = await ask<{ readonly id: string }>(env, request, organizationId, {
    method: "POST",
    path: "/evaluations",
    body: { badge: badgeId, dry_run: true },
  });
  return asked.ok ? asked.data.id : null;
}
