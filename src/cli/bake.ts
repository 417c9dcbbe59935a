// `rosette bake`: puts an assertion into a picture file, without any installation.
import { bakePng } from "../bakery/bake-png.ts";
import { bakeSvg } from "../bakery/bake-svg.ts";
import { detectKind } from "../bakery/detect.ts";
import { inspectPng } from "../bakery/inspect-png.ts";
import { classifyPayload, type Payload } from "../bakery/payload.ts";
import { readInput, writeOutput } from "./files.ts";
import { EXIT, Failure, UsageError, type Verb } from "./verb.ts";

const FETCH_TIMEOUT_MS = 10_000;
const MAX_ASSERTION_BYTES = 512 * 1024;

export const bake: Verb = {
  operands: "FILE [PAYLOAD]",
  summary: "Put an assertion into a PNG or SVG file",
  about:
    "PAYLOAD is a file with the assertion's JSON or its compact JWS. With --assertion it is fetched\n" +
    "from its address instead. A badge that is inside already is replaced; nothing else changes.",
  options: {
    assertion: { type: "string", value: "URL", help: "Fetch the assertion from its address" },
    output: { type: "string", short: "o", value: "FILE", help: "Where to write the baked file" },
  },
  examples: [
    "bake picture.png assertion.json -o badge.png",
    "bake picture.svg --assertion https://badges.example.org/ob/v2/assertions/… -o badge.svg",
  ],
  remote: false,
  async run({ operands: [file = "", payloadFile], options, out }) {
    const address = options.text("assertion");
    const output = options.text("output");
    if (output === undefined)
      throw new UsageError("-o FILE is missing: where to write the baked file.");
    if ((payloadFile === undefined) === (address === undefined)) {
      throw new UsageError("Give either PAYLOAD, a file, or --assertion URL.");
    }
    const bytes = readInput(file);
    const text =
      address === undefined
        ? new TextDecoder().decode(readInput(payloadFile ?? ""))
        : await fetchAssertion(address);
    const baked = baker(bytes, payloadOf(text), address);
    writeOutput(output, baked);
    out.line(`${output}: ${baked.length} bytes, with the badge inside`);
    out.document({ file: output, bytes: baked.length, kind: detectKind(baked) });
    return EXIT.done;
  },
};

function payloadOf(text: string): Payload {
  const classified = classifyPayload(text);
  if (!classified.ok)
    throw new Failure(classified.detail, { code: classified.reason, detail: classified.detail });
  const { payload } = classified;
  if (payload.kind === "url") {
    const detail = "The payload is only an address.";
    throw new Failure(`${detail}\n  Bake the assertion itself: --assertion fetches it.`, {
      code: "payload-is-address",
      detail,
    });
  }
  if (payload.kind === "json") {
    try {
      JSON.parse(payload.text);
    } catch {
      const detail = "The payload is not one JSON document. Check it for a missing bracket.";
      throw new Failure(detail, { code: "payload-not-json", detail });
    }
  }
  return payload;
}

/** The address in a hosted assertion, which a reader of SVG looks for beside it. */
function hostedAt(json: string): string | undefined {
  const { id } = JSON.parse(json) as { id?: unknown };
  return typeof id === "string" && /^https?:/.test(id) ? id : undefined;
}

function baker(bytes: Uint8Array, payload: Payload, address: string | undefined): Uint8Array {
  const kind = detectKind(bytes);
  if (kind === "png") {
    const inspected = inspectPng(bytes);
    return unwrap(inspected.ok ? bakePng(bytes, payload.text) : inspected);
  }
  if (kind !== "svg") {
    const what = kind === "unknown" ? "of no known kind" : `a ${kind}`;
    const detail = `The picture is ${what}; it must be a PNG or an SVG.`;
    throw new Failure(detail, { code: "not-a-picture", detail });
  }
  if (payload.kind === "jws") return unwrap(bakeSvg(bytes, { jws: payload.text }));
  const url = hostedAt(payload.text) ?? address;
  return unwrap(bakeSvg(bytes, { json: payload.text, ...(url === undefined ? {} : { url }) }));
}

type Baked = { ok: true; bytes: Uint8Array } | { ok: false; reason: string; detail: string };

function unwrap(baked: Baked): Uint8Array {
  if (baked.ok) return baked.bytes;
  throw new Failure(baked.detail, { code: baked.reason, detail: baked.detail });
}

async function fetchAssertion(address: string): Promise<string> {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new UsageError("--assertion must be an http or https address.");
  }
  let response: Response;
  try {
    response = await fetch(address, {
      headers: { accept: "application/ld+json, application/json" },
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    });
  } catch {
    const detail = `${address} does not answer. Check the address and the network.`;
    throw new Failure(detail, { code: "unreachable", detail });
  }
  if (!response.ok) {
    throw new Failure(`${address} answers ${response.status}: there is no assertion to bake.`);
  }
  return readLimited(response, address);
}

async function readLimited(response: Response, address: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ASSERTION_BYTES) {
      throw new Failure(
        `${address} sends more than the ${MAX_ASSERTION_BYTES} bytes a file may carry.`,
      );
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
