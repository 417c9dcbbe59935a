// Where the link in a recipient's mail leads: /claim/:token. Whoever has it says whether the award is theirs.
import { type Context, Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import { type Award, findAwardById } from "../../db/awards.ts";
import { type BadgePageRow, findBadgePage } from "../../db/badge-page.ts";
import { isTheirs } from "../../db/theirs.ts";
import type { Env } from "../../env.ts";
import { acceptAward, declineAward } from "../../issuer/acceptance.ts";
import type { Actor } from "../../issuer/audit.ts";
import { doWithAward } from "../../issuer/award-deed.ts";
import { LINK_DAYS, readAwardToken } from "../../issuer/award-link.ts";
import { DEFAULT_WIDTH } from "../../issuer/image-variants.ts";
import { languageOf } from "../../language.ts";
import { privatePage, seeOther } from "../../page-answer.ts";
import {
  awardAcceptedPage,
  awardDeclinedPage,
  awardLinkPage,
  awardOverPage,
  awardRevokedPage,
  noAwardPage,
  SAY_FIELD,
} from "../../pages/award-link.tsx";
import { keyedHash } from "../../signin/keyed-hash.ts";
import { accountOf, findSession, readFormWith, type Session } from "../../signin/session.ts";
import { standingOf } from "../../standing.ts";

export function awardLinkRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get("/claim/:token", async (c) => show(env, c, await openedBy(env, c)));
  app.post("/claim/:token", (c) => say(env, c));
  app.all("/claim/:token", () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  return app;
}

type Opened =
  | { readonly ok: true; readonly row: BadgePageRow; readonly token: string }
  | { readonly ok: false; readonly why: "link-over" | "no-link" };

/** What a link leads to. One that is over opens nothing, and says no more than that it was right. */
async function openedBy(env: Env, c: Context): Promise<Opened> {
  const token = c.req.param("token") ?? "";
  const link = await readAwardToken(env, token);
  if (link === null) return { ok: false, why: "no-link" };
  if (link.endsAt <= env.now()) return { ok: false, why: "link-over" };
  const award = await findAwardById(env.db, link.awardId);
  const row = award && (await findBadgePage(env.db, award.unique_hash, DEFAULT_WIDTH));
  return row === null ? { ok: false, why: "no-link" } : { ok: true, row, token };
}

/** Changes nothing, whoever opens it and however often. */
async function show(env: Env, c: Context, opened: Opened): Promise<Response> {
  const session = await findSession(env, c.req.raw);
  const account = session && (await accountOf(env, session));
  const language = account?.language ?? languageOf(c.req.raw);
  if (!opened.ok) {
    const status = opened.why === "link-over" ? 410 : 404;
    const page = noAwardPage({ account, language, why: opened.why, days: LINK_DAYS });
    return privatePage(page, { status });
  }
  const { row, token } = opened;
  const { award } = row;
  const formToken = await tokenOfForm(env, token);
  const props = { account, language, row, urls: env.urls, path: c.req.path, formToken };
  const standing = standingOf(award, env.now());
  if (standing === "revoked") return privatePage(awardRevokedPage(props), { status: 410 });
  if (award.claim_state === "claimed") return privatePage(awardAcceptedPage(props));
  if (award.claim_state === "declined") return privatePage(awardDeclinedPage(props));
  if (standing === "expired") return privatePage(awardOverPage(props), { status: 410 });
  return privatePage(awardLinkPage(props));
}

/** What was accepted through the link stays so: to take that back, its recipient signs in. */
async function say(env: Env, c: Context): Promise<Response> {
  const token = c.req.param("token") ?? "";
  const form = await readFormWith(env, await tokenOfForm(env, token), c.req.raw);
  const saying = form.get(SAY_FIELD);
  const session = await findSession(env, c.req.raw);
  const opened = await openedBy(env, c);
  if (!opened.ok || !mayBeSaid(opened.row.award, saying, env.now())) return show(env, c, opened);
  const { id } = opened.row.award;
  const actor = await actorOf(env, session, id);
  const said = saying === "accept" ? acceptAward : declineAward;
  await doWithAward(env, id, async (award) =>
    // What was said of it meanwhile is what its page shows next.
    mayBeSaid(award, saying, env.now()) ? said(env, award, actor, "mail_link") : { writes: [] },
  );
  return seeOther(c.req.path);
}

function mayBeSaid(award: Award, saying: unknown, now: number): boolean {
  if (standingOf(award, now) !== "valid") return false;
  if (saying === "accept") return award.claim_state !== "claimed";
  return saying === "decline" && award.claim_state === "unclaimed";
}

/** Nobody need be signed in; who is, and holds the award, is who said it. */
async function actorOf(env: Env, session: Session | null, awardId: string): Promise<Actor> {
  const isOwn = session !== null && (await isTheirs(env.db, session.user.id, awardId));
  return isOwn ? { kind: "user", id: session.user.id } : { kind: "system", id: null };
}

/** Only a page of this link can know it. */
function tokenOfForm(env: Env, token: string): Promise<string> {
  return keyedHash(env.config, "form", `award link ${token}`);
}
