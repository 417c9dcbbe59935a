// Keeps what the editor says: a new badge, a change, or a new version of one that people hold; by the API alone.
import { type Asked, ask } from "../../../api/ask.ts";
import type { Env } from "../../../env.ts";
import type { Desk, DeskForm } from "../../../signin/desk.ts";
import { askOnce } from "../../asked.ts";
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
  sent: DeskForm,
  draft: Draft,
  wish: Wish,
): Promise<SaveResult> {
  const made = await askOnce<ShownBadge>(env, request, sent, {
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
  sent: DeskForm,
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
  const changed = await askOnce<ShownBadge>(env, request, sent, {
    method: "PATCH",
    path,
    body,
    ...ifMatch,
  });
  if (changed.ok) return { ok: true, saved: { badge: changed.data, as: "changed" } };
  const isLocked = changed.problem.code === "badge-locked";
  // The press before this one may have made the version: the badge is another one since.
  if (!isLocked && changed.status !== 412) return changed;
  const next = await askOnce<ShownBadge>(env, request, sent, {
    method: "POST",
    path: `${path}/versions`,
    body: { ...withoutVersion(body), is_active: wish === "activate" },
    ...ifMatch,
  });
  if (next.ok) return { ok: true, saved: { badge: next.data, as: "version" } };
  return isLocked ? next : changed;
}

/** The next version is numbered by the API. */
function withoutVersion({ version: _version, ...body }: Record<string, unknown>) {
  return body;
}

/** Asks who would get the badge now, everybody looked at; null where that cannot be asked. */
export async function countThem(
  env: Env,
  request: Request,
  sent: DeskForm,
  badgeId: string,
): Promise<string | null> {
  const asked = await askOnce<{ readonly id: string }>(env, request, sent, {
    method: "POST",
    path: "/evaluations",
    body: { badge: badgeId, dry_run: true },
  });
  return asked.ok ? asked.data.id : null;
}
