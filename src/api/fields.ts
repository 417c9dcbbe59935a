// The kinds of values that occur in many resources, with the words for what is wrong with them.
import { z } from "@hono/zod-openapi";
import { isEmail } from "../email-address.ts";
import type { FaultCode } from "../fault-codes.ts";

/** A rule with a stable code and what to send instead. */
export function rule(code: FaultCode, detail: string, fix: string) {
  return { error: detail, params: { code, fix } };
}

/** Milliseconds since 1970 as ISO 8601 in UTC. */
export function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

export function instantOrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : instant(milliseconds);
}

const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_BREAKS = /(?![\t\n\r])\p{Cc}/u;

/** One line, trimmed, 1 to `max` UTF-16 units. */
export function line(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(
      (text) => !CONTROL.test(text),
      rule(
        "control_characters",
        "This must be one line without control characters.",
        "Remove line breaks and control characters.",
      ),
    );
}

/** Text of any number of lines, 1 to `max` UTF-16 units; kept as it is. */
export function prose(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine(
      (text) => !CONTROL_BUT_BREAKS.test(text),
      rule(
        "control_characters",
        "This must not hold control characters.",
        "Remove them; line breaks and tabs may stay.",
      ),
    );
}

export const MAX_URL_LENGTH = 2048;

/** OB20-P-03, OB20-D: an absolute HTTP(S) address. */
export function isHttpUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s\p{Cc}\\/?#][^\s\p{Cc}\\]*$/iu.test(text) || !URL.canParse(text))
    return false;
  const url = new URL(text);
  return url.hostname !== "" && url.username === "" && url.password === "";
}

const URI = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;
const NOT_IN_URI = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/g;

/**
 * The address in the characters of RFC 3986, which is all that verifiers accept in a document: as it
 * was given if it is so written, else its host in Punycode and the rest percent-encoded. Null for
 * what is no HTTP(S) address, or holds a `%` that begins no octet.
 */
export function uriOf(text: string): string | null {
  if (!isHttpUrl(text)) return null;
  if (URI.test(text)) return text;
  const uri = new URL(text).href.replaceAll(NOT_IN_URI, encodeURIComponent);
  return URI.test(uri) && uri.length <= MAX_URL_LENGTH ? uri : null;
}

export const httpUrl = () =>
  line(MAX_URL_LENGTH)
    .refine(
      (text) => uriOf(text) !== null,
      rule(
        "url_format",
        "This must be an http:// or https:// address.",
        "Send the whole address, such as https://example.org/, without a user name.",
      ),
    )
    .transform((text) => uriOf(text) ?? text)
    .openapi({ format: "uri" });

export const email = () =>
  line(254)
    .refine(
      isEmail,
      rule(
        "email_format",
        "This must be one e-mail address.",
        "Send one address such as kim@example.org, without a name.",
      ),
    )
    .openapi({ format: "email" });

/** OB20-D-15: E.164, `+` and 2 to 15 digits. */
export function isTelephone(text: string): boolean {
  return /^\+[1-9]\d{1,14}$/.test(text);
}

export const telephone = () =>
  line(16).refine(
    isTelephone,
    rule(
      "telephone_format",
      "This must be a telephone number in E.164 form.",
      "Send + and digits only, such as +16175551212.",
    ),
  );

/** W3C DID Core, section 3.1. */
export function isDid(text: string): boolean {
  return /^did:[a-z0-9]+:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2}|:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})$/.test(
    text,
  );
}

/** BCP 47. */
export function isLanguage(text: string): boolean {
  if (!/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(text)) return false;
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

export const language = () =>
  line(35).refine(
    isLanguage,
    rule(
      "language_tag",
      "This must be a BCP 47 language tag.",
      "Send a tag such as en, de or pt-BR.",
    ),
  );

/** Ids are shown as text; another's or a malformed one is simply not found. */
export const idParam = z.strictObject({ id: z.string().min(1).max(100) });

/** When something happened, as answers show it. */
export const time = () =>
  z.string().openapi({ format: "date-time", example: "2026-10-04T14:02:00.000Z" });

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Years have four digits where instants are read and written, in UTC too. */
const MIN_INSTANT = Date.parse("0001-01-01T00:00:00Z");
const MAX_INSTANT = Date.parse("9999-12-31T23:59:59.999Z");

/** Milliseconds of an RFC 3339 date and time with its offset; null for anything else. */
export function readInstant(text: string): number | null {
  const milliseconds = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (!(milliseconds >= MIN_INSTANT && milliseconds <= MAX_INSTANT)) return null;
  // `2026-02-30` is read as March by some engines: the day must be the one that was written.
  const day = Number(text.slice(8, 10));
  const month = Number(text.slice(5, 7));
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), month, 0)).getUTCDate()
    ? milliseconds
    : null;
}

/** An instant in ISO 8601, given out as milliseconds since 1970. */
export const moment = () =>
  line(40)
    .transform((text, context) => {
      const milliseconds = readInstant(text);
      if (milliseconds !== null) return milliseconds;
      context.addIssue({
        code: "custom",
        message: "This must be a date and time in ISO 8601 with a time zone.",
        params: {
          code: "time_format" satisfies FaultCode,
          fix: "Send a time such as 2027-01-31T00:00:00Z.",
        },
      });
      return z.NEVER;
    })
    .openapi({ type: "string", format: "date-time", example: "2027-01-31T00:00:00Z" });
