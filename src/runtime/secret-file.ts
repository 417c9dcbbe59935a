// The secret nobody chose: made once, kept beside the data, readable by its owner alone.
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

export const SECRET_FILE = "secret.key";
/** As `openssl rand -hex 32` writes it. */
const FORM = /^[0-9a-f]{64}\s*$/;

function errorCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/**
 * The secret in `dataDir`, made when there is none. Two processes that start together get the same
 * one: the file appears whole under its name, and only the first can put it there. Throws where the
 * file cannot be written, and where it is there but is not a secret.
 */
export function secretIn(dataDir: string): string {
  const path = join(dataDir, SECRET_FILE);
  return existing(path) ?? make(dataDir, path);
}

function existing(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
  if (FORM.test(text)) return text.trim();
  throw new Error(
    `${path} is damaged: it must hold 64 hexadecimal characters. Restore it from a backup; what was sealed with the old secret can be read with no other.`,
  );
}

function make(dataDir: string, path: string): string {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeDurably(draft, `${randomBytes(32).toString("hex")}\n`);
  try {
    putInPlace(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  const secret = existing(path);
  if (secret === null) throw new Error(`${path} could not be written`);
  return secret;
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Never replaces what another process has put there. */
function putInPlace(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (errorCode(error) === "EEXIST") return;
    copyExclusively(draft, path);
  }
}

/** For file systems without hard links. */
function copyExclusively(draft: string, path: string): void {
  try {
    copyFileSync(draft, path, constants.COPYFILE_EXCL);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
}
