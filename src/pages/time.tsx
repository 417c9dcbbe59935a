// Points in time that others wrote down, as people read them: always in UTC.
import { area, type Speaker, speaker } from "./words/speak.tsx";

interface StatedProps {
  readonly text: string;
  /** Of any catalogue: what tells a time in the reader's language. */
  readonly t: Pick<Speaker, "day" | "minute">;
}

/** A stranger's date, as they wrote it where it is none. */
export function StatedDay({ text, t }: StatedProps) {
  const at = Date.parse(text);
  return Number.isNaN(at) ? <bdi>{text}</bdi> : t.day(at);
}

/** The same with the minute. */
export function StatedMinute({ text, t }: StatedProps) {
  const at = Date.parse(text);
  return Number.isNaN(at) ? <bdi>{text}</bdi> : t.minute(at);
}

const INSTANT = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/;
const ENGLISH = speaker("en", area({}, {}));

/** A sentence that the verifier said in English, with the instants in it as people read them. */
export function WithTimes({ text }: { text: string }) {
  return (
    <>
      {text
        .split(INSTANT)
        .map((part, i) => (i % 2 ? <StatedMinute text={part} t={ENGLISH} /> : part))}
    </>
  );
}
