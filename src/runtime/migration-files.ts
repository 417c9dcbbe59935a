// The migrations as they lie in the checkout, beside the built program.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Migration } from "../db/migrate.ts";

const SUFFIX = ".sql";

/** The folder that holds package.json, for the sources and for the bundle, whose parts lie deeper. */
export function checkoutFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("the program's folder has no package.json above it");
    folder = parent;
  }
  return folder;
}

export function readMigrations(folder = join(checkoutFolder(), "migrations")): Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX))
    .sort()
    .map((file) => ({
      name: file.slice(0, -SUFFIX.length),
      sql: readFileSync(join(folder, file), "utf8"),
    }));
}
