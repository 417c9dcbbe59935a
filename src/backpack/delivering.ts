// One try to bring one badge to one backpack: looks first where it may be there, then sends, and says what came of it.
import type { HeldDelivery } from "../db/deliveries-send.ts";
import type { Link } from "../db/site-backpacks.ts";
import type { Env } from "../env.ts";
import { type FreshToken, freshToken, tokenRejected } from "../oauth/token.ts";
import {
  type Access,
  type Failure,
  type FailureCode,
  type Protocol,
  protocolOf,
  type SendOutcome,
} from "./protocol.ts";
import { sendable } from "./sendable.ts";
import type { DeliveryProblem } from "./words.ts";

export type Usable = FreshToken & { readonly ok: true };

/** It is where it belongs; `withdrawn` where that is nowhere. */
interface Arrived {
  readonly kind: "delivered";
  readonly state: "delivered" | "withdrawn";
  readonly remoteId: string | null;
  readonly problem: DeliveryProblem | null;
  readonly answer: string | null;
}

export interface Attempt {
  readonly outcome: Arrived | Failure;
  /** Whether the host was asked for anything. */
  readonly asked: boolean;
  /** Nobody knew whether it is there, and this try did not settle that. */
  readonly wasUnknown: boolean;
}

/** The list of a backpack is asked for what is new since this long before a row was written. */
const SKEW_MS = 10 * 60_000;

/** Tries after which a badge is sent though the backpack's list cannot be read: some hours of them. */
export const UNSEEN_AFTER = 12;

/** What one job does at one connection; the access is shared by all that is under way in it. */
export class Delivering {
  readonly link: Link;
  readonly #env: Env;
  readonly #twinWidth: number;
  readonly #renewals = new Map<number, Promise<void>>();

  constructor(env: Env, link: Link, twinWidth: number) {
    this.#env = env;
    this.link = link;
    this.#twinWidth = twinWidth;
  }

  access(): Promise<FreshToken> {
    return freshToken(this.#env, this.link.connection.id);
  }

  /** Of all that were answered 401 with one token, one says so. */
  #rejected(generation: number): Promise<void> {
    const known = this.#renewals.get(generation);
    const telling = known ?? tokenRejected(this.#env, this.link.connection.id, generation);
    this.#renewals.set(generation, telling);
    return telling;
  }

  /** Tries with the token at hand, and once more with a new one where that was not taken. */
  async attempt(row: HeldDelivery, access: Usable): Promise<Attempt> {
    const first = await this.#withToken(row, access);
    if (first.outcome.kind !== "unauthenticated") return first;
    const renewed = await this.access();
    return renewed.ok ? this.#withToken(row, renewed) : withoutAccess(row, renewed);
  }

  async #withToken(row: HeldDelivery, access: Usable): Promise<Attempt> {
    const attempt = await this.#try(row, access);
    if (attempt.outcome.kind === "unauthenticated") await this.#rejected(access.generation);
    return attempt;
  }

  async #try(row: HeldDelivery, { token, scopes }: Usable): Promise<Attempt> {
    const { backpack, connection } = this.link;
    const protocol = protocolOf(backpack.api_version);
    if (protocol === null) throw new TypeError("a protocol that is not spoken was sent by");
    const access = { backpack, token, uid: connection.backpack_uid, email: connection.email };
    let wasUnknown = row.delivered_revision === null && row.state !== "pending";
    const looks = wasUnknown && isGranted(protocol.abilities.find, scopes);
    if (looks) {
      const looked = await this.#look(protocol, access, row);
      if (typeof looked === "object") return looked;
      wasUnknown = looked === "open";
    } else if (row.revoked_at !== null && row.delivered_revision === null && !wasUnknown) {
      return { outcome: arrived("withdrawn", null), asked: false, wasUnknown };
    }
    const badge = await sendable(this.#env, row, this.#twinWidth);
    if (badge === null) return { outcome: arrived("withdrawn", null), asked: looks, wasUnknown };
    const sent = await protocol.send(this.#env, access, badge);
    const outcome = row.revoked_at === null ? ofSending(sent) : ofRevoking(sent);
    return { outcome, asked: true, wasUnknown };
  }

  /**
   * `absent` and `open` where it is to be sent: what is there may be of an earlier revision, or
   * nobody can tell. The id is the key, so that sending once too often is better than once too few.
   */
  async #look(
    protocol: Protocol,
    access: Access,
    row: HeldDelivery,
  ): Promise<Attempt | "absent" | "open"> {
    const id = this.#env.urls.assertion(row.unique_hash);
    const looked = await protocol.find(this.#env, access, id, row.created_at - SKEW_MS);
    const as = (outcome: Arrived | Failure, wasUnknown: boolean): Attempt => ({
      outcome,
      asked: true,
      wasUnknown,
    });
    switch (looked.kind) {
      case "found":
        // The first revision is all there ever was: it need not be sent again.
        return row.revision === 1 ? as(arrived("delivered", looked.remoteId), false) : "open";
      case "absent":
        return row.revoked_at === null ? "absent" : as(arrived("withdrawn", null), false);
      case "undecided":
      case "refused":
      case "forbidden":
        return "open";
      case "failed":
      case "unknown":
        return isUnreadable(looked.code, row.attempts) ? "open" : as(looked, true);
      case "unauthenticated":
      case "rate-limited":
        return as(looked, true);
    }
  }
}

/**
 * A list that is never to be read, at a host that works, would keep the badge back for ever: after a
 * while it is sent unseen. One that is not there at all is not waited for.
 */
function isUnreadable(code: FailureCode, attempts: number): boolean {
  if (code === "not_there") return true;
  const isAnswer = ["bad_answer", "answer_too_large", "redirected"].includes(code);
  return isAnswer && attempts >= UNSEEN_AFTER;
}

function isGranted(scope: string | null, scopes: readonly string[]): boolean {
  return scope === "" || (scope !== null && scopes.includes(scope));
}

function arrived(
  state: Arrived["state"],
  remoteId: string | null,
  problem: DeliveryProblem | null = null,
  answer: string | null = null,
): Arrived {
  return { kind: "delivered", state, remoteId, problem, answer };
}

function ofSending(sent: SendOutcome): Arrived | Failure {
  return sent.kind === "delivered" || sent.kind === "duplicate"
    ? arrived("delivered", sent.remoteId)
    : sent;
}

/**
 * OB 2.1 has no call that takes a badge back. The same call with the revoked badge has the host
 * verify it again (OB21-P-04): it keeps it as revoked, or answers that it is not valid (OB21-P-06).
 * Either way it knows. One that refuses the form of it finds out when it next asks the badge's
 * address, as whoever checks the badge does.
 */
function ofRevoking(sent: SendOutcome): Arrived | Failure {
  switch (sent.kind) {
    case "delivered":
    case "duplicate":
      return arrived("withdrawn", sent.remoteId);
    case "refused": {
      const understood = sent.reason === "invalid_badge";
      return arrived("withdrawn", null, understood ? null : "revocation_not_taken", sent.words);
    }
    default:
      return sent;
  }
}

/** The access went away between the first look at it and this. */
function withoutAccess(row: HeldDelivery, access: FreshToken & { ok: false }): Attempt {
  const outcome: Failure =
    access.reason === "reconnect"
      ? { kind: "unauthenticated", words: null }
      : {
          kind: "failed",
          code: "busy",
          retryable: true,
          retryAt: access.retryAt,
          words: null,
        };
  return { outcome, asked: false, wasUnknown: row.state !== "pending" };
}
