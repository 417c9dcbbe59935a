// `rosette migrate`: brings a database to this version's schema, as before a deploy to Workers.
import { bringUpToDate, databaseName, openEngine, readSettings } from "../runtime/open.ts";
import { EXIT, type Verb } from "./verb.ts";

export const migrateVerb: Verb = {
  operands: "",
  summary: "Bring the database to this version's schema",
  about:
    "A server does this by itself when it starts. Workers do not: run it before each deploy, with\n" +
    "DATABASE_URL and DATABASE_AUTH_TOKEN set as they are there.",
  options: {},
  examples: ["migrate"],
  remote: false,
  async run({ variables, out }) {
    const config = await readSettings(variables);
    const engine = await openEngine(config);
    try {
      const applied = await bringUpToDate(engine, config);
      const database = databaseName(config);
      out.line(
        applied === 0 ? `${database} is up to date` : `${database}: migrations applied: ${applied}`,
      );
      out.document({ database, applied });
      return EXIT.done;
    } finally {
      await engine.close();
    }
  },
};
