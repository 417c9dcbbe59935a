// What a person reads when a way in ended: each reason with its status and its way on.

export type EndedReason =
  | "used"
  | "expired"
  | "unknown"
  | "suspended"
  | "taken"
  | "other-account"
  | "sign-in-to-confirm"
  | "provider-unreachable"
  | "not-begun-here"
  | "provider-used"
  | "provider-expired"
  | "declined"
  | "answer-refused"
  | "address-not-verified";

export interface EndedWords {
  readonly status: 400 | 403 | 404 | 409 | 410 | 502 | 503;
  readonly title: string;
  readonly lead: string;
}

export const ENDED_WORDS: Readonly<Record<EndedReason, EndedWords>> = {
  used: {
    status: 410,
    title: "This link was used already",
    lead: "A link works once. If it was you, the browser you used it in is signed in.",
  },
  expired: {
    status: 410,
    title: "This link has expired",
    lead: "A link works for half an hour after it was sent.",
  },
  unknown: {
    status: 404,
    title: "This link is not known here",
    lead: "Perhaps a part of it was cut off, or it was sent more than a day ago.",
  },
  suspended: {
    status: 403,
    title: "Signing in is switched off for you",
    lead: "Whoever runs this site has switched it off, and can tell why. Your badges go on being verified.",
  },
  taken: {
    status: 409,
    title: "Another account here has this address",
    lead: "If it is yours too, sign in with that address, remove it there, and add it here again.",
  },
  "other-account": {
    status: 403,
    title: "This link was asked for by another account",
    lead: "An address is added in the account that asked for it. Nothing was changed.",
  },
  "sign-in-to-confirm": {
    status: 403,
    title: "Sign in first, then open this link again",
    lead: "An address is confirmed in the browser you are signed in with, by the account that asked for it. Nothing was changed.",
  },
  "provider-unreachable": {
    status: 503,
    title: "The other site does not answer",
    lead: "Signing in there does not work at the moment. Try again in some minutes, or sign in by mail.",
  },
  "not-begun-here": {
    status: 400,
    title: "This sign-in was not begun in this browser",
    lead: "Perhaps cookies were removed meanwhile, or the address of this page was copied from elsewhere. Begin again.",
  },
  "provider-used": {
    status: 410,
    title: "This sign-in was finished already",
    lead: "Going back to it does not repeat it. Begin again if you are not signed in.",
  },
  "provider-expired": {
    status: 410,
    title: "This sign-in took too long",
    lead: "It has to be finished within ten minutes. Begin again.",
  },
  declined: {
    status: 403,
    title: "You were not signed in there",
    lead: "The other site sent you back without signing you in: you said no, or it did.",
  },
  "answer-refused": {
    status: 502,
    title: "The other site’s answer was refused",
    lead: "It did not pass the checks that keep others from signing in as you. Begin again; if it happens again, tell whoever runs this site.",
  },
  "address-not-verified": {
    status: 403,
    title: "The other site does not vouch for your address",
    lead: "It did not say that it has checked an e-mail address of yours. Have it checked there, or sign in by mail here.",
  },
};
