// Starts the libSQL server once for a whole test run and tells every test where it is.
import type { TestProject } from "vitest/node";
import { makeDatabase, readMigrations } from "./migrations.ts";
import { startHrana } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    hranaUrl: string;
    /** A migrated database file, to be copied. */
    template: string;
    /** For tests that cannot read files. */
    migrations: { readonly name: string; readonly sql: string }[];
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = await makeDatabase();
  const server = await startHrana({ template: template.path });
  project.provide("hranaUrl", server.url);
  project.provide("template", template.path);
  project.provide("migrations", readMigrations());
  return async () => {
    await server.close();
    template.remove();
  };
}
