// ISO 8601 durations, as a number of seconds.

const DAY = 86_400;
const DURATION =
  /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
/** A year counts 365 days and a month 30, since the length must not depend on when it begins. */
const UNITS = [365 * DAY, 30 * DAY, 7 * DAY, DAY, 3_600, 60, 1];

/** Seconds in a duration of whole numbers, such as P2Y, P6W or PT36H; null for anything else. */
export function secondsIn(duration: string): number | null {
  const parts = DURATION.exec(duration)?.slice(1);
  if (parts === undefined) return null;
  const seconds = parts.reduce((sum, part, i) => sum + Number(part ?? 0) * (UNITS[i] ?? 0), 0);
  return Number.isSafeInteger(seconds) ? seconds : null;
}
