// `rosette revoke`: takes an award back, with the reason its page and its record then give.
import { withInstallation } from "./installation.ts";
import { inner, text } from "./listing.ts";
import { EXIT, UsageError, type Verb } from "./verb.ts";

export const revoke: Verb = {
  operands: "HASH",
  summary: "Revoke an award",
  about: "HASH is the 40 characters in the badge's address, the address itself, or the award's id.",
  options: {
    reason: { type: "string", value: "TEXT", help: "Shown to everybody who checks the badge" },
    "reset-criteria": {
      type: "boolean",
      help: "Forget what was met: rules may award it again; else only people may",
    },
  },
  examples: ['revoke 3f0c… --reason "Awarded by mistake."'],
  remote: true,
  run: (call) => {
    const { operands, options, out } = call;
    const award = awardNamed(operands[0] ?? "");
    const reason = options.text("reason");
    if (reason === undefined) throw new UsageError("--reason is missing: why is it revoked?");
    return withInstallation(call, async ({ api }) => {
      const revoked = await api("POST", `/awards/${award}/revoke`, {
        body: { reason, reset_criteria: options.flag("reset-criteria") },
      });
      out.line(`Revoked\n  Page  ${text(inner(revoked, "urls"), "page")}`);
      out.document(revoked);
      return EXIT.done;
    });
  },
};

/** The hash or the id of an award, however it is named. */
export function awardNamed(text: string): string {
  const hash = /(?:^|\/)([0-9a-f]{40})(?:$|[/?#])/.exec(text)?.[1];
  if (hash !== undefined) return hash;
  if (/^[0-9a-f-]{36}$/.test(text)) return text;
  throw new UsageError(
    `${JSON.stringify(text)} is neither an award's address, nor its hash, nor its id.`,
  );
}
