// Points in time as people read them, always in UTC and always saying so where the hour is shown.
import type { Language } from "../language.ts";
import { area, type Speaker, speaker } from "./words/speak.tsx";

/** What tells a time in a reader's language: any catalogue's speaker. */
type Clock = Pick<Speaker, "day" | "minute">;

const SILENT = area({}, {});

interface PointProps {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly language?: Language;
}

/** `4 October 2026`; `at` in milliseconds since 1970. */
export function Day({ at, language = "en" }: PointProps) {
  return <>{speaker(language, SILENT).day(at)}</>;
}

/** `4 October 2026 at 14:02 UTC`; `at` in milliseconds since 1970. */
export function Minute({ at, language = "en" }: PointProps) {
  return <>{speaker(language, SILENT).minute(at)}</>;
}

interface StatedProps {
  readonly text: string;
  readonly t: Clock;
}

/** A stranger's date, as they wrote it where it is none. */
export function StatedDay({ text, t }: StatedProps) {
  const at = Date.parse(text);
  return Number.isNaN(at) ? <bdi>{text}</bdi> : <>{t.day(at)}</>;
}

/** The same with the minute. */
export function StatedMinute({ text, t }: StatedProps) {
  const at = Date.parse(text);
  return Number.isNaN(at) ? <bdi>{text}</bdi> : <>{t.minute(at)}</>;
}

const INSTANT = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/;

/** A sentence with the instants in it as people read them. */
export function WithTimes({ text, t = speaker("en", SILENT) }: { text: string; t?: Clock }) {
  return (
    <>{text.split(INSTANT).map((part, i) => (i % 2 ? <StatedMinute text={part} t={t} /> : part))}</>
  );
}
