// The page of badges that a person may choose to have for others: /p/:slug, and /me/profile, where they choose.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import { countOwnShown, listOwnBadges } from "../../db/own-shelf.ts";
import { findProfileOf, findPublicProfile, type Profile } from "../../db/profiles.ts";
import type { Env } from "../../env.ts";
import { languageOf } from "../../language.ts";
import { doneWord, privatePage, seeOther } from "../../page-answer.ts";
import type { Faults } from "../../pages/form.tsx";
import { PAGE_HEADERS } from "../../pages/headers.ts";
import { profilePage } from "../../pages/profile.tsx";
import {
  PROFILE_VISIBILITY,
  type ProfileChoice,
  profileChoicePage,
} from "../../pages/profile-choice.tsx";
import { PROFILE } from "../../pages/words/profile.ts";
import { speaker } from "../../pages/words/speak.tsx";
import { Problem } from "../../problem.ts";
import { accountOf, readForm, requireSession, type Session } from "../../signin/session.ts";
import {
  isSlug,
  keepProfile,
  MAX_NAME_LENGTH,
  MAX_SLUGS,
  type ProfileFault,
  proposedSlug,
} from "../own-profile.ts";

/** Cards of one page. */
export const PROFILE_PAGE = 60;
const MAX_PAGE = 1_000;

export function profileRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get("/p/:slug", (c) => show(env, c, c.req.param("slug")));
  app.all("/p/:slug", () => {
    throw wrongMethod("GET, HEAD");
  });
  app.get("/me/profile", async (c) => {
    const session = await requireSession(env, c.req.raw);
    const profile = await findProfileOf(env.db, session.user.id);
    return choose(env, c, session, { profile, choice: choiceOf(profile, session), faults: [] });
  });
  app.post("/me/profile", (c) => keep(env, c));
  app.all("/me/profile", () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  return app;
}

/**
 * Kept by no cache without asking: what somebody hides is gone from here at once. One that is off
 * answers as one that never was.
 */
async function show(env: Env, c: Context, slug: string): Promise<Response> {
  const profile = isSlug(slug) ? await findPublicProfile(env.db, slug) : null;
  if (profile === null) throw new Problem("not-found", "There is no page at this address.");
  const language = languageOf(c.req.raw);
  const page = pageOf(c);
  const [rows, count] = await Promise.all([
    listOwnBadges(
      env.db,
      profile.user_id,
      { seen: "others" },
      { limit: PROFILE_PAGE, offset: page * PROFILE_PAGE },
    ),
    countOwnShown(env.db, profile.user_id),
  ]);
  const shown = await profilePage({
    profile,
    language,
    urls: env.urls,
    now: env.now(),
    badges: rows.slice(0, PROFILE_PAGE),
    count,
    pages: {
      first: page === 0 ? null : `/p/${slug}`,
      next: rows.length > PROFILE_PAGE ? `/p/${slug}?page=${page + 2}` : null,
    },
  });
  return c.body(String(shown), 200, {
    ...PAGE_HEADERS,
    vary: "Accept, Accept-Language",
    "cache-control": "no-cache",
    ...(profile.is_indexed ? {} : { "x-robots-tag": "noindex" }),
  });
}

/** From 0. */
function pageOf(c: Context): number {
  const page = Number(c.req.query("page") ?? "1") - 1;
  return Number.isInteger(page) && page >= 0 && page < MAX_PAGE ? page : 0;
}

function choiceOf(profile: Profile | null, { user }: Session): ProfileChoice {
  if (profile === null) {
    const name = user.name ?? "";
    return { name, slug: proposedSlug(name), visibility: "off", isListed: false };
  }
  const { name, slug, is_public, is_indexed, is_listed: isListed } = profile;
  return { name, slug, visibility: !is_public ? "off" : is_indexed ? "indexed" : "on", isListed };
}

interface Choosing {
  readonly profile: Profile | null;
  readonly choice: ProfileChoice;
  readonly faults: Faults;
}

async function choose(
  env: Env,
  c: Context,
  session: Session,
  { profile, choice, faults }: Choosing,
): Promise<Response> {
  const page = profileChoicePage({
    account: await accountOf(env, session),
    choice,
    url: profile?.is_public ? env.urls.profile(profile.slug) : null,
    base: env.urls.profile(""),
    done: doneWord(["kept"], c.req.raw),
    faults,
  });
  return privatePage(page, { status: faults.length === 0 ? 200 : 422 });
}

async function keep(env: Env, c: Context): Promise<Response> {
  const session = await requireSession(env, c.req.raw);
  const form = await readForm(env, session, c.req.raw);
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const visibility = PROFILE_VISIBILITY.find((one) => one === form.get("visibility")) ?? "off";
  const choice: ProfileChoice = {
    name: text("name"),
    slug: text("slug").toLowerCase(),
    visibility,
    isListed: form.get("listed") === "yes",
  };
  const kept = await keepProfile(env, session.user.id, {
    name: choice.name,
    slug: choice.slug,
    is_public: visibility !== "off",
    is_indexed: visibility === "indexed",
    is_listed: choice.isListed,
  });
  if (kept.ok) return seeOther("/me/profile?done=kept");
  const profile = await findProfileOf(env.db, session.user.id);
  const faults = kept.faults.map((fault) => worded(fault, kept.own, session));
  return choose(env, c, session, { profile, choice, faults });
}

function worded({ field, code }: ProfileFault, own: readonly string[], { language }: Session) {
  const t = speaker(language, PROFILE);
  const most = code === "name-long" ? MAX_NAME_LENGTH : MAX_SLUGS;
  return { field, detail: t(code, { most, slugs: own.join(", ") }), fix: "", language };
}
