// `rosette organization`: who issues. Making one is the first thing a new installation needs.

import { given } from "./given.ts";
import { withInstallation } from "./installation.ts";
import { listAll, printTable, text } from "./listing.ts";
import { EXIT, UsageError, type Verb } from "./verb.ts";

export const organizationCreate: Verb = {
  operands: "",
  summary: "Make an organization: the issuer that badges name",
  options: {
    name: { type: "string", value: "NAME", help: "Its name, as badges show it" },
    website: { type: "string", value: "URL", help: "Its web site" },
    email: { type: "string", value: "EMAIL", help: "Where questions about badges go" },
    slug: {
      type: "string",
      value: "SLUG",
      help: "Its short name; made from the name unless given",
    },
    description: { type: "string", value: "TEXT", help: "What it is" },
    language: { type: "string", value: "TAG", help: "Language of its badges, as en or de-CH" },
    listed: { type: "boolean", help: "Have it found in the public catalogue" },
  },
  examples: [
    'organization create --name "Northside Peer Mentors" --website https://northside.example --email badges@northside.example',
  ],
  remote: true,
  run: (call) => {
    const { options, out } = call;
    for (const name of ["name", "website", "email"]) {
      if (options.text(name) === undefined) throw new UsageError(`--${name} is missing.`);
    }
    const body = {
      ...given(options, ["name", "email", "slug", "description", "language"]),
      url: options.text("website"),
      ...(options.flag("listed") ? { is_listed: true } : {}),
    };
    return withInstallation(call, async ({ api }) => {
      const made = await api("POST", "/organizations", { body, site: true });
      out.line(
        `Made ${text(made, "name")} (${text(made, "slug")})\n  Issuer  ${text(made, "issuer")}`,
      );
      out.document(made);
      return EXIT.done;
    });
  },
};

export const organizationList: Verb = {
  operands: "",
  summary: "List the organizations",
  options: {},
  examples: ["organization list"],
  remote: true,
  run: (call) =>
    withInstallation(call, async ({ api }) => {
      const found = await listAll(api, "/organizations", { site: true });
      printTable(call.out, found, ["slug", "name", "issuer"]);
      return EXIT.done;
    }),
};
