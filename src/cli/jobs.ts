// `rosette jobs`: work that was given up, and a second chance for it.
import { parkedJobs } from "../db/jobs-look.ts";
import { retryParked } from "../issuer/retry-jobs.ts";
import { withEnv } from "./here.ts";
import { OPERATOR } from "./installation.ts";
import { isoOf, printTable } from "./listing.ts";
import { EXIT, type Verb } from "./verb.ts";

export const jobsParked: Verb = {
  operands: "",
  summary: "List the work that was given up, by kind and reason",
  options: {},
  examples: ["jobs parked"],
  remote: false,
  run: (call) =>
    withEnv(call, async (env) => {
      const found = await parkedJobs(env.db);
      const rows = found.map(({ at, ...row }) => ({ ...row, last: isoOf(at) }));
      printTable(call.out, rows, ["kind", "count", "reason", "last"]);
      return EXIT.done;
    }),
};

export const jobsRetry: Verb = {
  operands: "",
  summary: "Do all the work anew that was given up",
  about: "A server that runs on the same database begins at once.",
  options: {},
  examples: ["jobs retry"],
  remote: false,
  run: (call) =>
    withEnv(call, async (env) => {
      const retried = await retryParked(env, OPERATOR);
      call.out.line(`${retried} to be done again`);
      call.out.document({ retried });
      return EXIT.done;
    }),
};
