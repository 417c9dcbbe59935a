// What a verification answers: one verdict, the checks it rests on, and what was read to make them.

/**
 * `valid`: every check that must hold does. `could-not-check`: something needed was not to be had;
 * that is never taken for valid. The others say what is wrong with a badge that was read.
 */
export type Verdict =
  | "valid"
  | "expired"
  | "revoked"
  | "not-yet-valid"
  | "invalid"
  | "could-not-check";

/**
 * `warned`: worth knowing, and no reason to doubt the badge. `not-possible`: it must hold, and
 * whether it does could not be found out.
 */
export type Outcome = "passed" | "failed" | "warned" | "not-possible";

/** What was asked. One check may be listed several times, once for each fault it found. */
export type CheckId =
  | "input"
  | "assertion"
  | "badge"
  | "issuer"
  | "subject"
  | "context"
  | "identifier"
  | "issue-date"
  | "expiry"
  | "recipient"
  | "origin"
  | "signature"
  | "key"
  | "revocation"
  | "image"
  | "endorsement"
  | "extension"
  | "version";

/** Why a check did not pass. Stable: programs decide by these, never by the words. */
export type Reason =
  // What was given
  | "input-empty"
  | "input-too-large"
  | "input-unrecognized"
  | "picture-without-badge"
  | "file-damaged"
  | "json-malformed"
  | "token-malformed"
  | "nowhere-hosted"
  | "version-unsupported"
  | "version-old"
  // Reading addresses
  | "address-unusable"
  | "address-refused"
  | "unreachable"
  | "status-refused"
  | "too-large"
  | "not-json"
  | "over-budget"
  // What a document is
  | "context-missing"
  | "context-unknown"
  | "context-unsupported"
  | "document-too-complex"
  | "document-ambiguous"
  | "type-missing"
  | "type-unknown"
  | "type-unexpected"
  | "not-an-assertion"
  | "id-missing"
  | "id-scheme"
  | "id-differs"
  | "id-lies"
  | "read-elsewhere"
  // What it says
  | "property-missing"
  | "property-invalid"
  | "property-repeated"
  | "expires-before-issued"
  | "not-yet-valid"
  | "expired"
  | "hash-expected"
  | "hash-unexpected"
  | "hash-weak"
  | "identity-type-unknown"
  | "recipient-mismatch"
  | "recipient-not-comparable"
  | "verification-type-unknown"
  | "criteria-empty"
  | "image-data-uri"
  | "image-unreachable"
  | "image-not-an-image"
  // Who says it
  | "issuer-not-http"
  | "origin-policy-invalid"
  | "origin-outside-scope"
  | "algorithm-refused"
  | "algorithm-unusual"
  | "critical-header"
  | "header-key-ignored"
  | "key-missing"
  | "key-not-listed"
  | "key-owner-differs"
  | "key-unusable"
  | "signature-missing"
  | "signature-wrong"
  // Whether it still stands
  | "revoked"
  // What hangs on it
  | "endorsement-does-not-stand"
  | "endorsements-not-all-checked"
  | "extension-invalid"
  | "extension-unknown";

/** Where a fault was met. Texts from the documents are cut to `MAX_EVIDENCE_LENGTH`. */
export interface Evidence {
  /** The address or id of the document. */
  readonly document?: string;
  /** The property, by the standard's name; a path of names with dots where it lies deeper. */
  readonly property?: string;
  readonly found?: string;
  readonly expected?: string;
}

/** Most characters of a stranger's text that one piece of evidence repeats. */
export const MAX_EVIDENCE_LENGTH = 200;

export interface Check {
  readonly id: CheckId;
  readonly outcome: Outcome;
  /** Null when it passed. */
  readonly reason: Reason | null;
  /** One or two sentences of English, for a person. */
  readonly words: string;
  readonly evidence: Evidence;
  /** When it was made: ISO 8601, UTC. */
  readonly at: string;
}

/** What was given, as it was understood. */
export type InputKind = "url" | "json" | "jws" | "png" | "svg" | "picture" | "nothing";

export type BadgeVersion = "2.0" | "1.1" | "1.0" | "0.5";

/** A document or picture that was asked for. */
export interface DocumentRecord {
  readonly url: string;
  /** Where the answer came from in the end, when redirects led elsewhere. */
  readonly finalUrl?: string;
  readonly role: string;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  readonly bytes: number;
  /** Why it could not be used. */
  readonly reason?: Reason;
}

/** A third party's word for the badge, judged by itself: it never decides about the badge. */
export interface EndorsementResult {
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason: Reason | null;
  readonly words: string;
  readonly issuer: { readonly id: string | null; readonly name: string | null };
  readonly comment: string | null;
}

/** What the badge says, for display; every text is the issuer's and must be escaped. */
export interface BadgeSummary {
  readonly id: string | null;
  readonly name: string | null;
  readonly description: string | null;
  /** An http(s) address or a data URI of a PNG or SVG. */
  readonly image: string | null;
  readonly criteria: { readonly id: string | null; readonly narrative: string | null };
  readonly issuer: {
    readonly id: string | null;
    readonly name: string | null;
    readonly url: string | null;
    readonly email: string | null;
  };
  readonly issuedOn: string | null;
  readonly expires: string | null;
  readonly narrative: string | null;
  readonly evidence: readonly { readonly id: string | null; readonly narrative: string | null }[];
  readonly recipient: {
    readonly type: string;
    readonly hashed: boolean;
    /** As published: the hash, or the plain value. */
    readonly identity: string;
    readonly salt: string | null;
  } | null;
  readonly revocationReason: string | null;
}

/** Everything a verification found out. It is plain JSON: nothing is lost by serialising it. */
export interface Verification {
  readonly verdict: Verdict;
  /** The reason of the check that decided; null when valid. */
  readonly reason: Reason | null;
  /** The verdict in a sentence. */
  readonly words: string;
  /** ISO 8601, UTC. */
  readonly checkedAt: string;
  readonly input: { readonly kind: InputKind; readonly url: string | null };
  readonly version: BadgeVersion | null;
  /** How the badge says that it can be checked. */
  readonly verification: "hosted" | "signed" | null;
  /** Null where no badge could be read. */
  readonly badge: BadgeSummary | null;
  /** Which of the asker's identities it was made out to; null when none was given or none fits. */
  readonly matched: string | null;
  readonly checks: readonly Check[];
  readonly endorsements: readonly EndorsementResult[];
  readonly documents: readonly DocumentRecord[];
}
