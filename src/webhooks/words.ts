// Why a message has not arrived, in words for whoever looks after the receiver.
import { refused } from "../net/public-fetch.ts";
import type { WebhookFault } from "./verdict.ts";

type OwnFault = "not-accepted" | "rate-limited" | "gone" | "endpoint-disabled" | "endpoint-failing";

const OWN: Readonly<Record<OwnFault, (status: number | null) => string>> = {
  "not-accepted": (status) =>
    `The receiver answered ${status ?? "something else"}; only 200 to 299 accepts a message.`,
  "rate-limited": () => "The receiver answered 429: it asks for fewer messages.",
  gone: () => "The receiver answered 410 Gone: it wants no more messages.",
  "endpoint-disabled": () => "The endpoint was disabled while the message waited.",
  "endpoint-failing": () => "The endpoint accepted nothing for as long as messages are tried.",
};

function isOwn(code: string): code is OwnFault {
  return Object.hasOwn(OWN, code);
}

/** One sentence; `code` and `status` are what the log keeps of the last try. */
export function wordsFor(code: WebhookFault, status: number | null, url: string): string {
  if (isOwn(code)) return OWN[code](status);
  const said = refused(code, url);
  return said.ok ? "" : said.detail;
}
