// What pages about signing in are told: codes and small pieces, of which they make their sentences.
import type { TypedFault, Wait } from "../pages/login.tsx";
import type { EndedReason } from "../pages/words/login-ended.ts";
import type { CodeVerdict } from "./link.ts";

/** `k…@example.org`: enough to know one's own address by. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf("@");
  const [first = ""] = email;
  return `${first}…${email.slice(at)}`;
}

/** How long till then, rounded up, in whole minutes or from two hours on in hours; both in milliseconds since 1970. */
export function waitUntil(until: number, now: number): Wait {
  const count = Math.max(1, Math.ceil((until - now) / 60_000));
  return count < 120 ? { unit: "minutes", count } : { unit: "hours", count: Math.ceil(count / 60) };
}

/** The same in English: `3 minutes`. */
export function minutesUntil(until: number, now: number): string {
  const { unit, count } = waitUntil(until, now);
  return count === 1 ? "a minute" : `${count} ${unit}`;
}

/** What a page says while no more mails are sent, and the header that says it to programs. */
export function tooManyMails(
  until: number,
  now: number,
): { fault: TypedFault; headers: Record<string, string> } {
  return {
    fault: { code: "too-many-mails", ...waitUntil(until, now) },
    headers: { "retry-after": String(Math.ceil((until - now) / 1_000)) },
  };
}

/** What a page says of a code that was not accepted; `now` in milliseconds since 1970. */
export function codeFault(
  verdict: Exclude<CodeVerdict, { ok: true }>,
  now: number,
): { status: 410 | 422 | 429; fault: TypedFault } {
  switch (verdict.reason) {
    case "over":
      return { status: 410, fault: { code: "code-over" } };
    case "wait":
      return { status: 429, fault: { code: "code-wait", ...waitUntil(verdict.until, now) } };
    case "wrong":
      return { status: 422, fault: { code: "code-wrong", tries: verdict.triesLeft } };
  }
}

/** With which status a way in ends. */
export const ENDED_STATUS: Readonly<Record<EndedReason, 400 | 403 | 404 | 409 | 410 | 502 | 503>> =
  {
    used: 410,
    expired: 410,
    unknown: 404,
    suspended: 403,
    taken: 409,
    "other-account": 403,
    "sign-in-to-confirm": 403,
    "provider-unreachable": 503,
    "not-begun-here": 400,
    "provider-used": 410,
    "provider-expired": 410,
    declined: 403,
    "answer-refused": 502,
    "address-not-verified": 403,
  };

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg[eA]?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

export interface BrowserName {
  /** As `Firefox`; null for one that is not known. */
  readonly browser: string | null;
  /** As `Windows`. */
  readonly system: string | null;
}

/** What people call a browser that names itself so. */
export function browserName(userAgent: string | null): BrowserName {
  const find = (names: typeof BROWSERS) =>
    names.find(([pattern]) => pattern.test(userAgent ?? ""))?.[1] ?? null;
  return { browser: find(BROWSERS), system: find(SYSTEMS) };
}
