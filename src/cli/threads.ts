// Threads that answer one question at a time: how a verb with much to do uses every core.
import { parentPort, Worker } from "node:worker_threads";

export interface Threads<Q, A> {
  /** Each thread twice: it finds the next question waiting when it has answered one. */
  readonly hands: readonly ((question: Q) => Promise<A>)[];
  /** Ends them, whatever they are at. */
  close(): Promise<void>;
}

/**
 * Starts so many threads of one file, each with the same `workerData`. Questions, answers and data
 * are copied (structured clone). A thread that throws or ends rejects what it was asked, then and
 * later.
 */
export function openThreads<Q, A>(file: string, count: number, workerData: object): Threads<Q, A> {
  const workers = Array.from({ length: count }, () => new Worker(file, { workerData }));
  return {
    hands: workers.map((worker) => handOf<Q, A>(worker)).flatMap((hand) => [hand, hand]),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function handOf<Q, A>(worker: Worker): (question: Q) => Promise<A> {
  const asked: { resolve: (answer: A) => void; reject: (error: Error) => void }[] = [];
  let ended: Error | null = null;
  const end = (error: Error) => {
    ended ??= error;
    for (const { reject } of asked.splice(0)) reject(ended);
  };
  worker.on("message", (answer: A) => asked.shift()?.resolve(answer));
  worker.on("error", end);
  worker.on("exit", (code) => end(new Error(`A thread ended with code ${code} before its work.`)));
  return (question) =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      asked.push({ resolve, reject });
      worker.postMessage(question);
    });
}

/** The thread's side: answers in the order of asking. What `answer` throws ends the thread. */
export function answerInThread<Q, A>(answer: (question: Q) => Promise<A>): void {
  let last: Promise<unknown> = Promise.resolve();
  parentPort?.on("message", (question: Q) => {
    last = last.then(async () => parentPort?.postMessage(await answer(question)));
  });
}
