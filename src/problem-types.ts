// What can go wrong with a request as such: who asks, how, and for whom. Each type has a page that says what to do.
import type { ContentfulStatusCode } from "hono/utils/http-status";

export interface ProblemType {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  /** What happened, for the type's page. */
  readonly what: string;
  /** What to do about it, for the type's page and, as `fix`, in the answer. */
  readonly fix: string;
}

/** A room adds its own here, in its own block; what concerns badges stands beside. */
export const REQUEST_PROBLEMS = {
  // Any request
  "not-found": {
    status: 404,
    title: "There is nothing at this address",
    what: "No page or object has this address, or it belongs to another organization.",
    fix: "Check the address for a missing or changed character. An API key sees its own organization only.",
  },
  gone: {
    status: 410,
    title: "What was here has been removed",
    what: "Something was published at this address, and its issuer has since removed it for good.",
    fix: "Do not rely on it any more. Ask the issuer whether something has taken its place.",
  },
  "method-not-allowed": {
    status: 405,
    title: "This address does not answer that method",
    what: "The address exists, but not for the HTTP method that was used.",
    fix: "Use one of the methods in the Allow header.",
  },
  "body-too-large": {
    status: 413,
    title: "The request is too large",
    what: "The body is longer than this address accepts.",
    fix: "Send less than the limit the answer names, or split the request.",
  },
  "body-incomplete": {
    status: 400,
    title: "The request broke off",
    what: "The connection ended, or the encoding of the body broke, before all of it had arrived.",
    fix: "Send the request again, whole; with the same Idempotency-Key it is done once at most.",
  },
  "unsupported-media-type": {
    status: 415,
    title: "This kind of content is not accepted here",
    what: "The Content-Type is missing or is not one this address reads.",
    fix: "Send the Content-Type the answer names.",
  },
  "invalid-json": {
    status: 400,
    title: "The body is not JSON",
    what: "The body could not be read as one JSON document in UTF-8.",
    fix: "Send UTF-8 JSON without duplicate names, at most 32 levels deep.",
  },
  "format-not-offered": {
    status: 501,
    title: "This format is not offered",
    what: "The address can answer in several formats, and the one that was asked for is none of them.",
    fix: "Ask for `json` or `xml`, or leave `format` out.",
  },
  "invalid-request": {
    status: 422,
    title: "Some values are not acceptable",
    what: "The request is well formed, but values in it break a rule.",
    fix: "Correct the values that `errors` points to; each says what it must be.",
  },
  "internal-error": {
    status: 500,
    title: "Something went wrong on our side",
    what: "The server met a fault of its own. Nothing was half done.",
    fix: "Try again; if it happens again, give the operator the request id.",
  },
  "temporarily-unavailable": {
    status: 503,
    title: "Not able to answer just now",
    what: "The database is busy or does not answer. Nothing was half done.",
    fix: "Try again after the seconds in Retry-After, with the same Idempotency-Key.",
  },
  "storage-full": {
    status: 507,
    title: "No room left to store this",
    what: "The disk or database is full. Reading goes on; nothing was half done.",
    fix: "The operator must make room; then send the request again.",
  },
  // Who is asking
  "missing-credentials": {
    status: 401,
    title: "An API key is needed",
    what: "The request carries no API key.",
    fix: "Send `Authorization: Bearer …` with a key made by `rosette keys create`; in a browser, sign in at /login.",
  },
  "invalid-credentials": {
    status: 401,
    title: "This API key is not valid",
    what: "The key is unknown, has been revoked or has expired.",
    fix: "Check that the whole key was copied, or make a new one with `rosette keys create`.",
  },
  "insufficient-scope": {
    status: 403,
    title: "This API key may not do that",
    what: "The key is valid, but was made for other work.",
    fix: "Use a key with the scope the answer names.",
  },
  "role-required": {
    status: 403,
    title: "A role in the organization is missing for that",
    what: "What was asked for is for people with another role in the organization.",
    fix: "Ask an administrator of the organization to give you a role that the answer names, or to do it.",
  },
  "cross-site-request": {
    status: 403,
    title: "The request does not come from a page of this site",
    what: "A signed-in browser sent it, and nothing shows that a page of this site made it: another site could have.",
    fix: "Send it from a page of this site, or use an API key.",
  },
  // The API's edge
  "organization-required": {
    status: 400,
    title: "Which organization is not said",
    what: "A key of the whole site was used where one organization's data is meant.",
    fix: "Send `Rosette-Organization: …` with the organization's id or slug, or use a key of its own.",
  },
  "site-key-required": {
    status: 403,
    title: "Only a key of the whole site may do that",
    what: "The key belongs to one organization, and this concerns all of them.",
    fix: "Use a key made without an organization: `rosette keys create --site`.",
  },
  "form-malformed": {
    status: 400,
    title: "The form cannot be read",
    what: "The body is not the multipart form that its Content-Type announces.",
    fix: "Let the HTTP client make the form: `curl -F file=@badge.png …`. Or send the file itself as the body.",
  },
  "idempotency-key-invalid": {
    status: 400,
    title: "The Idempotency-Key cannot be used",
    what: "The header is empty, too long or holds characters that are not visible ASCII.",
    fix: "Send 1 to 255 visible ASCII characters, such as a UUID made for this one request.",
  },
  "idempotency-key-reused": {
    status: 422,
    title: "This Idempotency-Key was used for another request",
    what: "A key stands for one request; this one came with another method, address, organization or body.",
    fix: "Make a new key for each new request; repeat a key only with exactly the same request.",
  },
  "precondition-failed": {
    status: 412,
    title: "The object has changed since you read it",
    what: "The entity tag in If-Match is not the object's present one. Nothing was changed.",
    fix: "GET the object again, apply your change to what you find, and send its new ETag.",
  },
  "edit-conflict": {
    status: 409,
    title: "Others are changing the same thing just now",
    what: "What the change was based on kept changing while it was being made. Nothing was changed.",
    fix: "Read the object again and repeat the change.",
  },
  // Organizations, people and keys
  "signing-key-sealed": {
    status: 503,
    title: "Badges cannot be signed just now",
    what: "The organization's signing key is sealed under a secret that this server was not given. Hosted badges are not affected.",
    fix: "The operator must add the earlier secret to SECRET_KEY_RETIRED, or make a new key with `rosette signing-keys rotate`.",
  },
  "slug-taken": {
    status: 409,
    title: "Another organization has this slug",
    what: "A slug names one organization in addresses, and this one is in use.",
    fix: "Choose another slug.",
  },
  "identity-taken": {
    status: 409,
    title: "Somebody here is already known by this identity",
    what: "Within an organization an address, number or id stands for one person.",
    fix: "Find the person with `GET /api/v1/users?identity=…` and use or change that record.",
  },
  "identity-in-use": {
    status: 409,
    title: "This identity cannot be removed",
    what: "Awards were made out to it, or it belongs to the person and not to the organization.",
    fix: "Leave it and add another identity; new awards can be made out to that one.",
  },
  // Signing in
  "sign-in-required": {
    status: 401,
    title: "Sign in first",
    what: "The page belongs to a person, and nobody is signed in: the session was ended, or it ran out.",
    fix: "Sign in at /login and open the page again.",
  },
  "administrator-required": {
    status: 403,
    title: "Only administrators of this site may see this",
    what: "The page is for those who look after what all organizations share.",
    fix: "Sign in with an administrator’s address. The operator makes one with `rosette administrator add`.",
  },
  "too-many-sign-ins": {
    status: 429,
    title: "Too many sign-ins were begun",
    what: "Only so many sign-ins may be begun from one network address in an hour.",
    fix: "Try again after the seconds in Retry-After.",
  },
  "form-expired": {
    status: 403,
    title: "This form is no longer valid",
    what: "The form was made for another session, or another site sent it. Nothing was changed.",
    fix: "Go back, load the page again, and send the form from there.",
  },
  // Apps that ask for access to what is kept here
  "authorization-refused": {
    status: 400,
    title: "The app asked for access in a way that is refused",
    what: "What the app sent along is incomplete, or is not what it registered. Nothing was given to it, and nothing was sent back to it.",
    fix: "Go back to the app and connect again. If it happens again, tell those who run the app.",
  },
  "too-many-authorizations": {
    status: 429,
    title: "Too many apps asked for access",
    what: "Only so many requests for access may be begun from one network address in an hour.",
    fix: "Try again after the seconds in Retry-After.",
  },
  "authorization-gone": {
    status: 400,
    title: "This request for access has ended",
    what: "It was answered already, it is more than an hour old, or it was begun in another browser.",
    fix: "Go back to the app and connect again.",
  },
  // Verifying
  "too-many-verifications": {
    status: 429,
    title: "Too many badges are being verified just now",
    what: "Each verification asks other servers, so only some are made at once, for everybody and for each caller.",
    fix: "Try again after the seconds in Retry-After; verify long lists one after another.",
  },
} as const satisfies Record<string, ProblemType>;
