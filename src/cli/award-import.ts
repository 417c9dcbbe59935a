// `rosette award import`: awards badges to the people in a file, and says what became of each row.
import { findBadge } from "./badge.ts";
import { readInput, writeOutput } from "./files.ts";
import { type Document, type Installation, withInstallation } from "./installation.ts";
import { inner, text } from "./listing.ts";
import { printable } from "./printable.ts";
import { type Call, EXIT, type Out, type Verb } from "./verb.ts";

/** Refused rows that are printed; a result file has them all. */
const SHOWN_ROWS = 100;

export const awardImport: Verb = {
  operands: "FILE",
  summary: "Award badges to the people in a CSV file",
  about:
    "The first line is a heading: email (or identity, or user), and where they are needed name, badge,\n" +
    "tier, evidence, narrative, expires_at. Encoding and delimiter are found out. Each row is decided by\n" +
    "itself; whoever holds the badge keeps it, so a file may be corrected and imported again. Once it has\n" +
    "begun a running server goes on with it, also when this command is stopped.",
  options: {
    badge: { type: "string", value: "BADGE", help: "An id or exact name, for rows that name none" },
    "dry-run": { type: "boolean", help: "Say what would happen to each row, and award nothing" },
    result: {
      type: "string",
      value: "FILE",
      help: "Write every row with its outcome to a CSV file",
    },
  },
  exitCodes:
    "Exit codes: 0 every row was awarded or held already, 1 it failed or a row was refused, 2 the command\nline was not understood.",
  examples: [
    'award import people.csv --badge "First Activity" --dry-run',
    'award import people.csv --badge "First Activity" --result outcome.csv',
  ],
  remote: true,
  run: (call) => {
    const [path = ""] = call.operands;
    const bytes = readInput(path);
    return withInstallation(call, async (installation) => {
      const query = await queryOf(call, installation, path);
      const begun = await installation.api("POST", `/imports?${query}`, {
        file: { mediaType: "text/csv", bytes },
      });
      const ended = await follow(installation, begun, call.out);
      return report(call, installation, ended);
    });
  },
};

async function queryOf(
  { options }: Call,
  { api }: Installation,
  path: string,
): Promise<URLSearchParams> {
  const query = new URLSearchParams({ dry_run: String(options.flag("dry-run")) });
  const name = path.split(/[\\/]/).at(-1) ?? "";
  if (name !== "") query.set("name", name.slice(-255));
  const badge = options.text("badge");
  if (badge !== undefined) query.set("badge", text(await findBadge(api, badge), "id"));
  return query;
}

/** Until every row is decided. */
async function follow({ api, goOn }: Installation, begun: Document, out: Out): Promise<Document> {
  let current = begun;
  while (["waiting", "running"].includes(text(current, "state"))) {
    if (!out.json) out.progress(`${text(current, "done")} of ${text(current, "rows")} rows …`);
    await goOn("award.import");
    current = await api("GET", `/imports/${text(begun, "id")}`);
  }
  out.progressDone();
  return current;
}

async function report(
  { options, out }: Call,
  { api }: Installation,
  ended: Document,
): Promise<number> {
  const id = text(ended, "id");
  const refused = await api("GET", `/imports/${id}/rows?outcome=refused&limit=${SHOWN_ROWS}`);
  const rows = Array.isArray(refused.data) ? (refused.data as Document[]) : [];
  const path = options.text("result");
  if (path !== undefined) {
    const { bytes } = await api("GET", `/imports/${id}/result.csv`, { isFile: true });
    if (bytes instanceof Uint8Array) writeOutput(path, bytes);
  }
  for (const line of [...headOf(ended), ...rows.map(lineOf), summaryOf(ended)]) out.line(line);
  if (rows.length < Number(ended.refused) && path === undefined) {
    out.line("--result FILE writes all of them.");
  }
  out.document({ ...ended, refusals: rows });
  return ended.state === "done" && ended.refused === 0 ? EXIT.done : EXIT.failed;
}

const DELIMITERS: Readonly<Record<string, string>> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
};

function headOf(ended: Document): string[] {
  const reading = inner(ended, "reading");
  const unknown = Array.isArray(reading.unknown_columns) ? reading.unknown_columns.map(String) : [];
  const between = DELIMITERS[text(reading, "delimiter")] ?? "";
  const head = `${printable(text(ended, "file_name"))}: ${text(ended, "rows")} rows, read as ${text(reading, "encoding")} with ${between}`;
  return unknown.length === 0 ? [head] : [head, `Not read: ${printable(unknown.join(", "))}`];
}

function lineOf(row: Document): string {
  const field = text(row, "field");
  const where = field === "" ? "" : `${printable(field)}: `;
  return `  line ${text(row, "line")}  ${where}${printable(text(row, "detail"))}`;
}

function summaryOf(ended: Document): string {
  const would = ended.dry_run === true ? "would be " : "";
  const counts = `${text(ended, "awarded")} ${would}awarded, ${text(ended, "held")} held already, ${text(ended, "refused")} ${would}refused`;
  if (ended.state === "cancelled") return `Cancelled: ${counts}`;
  return ended.state === "failed"
    ? `Given up before the end: ${counts}. Send the file again, or resume the import`
    : counts;
}
