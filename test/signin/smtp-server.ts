// A mail server for a whole test run: takes mails on one socket, shows them on another, refuses by recipient.
import { EventEmitter } from "node:events";
import { createServer as createHttp } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

export interface SmtpServer {
  readonly port: number;
  /**
   * `GET <inbox>?to=<address>` answers with the raw mails to it, as a JSON array; `&least=1` answers
   * when there are that many.
   */
  readonly inbox: string;
  close(): Promise<void>;
}

const USER = Buffer.from("\0kim\0right").toString("base64");

export async function startSmtp(): Promise<SmtpServer> {
  const taken = new Map<string, string[]>();
  const arrivals = new EventEmitter().setMaxListeners(0);
  const open = new Set<Socket>();
  const smtp = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
    converse(socket, (to, mail, accept) => {
      taken.set(to, [...(taken.get(to) ?? []), mail]);
      arrivals.emit("mail");
      accept();
    });
  });
  const http = createHttp((request, response) => {
    const asked = new URL(request.url ?? "/", "http://inbox").searchParams;
    const answer = () => {
      const mails = taken.get(asked.get("to") ?? "") ?? [];
      if (mails.length < Number(asked.get("least") ?? 0)) return;
      arrivals.off("mail", answer);
      response.writeHead(200, { "content-type": "application/json", connection: "close" });
      response.end(JSON.stringify(mails));
    };
    arrivals.on("mail", answer);
    answer();
  });
  const [port, httpPort] = [await listening(smtp), await listening(http)];
  return {
    port,
    inbox: `http://127.0.0.1:${httpPort}/`,
    async close() {
      for (const socket of open) socket.destroy();
      await Promise.all([smtp, http].map((one) => new Promise((done) => one.close(done))));
    },
  };
}

export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A mail that has arrived; `accept` says so to who sent it. */
export type Taking = (to: string, mail: string, accept: () => void) => void;

/** As much of RFC 5321 as a client of ours needs. */
export function converse(socket: Socket, take: Taking): void {
  let buffered = "";
  let to: string | null = null;
  let reading = false;
  const reply = (line: string) => socket.write(`${line}\r\n`);
  const answers: Readonly<Record<string, (rest: string) => void>> = {
    EHLO: () => reply("250-test\r\n250 AUTH PLAIN"),
    AUTH: (rest) => reply(rest === `PLAIN ${USER}` ? "235 welcome" : "535 who are you"),
    MAIL: () => reply("250 ok"),
    RCPT: (rest) => {
      to = /TO:<([^>]*)>/i.exec(rest)?.[1] ?? "";
      if (to.startsWith("refused@")) reply("550 no such mailbox");
      else if (to.startsWith("later@")) reply("451 come back");
      else if (to.startsWith("hangup@")) socket.destroy();
      else reply("250 ok");
    },
    DATA: () => {
      reading = true;
      reply("354 go on");
    },
    QUIT: () => {
      reply("221 bye");
      socket.end();
    },
  };
  reply("220 test");
  socket.on("data", (chunk) => {
    buffered += chunk.toString("utf8");
    for (;;) {
      const end = reading ? "\r\n.\r\n" : "\r\n";
      const at = buffered.indexOf(end);
      if (at === -1) return;
      const part = buffered.slice(0, at);
      buffered = buffered.slice(at + end.length);
      if (reading) {
        reading = false;
        take(to ?? "", part, () => reply("250 taken"));
      } else {
        const [verb = "", ...rest] = part.split(" ");
        const answer = answers[verb.toUpperCase()];
        if (answer) answer(rest.join(" "));
        else reply("502 not here");
      }
    }
  });
}
