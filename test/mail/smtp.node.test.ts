// Mails over real connections: many of them over few, with files; and a sender that is killed at any moment.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { MailMessage } from "../../src/env.ts";
import { CLAIM_MS } from "../../src/mail/sender.ts";
import { createMail } from "../../src/runtime/mail.ts";
import { converse, listening, type Taking } from "../signin/smtp-server.ts";
import { mailWorld, notified } from "./mailing.ts";

/** More with `KILLS=500 npm test -- mail/smtp`. */
const KILLS = Number(process.env.KILLS ?? 8);
const PROGRAM = new URL("./sender-process.ts", import.meta.url).pathname;

interface Sink {
  readonly port: number;
  connections: number;
  open: number;
  take: Taking;
}

async function sink(): Promise<Sink> {
  const sockets = new Set<Socket>();
  const self = {
    port: 0,
    connections: 0,
    open: 0,
    take: ((_to, _mail, accept) => accept()) as Taking,
  };
  const server = createServer((socket) => {
    self.connections++;
    self.open++;
    sockets.add(socket);
    socket.on("close", () => {
      self.open--;
      sockets.delete(socket);
    });
    socket.on("error", () => {});
    converse(socket, (to, mail, accept) => self.take(to, mail, accept));
  });
  self.port = await listening(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return self;
}

const SENDER = {
  publicUrl: "https://badges.example.org",
  mailFrom: { name: "Northside", address: "badges@example.org" },
};
const server = (port: number) => ({
  host: "127.0.0.1",
  port,
  secure: false,
  user: null,
  password: null,
});

const message = (id: string, over: Partial<MailMessage> = {}): MailMessage => ({
  to: `${id}@example.org`,
  subject: "Streak Champion",
  text: "Hello",
  html: "<p>Hello</p>",
  id,
  ...over,
});

const messageId = (mail: string) => /^Message-ID:\s+<([^@>]+)@/im.exec(mail)?.[1] ?? "";

describe("a mail with a file", () => {
  it("carries its bytes, its name in any script, and its language", async () => {
    const peer = await sink();
    const mails: string[] = [];
    peer.take = (_to, mail, accept) => {
      mails.push(mail);
      accept();
    };
    const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7) % 256);
    const attachments = [{ name: "Streak-Champion-Ångström.png", mediaType: "image/png", bytes }];
    const mail = createMail(server(peer.port), SENDER);
    expect(await mail.send(message("one", { language: "pt-BR", attachments }))).toEqual({
      ok: true,
    });
    const [raw = ""] = mails;
    expect(raw).toMatch(/^Content-Language: pt-BR\r$/m);
    const part = /Content-Type: image\/png[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(raw);
    expect(part?.[0]).toContain("Content-Disposition: attachment");
    expect(decodeURIComponent(part?.[0] ?? "")).toContain("Ångström.png");
    expect(Buffer.from(part?.[1] ?? "", "base64").equals(Buffer.from(bytes))).toBe(true);
  });
});

describe("many mails in a row", () => {
  it("go over a few connections, that end with them", async () => {
    const peer = await sink();
    const seen = new Set<string>();
    peer.take = (_to, mail, accept) => {
      seen.add(messageId(mail));
      accept();
    };
    const line = createMail(server(peer.port), SENDER).open?.();
    const sent = await Promise.all(
      Array.from({ length: 250 }, (_, i) => line?.send(message(`mail-${i}`))),
    );
    expect(sent.every((one) => one?.ok)).toBe(true);
    expect(seen.size).toBe(250);
    expect(peer.connections).toBeLessThanOrEqual(6);
    line?.close();
    await expect.poll(() => peer.open).toBe(0);
  });

  it("say which failed, and go on after a connection broke", async () => {
    const peer = await sink();
    const line = createMail(server(peer.port), SENDER).open?.();
    onTestFinished(() => line?.close());
    const to = (name: string) => line?.send(message("x", { to: `${name}@example.org` }));
    expect(await to("kim")).toEqual({ ok: true });
    expect(await to("refused")).toMatchObject({ ok: false, reason: "mail-refused" });
    expect(await to("later")).toMatchObject({ ok: false, reason: "mail-deferred" });
    expect(await to("hangup")).toMatchObject({ ok: false, reason: "mail-server-unreachable" });
    expect(await to("kim")).toEqual({ ok: true });
  });
});

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

describe("notify_on_award: SIGKILL", () => {
  it(`of the sender, ${KILLS} times: each award is told, under one Message-ID`, async () => {
    const peer = await sink();
    const world = await mailWorld({}, { now: Date.now() });
    const file = join(world.env.config.dataDir, "rosette.db");
    const accepted: string[] = [];
    let ahead = 0;
    const start = () => {
      const child = spawn(process.execPath, [PROGRAM, file, String(peer.port), String(ahead)], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      onTestFinished(() => {
        child.kill("SIGKILL");
      });
      return child;
    };
    const awards = [];
    for (let kill = 0; kill < KILLS; kill++) {
      for (let i = 0; i < 4; i++) awards.push(await world.award());
      const child = start();
      let mails = 0;
      peer.take = (_to, mail, accept) => {
        accepted.push(messageId(mail));
        const dies = ++mails === 1 + (kill % 4);
        // Taken, and nobody hears of it; or heard, and perhaps not yet written down.
        if (dies && kill % 2 === 0) child.kill("SIGKILL");
        else accept();
        if (dies) setTimeout(() => child.kill("SIGKILL"), kill % 3);
      };
      await ended(child);
      ahead += CLAIM_MS + 60_000;
    }
    peer.take = (_to, mail, accept) => {
      accepted.push(messageId(mail));
      accept();
    };
    for (let run = 0; run < 2; run++) {
      await ended(start());
      ahead += CLAIM_MS + 60_000;
    }
    const ids = new Set(accepted);
    expect(ids.size).toBe(awards.length);
    expect(awards.filter(({ id }) => !ids.has(`award.created.${id}`))).toEqual([]);
    // At most the mails that were under way when it died go twice.
    expect(accepted.length - ids.size).toBeLessThanOrEqual(KILLS * 3);
    for (const award of awards) expect(await notified(world.env, award)).toBe(true);
    expect(new Set((await world.rows()).map(({ state }) => state))).toEqual(new Set(["sent"]));
  }, 600_000);
});
