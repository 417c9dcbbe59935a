// `rosette backpack add-badgr`, `add-displayer`, `token`: backpacks of the older protocols, told by hand.
import { type Added, addOlderBackpack } from "../backpack/site.ts";
import { enterToken } from "../backpack/site-client.ts";
import { findProvenHolder } from "../db/people.ts";
import { normalisedEmail } from "../email-address.ts";
import { readInput } from "./files.ts";
import { withEnv } from "./here.ts";
import { printable } from "./printable.ts";
import { siteFailure, unknownAddress } from "./site-failure.ts";
import { type Call, EXIT, type OptionHelp, UsageError, type Verb } from "./verb.ts";

const NAME: Readonly<Record<string, OptionHelp>> = {
  name: { type: "string", value: "NAME", help: "What people here read of it" },
};

function nameOf({ options }: Call): string {
  const name = options.text("name");
  if (name === undefined) throw new UsageError("--name says what people here read of it.");
  return name;
}

function answer({ out }: Call, added: Added): number {
  if (!added.ok) throw siteFailure(added);
  const { id, name, backpack_api_url: api, backpack_web_url: url, api_version } = added.backpack;
  out.line(`Added ${printable(name)}\n  Id  ${id}`);
  out.document({ id, name, url, api, api_version });
  return EXIT.done;
}

export const backpackAddBadgr: Verb = {
  operands: "API SITE",
  summary: "Let people connect to a Badgr server that has no Badge Connect",
  about:
    "API is the address of its API v2, SITE that of its pages. People sign in there, with a client that\nan administrator has registered and entered under /admin/backpacks; or `backpack token` connects\nsomebody by a token of theirs. Nobody's password is ever asked for.",
  options: {
    ...NAME,
    "authorization-url": {
      type: "string",
      value: "URL",
      help: "Where people sign in (SITE/auth/oauth2/authorize)",
    },
    "token-url": { type: "string", value: "URL", help: "Where tokens come from (/o/token at API)" },
  },
  examples: ["backpack add-badgr https://api.eu.badgr.io/v2 https://eu.badgr.io --name 'Badgr EU'"],
  remote: false,
  run: (call) =>
    withEnv(call, async (env) => {
      const [apiUrl = "", webUrl = ""] = call.operands;
      const authorizationUrl = call.options.text("authorization-url");
      const tokenUrl = call.options.text("token-url");
      const added = await addOlderBackpack(env, {
        version: "v2",
        name: nameOf(call),
        apiUrl,
        webUrl,
        ...(authorizationUrl === undefined ? {} : { authorizationUrl }),
        ...(tokenUrl === undefined ? {} : { tokenUrl }),
      });
      return answer(call, added);
    }),
};

export const backpackAddDisplayer: Verb = {
  operands: "API SITE",
  summary: "Let people show what a backpack with the displayer API shows of them",
  about:
    "API is the address before /displayer, SITE that of its pages. It is read only, and people are found\nthere by an e-mail address that they have confirmed here.",
  options: NAME,
  examples: [
    "backpack add-displayer https://backpack.example.org https://backpack.example.org --name Old",
  ],
  remote: false,
  run: (call) =>
    withEnv(call, async (env) => {
      const [apiUrl = "", webUrl = ""] = call.operands;
      const older = { version: "v1", name: nameOf(call), apiUrl, webUrl } as const;
      return answer(call, await addOlderBackpack(env, older));
    }),
};

const MAX_TOKEN_FILE = 64 * 1024;

/** A token on the command line would stand in the shell's history, and in every list of processes. */
function tokenIn(path: string): string {
  const bytes = readInput(path);
  if (bytes.length > MAX_TOKEN_FILE) throw new UsageError(`${path} is no file with a token.`);
  return new TextDecoder().decode(bytes).trim();
}

export const backpackToken: Verb = {
  operands: "BACKPACK EMAIL",
  summary: "Connect somebody to a Badgr server by a token of theirs",
  about:
    "BACKPACK is its id, EMAIL an address that the person has confirmed here. The token is read from a\nfile, sealed, and never shown again.",
  options: {
    "token-file": { type: "string", value: "FILE", help: "Where the access token is" },
    "refresh-token-file": {
      type: "string",
      value: "FILE",
      help: "Where the refresh token is, if there is one",
    },
  },
  examples: ["backpack token 0197… kim@example.org --token-file token.txt"],
  remote: false,
  run: (call) =>
    withEnv(call, async (env) => {
      const { operands, options, out } = call;
      const [backpackId = "", email = ""] = operands;
      const path = options.text("token-file");
      if (path === undefined) throw new UsageError("--token-file says where the token is.");
      const refresh = options.text("refresh-token-file");
      const holder = await findProvenHolder(env.db, "email", normalisedEmail(email));
      if (holder === null) throw unknownAddress(email);
      const entered = await enterToken(env, backpackId, {
        userId: holder.user.id,
        accessToken: tokenIn(path),
        refreshToken: refresh === undefined ? null : tokenIn(refresh),
      });
      if (!entered.ok) throw siteFailure(entered);
      out.line(`${printable(email)} is connected\n  Id  ${entered.connectionId}`);
      out.document({ connection: entered.connectionId, backpack: backpackId });
      return EXIT.done;
    }),
};
