// `rosette event`: says what somebody did, once or from a file, as the API's events.
import { randomUUID } from "node:crypto";
import { recipientOf } from "./award.ts";
import { type Entry, readEntries } from "./event-file.ts";
import { readInput } from "./files.ts";
import { type Api, type Document, withInstallation } from "./installation.ts";
import { type Call, EXIT, Failure, type Options, UsageError, type Verb } from "./verb.ts";

/** As many as the API takes at once. */
const BATCH = 1_000;
/** Well below the longest body that is read, brackets and commas included. */
const BATCH_BYTES = 900_000;
/** Faults that are printed for a person; with --json there are all. */
const MAX_SHOWN = 20;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const event: Verb = {
  operands: "[PERSON] [WHAT]",
  summary: "Say what somebody did, or send a file of events",
  about:
    "PERSON is an e-mail address, TYPE:VALUE with one of the types email, url, telephone, did, or a\n" +
    "user's id. WHAT is a metric, as activity_count, or a fact: course.completed, activity.completed,\n" +
    "competency.reached, cohort.joined, cohort.left, profile.set, profile.cleared, state.started,\n" +
    "state.ended. A file is JSON, one event or an array, or JSON Lines; it is sent in batches of 1,000,\n" +
    "of which each is stored whole or not at all. Events that were sent before count once: a file that\n" +
    "broke off can be sent again.",
  options: {
    file: {
      type: "string",
      value: "FILE",
      help: "Send the events in FILE, in the API's own words",
    },
    id: { type: "string", value: "ID", help: "The event's id: the same again counts once" },
    quantity: { type: "string", value: "NUMBER", help: "Of a metric; 1 unless given" },
    of: { type: "string", value: "KEY", help: "Of a fact: the course, cohort, field, state, …" },
    grade: { type: "string", value: "NUMBER", help: "Of a completed course or activity" },
    at: { type: "string", value: "TIME", help: "When; ISO 8601 with an offset. Now unless given" },
    ends: { type: "string", value: "TIME", help: "When a state that started ends by itself" },
  },
  examples: [
    "event kim@example.org activity_count",
    "event kim@example.org activity_hours --quantity 1.5 --at 2026-10-04T16:02:00+02:00",
    "event kim@example.org course.completed --of 12 --grade 90",
    "event --file activities.ndjson",
  ],
  remote: true,
  run: async (call) => {
    const { options, operands } = call;
    const file = options.text("file");
    if (file === undefined) {
      const body = bodyOf(operands, options);
      return withInstallation(call, ({ api }) => sendOne(call, api, body));
    }
    const given = ["id", "quantity", "of", "grade", "at", "ends"].find((one) => options.text(one));
    if (operands.length > 0 || given !== undefined) {
      throw new UsageError("--file says everything; give nothing else with it.");
    }
    const entries = readEntries(readInput(file));
    return withInstallation(call, ({ api }) => sendMany(call, api, entries));
  },
};

function bodyOf(operands: readonly string[], options: Options): Document {
  const [person, what] = operands;
  if (person === undefined || what === undefined) {
    throw new UsageError("`rosette event` needs PERSON and WHAT, or --file.");
  }
  const [key, endsAt, at] = ["of", "ends", "at"].map((name) => options.text(name));
  return {
    id: options.text("id") ?? randomUUID(),
    ...(UUID.test(person) ? { user: person } : { person: recipientOf(person) }),
    ...(what.includes(".") ? { fact: what } : { metric: what }),
    ...numbersIn(options),
    ...(key === undefined ? {} : { key }),
    ...(endsAt === undefined ? {} : { ends_at: endsAt }),
    ...(at === undefined ? {} : { occurred_at: at }),
  };
}

function numbersIn(options: Options): Record<string, number> {
  return Object.fromEntries(
    ["quantity", "grade"].flatMap((name) => {
      const text = options.text(name);
      if (text === undefined) return [];
      if (!/^-?\d+(\.\d+)?$/.test(text)) throw new UsageError(`--${name} must be a number.`);
      return [[name, Number(text)]];
    }),
  );
}

async function sendOne({ out }: Call, api: Api, body: Document): Promise<number> {
  const answer = await api("POST", "/events", { body });
  out.line(answer.stored === 1 ? `Counted, as ${body.id}` : `Counted before, as ${body.id}`);
  out.document({ id: body.id, ...answer });
  return EXIT.done;
}

interface Refused {
  readonly entry: number;
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  readonly fix: string;
}

/** Goes on after a batch that is refused: the others are not to blame. Fails in the end if any was. */
async function sendMany({ out }: Call, api: Api, entries: readonly Entry[]): Promise<number> {
  const counts = { stored: 0, repeated: 0, not_stored: 0 };
  const refused: Refused[] = [];
  let sent = 0;
  for (const batch of batches(entries)) {
    out.progress(`${sent} of ${entries.length} events …`);
    try {
      const body = { events: batch.map(({ event: one }) => one) };
      const answer = await api("POST", "/events", { body });
      counts.stored += Number(answer.stored);
      counts.repeated += Number(answer.repeated);
    } catch (error) {
      if (!(error instanceof Failure) || !isAboutRows(error)) throw error;
      counts.not_stored += batch.length;
      refused.push(...faultsOf(error, batch));
    }
    sent += batch.length;
  }
  out.progressDone();
  if (!out.json) for (const line of faultLines(refused)) out.error(line);
  out.line(
    `${counts.stored} counted, ${counts.repeated} counted before, ${counts.not_stored} not stored`,
  );
  out.document({ ...counts, refused });
  return counts.not_stored > 0 ? EXIT.failed : EXIT.done;
}

function* batches(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (batch.length === BATCH || (batch.length > 0 && bytes + entry.bytes > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += entry.bytes + 1;
  }
  if (batch.length > 0) yield batch;
}

function isAboutRows({ code }: Failure): boolean {
  return code === "invalid-request" || code === "event-conflict" || code === "body-too-large";
}

/** By the place in the file. */
function faultsOf(failure: Failure, batch: readonly Entry[]): Refused[] {
  const problem: { errors?: readonly Document[]; detail?: string } = failure.document;
  return (problem.errors ?? [{ code: failure.code, detail: problem.detail }]).map((error) => {
    const [, row = "0", field = ""] =
      /^\/events\/(\d+)(.*)$/.exec(String(error.pointer ?? "")) ?? [];
    return {
      entry: batch[Number(row)]?.place ?? 0,
      pointer: field,
      code: String(error.code),
      detail: String(error.detail),
      fix: String(error.fix ?? ""),
    };
  });
}

function faultLines(refused: readonly Refused[]): string[] {
  const more = refused.length - MAX_SHOWN;
  const lines = refused
    .slice(0, MAX_SHOWN)
    .map(({ entry, pointer, detail, fix }) => `${entry}: ${pointer}  ${detail} ${fix}`.trimEnd());
  return more > 0 ? [...lines, `… and ${more} more; --json names all`] : lines;
}
