// How it stands with a backpack, a delivery or a pulled badge: one word with a sign, so that colour never speaks alone.
import type { DeliveryState } from "../db/deliveries.ts";
import type { Verdict } from "../verify/result.ts";
import {
  EmptySign,
  ExpiredSign,
  RevokedSign,
  UnknownSign,
  ValidSign,
  WaitingSign,
} from "./icons.tsx";
import { VERDICT_TITLE } from "./verification-words.ts";

type Tone = "valid" | "expired" | "revoked" | "hidden";
type SignName = "done" | "stopped" | "refused" | "asking" | "waiting" | "nothing";

interface Look {
  readonly word: string;
  readonly tone: Tone;
  readonly sign: SignName;
}

const SIGNS: Readonly<Record<SignName, () => ReturnType<typeof ValidSign>>> = {
  done: ValidSign,
  stopped: ExpiredSign,
  refused: RevokedSign,
  asking: UnknownSign,
  waiting: WaitingSign,
  nothing: EmptySign,
};

interface StateLabelProps {
  readonly word: string;
  readonly tone: Tone;
  readonly sign: () => ReturnType<typeof ValidSign>;
}

export function StateLabel({ word, tone, sign: Sign }: StateLabelProps) {
  return (
    <span class={`state ${tone}`}>
      <Sign />
      {word}
    </span>
  );
}

function State({ sign, ...look }: Look) {
  return <StateLabel {...look} sign={SIGNS[sign]} />;
}

/** Where an award is on its way to a backpack; `unsent` was never put on the way. */
export type ShelfState = DeliveryState | "unsent";

const DELIVERY: Readonly<Record<ShelfState, Look>> = {
  unsent: { word: "Not sent", tone: "hidden", sign: "nothing" },
  pending: { word: "Waiting", tone: "hidden", sign: "waiting" },
  sending: { word: "Being sent", tone: "hidden", sign: "waiting" },
  unknown: { word: "Being checked", tone: "hidden", sign: "asking" },
  delivered: { word: "Sent", tone: "valid", sign: "done" },
  refused: { word: "Refused", tone: "revoked", sign: "refused" },
  parked: { word: "Given up for now", tone: "expired", sign: "stopped" },
  withdrawn: { word: "Revoked", tone: "hidden", sign: "refused" },
};

export function DeliveryLabel({ state }: { readonly state: ShelfState }) {
  return <State {...DELIVERY[state]} />;
}

export type ConnectionState = "connected" | "reconnect" | "off" | "new";

const CONNECTION: Readonly<Record<ConnectionState, Look>> = {
  connected: { word: "Connected", tone: "valid", sign: "done" },
  reconnect: { word: "Reconnect", tone: "expired", sign: "stopped" },
  off: { word: "Switched off", tone: "hidden", sign: "nothing" },
  new: { word: "Not connected", tone: "hidden", sign: "nothing" },
};

export function ConnectionLabel({ state }: { readonly state: ConnectionState }) {
  return <State {...CONNECTION[state]} />;
}

export function ConnectionSign({ state }: { readonly state: ConnectionState }) {
  const Sign = SIGNS[CONNECTION[state].sign];
  return <Sign />;
}

const VERDICTS: Readonly<Record<Verdict, Omit<Look, "word">>> = {
  valid: { tone: "valid", sign: "done" },
  expired: { tone: "expired", sign: "stopped" },
  revoked: { tone: "revoked", sign: "refused" },
  "not-yet-valid": { tone: "expired", sign: "waiting" },
  invalid: { tone: "revoked", sign: "refused" },
  "could-not-check": { tone: "hidden", sign: "asking" },
};

/** A word that a later version wrote is shown as it stands. */
export function PulledVerdict({ verdict }: { readonly verdict: string }) {
  if (!isVerdict(verdict)) return <State word={verdict} tone="hidden" sign="asking" />;
  return <State word={VERDICT_TITLE[verdict]} {...VERDICTS[verdict]} />;
}

function isVerdict(word: string): word is Verdict {
  return Object.hasOwn(VERDICTS, word);
}
