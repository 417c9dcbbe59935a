// Sending: what is tried again, what is parked, what waits for the server, and what a crash repeats.
import { describe, expect, it } from "vitest";
import { DatabaseError } from "../../src/db/errors.ts";
import type { Env } from "../../src/env.ts";
import { awardToken } from "../../src/issuer/award-link.ts";
import { GIVE_UP_MS, LEAST_ATTEMPTS } from "../../src/jobs/backoff.ts";
import { drain } from "../../src/jobs/drain.ts";
import { CLAIM_MS } from "../../src/mail/sender.ts";
import { createDemoMail } from "../../src/signin/demo-mail.ts";
import { mortal } from "../mortal.ts";
import {
  DEFERRED,
  DOWN,
  MAILING,
  type MailWorld,
  mailWorld,
  notified,
  REFUSED,
} from "./mailing.ts";

const HOUR_MS = 3_600_000;
/** Of a token: what stands for the award's id. */
const ID_SIGNS = 23;

/** Where each mail's link is made, something may go wrong. */
function worldThatLinks(linking: (token: string) => void): Promise<MailWorld> {
  return mailWorld(
    {},
    {
      override: ({ urls }) => ({
        urls: {
          ...urls,
          claim(token) {
            linking(token);
            return urls.claim(token);
          },
        },
      }),
    },
  );
}

describe("notify_on_award: a dispatch that fails", () => {
  it("keeps the award with its flag down, and is tried again until the mail is taken, then never more", async () => {
    const world = await mailWorld();
    world.server.answer = () => DEFERRED;
    const award = await world.award();
    await world.send();
    expect(await world.row(award)).toMatchObject({
      state: "waiting",
      attempts: 1,
      last_error: "mail-deferred",
    });
    expect(await notified(world.env, award)).toBe(false);
    world.server.answer = () => ({ ok: true });
    await world.pass(HOUR_MS);
    expect(await notified(world.env, award)).toBe(true);
    for (let i = 0; i < 5; i++) await world.pass(HOUR_MS);
    expect(world.server.taken).toHaveLength(1);
    expect(new Set(world.server.tried.map(({ id }) => id)).size).toBe(1);
  });

  it("waits longer each time, not all for the same time", async () => {
    const world = await mailWorld();
    world.server.answer = () => DEFERRED;
    const awards = [await world.award(), await world.award(), await world.award()];
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      const before = world.app.clock.now;
      await world.send();
      const due = (await world.rows()).map(({ due_at }) => due_at - before);
      waits.push(Math.min(...due));
      world.app.clock.now = Math.max(...(await world.rows()).map(({ due_at }) => due_at));
    }
    expect(waits.every((wait, i) => i === 0 || wait > (waits[i - 1] ?? 0))).toBe(true);
    const last = await Promise.all(awards.map((award) => world.row(award)));
    expect(new Set(last.map((row) => row?.due_at)).size).toBe(3);
  });

  it("is parked where the server refused the address for good", async () => {
    const world = await mailWorld();
    world.server.answer = () => REFUSED;
    const award = await world.award();
    await world.send();
    for (let i = 0; i < 5; i++) await world.pass(HOUR_MS);
    expect(world.server.tried).toHaveLength(1);
    expect(await world.row(award)).toMatchObject({ state: "parked", last_error: "mail-refused" });
    expect(await notified(world.env, award)).toBe(false);
  });

  it(`is parked after 72 hours and ${LEAST_ATTEMPTS} tries, and not before`, async () => {
    const world = await mailWorld();
    world.server.answer = () => DEFERRED;
    const award = await world.award();
    while (world.app.clock.now < award.created_at + GIVE_UP_MS - 7 * HOUR_MS) {
      await world.pass(HOUR_MS);
    }
    expect(await world.row(award)).toMatchObject({ state: "waiting" });
    for (let i = 0; i < 14; i++) await world.pass(HOUR_MS);
    expect(await world.row(award)).toMatchObject({ state: "parked", last_error: "mail-deferred" });
  });

  it(`is parked after ${LEAST_ATTEMPTS} tries where it cannot be written, and holds up no other`, async () => {
    let broken = "";
    const world = await worldThatLinks((token) => {
      // The token begins with the award's id; the day at its end changes.
      if (broken !== "" && token.startsWith(broken)) throw new RangeError("no link can be made");
    });
    const unwritable = await world.award();
    broken = (await awardToken(world.env, unwritable.id, 0)).slice(0, ID_SIGNS);
    const good = await world.award();
    await world.send();
    expect(await notified(world.env, good)).toBe(true);
    expect(await world.row(unwritable)).toMatchObject({
      state: "waiting",
      last_error: "mail-not-written",
    });
    for (let i = 0; i < LEAST_ATTEMPTS; i++) await world.pass(HOUR_MS);
    expect(await world.row(unwritable)).toMatchObject({
      state: "parked",
      attempts: LEAST_ATTEMPTS,
      last_error: "mail-not-written",
    });
    const said = world.app.logged.filter(({ event }) => event === "mail.not_written");
    expect(said).toHaveLength(LEAST_ATTEMPTS);
    expect(world.app.logged).toContainEqual(
      expect.objectContaining({ event: "mail.parked", code: "mail-not-written" }),
    );
  });

  it("is no mail's fault where the database does not answer", async () => {
    let broken = true;
    const world = await worldThatLinks(() => {
      if (broken) throw new Error("query failed", { cause: new DatabaseError("unreachable") });
    });
    const award = await world.award();
    await world.send();
    expect(await world.row(award)).toMatchObject({ state: "waiting", last_error: "sending" });
    broken = false;
    await world.pass(CLAIM_MS);
    expect(await notified(world.env, award)).toBe(true);
  });

  it("holds up no other mail", async () => {
    const world = await mailWorld();
    world.server.answer = ({ to }) => (to.startsWith("bad") ? REFUSED : { ok: true });
    for (let i = 0; i < 6; i++)
      await world.award({ to: `${i % 2 ? "bad" : "good"}-${i}@example.org` });
    await world.send();
    expect(world.server.taken).toHaveLength(3);
  });
});

describe("a mail server that cannot be used", () => {
  it("is tried once for all that wait, with longer and longer pauses, and then gets each mail once", async () => {
    const world = await mailWorld();
    world.server.answer = () => DOWN;
    const awards = [];
    for (let i = 0; i < 40; i++) awards.push(await world.award());
    await world.send();
    // Three that fail in a row, and the two that are under way when the third is heard of.
    expect(world.server.tried.length).toBeLessThanOrEqual(5);
    const [first] = await world.rows();
    const pause = (first?.due_at ?? 0) - world.app.clock.now;
    expect(pause).toBeGreaterThan(0);
    for (let i = 0; i < 4; i++) await world.pass(HOUR_MS);
    const later = (await world.rows())[0]?.due_at ?? 0;
    expect(later - world.app.clock.now).toBeGreaterThan(pause);
    world.server.answer = () => ({ ok: true });
    world.server.taken.length = 0;
    await world.pass(HOUR_MS);
    expect(world.server.taken).toHaveLength(40);
    expect(new Set(world.server.taken.map(({ id }) => id)).size).toBe(40);
    for (const award of awards) expect(await notified(world.env, award)).toBe(true);
  });

  it("parks what waited for 72 hours, to be sent again when asked", async () => {
    const world = await mailWorld();
    world.server.answer = () => DOWN;
    const award = await world.award();
    for (let i = 0; i < 80; i++) await world.pass(HOUR_MS);
    expect(await world.row(award)).toMatchObject({
      state: "parked",
      last_error: "mail-server-unreachable",
    });
  });

  it("is not taken for down because of one address at which it hangs up", async () => {
    const world = await mailWorld();
    world.server.answer = ({ to }) => (to.startsWith("hangup") ? DOWN : { ok: true });
    for (let i = 0; i < 3; i++) await world.award({ to: `hangup-${i}@example.org` });
    for (let i = 0; i < 50; i++) await world.award();
    for (let i = 0; i < 2; i++) await world.pass(60_000);
    expect(world.server.taken).toHaveLength(50);
    await world.award();
    await world.send();
    expect(world.server.taken).toHaveLength(51);
  });

  it("that puts off everything is left alone after ten", async () => {
    const world = await mailWorld();
    world.server.answer = () => DEFERRED;
    for (let i = 0; i < 60; i++) await world.award();
    await world.send();
    expect(world.server.tried.length).toBeLessThan(16);
  });

  it("and is not set up any more: what waits is sent once it is again", async () => {
    const world = await mailWorld();
    await world.award();
    const without = { ...world.env, mail: undefined };
    expect(await drain(without, MAILING, { limit: 9 })).toMatchObject({ done: 1 });
    await world.send();
    expect(world.server.tried).toEqual([]);
    await world.plan();
    await world.send();
    expect(world.server.taken).toHaveLength(1);
  });
});

describe("many mails", () => {
  it("go over connections that are opened once for a run and closed at its end", async () => {
    const world = await mailWorld();
    for (let i = 0; i < 100; i++) await world.award();
    await world.send();
    expect(world.server.taken).toHaveLength(100);
    expect(world.server.opened).toBe(world.server.closed);
    expect(world.server.opened).toBeLessThanOrEqual(2);
  });

  it("leave the worker after half a minute and go on in the next job", async () => {
    const world = await mailWorld();
    for (let i = 0; i < 70; i++) await world.award();
    world.server.answer = () => {
      world.app.clock.advance(1_000);
      return { ok: true };
    };
    expect(await drain(world.env, MAILING, { limit: 1 })).toMatchObject({ done: 1 });
    expect(world.server.taken.length).toBeGreaterThanOrEqual(30);
    expect(world.server.taken.length).toBeLessThan(70);
    await world.send();
    expect(world.server.taken).toHaveLength(70);
  });
});

const AWARDS = 3;

async function diesAt(fatal: number, when: "before" | "after", demo: boolean) {
  const world = await mailWorld(
    {},
    {
      shared: true,
      ...(demo ? { override: (env: Env) => ({ mail: createDemoMail(env.db, env) }) } : {}),
    },
  );
  const awards = [];
  for (let i = 0; i < AWARDS; i++) awards.push(await world.award());
  const { env, died, steps } = mortal(world.env, fatal, when);
  await Promise.race([drain(env, MAILING, { limit: 9, concurrency: 1 }), died]);
  const reached = steps() >= fatal;
  // Another process comes when its lease and its claims have ended.
  for (let i = 0; i < 3; i++) await world.pass(CLAIM_MS + 60_000);
  const sent = await Promise.all(awards.map((award) => notified(world.env, award)));
  return { world, reached, sent };
}

async function states(world: MailWorld) {
  return (await world.rows()).map(({ state }) => state);
}

describe.each(["before", "after"] as const)("a process that dies %s any of its steps", (when) => {
  it("leaves no award untold, and tells each under one Message-ID", async () => {
    const broken: string[] = [];
    let fatal = 0;
    let repeated = 0;
    for (;;) {
      const { world, reached, sent } = await diesAt(++fatal, when, false);
      const ids = world.server.taken.map(({ id }) => id);
      if (ids.length > AWARDS) repeated++;
      const told = new Set(ids).size;
      if (
        told !== AWARDS ||
        sent.includes(false) ||
        (await states(world)).some((s) => s !== "sent")
      ) {
        broken.push(`${when} step ${fatal}: ${told} told, ${sent.join()}`);
      }
      await world.app.close();
      if (!reached) break;
    }
    expect(broken).toEqual([]);
    expect(fatal).toBeGreaterThan(10);
    // Between the server's answer and ours written down nobody can know: there a mail goes twice.
    expect(repeated).toBeGreaterThan(0);
  }, 120_000);

  it("puts each mail once into the mailbox of the demo", async () => {
    const broken: string[] = [];
    for (let fatal = 1; ; fatal++) {
      const { world, reached, sent } = await diesAt(fatal, when, true);
      const { rows } = await world.env.db.read({ sql: "SELECT id FROM demo_mails", params: [] });
      if (rows.length !== AWARDS || sent.includes(false)) broken.push(`${fatal}: ${rows.length}`);
      await world.app.close();
      if (!reached) break;
    }
    expect(broken).toEqual([]);
  }, 120_000);
});

it("two drainers at once send each mail once", async () => {
  const world = await mailWorld();
  for (let i = 0; i < 30; i++) await world.award();
  await Promise.all([world.send(), world.send(), world.send()]);
  expect(world.server.tried).toHaveLength(30);
});
