// `rosette deliveries`: the ledger of what is on its way to people's backpacks, and a second chance for it.
import { replayDelivery, replayParked } from "../backpack/deliveries.ts";
import { type LedgerRow, listLedger } from "../db/backpack-ledger.ts";
import { DELIVERY_STATES, type DeliveryState } from "../db/deliveries.ts";
import { withEnv } from "./here.ts";
import { isoOf, printTable } from "./listing.ts";
import { printable } from "./printable.ts";
import { EXIT, Failure, UsageError, type Verb } from "./verb.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

const BACKPACK = {
  type: "string",
  value: "ID",
  help: "Only those to this backpack",
} as const;

function isState(word: string): word is DeliveryState {
  return DELIVERY_STATES.some((state) => state === word);
}

function limitIn(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIMIT : /^\d+$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw new UsageError(`--limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return limit;
}

export const deliveriesList: Verb = {
  operands: "",
  summary: "List what is on its way to backpacks, the newest first",
  options: {
    state: {
      type: "string",
      value: "STATE",
      multiple: true,
      help: `Only those in this state: ${DELIVERY_STATES.join(", ")}`,
    },
    backpack: BACKPACK,
    limit: { type: "string", value: "N", help: `At most so many; ${DEFAULT_LIMIT} unless given` },
  },
  examples: ["deliveries list --state parked", "deliveries list --limit 10000 --json"],
  remote: false,
  run: (call) => {
    const { options, out } = call;
    const named = options.texts("state");
    const states = named.filter(isState);
    if (states.length < named.length) {
      throw new UsageError(`--state must be one of ${DELIVERY_STATES.join(", ")}.`);
    }
    const limit = limitIn(options.text("limit"));
    return withEnv(call, async (env) => {
      const found = await listLedger(env.db, {
        limit,
        states: states.length > 0 ? states : undefined,
        backpackId: options.text("backpack"),
      });
      const rows = found.slice(0, limit).map(rowOf);
      printTable(out, rows, [
        "id",
        "state",
        "backpack",
        "person",
        "badge",
        "attempts",
        "problem",
        "next_try",
      ]);
      if (found.length > limit) {
        out.error(`There are more than ${limit}; --limit shows up to ${MAX_LIMIT}.`);
      }
      return EXIT.done;
    });
  },
};

function rowOf({ delivery, backpack, badge, awardHash, person }: LedgerRow) {
  const { id, state, attempts, last_problem, next_try_at, delivered_at } = delivery;
  return {
    id,
    state,
    backpack: printable(backpack.name),
    person: printable(person ?? ""),
    badge: printable(badge.name),
    award: awardHash,
    attempts,
    problem: last_problem,
    next_try: isoOf(next_try_at),
    delivered: isoOf(delivered_at),
  };
}

export const deliveriesReplay: Verb = {
  operands: "[ID]",
  summary: "Send again what was given up or refused",
  about: "A server that runs on the same database sends it at once; else `rosette sync` does.",
  options: {
    parked: { type: "boolean", help: "All that were given up, in place of one ID" },
    backpack: BACKPACK,
  },
  examples: ["deliveries replay 0199…", "deliveries replay --parked"],
  remote: false,
  run: (call) => {
    const { operands, options, out } = call;
    const [id] = operands;
    const backpackId = options.text("backpack");
    if ((id === undefined) !== options.flag("parked")) {
      throw new UsageError("Name a delivery, or give --parked for all that were given up.");
    }
    if (id !== undefined && backpackId !== undefined) {
      throw new UsageError("--backpack goes with --parked, not with one delivery.");
    }
    return withEnv(call, async (env) => {
      const replayed =
        id === undefined
          ? await replayParked(env, backpackId === undefined ? {} : { backpackId })
          : Number(await replayDelivery(env, id));
      if (id !== undefined && replayed === 0) {
        throw new Failure(
          "No delivery that was given up or refused has this id.\n  `rosette deliveries list --state parked` lists those that were given up.",
          { code: "not-found", detail: "No delivery that was given up or refused has this id." },
        );
      }
      out.line(`${replayed} to be sent again`);
      out.document({ replayed });
      return EXIT.done;
    });
  },
};
