// For fetches in tests that end by themselves: no timer is left to run.
import type { Deadline } from "../src/net/public-fetch.ts";

export const noDeadline = (): Deadline => ({
  signal: new AbortController().signal,
  forget() {},
});
