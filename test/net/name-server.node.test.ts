// What a name resolves to, as name servers answer: a server of DNS on this machine stands for them.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { nameServer } from "../../src/runtime/name-server.ts";

const A = 1;
const AAAA = 28;
const NO_SUCH_NAME = 3;
const SERVER_FAILURE = 2;
const REFUSED = 5;

interface Zone {
  /** The data of A records. */
  readonly four?: readonly (readonly number[])[];
  /** The data of AAAA records. */
  readonly six?: readonly (readonly number[])[];
  /** An RCODE of RFC 1035 section 4.1.1, for one type of question or for both. */
  readonly fails?: number;
  readonly failsFor?: typeof A | typeof AAAA;
}

/** The answer to a query of one question: RFC 1035 section 4.1. */
function answerTo(query: Buffer, zone: Zone): Buffer {
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const type = question.readUInt16BE(question.length - 4);
  const fails = zone.fails !== undefined && (zone.failsFor ?? type) === type ? zone.fails : 0;
  const records = (fails ? [] : type === A ? zone.four : zone.six) ?? [];
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8180 | fails, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  const answers = records.map((data) =>
    Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data]),
  );
  return Buffer.concat([head, question, ...answers]);
}

/** Resolves `a.example.org` against this zone. */
async function resolved(zone: Zone): Promise<readonly string[]> {
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    socket.send(answerTo(query, zone), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => {
    socket.close();
  });
  return nameServer([`127.0.0.1:${socket.address().port}`])("a.example.org");
}

const SIX = [0x20, 1, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x88];

describe("a name", () => {
  it.each<[string, Zone, string[]]>([
    [
      "with addresses of both kinds",
      {
        four: [
          [8, 8, 8, 8],
          [10, 0, 0, 1],
        ],
        six: [SIX],
      },
      ["8.8.8.8", "10.0.0.1", "2001:4860::8888"],
    ],
    ["with one of version 4", { four: [[8, 8, 8, 8]] }, ["8.8.8.8"]],
    ["with one of version 6", { six: [SIX] }, ["2001:4860::8888"]],
    ["without any", {}, []],
    ["that nobody knows", { fails: NO_SUCH_NAME }, []],
    [
      "of which half is not answered",
      { four: [[8, 8, 8, 8]], fails: SERVER_FAILURE, failsFor: AAAA },
      ["8.8.8.8"],
    ],
  ])("%s", async (_name, zone, addresses) => {
    expect(await resolved(zone)).toEqual(addresses);
  });

  it.each([
    ["fails", SERVER_FAILURE],
    ["refuses", REFUSED],
  ])("whose server %s is unreachable, not unknown", async (_name, fails) => {
    await expect(resolved({ fails })).rejects.toMatchObject({ code: "unreachable" });
  });
});
