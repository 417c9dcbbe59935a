// The schema as files, and a database that has it, for tests that run where files can be read.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Migration, migrate } from "../../src/db/migrate.ts";
import { openFile } from "../../src/runtime/libsql-file.ts";

const FOLDER = new URL("../../migrations/", import.meta.url);

/** In the order they are applied. */
export function readMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => ({
      name: file.slice(0, -".sql".length),
      sql: readFileSync(new URL(file, FOLDER), "utf8"),
    }));
}

/** A migrated database of its own folder, to be copied or used. */
export async function makeDatabase(): Promise<{ path: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "rosette-migrated-"));
  const path = join(folder, "rosette.db");
  const engine = openFile(path, Math.random, Date.now);
  await migrate(engine, readMigrations());
  await engine.close();
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
