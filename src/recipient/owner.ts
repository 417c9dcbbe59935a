// Whether whoever asks for a badge's page is the one whose badge it is.
import { isTheirs } from "../db/theirs.ts";
import type { Env } from "../env.ts";
import type { Account } from "../pages/account.tsx";
import { accountOf, findSession } from "../signin/session.ts";

/** Null for everybody else, signed in or not. */
export async function ownerOf(
  env: Env,
  request: Request,
  awardId: string,
): Promise<Account | null> {
  const session = await findSession(env, request);
  if (session === null || !(await isTheirs(env.db, session.user.id, awardId))) return null;
  return accountOf(env, session);
}
