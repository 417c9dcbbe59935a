// Measures cases against a limit in the same run, round by round, so that a busy machine hurts all.

/** One measured case. Rates are operations a second; `ratio` is against the limit of its group. */
export interface Row {
  name: string;
  /** Median over the rounds. */
  ops: number;
  /** Slowest and fastest round. */
  min: number;
  max: number;
  /** Median of this case's rate over the limit's in the same round; 1 for the limit itself. */
  ratio: number;
  /** The least ratio asked for. */
  target?: number;
  note?: string;
}

/** What to measure: `run` is one operation. */
export interface Case {
  name: string;
  run: () => unknown;
  target?: number;
  note?: string;
}

/** How long to measure. */
export interface Schedule {
  rounds?: number;
  /** How long each case runs in each round, in milliseconds. */
  roundMs?: number;
}

/** What an operation answered last, kept so that no engine may leave the work out. */
let answer: unknown;

/**
 * Measures `limit` and `cases` in turn, `rounds` times over, and answers a row for each, the limit
 * first. The order turns with every round. Ratios are taken pair by pair within a round and only
 * then put to a median: a slow second of the machine slows both sides of a pair.
 */
export async function measure(
  limit: Case,
  cases: readonly Case[],
  { rounds = 15, roundMs = 60 }: Schedule = {},
): Promise<Row[]> {
  const all = [limit, ...cases];
  const rates: number[][] = all.map(() => []);
  const batches: number[] = [];
  for (const { run } of all) batches.push(await batchSize(run));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < all.length; turn++) {
      const i = (turn + round) % all.length;
      const measured = all[i];
      if (measured) rates[i]?.push(await rate(measured.run, batches[i] ?? 1, roundMs));
    }
  }
  const limits = rates[0] ?? [];
  return all.map(({ name, target, note }, i) => {
    const own = rates[i] ?? [];
    const ratio = median(own.map((value, round) => value / (limits[round] ?? Number.NaN)));
    const row = { name, ops: median(own), min: Math.min(...own), max: Math.max(...own), ratio };
    return { ...row, target, note };
  });
}

/** Rows as lines of text, one a case, with what was asked for and whether it was met. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ name, ops, min, max, ratio, target, note }) => {
    const verdict =
      target === undefined ? "" : ` of ${target} ${ratio >= target ? "met" : "MISSED"}`;
    const rates = `${round(ops).padStart(11)}/s  ${round(min)}–${round(max)}`;
    return `${name.padEnd(44)} ${rates.padEnd(40)} x${ratio.toFixed(ratio < 0.1 ? 3 : 2)}${verdict} ${note ?? ""}`;
  });
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** The middle value, or the mean of the middle two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
}

function round(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** Warms a case up and finds how many operations take about a millisecond. */
async function batchSize(run: () => unknown): Promise<number> {
  let size = 1;
  for (let warm = 0; warm < 40; ) {
    const start = performance.now();
    await repeat(run, size);
    const took = performance.now() - start;
    if (took < 1) size *= 2;
    else warm++;
  }
  return size;
}

async function rate(run: () => unknown, batch: number, forMs: number): Promise<number> {
  const start = performance.now();
  let done = 0;
  let took = 0;
  while (took < forMs) {
    await repeat(run, batch);
    done += batch;
    took = performance.now() - start;
  }
  return (done * 1000) / took;
}

/** Waits only where an operation is asynchronous: a pointless wait would cost as much as a splice. */
async function repeat(run: () => unknown, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    answer = run();
    if (answer instanceof Promise) await answer;
  }
}
