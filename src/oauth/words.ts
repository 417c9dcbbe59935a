// Why a connection did not come about, in words of the one who wanted it: what happened, who acts, what to do.
import type { BeginReason } from "./authorization.ts";
import type { FinishReason } from "./callback.ts";
import type { ManifestReason } from "./manifest.ts";
import type { ReconnectCode } from "./refresh.ts";

export type ConnectReason = BeginReason | FinishReason | ManifestReason | "signed-out";

/** Who can do something about it. */
export type Who = "you" | "backpack" | "administrator" | "nobody";

export interface ConnectWords {
  readonly title: string;
  readonly who: Who;
  /** One or two sentences for the person in front of the page. */
  readonly fix: string;
  /** Of the page that says so. */
  readonly status: 400 | 403 | 404 | 409 | 502 | 503;
}

const AGAIN = "Connect again from your list of backpacks.";
const LATER =
  "Try again in a few minutes. If it happens again tomorrow, tell an administrator of this site.";
const TELL =
  "Tell an administrator of this site: the backpack behaves in a way that cannot be worked with.";

/** One row for each reason there is: a reason without words does not compile. */
export const CONNECT_WORDS: Readonly<Record<ConnectReason, ConnectWords>> = {
  // Before the browser goes to the backpack
  "backpack-gone": {
    title: "This backpack is no longer offered here",
    who: "nobody",
    fix: "Choose another one from your list of backpacks.",
    status: 404,
  },
  "backpack-disabled": {
    title: "This backpack is switched off",
    who: "administrator",
    fix: "An administrator of this site switched it off; ask them when it comes back.",
    status: 409,
  },
  "backpack-without-oauth": {
    title: "This backpack is connected to in another way",
    who: "administrator",
    fix: "An administrator of this site must finish setting this backpack up.",
    status: 409,
  },
  "scopes-not-offered": {
    title: "This backpack offers nothing that is needed here",
    who: "administrator",
    fix: "It lets no other site add or read badges. Choose another backpack.",
    status: 502,
  },
  "client-needed": {
    title: "This backpack must know this site first",
    who: "administrator",
    fix: "An administrator of this site must register it at the backpack by hand and enter what they are given.",
    status: 409,
  },
  "registration-busy": {
    title: "Somebody else is connecting for the first time just now",
    who: "you",
    fix: "Wait a few seconds, then connect again.",
    status: 503,
  },
  "registration-refused": {
    title: "The backpack does not accept this site",
    who: "administrator",
    fix: "An administrator of this site must ask the backpack's operator why, or register by hand.",
    status: 502,
  },
  "registration-limited": {
    title: "The backpack is being asked too often",
    who: "you",
    fix: "It asked to be left alone for a while. Try again in an hour.",
    status: 503,
  },
  "registration-unavailable": {
    title: "The backpack cannot answer just now",
    who: "backpack",
    fix: LATER,
    status: 503,
  },
  "registration-unreachable": {
    title: "The backpack does not answer",
    who: "backpack",
    fix: LATER,
    status: 503,
  },
  "registration-malformed": {
    title: "The backpack's answer cannot be used",
    who: "backpack",
    fix: TELL,
    status: 502,
  },
  "registration-changed": {
    title: "The backpack registered something else than was asked",
    who: "backpack",
    fix: TELL,
    status: 502,
  },
  // Its manifest
  "address-malformed": {
    title: "This is no address of a website",
    who: "you",
    fix: "Give the backpack's own address, such as backpack.example.org.",
    status: 400,
  },
  "address-refused": {
    title: "This address cannot be connected to",
    who: "you",
    fix: "Give the backpack's public address, beginning with https://.",
    status: 400,
  },
  "manifest-unreachable": {
    title: "Nothing answers at this address",
    who: "you",
    fix: "Check the address. If it is right, the backpack is down: try again later.",
    status: 502,
  },
  "manifest-missing": {
    title: "This website is no backpack that can be connected to",
    who: "you",
    fix: "Check the address: it must be the backpack's own, not a page about it.",
    status: 502,
  },
  "manifest-unavailable": {
    title: "This backpack cannot answer just now",
    who: "backpack",
    fix: LATER,
    status: 502,
  },
  "manifest-not-json": {
    title: "What this website sent is no description of a backpack",
    who: "you",
    fix: "Check the address: it must be the backpack's own, not a page about it.",
    status: 502,
  },
  "manifest-malformed": {
    title: "This backpack describes itself wrongly",
    who: "backpack",
    fix: "Its operator must correct its manifest.",
    status: 502,
  },
  "manifest-member": {
    title: "This backpack describes itself wrongly",
    who: "backpack",
    fix: "Its operator must correct its manifest.",
    status: 502,
  },
  "manifest-address": {
    title: "This backpack names an address that is not asked",
    who: "backpack",
    fix: "Its operator must give public addresses that begin with https://.",
    status: 502,
  },
  "manifest-version": {
    title: "This backpack speaks another version",
    who: "backpack",
    fix: "It must offer Open Badges 2.1 (v2p1).",
    status: 502,
  },
  // When the browser comes back
  "signed-out": {
    title: "You are not signed in here any more",
    who: "you",
    fix: "Sign in, then connect again. Nothing was connected.",
    status: 403,
  },
  "callback-malformed": {
    title: "The backpack led you back by a damaged address",
    who: "you",
    fix: AGAIN,
    status: 400,
  },
  "state-missing": {
    title: "Nothing was begun that this could end",
    who: "you",
    fix: AGAIN,
    status: 400,
  },
  "state-unknown": {
    title: "Nothing was begun that this could end",
    who: "you",
    fix: "Nothing was connected. If you did not mean to connect a backpack just now, somebody may have sent you this link: do not follow it again. Otherwise connect again.",
    status: 400,
  },
  "state-expired": {
    title: "That took too long",
    who: "you",
    fix: "For your safety a request is good for ten minutes. Connect again.",
    status: 400,
  },
  "state-used": {
    title: "This was done already",
    who: "you",
    fix: "An answer counts once. Look at your backpacks: it may be connected. If not, connect again.",
    status: 400,
  },
  "state-foreign": {
    title: "This belongs to somebody else",
    who: "you",
    fix: "Nothing was connected. If you began this in another browser, or signed in again meanwhile, connect again here. If you did not begin it, do not follow the link again.",
    status: 403,
  },
  "state-swapped": {
    title: "The answer came by another backpack's address",
    who: "administrator",
    fix: "Nothing was connected. Connect again; if it happens again, tell an administrator of this site.",
    status: 400,
  },
  "issuer-missing": {
    title: "The answer does not say who it is from",
    who: "backpack",
    fix: "Nothing was connected. Connect again; if it happens again, tell an administrator of this site.",
    status: 400,
  },
  "issuer-wrong": {
    title: "The answer came from another server than was asked",
    who: "administrator",
    fix: "Nothing was connected. Do not try again before an administrator of this site has looked into it.",
    status: 400,
  },
  denied: {
    title: "Access was not granted",
    who: "you",
    fix: "You, or the backpack for you, said no, and nothing was connected. You can connect again whenever you like.",
    status: 403,
  },
  "authorization-refused": {
    title: "The backpack refused the request",
    who: "administrator",
    fix: "Connect again; if it happens again, tell an administrator of this site.",
    status: 502,
  },
  "code-missing": {
    title: "The backpack's answer is not complete",
    who: "you",
    fix: AGAIN,
    status: 400,
  },
  "code-refused": {
    title: "The backpack took its answer back",
    who: "you",
    fix: "This happens when it took too long, or was done twice. Connect again.",
    status: 502,
  },
  "client-forgotten": {
    title: "The backpack had forgotten this site",
    who: "you",
    fix: "Connect again: this site then makes itself known there anew. If an administrator entered the client by hand, they must correct it.",
    status: 502,
  },
  "token-refused": {
    title: "The backpack refused at the last step",
    who: "administrator",
    fix: "Connect again; if it happens again, tell an administrator of this site.",
    status: 502,
  },
  "token-unavailable": {
    title: "The backpack cannot answer just now",
    who: "backpack",
    fix: LATER,
    status: 503,
  },
  "token-unreachable": {
    title: "The backpack did not answer at the last step",
    who: "you",
    fix: "Connect again in a few minutes.",
    status: 503,
  },
  "token-malformed": {
    title: "The backpack's last answer cannot be used",
    who: "backpack",
    fix: TELL,
    status: 502,
  },
  "scopes-none": {
    title: "Nothing was allowed",
    who: "you",
    fix: "The backpack granted none of what was asked for. Connect again and allow at least that badges are added.",
    status: 403,
  },
};

/** Why a connection that worked waits for its person. Each is mended by connecting again. */
export const RECONNECT_WORDS: Readonly<Record<ReconnectCode, string>> = {
  "grant-gone": "Access was ended at the backpack, or it ended by itself. Connect again to go on.",
  "client-forgotten": "The backpack has forgotten this site. Connect again to go on.",
  "token-expired":
    "Access has ended, and the backpack gives no lasting one. Connect again to go on.",
  "token-rejected": "The backpack no longer accepts the access it gave. Connect again to go on.",
  "refresh-refused": "The backpack refused to renew the access. Connect again to go on.",
  "token-unreadable":
    "The stored access cannot be opened on this server any more. Connect again to go on.",
};

/** Whose turn it is, in a sentence. */
export const WHO_WORDS: Readonly<Record<Who, string>> = {
  you: "You can put this right yourself.",
  backpack: "This is for the backpack's operator to put right.",
  administrator: "This is for an administrator of this site to put right.",
  nobody: "Nobody can put this right.",
};
