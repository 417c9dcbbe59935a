// A time limit on something awaited, whose timer goes as soon as nobody waits any more.
import type { Deadline } from "../net/public-fetch.ts";

/**
 * The signals that platforms make by themselves (`AbortSignal.timeout`) keep their timers until
 * these run out, whatever was answered long before; a Workers isolate may have 10,000 of them.
 */
export function deadlineIn(milliseconds: number): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  // On Node it would keep a process alive that has nothing else to do; elsewhere it is a number.
  if (typeof timer === "object") timer.unref();
  return { signal: controller.signal, forget: () => clearTimeout(timer) };
}
