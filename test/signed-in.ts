// Signs somebody in for a test: a session as it stands after the way in was gone.

import { eq } from "drizzle-orm";
import { users } from "../src/db/organizations.ts";
import type { Session } from "../src/signin/session.ts";
import { FORM_TOKEN, formToken, newSession } from "../src/signin/session.ts";
import type { TestApp } from "./app.ts";

export interface SignedInBrowser {
  /** The Cookie header. */
  readonly cookie: string;
  readonly session: Session;
  /** The value of `form_token` in this session's forms. */
  readonly formToken: string;
  /** Asks for a page as a browser does. */
  get(path: string): Promise<Response>;
  /** Sends a form as a browser does, with this session's `form_token` unless another is given. */
  post(path: string, fields?: Readonly<Record<string, string>>): Promise<Response>;
}

const BROWSER = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

/** What answers may be the app itself, or another process over the same database. */
export async function signedIn(
  app: Pick<TestApp, "env" | "request">,
  userId: string,
): Promise<SignedInBrowser> {
  const { env } = app;
  const made = await newSession(env, userId, "link", new Request(env.config.publicUrl));
  await env.db.batch([made.write]);
  const [user] = await env.db.orm.select().from(users).where(eq(users.id, userId));
  if (!user) throw new TypeError("nobody has this id");
  const { id, method, created_at } = made.session;
  const session: Session = {
    id,
    user,
    method,
    startedAt: created_at,
    language: "en",
    organizationChoice: null,
  };
  const cookie = made.cookie.split(";")[0] ?? "";
  const token = await formToken(env, session);
  return {
    cookie,
    session,
    formToken: token,
    get: (path) => app.request(path, { headers: { ...BROWSER, cookie } }),
    post: (path, fields = {}) =>
      app.request(path, {
        method: "POST",
        headers: { ...BROWSER, cookie, origin: env.config.publicUrl },
        body: new URLSearchParams({ [FORM_TOKEN]: token, ...fields }),
      }),
  };
}
