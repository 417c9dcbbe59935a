// `rosette administrator`: who looks after what all organizations share; only the operator can say.
import { listSiteAdministrators, setSiteAdministrator } from "../signin/administrator.ts";
import { withEnv } from "./here.ts";
import { printTable } from "./listing.ts";
import { printable } from "./printable.ts";
import { unknownAddress } from "./site-failure.ts";
import { type Call, EXIT, UsageError, type Verb } from "./verb.ts";

const ABOUT =
  "Administrators of the site sign in with this address. They add backpacks, put them in order,\nand see how it goes with each, on /admin/backpacks.";

function change(call: Call, on: boolean): Promise<number> {
  const { operands, out } = call;
  const email = operands[0] ?? "";
  return withEnv(call, async (env) => {
    const result = await setSiteAdministrator(env, email, on);
    if (!result.ok) {
      if (result.reason === "not-an-address") {
        throw new UsageError(`${JSON.stringify(email)} is no e-mail address.`);
      }
      throw unknownAddress(email);
    }
    const { userId, changed } = result;
    const state = on ? "an administrator of this site" : "no administrator of this site";
    out.line(`${printable(email)} is ${changed ? "now" : "already"} ${state}`);
    out.document({ email, user: userId, is_site_administrator: on, changed });
    return EXIT.done;
  });
}

export const administratorAdd: Verb = {
  operands: "EMAIL",
  summary: "Make somebody an administrator of this site",
  about: ABOUT,
  options: {},
  examples: ["administrator add ada@example.org"],
  remote: false,
  run: (call) => change(call, true),
};

export const administratorRemove: Verb = {
  operands: "EMAIL",
  summary: "Make somebody no administrator any more",
  about: ABOUT,
  options: {},
  examples: ["administrator remove ada@example.org"],
  remote: false,
  run: (call) => change(call, false),
};

export const administratorList: Verb = {
  operands: "",
  summary: "List the administrators of this site",
  options: {},
  examples: ["administrator list"],
  remote: false,
  run: (call) =>
    withEnv(call, async (env) => {
      const found = await listSiteAdministrators(env);
      const rows = found.map(({ userId, name, emails }) => ({
        user: userId,
        name: printable(name ?? ""),
        emails,
      }));
      printTable(call.out, rows, ["user", "name", "emails"]);
      return EXIT.done;
    }),
};
