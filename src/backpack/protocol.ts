// What a backpack can do and what may come of asking it: the one interface every protocol stands behind.
import type { ApiVersion, Backpack } from "../db/backpacks.ts";
import type { Env } from "../env.ts";
import { badgeConnect } from "./badge-connect.ts";
import { badgr } from "./badgr.ts";
import { displayer } from "./displayer.ts";

/** What of the program a protocol may use: it asks and judges, and writes nothing. */
export type Net = Pick<Env, "publicFetch" | "now">;

/** At whose door, and by what right. */
export interface Access {
  readonly backpack: Pick<Backpack, "backpack_api_url" | "provider">;
  /** Null where the protocol needs none. */
  readonly token: string | null;
  /** The backpack's own id of the person, where it has said one. */
  readonly uid: string | null;
  /** An address of the person that was proven here, for protocols that find people by it. */
  readonly email: string | null;
}

/** What a backpack of a protocol is able to do, as data; `null` is not at all. */
export interface Abilities {
  /** The scope each takes; `""` where it takes none. */
  readonly send: string | null;
  readonly find: string | null;
  readonly list: string | null;
  readonly collections: string | null;
  readonly profile: string | null;
  /** Whether a list can be asked for what is new since a time. */
  readonly since: boolean;
}

/** One badge of ours, ready to be sent. */
export interface Sendable {
  /** The assertion's id, which is the key of everything that happens to it. */
  readonly id: string;
  /** The hosted Assertion as it is served; one that was revoked says so in it. */
  readonly assertion: Readonly<Record<string, unknown>>;
  /** A compact JWS is sent instead, where it is given. */
  readonly jws?: string;
}

/** Why nothing came of it; `words` are the host's, shortened, and never to be believed. */
export type Failure =
  /** It understood and said no. `permanent`: the same again would be answered the same. */
  | {
      readonly kind: "refused";
      readonly reason: RefusalReason;
      readonly permanent: boolean;
      readonly words: string | null;
    }
  /** The token is not, or no longer, good. */
  | { readonly kind: "unauthenticated"; readonly words: string | null }
  /** The token is good, but not for this; null where the host did not say what is missing. */
  | { readonly kind: "forbidden"; readonly scope: string | null; readonly words: string | null }
  /** Null where the host did not say when. */
  | {
      readonly kind: "rate-limited";
      readonly retryAt: number | null;
      readonly words: string | null;
    }
  /** Certainly nothing was taken in. */
  | {
      readonly kind: "failed";
      readonly code: FailureCode;
      readonly retryable: boolean;
      readonly retryAt: number | null;
      readonly words: string | null;
    }
  /** It was sent, and nobody can say what came of it. */
  | {
      readonly kind: "unknown";
      readonly code: FailureCode;
      readonly retryAt: number | null;
      readonly words: string | null;
    };

export type RefusalReason =
  /** The badge did not pass the backpack's verification. */
  | "invalid_badge"
  /** It is made out to an address that the backpack does not know the person by. */
  | "recipient_mismatch"
  /** The request itself was not acceptable. */
  | "invalid_request"
  /** The backpack has no way for this. */
  | "not_supported";

export type FailureCode =
  /** No connection, no name, no certificate. */
  | "unreachable"
  /** The connection broke, or the time was over, before the answer was whole. */
  | "no_answer"
  /** An answer that says it is the host's own trouble. */
  | "host_error"
  /** An answer that is not what the protocol says: HTML, broken JSON, wrong types. */
  | "bad_answer"
  /** The answer is longer than is read. */
  | "answer_too_large"
  | "redirected"
  /** There is nothing at the address that the protocol gives. */
  | "not_there"
  /** We are asking too much at once. */
  | "busy";

/** `remoteId` is what the backpack calls it; null where it has no name of its own for it. */
export type SendOutcome =
  | { readonly kind: "delivered"; readonly remoteId: string | null }
  /** It was there already, says the backpack. */
  | { readonly kind: "duplicate"; readonly remoteId: string | null }
  | Failure;

export type FindOutcome =
  | { readonly kind: "found"; readonly remoteId: string | null }
  | { readonly kind: "absent" }
  /** More is there than was looked through. */
  | { readonly kind: "undecided" }
  | Failure;

/** One badge as a backpack tells of it: nothing of it is true before it was verified. */
export interface ListedBadge {
  /** The backpack's own id; the assertion's where it has no other. */
  readonly remoteId: string;
  /** An Assertion, or the address of one; where `jws` is null too, the badge is known by `remoteId` alone. */
  readonly assertion: Readonly<Record<string, unknown>> | string | null;
  readonly jws: string | null;
  /** Of the collection it was listed in; null where the backpack has none. */
  readonly collectionId: string | null;
}

export interface ListAsk {
  /** Only what was created or changed after it, where the backpack is able to tell. */
  readonly since?: number | null;
  /** A page's `next`; the first page where not given. */
  readonly page?: string | null;
  /** A collection's id, for protocols that list by collection. */
  readonly collection?: string | null;
}

export type ListOutcome =
  | {
      readonly kind: "page";
      readonly badges: readonly ListedBadge[];
      /** To be given back as `page`; opaque, and null on the last one. */
      readonly next: string | null;
      readonly total: number | null;
      /** Entries that were not badges in any form, and were left out. */
      readonly skipped: number;
    }
  | Failure;

export interface Collection {
  readonly id: string;
  readonly name: string;
}

export type CollectionsOutcome =
  | { readonly kind: "collections"; readonly collections: readonly Collection[] }
  | Failure;

export interface RemoteProfile {
  /** The backpack's own id of the person. */
  readonly uid: string | null;
  readonly name: string | null;
  /** The first e-mail address it tells; claimed, not proven (OB21-F-05). */
  readonly email: string | null;
}

export type ProfileOutcome =
  | { readonly kind: "profile"; readonly profile: RemoteProfile }
  | Failure;

/**
 * A protocol: pure judging around `net.publicFetch`. Never rejects for what a backpack does; asking
 * for what `abilities` says it cannot is answered `refused`, `not_supported`.
 */
export interface Protocol {
  readonly abilities: Abilities;
  send(net: Net, access: Access, badge: Sendable): Promise<SendOutcome>;
  /** Whether a badge is there, by its assertion's id; `since` spares looking at what is older. */
  find(net: Net, access: Access, id: string, since: number | null): Promise<FindOutcome>;
  list(net: Net, access: Access, ask: ListAsk): Promise<ListOutcome>;
  collections(net: Net, access: Access): Promise<CollectionsOutcome>;
  profile(net: Net, access: Access): Promise<ProfileOutcome>;
}

/** Of what a protocol has no way for. */
export function notSupported(): Failure {
  return { kind: "refused", reason: "not_supported", permanent: true, words: null };
}

/** Of an answer that is not what the protocol says: nobody knows what came of the request. */
export function badAnswer(): Failure {
  return { kind: "unknown", code: "bad_answer", retryAt: null, words: null };
}

/** Null for a protocol that is not spoken here. */
export function protocolOf(version: ApiVersion): Protocol | null {
  // Looked up when it is asked for: the protocols and this file import one another.
  const spoken: Partial<Record<ApiVersion, Protocol>> = {
    v2p1: badgeConnect,
    v2: badgr,
    v1: displayer,
  };
  return spoken[version] ?? null;
}
