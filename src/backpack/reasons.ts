// Why something did not go through, as a page is told it: which sentence stands for a code, and whose turn it is.
import type { Delivery } from "../db/deliveries.ts";
import type { ReconnectCode } from "../oauth/refresh.ts";
import type { Who } from "../oauth/words.ts";
import type { Reason } from "../pages/backpack-reason.tsx";
import type { BackpackProblem, Turn } from "../pages/words/backpack-problems.ts";
import { type MORE_THAN_READ, PULL_WHO, type PullProblem } from "./pull-result.ts";
import { DELIVERY_WHO, type DeliveryProblem, HOST_WHO } from "./words.ts";

/** Where it is the person's own turn, the sentence has said so. */
const TURNS: Readonly<Record<Who, Turn | null>> = {
  you: null,
  backpack: "backpack",
  administrator: "administrator",
  nobody: "nobody",
};

type OfHost = keyof typeof HOST_WHO;

function isOfHost(code: string): code is OfHost {
  return Object.hasOwn(HOST_WHO, code);
}

function isOf<Code extends string>(
  table: Readonly<Record<Code, unknown>>,
  code: string | null,
): code is Code {
  return code !== null && Object.hasOwn(table, code);
}

/** Of a badge that is sent; a code of another version has a sentence too. */
export function sendProblem(code: string | null): BackpackProblem {
  if (!isOf<DeliveryProblem>(DELIVERY_WHO, code)) return "send_unknown";
  return isOfHost(code) ? code : `send_${code}`;
}

/** Of badges that are read. */
export function readProblem(code: string | null): BackpackProblem {
  if (!isOf<PullProblem | typeof MORE_THAN_READ>(PULL_WHO, code)) return "read_unknown";
  return isOfHost(code) ? code : `read_${code}`;
}

/** Of a connection that waits for its person. */
export function grantProblem(code: string | null): ReconnectCode {
  return isOf(RECONNECT_CODES, code) ? code : "grant-gone";
}

const RECONNECT_CODES: Readonly<Record<ReconnectCode, true>> = {
  "grant-gone": true,
  "client-forgotten": true,
  "token-expired": true,
  "token-rejected": true,
  "refresh-refused": true,
  "token-unreadable": true,
};

/** Of a pull that did not go through; null where the last one did. */
export function pullReason(code: string | null): Reason | null {
  if (code === null) return null;
  const who = isOf<PullProblem | typeof MORE_THAN_READ>(PULL_WHO, code) ? PULL_WHO[code] : "nobody";
  return { problem: readProblem(code), turn: TURNS[who] };
}

/** Only of a state in which something is wrong: what hindered a badge that arrived is past. */
export function deliveryReason({
  state,
  last_problem: code,
}: Pick<Delivery, "state" | "last_problem">): Reason | null {
  if (code === null || state === "delivered") return null;
  const problem = sendProblem(code);
  const who = isOf<DeliveryProblem>(DELIVERY_WHO, code) ? DELIVERY_WHO[code] : "nobody";
  if (state === "parked" && who === "nobody") return { problem, turn: "given-up" };
  const isOnItsWay = state === "pending" || state === "sending" || state === "unknown";
  if (isOnItsWay && who === "backpack") return { problem, turn: "again-then-backpack" };
  return { problem, turn: TURNS[who] };
}

export function connectionReason(code: string | null): Reason {
  return { problem: grantProblem(code), turn: null };
}
