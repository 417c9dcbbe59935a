// `rosette export`: everything of an organization into one file, however much it is.
import { createWriteStream, renameSync, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { notWritten } from "./files.ts";
import { withInstallation } from "./installation.ts";
import { EXIT, Failure, type Verb } from "./verb.ts";

/** Longer than the last line, which counts each kind of record. */
const TAIL_BYTES = 16_384;

export const exportVerb: Verb = {
  operands: "FILE",
  summary: "Write everything of the organization into a file",
  about:
    "JSON Lines: badges, people, awards, the audit log and the rest, a record a line; no secrets.\n" +
    "The file appears under its name once it is whole.",
  options: {},
  examples: [
    "export northside.jsonl",
    "export northside.jsonl --organization northside --url https://badges.example.org",
  ],
  remote: true,
  run: (call) =>
    withInstallation(call, async ({ api }) => {
      const [path = ""] = call.operands;
      const { stream } = await api("GET", "/export", { isStream: true });
      if (!(stream instanceof ReadableStream)) throw new TypeError("an export without its file");
      const counts = await written(stream, path);
      const records = Object.values(counts).reduce((sum, count) => sum + count, 0);
      call.out.line(`${records} records written to ${path}`);
      for (const [record, count] of Object.entries(counts)) call.out.line(`  ${record}  ${count}`);
      call.out.document({ file: path, counts });
      return EXIT.done;
    }),
};

/** Never leaves half a file under the name that was asked for. */
async function written(
  stream: ReadableStream<Uint8Array>,
  path: string,
): Promise<Record<string, number>> {
  const draft = `${path}.${process.pid}.part`;
  let tail = Buffer.alloc(0);
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const piece of stream) {
      tail = Buffer.concat([tail, piece]).subarray(-TAIL_BYTES);
      yield piece;
    }
  }
  try {
    await pipeline(watched(), createWriteStream(draft));
    const counts = countsIn(tail.toString());
    renameSync(draft, path);
    return counts;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error instanceof Failure ? error : notWritten(path, error);
  }
}

/** Of the last line, which says that the file is whole. */
function countsIn(tail: string): Record<string, number> {
  const last = tail.trimEnd().split("\n").at(-1) ?? "";
  try {
    const end: unknown = JSON.parse(last);
    if (typeof end === "object" && end !== null && "record" in end && end.record === "end") {
      return "counts" in end ? (end.counts as Record<string, number>) : {};
    }
  } catch {
    // Whatever it is, it is no last line.
  }
  const detail = "The export ended before it was whole. Try again.";
  throw new Failure(detail, { code: "export-incomplete", detail });
}
