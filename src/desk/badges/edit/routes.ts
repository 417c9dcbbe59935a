// The editor of a badge: /admin/badges/new, /admin/badges/:id/edit, and the preview of its picture.
import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { answerProblem, answerUnknown, wrongMethod } from "../../../answer.ts";
import { type Asked, ask } from "../../../api/ask.ts";
import { findBadgeByName } from "../../../db/badges.ts";
import { badgeNames, countHolders } from "../../../db/badges-desk.ts";
import type { Env } from "../../../env.ts";
import { nextVersion } from "../../../issuer/badge-version.ts";
import { inLanguage } from "../../../issuer/criteria/wording.ts";
import { placeholdersOf } from "../../../mail/placeholders.ts";
import { privatePage, seeOther } from "../../../page-answer.ts";
import { ArtPreviewParts } from "../../../pages/badge-art-form.tsx";
import { badgeEditorPage } from "../../../pages/badge-editor.tsx";
import { BADGES_PATH, badgePath } from "../../../pages/badges-paths.ts";
import { type Faults, faultsOf } from "../../../pages/form.tsx";
import { WATCHED_HEADERS } from "../../../pages/headers.ts";
import { BADGE_EDITOR } from "../../../pages/words/badge-editor.ts";
import { speaker } from "../../../pages/words/speak.tsx";
import { Problem } from "../../../problem.ts";
import { type Desk, type DeskForm, deskForm, requireDesk } from "../../../signin/desk.ts";
import { ART_PATH, chosenIn, drawn, GLYPHS, previewOf } from "./art.ts";
import { fieldsOf } from "./body.ts";
import { type Draft, draftOf, newDraft, type ShownBadge } from "./draft.ts";
import { edited, readDraft } from "./form-fields.ts";
import {
  changeBadge,
  countThem,
  createBadge,
  type SaveResult,
  uploaded,
  type Wish,
} from "./save.ts";

/** Besides the picture: every text of a badge at its longest, several times over. */
const TEXT_BYTES = 512 * 1024;
/** Badges that are offered to choose from. */
const MAX_NAMES = 200;
/** Holders are counted so far and no further. */
const MOST_HOLDERS = 1_000;
/** Roles that always mean something here. */
const ROLES = ["member", "coordinator", "organization_administrator"];

const NEW = `${BADGES_PATH}/new`;
const EDIT = `${BADGES_PATH}/:id/edit`;

export function badgeEditorRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));

  app.get(NEW, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    const { language } = desk.account;
    return answer(env, desk, { draft: newDraft(language === "de" ? "de" : "en") });
  });
  app.post(NEW, async (c) => {
    return work(env, c, await formOf(env, c), null);
  });
  app.get(EDIT, async (c) => {
    const desk = await requireDesk(env, c.req.raw, "administrator");
    const { data: badge, etag } = await known(env, c, desk);
    return answer(env, desk, { draft: draftOf(badge), badge, etag: etag ?? "" });
  });
  app.post(EDIT, async (c) => {
    const sent = await formOf(env, c);
    const { data: badge, etag } = await known(env, c, sent.desk);
    return work(env, c, sent, badge, etag ?? "");
  });
  app.get(ART_PATH, async (c) => {
    const { account, organization } = await requireDesk(env, c.req.raw, "administrator");
    const preview = previewOf(organization.id, chosenIn(new URL(c.req.url).searchParams));
    return privatePage(html`${ArtPreviewParts({ preview, language: account.language })}`);
  });
  app.get(`${ART_PATH}.svg`, async (c) => {
    const { organization } = await requireDesk(env, c.req.raw, "administrator");
    const svg = drawn(organization.id, chosenIn(new URL(c.req.url).searchParams));
    return c.body(svg, 200, PICTURE_HEADERS);
  });
  for (const [path, allow] of ALLOWED) {
    app.all(path, () => {
      throw wrongMethod(allow);
    });
  }
  return app;
}

const PICTURE_HEADERS = {
  "content-type": "image/svg+xml",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
  "x-content-type-options": "nosniff",
  "cache-control": "private, max-age=300",
};

const ALLOWED = [
  [NEW, "GET, HEAD, POST"],
  [EDIT, "GET, HEAD, POST"],
  [ART_PATH, "GET, HEAD"],
  [`${ART_PATH}.svg`, "GET, HEAD"],
] as const;

function formOf(env: Env, c: Context): Promise<DeskForm> {
  return deskForm(env, c.req.raw, "administrator", env.config.maxUploadBytes + TEXT_BYTES);
}

type Known = Extract<Asked<ShownBadge>, { ok: true }>;

/** Throws the same for another organization's badge as for none. */
async function known(env: Env, c: Context, { organization }: Desk): Promise<Known> {
  const id = c.req.param("id") ?? "";
  const asked = await ask<ShownBadge>(env, c.req.raw, organization.id, {
    method: "GET",
    path: `/badges/${encodeURIComponent(id)}`,
  });
  if (asked.ok) return asked;
  throw new Problem("not-found", "This organization has no badge with this id.");
}

interface State {
  readonly draft: Draft;
  readonly badge?: ShownBadge | null;
  readonly etag?: string;
  readonly faults?: Faults;
  readonly warnings?: readonly string[];
}

async function answer(env: Env, desk: Desk, state: State): Promise<Response> {
  const { draft, badge = null, etag = "", faults = [], warnings = [] } = state;
  const { account, organization } = desk;
  const [names, metrics, holders] = await Promise.all([
    badgeNames(env.db, organization.id, MAX_NAMES),
    metricsOf(env, desk),
    badge === null ? 0 : countHolders(env.db, badge.id, MOST_HOLDERS + 1),
  ]);
  const isTaken = faults.some(({ field }) => field === "name");
  const holder = isTaken
    ? await findBadgeByName(env.db, organization.id, draft.values.name.trim())
    : null;
  const roles = [...new Set([...ROLES, ...names.flatMap((one) => one.roles)])];
  const page = badgeEditorPage({
    account,
    badge: badge && {
      id: badge.id,
      name: badge.name,
      isActive: badge.is_active,
      locked: isLocked(badge)
        ? {
            holders: Math.min(holders, MOST_HOLDERS),
            isMore: holders > MOST_HOLDERS,
            version: nextVersion(badge.version),
          }
        : null,
    },
    draft,
    etag,
    faults,
    taken: holder === null || holder.id === badge?.id ? null : holder,
    choices: { metrics, badges: names, roles },
    placeholders: placeholdersOf("award.created"),
    glyphs: GLYPHS,
    preview: previewOf(organization.id, draft.values),
    present: badge?.asset_url ? new URL(badge.asset_url).pathname : null,
    warnings,
  });
  return privatePage(page, { status: faults.length === 0 ? 200 : 422, headers: WATCHED_HEADERS });
}

function isLocked({ status }: ShownBadge): boolean {
  return status === "active_locked" || status === "inactive_locked";
}

async function metricsOf(env: Env, { organization, account }: Desk) {
  const { knownMetrics } = await import("../../../issuer/criteria/metrics.ts");
  const known = await knownMetrics(env.db, organization.id);
  return [...known].map(([name, { label }]) => ({
    name,
    label: inLanguage(label, account.language),
  }));
}

const WISHES: readonly Wish[] = ["save", "activate", "count"];

/** A button that changes the form answers with the form; one that keeps it leads to the badge. */
async function work(
  env: Env,
  c: Context,
  sent: DeskForm,
  badge: ShownBadge | null,
  present = "",
): Promise<Response> {
  const { desk, form } = sent;
  const word = String(form.get("do") ?? "save");
  const given = readDraft(form);
  const etag = String(form.get("etag") ?? "");
  const request = c.req.raw;
  const { draft, faults, warnings } = await withPicture(env, request, desk, form, given);
  const state = { badge, etag, warnings };
  const changed = edited(draft, word, String(form.get("added") ?? ""));
  // What is said of a picture is said before it is kept: the form can be sent again as it is.
  if (faults.length > 0 || warnings.length > 0 || changed !== null) {
    return answer(env, desk, { ...state, draft: changed ?? draft, faults });
  }
  const wish = WISHES.find((one) => one === word) ?? "save";
  const result =
    badge === null
      ? await createBadge(env, request, sent, draft, wish)
      : await changeBadge(env, request, sent, { id: badge.id, etag, draft, wish });
  if (!result.ok) {
    const faults = faultsIn(result, draft, desk);
    return answer(env, desk, {
      ...state,
      draft,
      faults,
      ...(result.status === 412 ? { etag: present } : {}),
    });
  }
  return leadOn(env, request, sent, result, wish);
}

interface Pictured {
  readonly draft: Draft;
  readonly faults: Faults;
  readonly warnings: readonly string[];
}

/** A file goes into the registry at once: the form can then be sent again without it. */
async function withPicture(
  env: Env,
  request: Request,
  desk: Desk,
  form: FormData,
  draft: Draft,
): Promise<Pictured> {
  const file = form.get("file");
  const nothing = { draft, faults: [], warnings: [] };
  if (!(file instanceof File) || file.size === 0) return nothing;
  const put = await uploaded(env, request, desk, file);
  if (!put.ok) {
    return { ...nothing, faults: faultsOf(put.problem, { "": "file" }, desk.account.language) };
  }
  const values = { ...draft.values, picture: "upload", image: put.data.id };
  return {
    draft: { ...draft, values },
    faults: [],
    warnings: put.data.warnings.map(({ code }) => code),
  };
}

function faultsIn(
  { status, problem }: Extract<SaveResult, { ok: false }>,
  draft: Draft,
  { account }: Desk,
): Faults {
  const { language } = account;
  if (status !== 412) return firstOfEach(faultsOf(problem, fieldsOf(draft), language));
  const t = speaker(language, BADGE_EDITOR);
  return [{ field: "", detail: t("conflict-detail"), fix: t("conflict-fix"), language }];
}

/** Of a field that breaks two rules at once, as an empty one does, one is enough to mend it. */
function firstOfEach(faults: Faults): Faults {
  return faults.filter(
    ({ field }, i) => field === "" || faults.findIndex((one) => one.field === field) === i,
  );
}

async function leadOn(
  env: Env,
  request: Request,
  sent: DeskForm,
  { saved }: Extract<SaveResult, { ok: true }>,
  wish: Wish,
): Promise<Response> {
  const { badge, as } = saved;
  const counts = wish !== "activate" && !badge.is_active && badge.criteria.rules.length > 0;
  const evaluation = counts ? await countThem(env, request, sent, badge.id) : null;
  const query = new URLSearchParams({ done: as });
  if (evaluation !== null) query.set("evaluation", evaluation);
  return seeOther(`${badgePath(badge.id)}?${query}`);
}
