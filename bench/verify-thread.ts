// A thread of its own that judges parts of a batch of signed badges, as `rosette verify` has them judged.
import { workerData } from "node:worker_threads";
import { answerInThread } from "../src/cli/threads.ts";
import { readRsaKeyInPlace } from "../src/runtime/rsa-public-key.ts";
import { type AtHand, signedJudge } from "./signed-batch.ts";

const { atHand, inFlight }: { atHand: AtHand; inFlight: number } = workerData;
answerInThread(signedJudge(atHand, inFlight, readRsaKeyInPlace));
