// `rosette signing-keys`: what an organization signs its badges with.
import { type ApiCall, withInstallation } from "./installation.ts";
import { listAll, printTable, text } from "./listing.ts";
import { type Call, EXIT, UsageError, type Verb } from "./verb.ts";

const SITE = {
  type: "boolean",
  help: "The installation's own key, not an organization's",
} as const;

function scope({ options }: Call): ApiCall {
  return { site: options.flag("site") };
}

export const signingKeysList: Verb = {
  operands: "",
  summary: "List the keys that badges are or were signed with",
  options: { site: SITE },
  examples: ["signing-keys list"],
  remote: true,
  run: (call) =>
    withInstallation(call, async ({ api }) => {
      const found = await listAll(api, "/signing-keys", scope(call));
      printTable(call.out, found, ["id", "status", "algorithm", "created_at", "url"]);
      return EXIT.done;
    }),
};

export const signingKeysRotate: Verb = {
  operands: "",
  summary: "Sign with a new key from now on",
  about:
    "The key before is retired: badges signed with it go on verifying, and its private half is forgotten.",
  options: { site: SITE },
  examples: ["signing-keys rotate"],
  remote: true,
  run: (call) =>
    withInstallation(call, async ({ api }) => {
      const made = await api("POST", "/signing-keys", scope(call));
      const where = text(made, "url");
      call.out.line(`Signing with ${text(made, "id")}${where === "" ? "" : `\n  Key  ${where}`}`);
      call.out.document(made);
      return EXIT.done;
    }),
};

export const signingKeysRevoke: Verb = {
  operands: "ID",
  summary: "Revoke a signing key that others may know",
  about:
    "Every badge signed with it stops verifying, wherever it is. Hosted badges are not affected.",
  options: {
    reason: { type: "string", value: "TEXT", help: "Shown to everybody who asks for the key" },
    site: SITE,
  },
  examples: ['signing-keys revoke 0199… --reason "A backup was stolen."'],
  remote: true,
  run: (call) => {
    const { operands, options, out } = call;
    const reason = options.text("reason");
    if (reason === undefined) throw new UsageError("--reason is missing: why is it revoked?");
    return withInstallation(call, async ({ api }) => {
      const id = encodeURIComponent(operands[0] ?? "");
      const body = { reason };
      const revoked = await api("POST", `/signing-keys/${id}/revoke`, { ...scope(call), body });
      out.line(
        "Revoked\n  Badges signed with it no longer verify. Asked for again, they are signed anew.",
      );
      out.document(revoked);
      return EXIT.done;
    });
  },
};
