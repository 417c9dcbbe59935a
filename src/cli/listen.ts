// `rosette listen`: the organization's webhooks at this terminal, without an address the world can reach.
import { sign } from "../standard-webhooks.ts";
import { type Api, type Document, withInstallation } from "./installation.ts";
import { text } from "./listing.ts";
import { printable } from "./printable.ts";
import { type Call, EXIT, Failure, UsageError, type Verb } from "./verb.ts";

const POLL_MS = 700;
/** So long an endpoint is kept for somebody who listens. */
const LISTEN_MS = 24 * 3_600_000;
const FORWARD_TIMEOUT_MS = 10_000;
/** As many as one page of the log holds. */
const PAGE = 100;
const MAX_COUNT = 1_000_000;

export const listen: Verb = {
  operands: "",
  summary: "Receive the organization's webhooks here, without a public address",
  about:
    "For as long as it runs there is a webhook endpoint of its own, whose log it reads; each message is\n" +
    "signed as a webhook is, and printed or passed on. Ctrl+C removes the endpoint; so does a day.",
  options: {
    print: { type: "boolean", help: "Print each message, as without --forward-to" },
    "forward-to": { type: "string", value: "URL", help: "POST each message there, as it is sent" },
    event: {
      type: "string",
      multiple: true,
      value: "TYPE",
      help: "As award.created; may be given several times. Everything unless given",
    },
    count: { type: "string", value: "N", help: "End after so many messages" },
  },
  examples: [
    "listen --print",
    "listen --event award.created --forward-to http://localhost:3000/hooks",
  ],
  remote: true,
  run: (call) => {
    const wishes = wishesOf(call);
    return withInstallation(call, ({ api, base }) => listenTo(call, api, base, wishes));
  },
};

interface Wishes {
  readonly events: readonly string[];
  readonly forwardTo: string | null;
  readonly print: boolean;
  readonly count: number;
}

function wishesOf({ options }: Call): Wishes {
  const forwardTo = options.text("forward-to") ?? null;
  if (forwardTo !== null && !/^https?:$/.test(protocolOf(forwardTo))) {
    throw new UsageError("--forward-to must be an address such as http://localhost:3000/hooks.");
  }
  const count = options.text("count");
  if (
    count !== undefined &&
    !(/^\d+$/.test(count) && Number(count) >= 1 && Number(count) <= MAX_COUNT)
  ) {
    throw new UsageError(`--count must be a whole number from 1 to ${MAX_COUNT}.`);
  }
  return {
    events: options.texts("event"),
    forwardTo,
    print: options.flag("print") || forwardTo === null,
    count: count === undefined ? Number.POSITIVE_INFINITY : Number(count),
  };
}

function protocolOf(address: string): string {
  return URL.canParse(address) ? new URL(address).protocol : "";
}

async function listenTo(
  call: Call,
  api: Api,
  base: string,
  { events, ...wishes }: Wishes,
): Promise<number> {
  const { out } = call;
  const until = Date.now() + LISTEN_MS;
  const body = {
    url: `${base}/webhooks/listen/${until}`,
    description: "Somebody listens at a terminal",
    events,
  };
  const endpoint = await api("POST", "/webhook-endpoints", { body });
  const path = `/webhook-endpoints/${text(endpoint, "id")}`;
  const interrupt = untilInterrupted();
  try {
    const secret = text(endpoint, "secret");
    out.line(`Listening to ${base}; Ctrl+C ends it\n  Secret  ${secret}\n`);
    out.record({ listening: base, secret });
    let left = wishes.count;
    for await (const delivery of messages(call, api, path, interrupt, until)) {
      await pass(call, await signed(secret, delivery), wishes);
      if (--left === 0) break;
    }
    return EXIT.done;
  } finally {
    interrupt.end();
    await api("DELETE", path);
  }
}

interface Interrupt {
  readonly asked: () => boolean;
  /** Resolves after so long, or as soon as somebody presses Ctrl+C. */
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly end: () => void;
}

function untilInterrupted(): Interrupt {
  let asked = false;
  let wake = () => {};
  const stop = () => {
    asked = true;
    wake();
  };
  const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of SIGNALS) process.once(signal, stop);
  return {
    asked: () => asked,
    pause: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, asked ? 0 : milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    end: () => {
      for (const signal of SIGNALS) process.off(signal, stop);
    },
  };
}

/** What the endpoint is to be told, each once, in the order it happened within one look. */
async function* messages(
  { out }: Call,
  api: Api,
  path: string,
  interrupt: Interrupt,
  until: number,
): AsyncGenerator<Document> {
  const seen = new Set<string>();
  while (!interrupt.asked() && Date.now() < until) {
    try {
      const news = (await unseen(api, path, seen)).reverse();
      out.progressDone();
      for (const one of news) {
        seen.add(text(one, "id"));
        yield one;
      }
    } catch (error) {
      // A server that starts anew is back in a moment, and keeps what happened meanwhile.
      if (!(error instanceof Failure && error.code === "unreachable")) throw error;
      out.progress(`${error.message.split("\n")[0]} Trying again …`);
    }
    await interrupt.pause(POLL_MS);
  }
}

/** The newest first: pages are read on for as long as they hold anything new. */
async function unseen(api: Api, path: string, seen: ReadonlySet<string>): Promise<Document[]> {
  const found: Document[] = [];
  let cursor: unknown = null;
  do {
    const after = typeof cursor === "string" ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page = await api("GET", `${path}/deliveries?limit=${PAGE}${after}`);
    const rows = Array.isArray(page.data) ? (page.data as Document[]) : [];
    const news = rows.filter((row) => !seen.has(text(row, "id")));
    found.push(...news);
    cursor = news.length === 0 ? null : page.next_cursor;
  } while (typeof cursor === "string");
  return found;
}

interface Signed {
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** As the server sends it, but for the moment of the signature. */
async function signed(secret: string, delivery: Document): Promise<Signed> {
  const body = text(delivery, "body");
  const headers = await sign([secret], {
    id: text(delivery, "webhook_id"),
    timestamp: Math.floor(Date.now() / 1_000),
    body: new TextEncoder().encode(body),
  });
  return { type: text(delivery, "type"), headers, body };
}

async function pass(
  { out }: Call,
  message: Signed,
  { print, forwardTo }: Pick<Wishes, "print" | "forwardTo">,
): Promise<void> {
  const answer = forwardTo === null ? null : await forwarded(message, forwardTo);
  const { type, headers, body } = message;
  out.record({ type, headers, body, ...(answer === null ? {} : { answer }) });
  out.line(answer === null ? type : `${type} → ${answer}`);
  if (!print) return;
  for (const [name, value] of Object.entries(headers)) out.line(`  ${name}: ${value}`);
  out.line(`  ${printable(body)}\n`);
}

/** The status, or why there was none. Nothing is sent twice: the log has it, to be sent again. */
async function forwarded({ headers, body }: Signed, address: string): Promise<string> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return String(response.status);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return `no answer (${cause instanceof Error ? cause.message : "unknown"})`;
  }
}
