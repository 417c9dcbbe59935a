// Mails by SMTP: nodemailer, loaded with the first mail; on Workers through their sockets.
import { type Config, isLocalHost, type SmtpConfig } from "../config.ts";
import type { Database } from "../db/database.ts";
import type { Env, Mail, MailFault, MailResult } from "../env.ts";
import { createDemoMail } from "../signin/demo-mail.ts";

/** Each of them; a whole mail ends well within the lease of the job that sends it. */
const TIMEOUT_MS = 10_000;

/** Undefined where mails can go nowhere: no server is set, and this is no demo of one's own machine. */
export function openMail(
  config: Config,
  db: Database,
  sources: Pick<Env, "now" | "random">,
): Mail | undefined {
  if (config.smtp !== null) return createMail(config.smtp, config);
  return config.demo && config.publicUrlIsLocal ? createDemoMail(db, sources) : undefined;
}

/** One connection for each mail: they are few, and none is open for nothing. */
export function createMail(smtp: SmtpConfig, config: Pick<Config, "publicUrl" | "mailFrom">): Mail {
  const { hostname } = new URL(config.publicUrl);
  return {
    async send(message) {
      const { createTransport } = await import("nodemailer");
      const transport = createTransport(optionsFor(smtp));
      try {
        await transport.sendMail({
          from: config.mailFrom,
          // As an object: a text would be read as a list of addresses.
          to: { name: "", address: message.to },
          subject: message.subject,
          text: message.text,
          html: message.html,
          messageId: `<${message.id}@${hostname}>`,
          headers: {
            // RFC 3834, section 5: nobody's out-of-office answers it.
            "Auto-Submitted": "auto-generated",
            "Content-Language": "en",
          },
        });
        return { ok: true };
      } catch (error) {
        return faultOf(error);
      } finally {
        transport.close();
      }
    },
  };
}

/** Connects, proves the password and sends nothing. Null when all is well, else why not. */
export async function mailServerFault(smtp: SmtpConfig): Promise<MailFault | null> {
  const { createTransport } = await import("nodemailer");
  const transport = createTransport(optionsFor(smtp));
  try {
    await transport.verify();
    return null;
  } catch (error) {
    const result = faultOf(error);
    return result.ok ? null : result.reason;
  } finally {
    transport.close();
  }
}

function optionsFor({ host, port, secure, user, password }: SmtpConfig) {
  return {
    host,
    port,
    secure,
    // A password is not told to whoever takes STARTTLS out of a server's greeting.
    requireTLS: user !== null && !secure && !isLocalHost(host),
    ...(user === null ? {} : { auth: { user, pass: password ?? "" } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Codes of nodemailer, and of the reply (RFC 5321, section 4.2.1: 4yz may be tried again). */
function faultOf(error: unknown): MailResult {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const failed = (reason: Extract<MailResult, { ok: false }>["reason"], permanent = false) =>
    ({ ok: false, reason, permanent }) as const;
  if (code === "EAUTH" || code === "ENOAUTH") return failed("mail-credentials-refused");
  if (code === "ETLS") return failed("mail-tls-failed");
  if (typeof responseCode === "number") {
    return responseCode >= 500 ? failed("mail-refused", true) : failed("mail-deferred");
  }
  if (code === "ECONNECTION" || code === "ETIMEDOUT" || code === "EDNS" || code === "ESOCKET") {
    return failed("mail-server-unreachable");
  }
  return failed("mail-failed");
}
