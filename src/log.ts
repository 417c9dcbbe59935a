// Structured log lines: one JSON object each, with ids and codes, never a secret or a person's data.

export type Level = "debug" | "info" | "warn" | "error";

/** Fields are ids, codes, counts and durations. A person's name, address or a request body is none. */
export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
}

const RANK: Readonly<Record<Level, number>> = { debug: 10, info: 20, warn: 30, error: 40 };

/** Names under which a secret or personal data tends to travel: their values are never written. */
const REDACTED = /pass|secret|token|authorization|cookie|api_?key|email|identity|recipient|salt/i;

/** A log that hands each line to `write`. `now` in milliseconds since 1970. */
export function createLog(threshold: Level, write: (line: string) => void, now: () => number): Log {
  const at =
    (level: Level) =>
    (event: string, fields: Fields = {}): void => {
      if (RANK[level] < RANK[threshold]) return;
      const line: Record<string, unknown> = {
        time: new Date(now()).toISOString(),
        level,
        event,
      };
      for (const [name, value] of Object.entries(fields)) {
        if (value !== undefined) line[name] = REDACTED.test(name) ? "[redacted]" : value;
      }
      write(JSON.stringify(line));
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
