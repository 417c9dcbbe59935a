// Files named on the command line: read whole, written whole, with failures in words.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Failure } from "./verb.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user may not use it",
  EPERM: "this user may not use it",
  ENOSPC: "the disk is full",
  EROFS: "it is on a disk that cannot be written",
  ENOTDIR: "a part of its path is not a folder",
};

function reason(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return REASONS[code ?? ""] ?? code ?? "unknown";
}

export function readInput(path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    const detail = `${path} could not be read: ${reason(error)}.`;
    throw new Failure(detail, { code: "file-not-read", detail });
  }
}

/** Never leaves half a file under the name that was asked for. */
export function writeOutput(path: string, bytes: Uint8Array): void {
  const draft = `${path}.${process.pid}.part`;
  try {
    writeFileSync(draft, bytes);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw notWritten(path, error);
  }
}

export function notWritten(path: string, error: unknown): Failure {
  const detail = `${path} could not be written: ${reason(error)}.`;
  return new Failure(detail, { code: "file-not-written", detail });
}
