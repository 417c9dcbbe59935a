import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { award, givenInstallation, post, stored, type Wish, wish } from "./issuing.ts";

/** Two processes on one file; requests take turns between them. */
async function twoProcesses(badge: Record<string, unknown> = {}) {
  const installation = await givenInstallation(badge);
  const first = await installation.serve();
  const second = await installation.serve();
  onTestFinished(async () => {
    await Promise.all([first.stop(), second.stop()]);
  });
  return {
    installation,
    first,
    second,
    /** That many requests at once, every other one to each process. */
    atOnce: (count: number, make: () => Wish) =>
      Promise.all(
        Array.from({ length: count }, (_, i) =>
          award(i % 2 === 0 ? first : second, installation, make()),
        ),
      ),
  };
}

const person = (name: string) => `${name}-${randomUUID()}@example.org`;

it("two processes on one file lose no award and answer for each other's", async () => {
  const { installation, atOnce, first, second } = await twoProcesses();
  const answers = await atOnce(200, () => wish(installation));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  const after = stored(installation);
  expect(after.broken).toEqual({});
  expect(after.ids).toEqual(new Set(answers.map(({ body }) => body.id)));

  const hash = String(answers[0]?.body.hash);
  const path = `/ob/v2/assertions/${hash}`;
  expect((await fetch(`${second.origin}${path}`)).status).toBe(200);
  const revoked = await post(
    first,
    installation.key,
    `/api/v1/awards/${answers[0]?.body.id}/revoke`,
    {
      reason: "Awarded to the wrong person.",
    },
  );
  expect(revoked.status).toBe(200);
  expect((await fetch(`${second.origin}${path}`)).status).toBe(410);
}, 60_000);

it("fifty awards of one slot through two processes leave exactly one row", async () => {
  const { installation, atOnce } = await twoProcesses();
  for (let round = 0; round < 5; round++) {
    const identity = person("one");
    const before = stored(installation).ids.size;
    const answers = await atOnce(50, () => wish(installation, identity));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(
      answers.filter(({ status, body }) => status === 200 && body.awarded === false),
    ).toHaveLength(49);
    const after = stored(installation);
    expect(after.ids.size - before).toBe(1);
    expect(after.broken).toEqual({});
  }
}, 60_000);

it("a cap of three holds against twenty at once from two processes", async () => {
  const { installation, atOnce } = await twoProcesses({ max_awards_per_user: 3 });
  const identity = person("capped");
  const answers = await atOnce(20, () => wish(installation, identity));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
  expect(stored(installation).ids.size).toBe(3);
  expect(stored(installation).broken).toEqual({});
}, 60_000);

it("one Idempotency-Key sent to both processes at once is one award with one answer", async () => {
  const { installation, atOnce } = await twoProcesses();
  for (let round = 0; round < 10; round++) {
    const made = wish(installation);
    const answers = await atOnce(10, () => made);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  }
  expect(stored(installation).ids.size).toBe(10);
  expect(stored(installation).broken).toEqual({});
}, 60_000);
