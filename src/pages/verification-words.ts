// What a verification says to a person: each verdict and check in words, and what to do about what was found.
import type { Check, CheckId, Outcome, Reason, Verdict, Verification } from "../verify/result.ts";

/** `tone` is a class of the stylesheet; the sign and the words say the same without colour. */
export interface VerdictWords {
  readonly words: string;
  readonly tone: "valid" | "expired" | "revoked" | "hidden";
}

const VERDICTS: Readonly<Record<Verdict, VerdictWords>> = {
  valid: { words: "This badge is valid", tone: "valid" },
  expired: { words: "This badge has expired", tone: "expired" },
  revoked: { words: "This badge was revoked", tone: "revoked" },
  "not-yet-valid": { words: "This badge is not valid yet", tone: "expired" },
  invalid: { words: "This badge is not valid", tone: "revoked" },
  "could-not-check": { words: "This badge could not be checked", tone: "hidden" },
};

/** Where no badge was read, nothing is said about one. */
const WITHOUT_BADGE: Readonly<Partial<Record<Reason, string>>> = {
  "picture-without-badge": "This is only a picture",
  "input-empty": "There is nothing to check",
  "input-too-large": "This is too large to check",
  "input-unrecognized": "This is not a badge",
  "file-damaged": "This file is damaged",
  "json-malformed": "This text cannot be read",
  "token-malformed": "This text cannot be read",
  "not-an-assertion": "This is not an award of a badge",
};

export function verdictWords({ verdict, reason }: Verification): VerdictWords {
  const instead = reason === null ? undefined : WITHOUT_BADGE[reason];
  return instead === undefined ? VERDICTS[verdict] : { words: instead, tone: "hidden" };
}

/** For the tab, one or two words. */
export const VERDICT_TITLE: Readonly<Record<Verdict, string>> = {
  valid: "Valid",
  expired: "Expired",
  revoked: "Revoked",
  "not-yet-valid": "Not valid yet",
  invalid: "Not valid",
  "could-not-check": "Could not check",
};

const CHECKS: Readonly<Record<CheckId, string>> = {
  input: "What was given can be read",
  assertion: "The record of the award",
  badge: "The description of the badge",
  issuer: "The issuer’s profile",
  subject: "To whom it was awarded",
  context: "Its words mean what the standard says",
  identifier: "It is the record at its own address",
  "issue-date": "The date of issue",
  expiry: "It has not expired",
  recipient: "It was awarded to the person named",
  origin: "It comes from where its issuer publishes",
  signature: "The issuer’s signature",
  key: "The issuer’s key",
  revocation: "The issuer has not revoked it",
  image: "The badge’s picture",
  endorsement: "What others say for it",
  extension: "Its extensions",
  version: "Its version of the standard",
};

export function checkWords(check: Check): string {
  return CHECKS[check.id];
}

export const OUTCOMES: Readonly<
  Record<Outcome, { readonly word: string; readonly tone: VerdictWords["tone"] }>
> = {
  passed: { word: "Passed", tone: "valid" },
  failed: { word: "Failed", tone: "revoked" },
  warned: { word: "Note", tone: "expired" },
  "not-possible": { word: "Not checked", tone: "hidden" },
};

const ASK_FOR_FILE =
  "Ask the holder for the badge’s file as it was downloaded, or for its link. Screenshots, photographs and copies saved as JPEG lose what is written inside.";
const ASK_AGAIN = "Ask the holder for the link or the file again, and compare it with this one.";
const TRY_LATER =
  "Try again in a few minutes. Until it can be checked, do not take the badge for valid.";
const NOT_PUBLIC =
  "Only addresses on the public Internet that begin with https:// are asked. Ask the holder for such a link, or for the badge’s file.";
const DO_NOT_RELY =
  "Do not rely on it. If you know the issuer, ask them, by an address that you found yourself.";

const ADVICE: Readonly<Partial<Record<Reason, string>>> = {
  "picture-without-badge": ASK_FOR_FILE,
  "input-empty": "Give a link, a file or the text of a badge.",
  "input-too-large": "Badges are smaller than this. Ask the holder for the badge’s file.",
  "input-unrecognized":
    "Give the link to a badge, its PNG, SVG or JSON file, or its text. A page about a badge is not the badge.",
  "file-damaged": `The file was cut short or changed on its way. ${ASK_FOR_FILE}`,
  "json-malformed": `The text was cut short or changed on its way. ${ASK_AGAIN}`,
  "token-malformed": `The text was cut short or changed on its way. ${ASK_AGAIN}`,
  "nowhere-hosted":
    "A badge that is not signed must name its own address. Ask the holder for its link.",
  "not-an-assertion":
    "This describes a badge or its issuer, not that anybody earned it. Ask for the link of the award.",
  "version-unsupported": "Ask the issuer for the badge in Open Badges 2.0.",
  "address-unusable": NOT_PUBLIC,
  "address-refused": NOT_PUBLIC,
  unreachable: TRY_LATER,
  "too-large": TRY_LATER,
  "over-budget": "The badge refers to more than is looked at. Ask its issuer.",
  "status-refused":
    "The server at this address does not have the badge, or does not show it. Compare the address with the one you were given; mail programs like to cut it.",
  "not-json":
    "The address leads to a page, not to a badge’s record. Look on that page for a link or a download of the badge.",
  "recipient-mismatch":
    "It was made out to somebody else, or to another of their addresses. Ask the holder which address they had then.",
  "recipient-not-comparable":
    "What the badge says about its recipient cannot be compared with what you gave. Ask the holder.",
  "not-yet-valid": "Look again after the date it was issued for.",
  expired: "It was good until then. Ask the holder whether they renewed it.",
  revoked: "Do not rely on it. The issuer withdrew it.",
};

const BY_VERDICT: Readonly<Record<Verdict, string>> = {
  valid:
    "Compare the name and the issuer with what you were told: a valid badge says what its issuer says, and whoever shows it to you may be somebody else.",
  expired: "It was good until then. Ask the holder whether they renewed it.",
  revoked: "Do not rely on it. The issuer withdrew it.",
  "not-yet-valid": "Look again after the date it was issued for.",
  invalid: DO_NOT_RELY,
  "could-not-check": TRY_LATER,
};

/** What to do now, in one or two sentences. */
export function adviceFor({ verdict, reason }: Verification): string {
  return (reason === null ? undefined : ADVICE[reason]) ?? BY_VERDICT[verdict];
}

const IDENTITIES: Readonly<Record<string, string>> = {
  email: "e-mail address",
  url: "web address",
  telephone: "telephone number",
};

/** What a recipient is known by. */
export function identityWords(type: string): string {
  return IDENTITIES[type] ?? "identifier";
}
