// Small pieces of the sentences that pages about signing in are made of.
import type { FormFault } from "../pages/form-outcome.tsx";
import type { CodeVerdict } from "./link.ts";

/** `k…@example.org`: enough to know one's own address by. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf("@");
  const [first = ""] = email;
  return `${first}…${email.slice(at)}`;
}

/** `3 minutes`, `an hour` or more, rounded up; both in milliseconds since 1970. */
export function minutesUntil(until: number, now: number): string {
  const minutes = Math.max(1, Math.ceil((until - now) / 60_000));
  if (minutes === 1) return "a minute";
  if (minutes < 120) return `${minutes} minutes`;
  return `${Math.ceil(minutes / 60)} hours`;
}

/** What a page says of an address that is none. */
export const NO_EMAIL: FormFault = {
  detail: "This is not an e-mail address.",
  fix: "Write one address such as kim@example.org, without a name.",
};

/** What a page says while no more mails are sent, and the header that says it to programs. */
export function tooManyMails(
  until: number,
  now: number,
): { fault: FormFault; headers: Record<string, string> } {
  const detail = "Too many mails were asked for.";
  const fix = `You can ask again in ${minutesUntil(until, now)}. Links that were sent still work until they expire.`;
  return {
    fault: { detail, fix },
    headers: { "retry-after": String(Math.ceil((until - now) / 1_000)) },
  };
}

/** What a page says of a code that was not accepted; `now` in milliseconds since 1970. */
export function codeFault(
  verdict: Exclude<CodeVerdict, { ok: true }>,
  now: number,
): { status: 410 | 422 | 429; fault: FormFault } {
  if (verdict.reason === "over") {
    const detail = "This code cannot be used any more.";
    const fix =
      "It expired, was used, or was typed wrongly too often. Have another mail sent below.";
    return { status: 410, fault: { detail, fix } };
  }
  if (verdict.reason === "wait") {
    const detail = "Too many wrong codes were typed for this address.";
    const fix = `Use the link in the mail: it still works. Codes work again in ${minutesUntil(verdict.until, now)}.`;
    return { status: 429, fault: { detail, fix } };
  }
  const { triesLeft } = verdict;
  const detail = "This is not the code of the newest mail.";
  const fix = `You have ${triesLeft === 1 ? "one more try" : `${triesLeft} more tries`}.`;
  return { status: 422, fault: { detail, fix } };
}

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

/** What people call a browser that names itself so: `Firefox on Windows`. */
export function browserName(userAgent: string | null): string {
  const find = (names: typeof BROWSERS) =>
    names.find(([pattern]) => pattern.test(userAgent ?? ""))?.[1];
  const browser = find(BROWSERS) ?? "A browser";
  const system = find(SYSTEMS);
  return system === undefined ? browser : `${browser} on ${system}`;
}
