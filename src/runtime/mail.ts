// Mails by SMTP: nodemailer, loaded with the first mail; on Workers through their sockets.
import { Buffer } from "node:buffer";
import type { Transporter } from "nodemailer";
import { type Config, isLocalHost, type SmtpConfig } from "../config.ts";
import type { Database } from "../db/database.ts";
import type { Env, Mail, MailFault, MailMessage, MailResult } from "../env.ts";
import { createDemoMail } from "../signin/demo-mail.ts";

/** Each of them; a whole mail ends well within the lease of the job that sends it. */
const TIMEOUT_MS = 10_000;

/** Undefined where mails can go nowhere: no server is set, and this is no demo of one's own machine. */
export function openMail(
  config: Config,
  db: Database,
  sources: Pick<Env, "now">,
): Mail | undefined {
  if (config.smtp !== null) return createMail(config.smtp, config);
  return config.demo && config.publicUrlIsLocal ? createDemoMail(db, sources) : undefined;
}

/** Of those that are open at the same time, and share the mails among them. */
const CONNECTIONS = 3;
/** A whole mail, whatever the server does: it may also trickle its replies, one in nine seconds. */
const MAIL_MS = 45_000;

/** A mail by itself takes a connection of its own: they are few, and none is open for nothing. */
export function createMail(smtp: SmtpConfig, config: Sender): Mail {
  return {
    check: () => mailServerFault(smtp),
    async send(message) {
      const { createTransport } = await import("nodemailer");
      const transport = createTransport(optionsFor(smtp));
      try {
        return await sent(transport, config, message);
      } finally {
        transport.close();
      }
    },
    open() {
      let opening: ReturnType<typeof openPool> | undefined;
      return {
        async send(message) {
          opening ??= openPool(smtp);
          return sent(await opening, config, message);
        },
        close: () =>
          void opening?.then(
            (pool) => pool.close(),
            () => {},
          ),
      };
    },
  };
}

type Sender = Pick<Config, "publicUrl" | "mailFrom">;

/** A mail of which not a byte was sent yet goes over another connection, once. */
async function openPool(smtp: SmtpConfig) {
  const { createTransport } = await import("nodemailer");
  const options = { maxConnections: CONNECTIONS, maxRequeues: 1, ...optionsFor(smtp) };
  const pool = createTransport({ ...options, pool: true });
  // Each mail's own promise says what became of it.
  pool.on("error", () => {});
  return pool;
}

async function sent(
  transport: Pick<Transporter, "sendMail">,
  { publicUrl, mailFrom }: Sender,
  { to, subject, text, html, id, language = "en", attachments = [] }: MailMessage,
): Promise<MailResult> {
  try {
    await transport.sendMail({
      from: mailFrom,
      // As an object: a text would be read as a list of addresses.
      to: { name: "", address: to },
      subject,
      text,
      html,
      attachments: attachments.map(({ name, mediaType, bytes }) => ({
        filename: name,
        contentType: mediaType,
        content: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      })),
      messageId: `<${id}@${new URL(publicUrl).hostname}>`,
      headers: {
        // RFC 3834, section 5: nobody's out-of-office answers it.
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
      },
      signal: AbortSignal.timeout(MAIL_MS),
    });
    return { ok: true };
  } catch (error) {
    return faultOf(error);
  }
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
