// The moment of signing in: what proves the person is used up, and the session begins, in one batch.
import { type SQL, sql } from "drizzle-orm";
import type { Writable } from "../db/database.ts";
import { isSessionRefused, type SignInMethod } from "../db/sessions.ts";
import type { Env } from "../env.ts";
import { type Arrival, isOvertaken } from "./person.ts";
import { endedSession, newSession } from "./session.ts";

/** Others proving the same address at the same moment: one round each. */
const ROUNDS = 5;

export interface Proof {
  readonly method: SignInMethod;
  /** Asked again when somebody else was faster. */
  readonly arrive: () => Promise<Arrival>;
  /** What must hold in the database for the session to begin. */
  readonly provided?: SQL;
  /** What uses the proof up, and what else belongs to this sign-in. */
  readonly uses: readonly Writable[];
}

export type SignInOutcome =
  | { readonly ok: true; readonly userId: string; readonly cookie: string }
  /** `used`: what proved the person does not count any more. */
  | { readonly ok: false; readonly reason: "used" | "suspended" };

/**
 * Begins a session, and ends the one the browser had. Of many calls with one proof, in whatever
 * processes, one succeeds.
 */
export async function signIn(env: Env, request: Request, proof: Proof): Promise<SignInOutcome> {
  for (let round = 1; ; round++) {
    const arrival = await proof.arrive();
    if (!arrival.ok) return arrival;
    const { userId } = arrival;
    const provided = proof.provided
      ? sql`${arrival.provided} and ${proof.provided}`
      : arrival.provided;
    const begun = await newSession(env, userId, proof.method, request, provided);
    try {
      await env.db.batch([
        ...arrival.writes,
        begun.write,
        ...proof.uses,
        ...(await endedSession(env, request)),
      ]);
    } catch (error) {
      const refused = isSessionRefused(error);
      if (!refused && !isOvertaken(error)) throw error;
      // Whoever was faster may have proven the address: then the next round has nothing to write.
      if (refused && arrival.writes.length === 0) return { ok: false, reason: "used" };
      if (round === ROUNDS) throw error;
      continue;
    }
    env.log.info("sign_in.done", { user: userId, method: proof.method });
    return { ok: true, userId, cookie: begun.cookie };
  }
}
