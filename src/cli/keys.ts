// `rosette keys`: who may use the API.
import { given } from "./given.ts";
import {
  type Api,
  type ApiCall,
  type Document,
  NO_ORGANIZATION,
  withInstallation,
} from "./installation.ts";
import { listAll, printTable, text } from "./listing.ts";
import { type Call, EXIT, Failure, type Verb } from "./verb.ts";

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
    };
    return withInstallation(call, async ({ api }) => {
      const made = await make(api, { body, ...scope(call) });
      const whose = made.organization === null ? "for the whole site" : "for its organization";
      out.line(`${text(made, "key")}\n  A key ${whose}. Keep it now: only its hash is stored.`);
      out.document(made);
      return EXIT.done;
    });
  },
};

/** The first key of an installation is made before its first organization, and can make that. */
async function make(api: Api, call: ApiCall): Promise<Document> {
  try {
    return await api("POST", "/api-keys", call);
  } catch (error) {
    if (!(error instanceof Failure && error.code === NO_ORGANIZATION)) throw error;
    return api("POST", "/api-keys", { ...call, site: true });
  }
}

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
      const id = encodeURIComponent(call.operands[0] ?? "");
      await api("DELETE", `/api-keys/${id}`, scope(call));
      call.out.line("Revoked");
      call.out.document({ id, revoked: true });
      return EXIT.done;
    }),
};
