// Starts the libSQL server and the mail server once for a whole test run and tells every test where they are.
import type { TestProject } from "vitest/node";
import { startSmtp } from "../signin/smtp-server.ts";
import { makeDatabase, readMigrations } from "./migrations.ts";
import { startHrana } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    hranaUrl: string;
    smtp: { readonly port: number; readonly inbox: string };
    /** A migrated database file, to be copied. */
    template: string;
    /** For tests that cannot read files. */
    migrations: { readonly name: string; readonly sql: string }[];
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = await makeDatabase();
  const server = await startHrana({ template: template.path });
  const smtp = await startSmtp();
  project.provide("hranaUrl", server.url);
  project.provide("smtp", { port: smtp.port, inbox: smtp.inbox });
  project.provide("template", template.path);
  project.provide("migrations", readMigrations());
  return async () => {
    await Promise.all([server.close(), smtp.close()]);
    template.remove();
  };
}
