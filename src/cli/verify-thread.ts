// A thread of its own that judges some of the many badges that `rosette verify` was given.
import { workerData } from "node:worker_threads";
import { openAskerOf } from "./asker.ts";
import { answerInThread } from "./threads.ts";
import { type ThreadWork, tellPart } from "./verify-many.ts";

const work: ThreadWork = workerData;
const asker = openAskerOf(work.asking);
answerInThread((part: readonly string[]) => tellPart(asker, part, work));
