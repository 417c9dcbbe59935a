import { expect, it, onTestFinished } from "vitest";
import { createLog } from "../../src/log.ts";
import { type WorkWatchOptions, watchForWork } from "../../src/runtime/work-watch.ts";

function watching(options: Pick<WorkWatchOptions, "look" | "found">) {
  const lines: string[] = [];
  const log = createLog("info", (line) => lines.push(line), Date.now);
  const watch = watchForWork({ ...options, log, firstMs: 0, everyMs: 0 });
  onTestFinished(() => watch.stop());
  return { watch, lines };
}

/** Says that something happened, to whoever waits for it. */
function signal(): { give: () => void; given: Promise<void> } {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give, given };
}

it("looks until there is work, and ends with it", async () => {
  const { give, given } = signal();
  let looks = 0;
  const { watch } = watching({
    look: async () => ++looks === 3,
    found: async () => give(),
  });
  // The watch counts as unneeded work of the process: something must keep that alive.
  const alive = setInterval(() => {}, 1_000);
  await given;
  clearInterval(alive);
  await watch.stop();
  expect(looks).toBe(3);
});

it("looks again after a look that failed, and says so", async () => {
  const { give, given } = signal();
  let looks = 0;
  const { lines } = watching({
    look: async () => {
      if (++looks === 1) throw new TypeError("unreadable");
      return true;
    },
    found: async () => give(),
  });
  await given;
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: "drain.failed", error: "TypeError" },
  ]);
});

it("comes back when what does the work could not be loaded", async () => {
  const { give, given } = signal();
  let tries = 0;
  const { lines } = watching({
    look: async () => true,
    found: async () => {
      if (++tries === 1) throw new Error("gone");
      give();
    },
  });
  await given;
  expect(lines).toHaveLength(1);
});

it("a stop waits for the look that is under way, which finds nothing any more", async () => {
  const looking = signal();
  const end = signal();
  let found = 0;
  const { watch } = watching({
    look: async () => {
      looking.give();
      await end.given;
      return true;
    },
    found: async () => void found++,
  });
  await looking.given;
  const stopped = watch.stop();
  end.give();
  await stopped;
  expect(found).toBe(0);
});
