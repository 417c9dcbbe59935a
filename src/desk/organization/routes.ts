// Which of their organizations somebody's pages are about: /me/organization, sent by the choice in the header.
import { Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import { hasScope, scopesOf } from "../../auth.ts";
import { organizationsOf } from "../../db/own-memberships.ts";
import type { Env } from "../../env.ts";
import { seeOther } from "../../page-answer.ts";
import { SWITCH_PATH } from "../../pages/account.tsx";
import { Problem } from "../../problem.ts";
import { setCookie } from "../../signin/cookies.ts";
import {
  ABSOLUTE_MS,
  ORGANIZATION_COOKIE,
  readForm,
  requireSession,
} from "../../signin/session.ts";
import { landing } from "./landing.ts";

export function organizationRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.post(SWITCH_PATH, async (c) => {
    const session = await requireSession(env, c.req.raw);
    const form = await readForm(env, session, c.req.raw);
    const known = await organizationsOf(env.db, session.user.id);
    const chosen = known.find(({ id }) => id === form.get("organization"));
    if (chosen === undefined) {
      throw new Problem("not-found", "There is no such organization, or it does not know you.");
    }
    const scopes = scopesOf(chosen.roles);
    const path = landing(env.config.publicUrl, c.req.raw, {
      award: hasScope({ scopes }, "awards:write"),
      administer: hasScope({ scopes }, "organizations:write"),
      site: session.user.is_site_administrator,
    });
    const seconds = ABSOLUTE_MS / 1_000;
    return seeOther(path, setCookie(env, ORGANIZATION_COOKIE, chosen.id, seconds));
  });
  app.all(SWITCH_PATH, () => {
    throw wrongMethod("POST");
  });
  return app;
}
