// `rosette setup`: prints a new link by which a new installation is set up in a browser.
import { newSetupLink } from "../desk/setup/link.ts";
import { withEnv } from "./here.ts";
import { EXIT, Failure, type Verb } from "./verb.ts";

export const setup: Verb = {
  operands: "",
  summary: "Print a new link that sets this installation up",
  about:
    "It makes the first organization and the first administrator, works once and for a day, and\n" +
    "makes every earlier link useless. Only while nobody administers anything here.",
  options: {},
  examples: ["setup"],
  remote: false,
  run: (call) =>
    withEnv(call, async (env) => {
      const url = await newSetupLink(env, { alone: true });
      if (url === null) {
        const detail = "This installation is set up: somebody administers it already.";
        throw new Failure(
          `${detail}\n  \`rosette administrator list\` says who; \`rosette administrator add EMAIL\` makes another.`,
          { code: "already-set-up", detail },
        );
      }
      call.out.line(url);
      call.out.document({ url });
      return EXIT.done;
    }),
};
