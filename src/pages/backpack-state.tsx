// How it stands with a backpack, a delivery or a pulled badge: one word with a sign, so that colour never speaks alone.
import type { DeliveryState } from "../db/deliveries.ts";
import type { Language } from "../language.ts";
import type { Verdict } from "../verify/result.ts";
import {
  EmptySign,
  ExpiredSign,
  RevokedSign,
  UnknownSign,
  ValidSign,
  WaitingSign,
} from "./icons.tsx";
import { BACKPACK_WORDS } from "./words/backpack.ts";
import { speaker } from "./words/speak.tsx";
import { VERIFICATION_WORDS } from "./words/verification.ts";

type Tone = "valid" | "expired" | "revoked" | "hidden";
type SignName = "done" | "stopped" | "refused" | "asking" | "waiting" | "nothing";

interface Look {
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

function State({ sign, ...look }: Look & { readonly word: string }) {
  return <StateLabel {...look} sign={SIGNS[sign]} />;
}

/** Where an award is on its way to a backpack; `unsent` was never put on the way. */
export type ShelfState = DeliveryState | "unsent";

const DELIVERY: Readonly<Record<ShelfState, Look>> = {
  unsent: { tone: "hidden", sign: "nothing" },
  pending: { tone: "hidden", sign: "waiting" },
  sending: { tone: "hidden", sign: "waiting" },
  unknown: { tone: "hidden", sign: "asking" },
  delivered: { tone: "valid", sign: "done" },
  refused: { tone: "revoked", sign: "refused" },
  parked: { tone: "expired", sign: "stopped" },
  withdrawn: { tone: "hidden", sign: "refused" },
};

interface LabelProps<S> {
  readonly state: S;
  readonly language: Language;
}

export function DeliveryLabel({ state, language }: LabelProps<ShelfState>) {
  const t = speaker(language, BACKPACK_WORDS);
  return <State word={t(`state-${state}`)} {...DELIVERY[state]} />;
}

export type ConnectionState = "connected" | "reconnect" | "off" | "new";

const CONNECTION: Readonly<Record<ConnectionState, Look>> = {
  connected: { tone: "valid", sign: "done" },
  reconnect: { tone: "expired", sign: "stopped" },
  off: { tone: "hidden", sign: "nothing" },
  new: { tone: "hidden", sign: "nothing" },
};

export function ConnectionLabel({ state, language }: LabelProps<ConnectionState>) {
  const t = speaker(language, BACKPACK_WORDS);
  return <State word={t(`stands-${state}`)} {...CONNECTION[state]} />;
}

export function ConnectionSign({ state }: { readonly state: ConnectionState }) {
  const Sign = SIGNS[CONNECTION[state].sign];
  return <Sign />;
}

const VERDICTS: Readonly<Record<Verdict, Look>> = {
  valid: { tone: "valid", sign: "done" },
  expired: { tone: "expired", sign: "stopped" },
  revoked: { tone: "revoked", sign: "refused" },
  "not-yet-valid": { tone: "expired", sign: "waiting" },
  invalid: { tone: "revoked", sign: "refused" },
  "could-not-check": { tone: "hidden", sign: "asking" },
};

interface PulledVerdictProps {
  readonly verdict: string;
  readonly language: Language;
}

/** A word that a later version wrote is shown as it stands. */
export function PulledVerdict({ verdict, language }: PulledVerdictProps) {
  if (!isVerdict(verdict)) return <State word={verdict} tone="hidden" sign="asking" />;
  const t = speaker(language, VERIFICATION_WORDS);
  return <State word={t(`title-${verdict}`)} {...VERDICTS[verdict]} />;
}

function isVerdict(word: string): word is Verdict {
  return Object.hasOwn(VERDICTS, word);
}
