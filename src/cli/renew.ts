// `rosette renew`: awards a badge anew to who holds an award of it that has expired.
import { type Document, withInstallation } from "./installation.ts";
import { inner, text } from "./listing.ts";
import { awardNamed } from "./revoke.ts";
import { EXIT, type Verb } from "./verb.ts";

export const renew: Verb = {
  operands: "HASH",
  summary: "Renew an award that has expired, of a badge that is renewable",
  about:
    "HASH is the 40 characters in the badge's address, the address itself, or the award's id. The award\n" +
    "stays expired and goes on verifying. One that was renewed before is left alone; that is no failure.",
  options: {
    narrative: { type: "string", value: "TEXT", help: "What was done this time; Markdown" },
    expires: {
      type: "string",
      value: "TIME",
      help: "ISO 8601, or `never`; as the badge says else",
    },
    "idempotency-key": {
      type: "string",
      value: "KEY",
      help: "The same key again gives the same answer: safe to repeat after a failure",
    },
  },
  examples: ['renew 3f0c… --narrative "Passed the yearly refresher."'],
  remote: true,
  run: (call) => {
    const { operands, options, out } = call;
    const award = awardNamed(operands[0] ?? "");
    const [narrative, expires] = [options.text("narrative"), options.text("expires")];
    const key = options.text("idempotency-key");
    const body = {
      ...(narrative === undefined ? {} : { narrative }),
      ...(expires === undefined ? {} : { expires_at: expires === "never" ? null : expires }),
    };
    return withInstallation(call, async ({ api }) => {
      const answer = await api("POST", `/awards/${award}/renew`, {
        body,
        ...(key === undefined ? {} : { headers: { "idempotency-key": key } }),
      });
      out.line(described(answer));
      out.document(answer);
      return EXIT.done;
    });
  },
};

function described(answer: Document): string {
  const done = answer.renewed !== false;
  const urls = inner(done ? answer : inner(answer, "award"), "urls");
  return `${done ? "Renewed" : "Renewed before, by"}\n  Page  ${text(urls, "page")}`;
}
