// Points in time as people read them, always in UTC and always saying so where the hour is shown.

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const MINUTE = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "long",
  timeStyle: "short",
  timeZone: "UTC",
});

/** Furthest instants a Date can hold (ECMA-262, section 21.4.1.1), in milliseconds. */
const FURTHEST = 8_640_000_000_000_000;

function toDate(at: number): Date {
  return new Date(Math.min(Math.max(at, -FURTHEST), FURTHEST));
}

/** `4 October 2026`; `at` in milliseconds since 1970. */
export function Day({ at }: { at: number }) {
  const date = toDate(at);
  return <time datetime={date.toISOString()}>{DAY.format(date)}</time>;
}

/** `4 October 2026 at 14:02 UTC`; `at` in milliseconds since 1970. */
export function Minute({ at }: { at: number }) {
  const date = toDate(at);
  return <time datetime={date.toISOString()}>{MINUTE.format(date)} UTC</time>;
}

/** A stranger's date, as they wrote it where it is none. */
export function StatedDay({ text }: { text: string }) {
  const at = Date.parse(text);
  return Number.isNaN(at) ? <bdi>{text}</bdi> : <Day at={at} />;
}

/** The same with the minute. */
export function StatedMinute({ text }: { text: string }) {
  const at = Date.parse(text);
  return Number.isNaN(at) ? <bdi>{text}</bdi> : <Minute at={at} />;
}

const INSTANT = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/;

/** A sentence with the instants in it as people read them. */
export function WithTimes({ text }: { text: string }) {
  return <>{text.split(INSTANT).map((part, i) => (i % 2 ? <StatedMinute text={part} /> : part))}</>;
}
