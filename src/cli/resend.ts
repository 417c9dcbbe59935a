// `rosette resend`: sends the mail about an award once more.
import { withInstallation } from "./installation.ts";
import { text } from "./listing.ts";
import { awardNamed } from "./revoke.ts";
import { EXIT, type Verb } from "./verb.ts";

export const resend: Verb = {
  operands: "HASH",
  summary: "Send the mail about an award once more",
  about:
    "HASH is the 40 characters in the badge's address, the address itself, or the award's id. Within ten\n" +
    "minutes of a mail about the same award no other is sent; that is no failure.",
  options: {},
  examples: ["resend 3f0c…"],
  remote: true,
  run: (call) => {
    const { operands, out } = call;
    const award = awardNamed(operands[0] ?? "");
    return withInstallation(call, async ({ api }) => {
      const mail = await api("POST", `/awards/${award}/resend`);
      const isSent = mail.state === "sent";
      out.line(isSent ? `Sent a moment ago, at ${text(mail, "sent_at")}` : "It will be sent");
      out.document(mail);
      return EXIT.done;
    });
  },
};
