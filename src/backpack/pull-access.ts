// Asks a backpack on behalf of one connection: with a token that is good, and once more where it was not.
import type { Backpack, Connection } from "../db/backpacks.ts";
import type { Env } from "../env.ts";
import { freshToken, tokenRejected } from "../oauth/token.ts";
import { type HostNews, newsOf, newsOfAll } from "./breaker.ts";
import { type Access, type Failure, type Net, type Protocol, protocolOf } from "./protocol.ts";
import { type PullFailure, pullFailure, pullFailureOf } from "./pull-result.ts";

/** What a protocol is asked, with the right to ask it. */
type Question<Answer> = (protocol: Protocol, access: Access, net: Net) => Promise<Answer | Failure>;

export type Answered<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: PullFailure };

/** The way in to one connection's backpack, for as long as one slice of work takes. */
export interface WayIn {
  readonly protocol: Protocol;
  /** Whether what takes this scope may be asked; `null` is what the protocol cannot do. */
  may(scope: string | null): boolean;
  ask<Answer extends { readonly kind: string }>(
    question: Question<Answer>,
  ): Promise<Answered<Answer>>;
  /** What all the answers so far say of the host. */
  news(): HostNews;
}

type Opened =
  | { readonly ok: true; readonly way: WayIn }
  | { readonly ok: false; readonly failure: PullFailure };

interface Held {
  readonly token: string | null;
  readonly scopes: readonly string[];
  readonly generation: number;
}

type HeldOrFailed =
  | { readonly ok: true; readonly held: Held }
  | { readonly ok: false; readonly failure: PullFailure };

/** Fails where the person must connect again, or no token is to be had just now. */
export async function openWay(
  env: Env,
  connection: Connection,
  backpack: Backpack,
): Promise<Opened> {
  const protocol = protocolOf(backpack.api_version);
  if (protocol === null) return { ok: false, failure: pullFailure("not_spoken") };
  const first = await accessOf(env, connection, backpack);
  if (!first.ok) return first;
  let { held } = first;
  const news: HostNews[] = [];
  const access = (): Access => ({
    backpack,
    token: held.token,
    uid: connection.backpack_uid,
    email: connection.email,
  });
  return {
    ok: true,
    way: {
      protocol,
      may: (scope) => scope !== null && (scope === "" || held.scopes.includes(scope)),
      news: () => newsOfAll(news),
      async ask(question) {
        const answer = await question(protocol, access(), env);
        news.push(isFailure(answer) ? newsOf(answer) : { kind: "well" });
        if (!isFailure(answer)) return { ok: true, answer };
        if (answer.kind !== "unauthenticated" || held.token === null) {
          return { ok: false, failure: pullFailureOf(answer) };
        }
        await tokenRejected(env, connection.id, held.generation);
        const next = await accessOf(env, connection, backpack);
        if (!next.ok) return next;
        held = next.held;
        const again = await question(protocol, access(), env);
        if (!isFailure(again)) return { ok: true, answer: again };
        if (again.kind === "unauthenticated") {
          await tokenRejected(env, connection.id, held.generation);
        }
        return { ok: false, failure: pullFailureOf(again) };
      },
    },
  };
}

async function accessOf(
  env: Env,
  connection: Connection,
  backpack: Backpack,
): Promise<HeldOrFailed> {
  if (backpack.api_version === "v1") {
    return { ok: true, held: { token: null, scopes: [], generation: 0 } };
  }
  const fresh = await freshToken(env, connection.id);
  if (fresh.ok) return { ok: true, held: fresh };
  return { ok: false, failure: pullFailure(fresh.reason, fresh.retryAt) };
}

const FAILURES: ReadonlySet<string> = new Set([
  "refused",
  "unauthenticated",
  "forbidden",
  "rate-limited",
  "failed",
  "unknown",
] satisfies Failure["kind"][]);

function isFailure(answer: { readonly kind: string }): answer is Failure {
  return FAILURES.has(answer.kind);
}
