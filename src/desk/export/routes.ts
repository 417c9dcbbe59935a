// Everything of an organization as one file, for its administrators: /admin/export.
import { Hono } from "hono";
import { answerProblem, answerUnknown, wrongMethod } from "../../answer.ts";
import { askFile } from "../../api/ask.ts";
import type { Env } from "../../env.ts";
import { privatePage } from "../../page-answer.ts";
import { EXPORT_PATH, exportPage } from "../../pages/export.tsx";
import { deskForm, requireDesk } from "../../signin/desk.ts";
import { problemOf } from "../asked.ts";

export function exportRoutes(env: Env) {
  const app = new Hono();
  app.onError((error, c) => answerProblem(env, c, error));
  app.notFound((c) => answerUnknown(env, c));
  app.get(EXPORT_PATH, async (c) => {
    const { account } = await requireDesk(env, c.req.raw, "administrator");
    return privatePage(exportPage({ account }));
  });
  // A form, since that it was taken is written down: nothing that only looks at links takes it.
  app.post(EXPORT_PATH, async (c) => {
    const { desk } = await deskForm(env, c.req.raw, "administrator");
    const file = await askFile(env, c.req.raw, desk.organization.id, "/export");
    if (!(file instanceof Response)) throw problemOf(file);
    return file;
  });
  app.all(EXPORT_PATH, () => {
    throw wrongMethod("GET, HEAD, POST");
  });
  return app;
}
