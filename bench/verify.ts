// How close judging badges comes to what it cannot do without: fetching them, and checking signatures.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CompactSign, exportSPKI, generateKeyPair } from "jose";
import { inOrder, partsOf } from "../src/cli/in-order.ts";
import { openThreads, type Threads } from "../src/cli/threads.ts";
import { openPublicFetch } from "../src/runtime/public-fetch.ts";
import { readRsaKey, readRsaKeyInPlace } from "../src/runtime/rsa-public-key.ts";
import { OPEN_BADGES_V2_TERMS } from "../src/verify/contexts/openbadges-v2.ts";
import { type Case, measure, type Row } from "./measure.ts";
import { start } from "./servers.ts";
import { type AtHand, type SignedPart, signedJudge, valid } from "./signed-batch.ts";

export interface VerifyBenchOptions {
  /** Where the reference validator's environment and a context may be kept. */
  readonly root: string;
  readonly folder: string;
}

const PORT = 4_391;
const CONTEXT = "https://w3id.org/openbadges/v2";
/** How many times as fast as the reference validator is asked for. */
const TIMES_REFERENCE = 15;
const BATCH = 1_000;
const FEW_IN_FLIGHT = 8;
const MANY_IN_FLIGHT = 32;
/** The main one included. */
const THREADS = Math.min(availableParallelism(), 4);
/** Badges handed to a thread together. */
const PART = 16;
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
  "base64",
);
/** As large a picture as a badge of 512 pixels often is: what follows IEND is nobody's. */
const PICTURE = Buffer.concat([PIXEL, Buffer.alloc(24 * 1024)]);

/** Documents by their paths below one origin, as an issuer with one badge has them. */
function issuerDocuments(origin: string, pem?: string): Readonly<Record<string, object>> {
  const key = `${origin}/keys/1`;
  const signing = { publicKey: key, revocationList: `${origin}/revoked` };
  return {
    "/badge": {
      "@context": CONTEXT,
      type: "BadgeClass",
      id: `${origin}/badge`,
      name: "Workshop Lead",
      description: "Plans a workshop, leads it, and writes down what came of it. ".repeat(4),
      image: `${origin}/image.png`,
      criteria: { narrative: "Led one workshop of a day at least. ".repeat(8) },
      issuer: `${origin}/issuer`,
      tags: ["workshop", "community"],
    },
    "/issuer": {
      "@context": CONTEXT,
      type: "Issuer",
      id: `${origin}/issuer`,
      name: "Northside Makers",
      url: "https://northside.example",
      email: "badges@northside.example",
      description: "A workshop for everybody who makes things. ".repeat(4),
      ...(pem === undefined ? {} : signing),
    },
    "/keys/1": {
      "@context": CONTEXT,
      type: "CryptographicKey",
      id: key,
      owner: `${origin}/issuer`,
      publicKeyPem: pem,
    },
    "/revoked": {
      "@context": CONTEXT,
      type: "RevocationList",
      id: `${origin}/revoked`,
      issuer: `${origin}/issuer`,
      revokedAssertions: [],
    },
  };
}

function assertion(id: string, origin: string, verification: object): object {
  return {
    "@context": CONTEXT,
    type: "Assertion",
    id,
    recipient: {
      type: "email",
      hashed: true,
      salt: "00112233445566778899aabbccddeeff",
      identity: `sha256$${"4f0c2a9be1d3476c".repeat(4)}`,
    },
    badge: `${origin}/badge`,
    verification,
    issuedOn: "2026-11-01T09:30:00Z",
    narrative: "Led the workshop, wrote it up, and helped others to do the same. ".repeat(8),
    evidence: [{ id: "https://northside.example/notes/kim", name: "Coordinator's note" }],
  };
}

/** Serves what PAGES holds: a text by its path, and the picture. */
const HOST = `
import { createServer } from "node:http";
const pages = new Map(Object.entries(JSON.parse(process.env.PAGES)));
const picture = Buffer.from(process.env.PICTURE, "base64");
createServer((request, response) => {
  const page = pages.get(request.url);
  if (request.url === "/image.png") {
    response.writeHead(200, { "content-type": "image/png", "content-length": picture.length });
    response.end(picture);
  } else if (page === undefined) response.writeHead(404).end();
  else {
    const body = Buffer.from(page);
    response.writeHead(200, { "content-type": "application/ld+json", "content-length": body.length });
    response.end(body);
  }
}).listen(Number(process.env.PORT), "127.0.0.1");`;

/** One badge at its address on this machine, another process being its host. */
async function hostedBench({ root, folder }: VerifyBenchOptions): Promise<Row[]> {
  const origin = `http://127.0.0.1:${PORT}`;
  const address = `${origin}/assertion`;
  const all = {
    ...issuerDocuments(origin),
    "/assertion": assertion(address, origin, { type: "HostedBadge" }),
  };
  const pages = Object.entries(all).map(([path, page]) => [path, JSON.stringify(page)]);
  const env = {
    PAGES: JSON.stringify(Object.fromEntries(pages)),
    PICTURE: PICTURE.toString("base64"),
  };
  const args = ["--input-type=module", "-e", HOST];
  const host = await start({ name: "host of a badge", args, env }, PORT);
  const guarded = openPublicFetch({ publicUrl: origin });
  const agent = new Agent({ keepAlive: true });
  const reference = await startReference(root, folder, address);
  try {
    const bare: Case = {
      name: "four fetches alone (node:http, kept alive)",
      run: () => fourFetches(agent, origin),
    };
    const ours: Case = {
      name: "hosted badge, from its address to its verdict",
      run: () => valid(address, guarded.publicFetch),
      target: 0.5,
      note: "three documents and a picture, guards included",
    };
    const rows = await measure(bare, [ours], { roundMs: 200 });
    return reference === null ? rows : [...rows, ...(await againstReference(reference, ours))];
  } finally {
    reference?.stop();
    agent.destroy();
    await guarded.close();
    await host.stop();
  }
}

/** In the order that they lead to one another; the last two side by side, as they can be. */
async function fourFetches(agent: Agent, origin: string): Promise<void> {
  await fetchBare(agent, `${origin}/assertion`);
  await fetchBare(agent, `${origin}/badge`);
  await Promise.all([
    fetchBare(agent, `${origin}/issuer`),
    fetchBare(agent, `${origin}/image.png`),
  ]);
}

function fetchBare(agent: Agent, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(address, { agent }, (response) => {
      let length = 0;
      response.on("data", (chunk: Uint8Array) => {
        length += chunk.length;
      });
      response.on("end", () => resolve(length));
    });
    request.on("error", reject);
  });
}

interface Reference {
  validate(): Promise<void>;
  stop(): void;
}

/** Validates the address once for each line it is sent: what it takes to start is not counted. */
const WARM = `
import sys
sys.path.insert(0, sys.argv[1])
import validate
options = validate.command_line(sys.argv[2:])
validate.logging.getLogger("openbadges.verifier").setLevel(validate.logging.CRITICAL)
adapter = validate.go_offline(options.documents)
for _ in sys.stdin:
    line = validate.validate(options.inputs[0], None, adapter)
    print("valid" if line["valid"] else line["messages"], flush=True)
`;

/** Null where the validator is not set up. */
async function startReference(
  root: string,
  folder: string,
  address: string,
): Promise<Reference | null> {
  const python = join(root, ".rosette/reference-validator/bin/python");
  if (!existsSync(python)) return null;
  mkdirSync(folder, { recursive: true });
  const context = join(folder, "openbadges-v2.json");
  writeFileSync(context, JSON.stringify({ "@context": OPEN_BADGES_V2_TERMS }));
  const scripts = join(root, "tools/reference-validator");
  const args = ["-c", WARM, scripts, "--context", `${CONTEXT}=${context}`, address];
  const child: ChildProcess = spawn(python, args, { stdio: ["pipe", "pipe", "inherit"] });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error("the reference validator has no streams");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    async validate() {
      stdin.write("\n");
      const { value } = await lines.next();
      if (value !== "valid") throw new Error(`the reference validator says: ${value}`);
    },
    stop: () => void child.kill("SIGKILL"),
  };
}

async function againstReference(reference: Reference, ours: Case): Promise<Row[]> {
  const limit = {
    name: "reference validator, in a warm process",
    run: () => reference.validate(),
  };
  const note = "the same badge, the same host";
  const cases = [{ ...ours, target: TIMES_REFERENCE, note }];
  return measure(limit, cases, { rounds: 7, roundMs: 400 });
}

/** Many signed badges of one issuer, whose documents are at hand. */
async function signedBench(): Promise<Row[]> {
  const origin = "https://badges.example.org";
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const answers = new Map<string, Uint8Array<ArrayBuffer>>([
    [`${origin}/image.png`, new Uint8Array(PICTURE)],
  ]);
  const documents = issuerDocuments(origin, await exportSPKI(publicKey));
  for (const [path, document] of Object.entries(documents)) {
    answers.set(`${origin}${path}`, new TextEncoder().encode(JSON.stringify(document)));
  }
  const tokens = await Promise.all(
    Array.from({ length: BATCH }, (_, i) => signedBadge(i, origin, privateKey)),
  );

  const atHand: AtHand = { answers, publicKey };
  const threads = openThreads<SignedPart, number>(
    fileURLToPath(new URL("./verify-thread.js", import.meta.url)),
    THREADS - 1,
    { atHand, inFlight: FEW_IN_FLIGHT },
  );
  try {
    const rows = await measure(...(await signedCases(tokens, atHand, threads)), { roundMs: 250 });
    return rows.map((row) => ({
      ...row,
      ops: row.ops * BATCH,
      min: row.min * BATCH,
      max: row.max * BATCH,
    }));
  } finally {
    await threads.close();
  }
}

type Judge = (part: SignedPart) => Promise<number>;

async function signedCases(
  tokens: readonly string[],
  atHand: AtHand,
  threads: Threads<SignedPart, number>,
): Promise<[limit: Case, cases: Case[]]> {
  let batch = 0;
  const alone = (judge: Judge, by: SignedPart["by"]) => () => judge({ batch: batch++, tokens, by });
  const inPlace = signedJudge(atHand, FEW_IN_FLIGHT, readRsaKeyInPlace);
  const here: Judge = async (part) => {
    const judged = await inPlace(part);
    await turn();
    return judged;
  };
  const onAll = (by: SignedPart["by"]) => async () => {
    const number = batch++;
    const parts = Array.from(partsOf(tokens, PART), (part) => ({
      batch: number,
      tokens: part,
      by,
    }));
    for await (const _ of inOrder(parts, [here, ...threads.hands])) {
      // What was judged is of no further use.
    }
  };
  const joseBy = await faster([
    alone(signedJudge(atHand, FEW_IN_FLIGHT), "jose"),
    alone(signedJudge(atHand, MANY_IN_FLIGHT), "jose"),
  ]);
  const jose = { name: "signature alone (jose, key imported once)", run: joseBy };
  return [
    jose,
    [
      {
        name: "signed badges of one issuer, one batch",
        run: onAll("verifier"),
        target: 0.8,
        note: `${BATCH} badges on ${THREADS} threads, started before, as many badges have them; nothing is kept between batches`,
      },
      {
        name: "the same on one thread",
        run: alone(inPlace, "verifier"),
        note: "as fewer badges have it",
      },
      {
        name: "the same, each signature handed to a thread",
        run: alone(signedJudge(atHand, MANY_IN_FLIGHT, readRsaKey), "verifier"),
        note: "as a server judges",
      },
      {
        name: "the same, signatures judged by jose",
        run: alone(signedJudge(atHand, MANY_IN_FLIGHT), "verifier"),
        note: "as where there is nothing else",
      },
      {
        name: "signature alone (jose), on the same threads",
        run: onAll("jose"),
        note: "what threads give jose, too",
      },
    ],
  ];
}

/** jose is at its best with few in flight on one machine, with many on another. */
async function faster(runs: readonly (() => Promise<unknown>)[]): Promise<() => Promise<unknown>> {
  const took = runs.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 10; round++) {
    for (const [i, run] of runs.entries()) {
      const start = performance.now();
      await run();
      took[i] = Math.min(took[i] ?? 0, performance.now() - start);
    }
  }
  const best = runs[took.indexOf(Math.min(...took))];
  if (best === undefined) throw new Error("there is nothing to choose from");
  return best;
}

function signedBadge(i: number, origin: string, key: CryptoKey): Promise<string> {
  const id = `urn:uuid:0190f3b2-7c55-7d10-9a3e-${String(i).padStart(12, "0")}`;
  const verification = { type: "SignedBadge", creator: `${origin}/keys/1` };
  const payload = JSON.stringify(assertion(id, origin, verification));
  return new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader({ alg: "RS256" })
    .sign(key);
}

/** Measures all of it; takes about half a minute. */
export async function verifyBench(options: VerifyBenchOptions): Promise<Row[]> {
  // The signed ones first, in a process that has fetched nothing, as `rosette verify` judges files.
  const signed = await signedBench();
  return [...(await hostedBench(options)), ...signed];
}
