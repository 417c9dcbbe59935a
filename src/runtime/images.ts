// Draws pictures on Node: in a child process that is started when needed and killed when it hangs.
import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { ImageEngine, Picture, RasteriseResult } from "../env.ts";
import type { Drawing, FromChild } from "./images-child.ts";
import { partPath } from "./part-path.ts";

/** With inspection before it and storing after it, a rejected picture is answered within 2 s. */
export const DRAW_DEADLINE_MS = 1_500;
/** Loading the native library takes 0.2 s on an idle machine; a busy one may be far slower. */
export const START_DEADLINE_MS = 10_000;
/** Long enough for a series of uploads, short enough for an idle server to be small. */
export const IDLE_MS = 10_000;
/** Processes that draw at the same time. */
export const MAX_CHILDREN = 2;
/**
 * Pictures that may wait; past it the answer is `unavailable` at once. Few, since each may take its
 * whole deadline: who waits behind more than these would rather be told to come again.
 */
export const MAX_WAITING = 8;
/** A picture whose process died under it gets one more: it may not have been at fault. */
const MAX_ATTEMPTS = 2;
/** For the little JavaScript in the child; pictures live outside this heap. */
const CHILD_HEAP_MIB = 64;

export interface ImageEngineOptions {
  readonly drawDeadlineMs?: number;
  readonly startDeadlineMs?: number;
  readonly idleMs?: number;
  readonly maxChildren?: number;
  readonly maxWaiting?: number;
}

/** An engine that owns processes: `close` ends them. */
export interface NodeImageEngine extends ImageEngine {
  /** Ids of the processes that live now; none before the first picture and when idle. */
  children(): number[];
  /** Ends every process; pictures that wait are answered `unavailable`, as are later ones. */
  close(): Promise<void>;
}

interface Job {
  readonly source: Picture;
  readonly width: number;
  readonly height: number;
  readonly resolve: (result: RasteriseResult) => void;
  attempts: number;
}

/** The face of cards, from its package; null where the package was left out. */
export async function readFont(): Promise<ArrayBuffer | null> {
  try {
    const path = createRequire(import.meta.url).resolve(FONT);
    return new Uint8Array(await readFile(path)).buffer;
  } catch {
    return null;
  }
}

const FONT = "@fontsource/fraunces/files/fraunces-latin-600-normal.woff";

const UNAVAILABLE: RasteriseResult = { ok: false, reason: "unavailable" };

export function createImageEngine(options: ImageEngineOptions = {}): NodeImageEngine {
  const pool = new Pool({
    drawDeadlineMs: DRAW_DEADLINE_MS,
    startDeadlineMs: START_DEADLINE_MS,
    idleMs: IDLE_MS,
    maxChildren: MAX_CHILDREN,
    maxWaiting: MAX_WAITING,
    ...options,
  });
  return {
    available: true,
    rasterise: (source, width, height = width) => pool.add(source, width, height),
    card: async (card) => {
      // With what sets text in a face: only those who draw load it, and Workers do not have it.
      const { cardSvg } = await import("../pages/card.ts");
      return cardSvg({ ...card, font: await readFont() });
    },
    children: () => pool.pids(),
    close: () => pool.close(),
  };
}

class Pool {
  readonly #options: Required<ImageEngineOptions>;
  readonly #waiting: Job[] = [];
  readonly #children = new Set<Child>();
  #closed = false;

  constructor(options: Required<ImageEngineOptions>) {
    this.#options = options;
  }

  add(source: Picture, width: number, height: number): Promise<RasteriseResult> {
    if (this.#closed || this.#waiting.length >= this.#options.maxWaiting) {
      return Promise.resolve(UNAVAILABLE);
    }
    return new Promise((resolve) => {
      this.#waiting.push({ source, width, height, resolve, attempts: 0 });
      this.#next();
    });
  }

  pids(): number[] {
    return [...this.#children].flatMap(({ pid }) => pid ?? []);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.resolve(UNAVAILABLE);
    await Promise.all([...this.#children].map((child) => child.end()));
  }

  /** Gives the first that waits to a process that is free, or starts one. */
  #next(): void {
    if (this.#waiting.length === 0) return;
    const free = [...this.#children].find((child) => child.free);
    if (!free && this.#children.size >= this.#options.maxChildren) return;
    const job = this.#waiting.shift();
    if (!job) return;
    const child = free ?? this.#start();
    void child.draw(job).then((outcome) => this.#settle(job, outcome));
  }

  #start(): Child {
    const child = new Child(this.#options, () => {
      this.#children.delete(child);
      this.#next();
    });
    this.#children.add(child);
    return child;
  }

  #settle(job: Job, outcome: Outcome): void {
    if (typeof outcome === "string" && ++job.attempts < MAX_ATTEMPTS && !this.#closed) {
      this.#waiting.unshift(job);
    } else {
      job.resolve(toResult(outcome, this.#closed));
    }
    this.#next();
  }
}

/** The one variable that Windows cannot start a process without. */
function inherited(): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env;
  return SystemRoot === undefined ? {} : { SystemRoot };
}

/** What became of a picture: a result, or what became of its process. */
type Outcome = RasteriseResult | "died" | "never-started";

function toResult(outcome: Outcome, closed: boolean): RasteriseResult {
  if (typeof outcome !== "string") return outcome;
  return outcome === "never-started" || closed ? UNAVAILABLE : { ok: false, reason: "unreadable" };
}

/** One process, one picture at a time. */
class Child {
  readonly #options: Required<ImageEngineOptions>;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  #ready = false;
  #gone = false;
  #drawings = 0;
  #current: { readonly drawing: Drawing; readonly done: (outcome: Outcome) => void } | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Required<ImageEngineOptions>, onGone: () => void) {
    this.#options = options;
    this.#process = fork(partPath("images-child", import.meta.url), [], {
      serialization: "advanced",
      execArgv: [`--max-old-space-size=${CHILD_HEAP_MIB}`],
      // Nothing of ours is inherited: no secrets, and no settings of the drawing library.
      env: inherited(),
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#process.on("message", (message: FromChild) => this.#receive(message));
    this.#exited = new Promise((resolve) => {
      const gone = () => {
        if (this.#gone) return;
        this.#gone = true;
        clearTimeout(this.#timer);
        this.#finish(this.#ready ? "died" : "never-started");
        onGone();
        resolve();
      };
      this.#process.on("exit", gone);
      this.#process.on("error", gone);
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get free(): boolean {
    return this.#current === null && !this.#process.killed && this.#process.connected;
  }

  draw({ source, width, height }: Job): Promise<Outcome> {
    return new Promise((done) => {
      this.#current = { drawing: { id: ++this.#drawings, source, width, height }, done };
      clearTimeout(this.#timer);
      this.#hold();
      if (this.#ready) this.#send();
      else this.#deadline(this.#options.startDeadlineMs, UNAVAILABLE);
    });
  }

  async end(): Promise<void> {
    this.#hold();
    this.#process.kill("SIGKILL");
    await this.#exited;
  }

  #receive(message: FromChild): void {
    if ("ready" in message) {
      this.#ready = true;
      this.#send();
    } else if (message.id === this.#current?.drawing.id) {
      this.#finish(message.result);
      this.#rest();
    }
  }

  #send(): void {
    if (!this.#current) return;
    this.#deadline(this.#options.drawDeadlineMs, { ok: false, reason: "deadline" });
    this.#process.send(this.#current.drawing, (error) => {
      if (error) this.#process.kill("SIGKILL");
    });
  }

  /** Whoever waits is answered at once; the process that did not answer is killed. */
  #deadline(milliseconds: number, outcome: Outcome): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#process.kill("SIGKILL");
      this.#finish(outcome);
    }, milliseconds);
  }

  #finish(outcome: Outcome): void {
    const current = this.#current;
    this.#current = null;
    current?.done(outcome);
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#process.kill("SIGKILL"), this.#options.idleMs);
    // An idle process must not keep the server from ending.
    this.#timer.unref();
    this.#process.unref();
    this.#process.channel?.unref();
  }

  #hold(): void {
    this.#process.ref();
    this.#process.channel?.ref();
  }
}
