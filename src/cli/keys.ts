// `rosette keys`: who may use the API.
import { given } from "./given.ts";
import { type ApiCall, withInstallation } from "./installation.ts";
import { listAll, printTable, text } from "./listing.ts";
import { type Call, EXIT, type Verb } from "./verb.ts";

const SITE = {
  type: "boolean",
  help: "A key of the whole site, which can make organizations",
} as const;

/** A key of the site belongs to no organization. */
function scope({ options }: Call): ApiCall {
  return { site: options.flag("site") };
}

export const keysCreate: Verb = {
  operands: "",
  summary: "Make an API key; it is shown once",
  options: {
    name: { type: "string", value: "NAME", help: "What it is for, as lists show it" },
    scope: {
      type: "string",
      multiple: true,
      value: "SCOPE",
      help: "As awards:write; may be given several times. Everything unless given",
    },
    expires: { type: "string", value: "TIME", help: "ISO 8601; never unless given" },
    site: SITE,
  },
  examples: ["keys create --name import --scope awards:write", "keys create --site --name setup"],
  remote: true,
  run: (call) => {
    const { options, out } = call;
    const { expires, name = "command line" } = given(options, ["name", "expires"]);
    const scopes = options.texts("scope");
    const body = {
      name,
      scopes: scopes.length > 0 ? scopes : ["*"],
      ...(expires === undefined ? {} : { expires_at: expires }),
      ...(options.flag("site") ? { site: true } : {}),
    };
    return withInstallation(call, async ({ api }) => {
      const made = await api("POST", "/api-keys", { body, ...scope(call) });
      out.line(`${text(made, "key")}\n  Keep it now: it is stored as a hash and shown only here.`);
      out.document(made);
      return EXIT.done;
    });
  },
};

export const keysList: Verb = {
  operands: "",
  summary: "List the API keys; never the keys themselves",
  options: { site: SITE },
  examples: ["keys list"],
  remote: true,
  run: (call) =>
    withInstallation(call, async ({ api }) => {
      const found = await listAll(api, "/api-keys", scope(call));
      printTable(call.out, found, ["id", "prefix", "name", "expires_at", "revoked_at"]);
      return EXIT.done;
    }),
};

export const keysRevoke: Verb = {
  operands: "ID",
  summary: "Revoke an API key, at once and for good",
  options: { site: SITE },
  examples: ["keys revoke 0199…"],
  remote: true,
  run: (call) =>
    withInstallation(call, async ({ api }) => {
      const revoked = await api("POST", `/api-keys/${call.operands[0]}/revoke`, scope(call));
      call.out.line("Revoked");
      call.out.document(revoked);
      return EXIT.done;
    }),
};
