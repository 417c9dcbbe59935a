// `rosette seed`: fills an empty database with the demo that a first start shows.
import { createEnv } from "../runtime/env.ts";
import { issuedAddress, keepingAddress } from "../runtime/issued-address.ts";
import { openDatabase, readSettings } from "../runtime/open.ts";
import { seedDemo } from "./demo.ts";
import { EXIT, type Verb } from "./verb.ts";

export const seed: Verb = {
  operands: "",
  summary: "Fill an empty database with a small demo",
  about: "A database that has an organization is left alone.",
  options: { demo: { type: "boolean", help: "The demo, which is the only thing to seed" } },
  examples: ["seed --demo"],
  remote: false,
  async run({ variables, out }) {
    const { engine } = await openDatabase(await readSettings(variables));
    const issued = await issuedAddress(engine);
    const running = createEnv(await readSettings(keepingAddress(variables, issued)), engine);
    try {
      const seeded = await seedDemo(running.env, (done, all) =>
        out.progress(`seeding ${done} of ${all} …`),
      );
      out.progressDone();
      const { people, badges, awards } = seeded;
      out.line(
        seeded.seeded
          ? `Seeded 1 organization, ${people} people, ${badges} badges, ${awards} awards`
          : "Left alone: the database has an organization already",
      );
      out.document(seeded);
      return EXIT.done;
    } finally {
      await running.close();
    }
  },
};
