// A process of its own that evaluates everybody in a file, and says how long it took and what it held.
import { readFileSync } from "node:fs";
import type { Env } from "../src/env.ts";
import { evaluateDue } from "../src/issuer/evaluation-drain.ts";
import { EVALUATE } from "../src/issuer/evaluation-due.ts";
import { requestEvaluation } from "../src/issuer/evaluation-request.ts";
import { sweepOrganization } from "../src/issuer/evaluation-sweep.ts";
import { drain } from "../src/jobs/drain.ts";
import { pushingEnv } from "./deliveries-env.ts";
import { ORGANIZATION_ID } from "./fill.ts";

export interface SweepWork {
  readonly file: string;
  /** How long awards are made after the sweep; 0 for not at all. */
  readonly awardMs: number;
}

export interface Swept {
  readonly ms: number;
  /** In the database's hands, commits included. */
  readonly heldMs: number;
  readonly slices: number;
  readonly longestMs: number;
  /** Resident memory after a tenth of the slices, and the most there was, in MiB. */
  readonly early: number;
  readonly most: number;
  readonly mets: number;
  readonly found: number;
  readonly awards: number;
  readonly awardMs: number;
}

/** What the process itself has taken: pages mapped from the file are the system's, and counted as resident. */
const own = () => {
  const status = readFileSync("/proc/self/status", "utf8");
  return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]) / 1024;
};

async function sweep({ file, awardMs }: SweepWork): Promise<Swept> {
  const { env: base } = await pushingEnv(file, []);
  const held: number[] = [];
  const memory: number[] = [];
  const env: Env = {
    ...base,
    db: {
      ...base.db,
      async batch(writes) {
        const start = performance.now();
        const results = await base.db.batch(writes);
        held.push(performance.now() - start);
        memory.push(own());
        return results;
      },
    },
  };
  const wish = { badgeId: null, isDry: false, reason: "request" } as const;
  await base.db.batch(requestEvaluation(base, ORGANIZATION_ID, wish).writes);
  const start = performance.now();
  await drain(env, { "award.sweep_organization": sweepOrganization }, { limit: 99 });
  const ms = performance.now() - start;
  const slices = held.splice(0);
  const awards = awardMs > 0 ? await award(base, awardMs) : { made: 0, ms: 0 };
  const { rows } = await base.db.read({
    sql: "SELECT (SELECT count(*) FROM badge_criteria_mets), (SELECT found FROM evaluations)",
    params: [],
  });
  await base.db.close();
  return {
    ms,
    heldMs: slices.reduce((sum, each) => sum + each, 0),
    slices: slices.length,
    longestMs: Math.max(...slices),
    early: memory[Math.floor(memory.length / 10)] ?? 0,
    most: Math.max(...memory),
    mets: Number(rows[0]?.[0]),
    found: Number(rows[0]?.[1]),
    awards: awards.made,
    awardMs: awards.ms,
  };
}

/** Awards for so long: the job's own clock then says that it has had its time. */
async function award(env: Env, forMs: number): Promise<{ made: number; ms: number }> {
  const start = performance.now();
  const now = () => env.now() + (performance.now() - start > forMs ? 86_400_000 : 0);
  const only = { [EVALUATE]: evaluateDue };
  await drain({ ...env, now }, only, { limit: 1 });
  const ms = performance.now() - start;
  const { rows } = await env.db.read({ sql: "SELECT count(*) FROM badge_issues", params: [] });
  return { made: Number(rows[0]?.[0]), ms };
}

if (process.argv[2] === "--sweep") {
  const swept = await sweep(JSON.parse(process.argv[3] ?? "{}") as SweepWork);
  process.stdout.write(JSON.stringify(swept));
  process.exit();
}
