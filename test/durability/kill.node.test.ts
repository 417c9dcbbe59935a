import { expect, it } from "vitest";
import type { Server } from "../setup/process.ts";
import {
  award,
  givenInstallation,
  type Installation,
  type Posted,
  stored,
  type Wish,
  wish,
} from "./issuing.ts";

/** More with `KILLS=100 npm test -- durability`. */
const KILLS = Number(process.env.KILLS ?? 8);
const CLIENTS = 16;

interface Acknowledged {
  readonly wish: Wish;
  readonly answer: Posted;
}

/** Clients that award without a pause until the server is gone; what was acknowledged, and what was not. */
async function awardUntilKilled(server: Server, installation: Installation, killAfter: number) {
  const acknowledged: Acknowledged[] = [];
  const unanswered: Wish[] = [];
  let asked = 0;
  const client = async () => {
    for (;;) {
      const made = wish(installation);
      if (++asked === killAfter) server.program.child.kill("SIGKILL");
      try {
        const answer = await award(server, installation, made);
        acknowledged.push({ wish: made, answer });
      } catch {
        unanswered.push(made);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  await server.program.ended;
  return { acknowledged, unanswered };
}

it("SIGKILL during awards loses no acknowledged one, halves none, doubles none", async () => {
  const installation = await givenInstallation();
  const all: Acknowledged[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await installation.serve();
    const { acknowledged, unanswered } = await awardUntilKilled(
      server,
      installation,
      40 + kill * 13,
    );
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.every(({ answer }) => answer.status === 201)).toBe(true);
    all.push(...acknowledged);

    const after = stored(installation);
    expect(after.integrity).toBe("ok");
    expect(after.broken).toEqual({});
    expect(all.filter(({ answer }) => !after.ids.has(String(answer.body.id)))).toEqual([]);

    const again = await installation.serve();
    for (const { wish: made, answer } of acknowledged.slice(-3)) {
      expect((await award(again, installation, made)).body).toEqual(answer.body);
    }
    for (const made of unanswered) {
      const first = await award(again, installation, made);
      expect(first.status).toBe(201);
      expect((await award(again, installation, made)).body).toEqual(first.body);
      all.push({ wish: made, answer: first });
    }
    await again.stop("SIGKILL");
  }
  const end = stored(installation);
  expect(end.broken).toEqual({});
  expect(end.ids.size).toBe(all.length);
}, 120_000);
