// Receivers of webhooks whose every answer a test decides; what they are sent is kept and checked.
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import {
  type WebhookDelivery,
  type WebhookEndpoint,
  webhookDeliveries,
  webhookEndpoints,
} from "../../src/db/webhooks.ts";
import { drain } from "../../src/jobs/drain.ts";
import type { Handlers } from "../../src/jobs/outbox.ts";
import { type Answer, type Dial, DialFailure, type DialFailureCode } from "../../src/net/dial.ts";
import { createPublicFetch } from "../../src/net/public-fetch.ts";
import { deliverWebhooks } from "../../src/webhooks/deliver.ts";
import { sweepWebhooks } from "../../src/webhooks/sweep.ts";
import { type Ask, asking } from "../api/ask.ts";
import { type TestApp, type TestOptions, testApp } from "../app.ts";
import { givenApiKey, givenOrganization } from "../given.ts";
import { noDeadline } from "../no-deadline.ts";

export interface Received {
  readonly url: string;
  readonly id: string;
  readonly timestamp: number;
  readonly signatures: readonly string[];
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Answering = (
  received: Received,
) => Told | DialFailureCode | undefined | Promise<Told | DialFailureCode | undefined>;

export class Receiver {
  readonly received: Received[] = [];
  /** 204 for what it leaves open. */
  answer: Answering = () => undefined;
  underWay = 0;
  mostUnderWay = 0;

  readonly dial: Dial = async ({ url, method, headers, body }): Promise<Answer> => {
    const text = typeof body === "string" ? body : new TextDecoder().decode(body ?? undefined);
    const received: Received = {
      url: url.href,
      id: headers["webhook-id"] ?? "",
      timestamp: Number(headers["webhook-timestamp"]),
      signatures: (headers["webhook-signature"] ?? "").split(" "),
      body: text,
      headers: { ...headers, ":method": method },
    };
    this.received.push(received);
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    try {
      const told = (await this.answer(received)) ?? {};
      if (typeof told === "string") throw new DialFailure(told);
      return {
        status: told.status ?? 204,
        header: (name) => told.headers?.[name] ?? null,
        body: (async function* () {
          yield new TextEncoder().encode(told.body ?? "");
        })(),
        discard() {},
      };
    } finally {
      this.underWay--;
    }
  };

  at(url: string): Received[] {
    return this.received.filter((one) => one.url === url);
  }
}

/** Standard Webhooks 1.0.0, written down a second time and by another HMAC. */
export function signatureOf(
  secret: string,
  { id, timestamp, body }: Pick<Received, "id" | "timestamp" | "body">,
): string {
  const key = Uint8Array.from(atob(secret.replace(/^whsec_/, "")), (one) => one.charCodeAt(0));
  const mac = hmac(sha256, key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  return `v1,${btoa(String.fromCharCode(...mac))}`;
}

export const HANDLERS: Handlers = {
  "webhook.deliver": deliverWebhooks,
  "webhook.sweep": sweepWebhooks(60_000),
};

export interface Added {
  readonly id: string;
  readonly secret: string;
  readonly url: string;
}

export interface WebhookWorld {
  readonly t: TestApp;
  readonly env: TestApp["env"];
  readonly organization: Awaited<ReturnType<typeof givenOrganization>>;
  readonly receiver: Receiver;
  readonly ask: Ask;
  add(given?: { url?: string; events?: string[]; description?: string }): Promise<Added>;
  /** Lets all jobs run that are due. */
  work(): Promise<void>;
  endpoint(id: string): Promise<WebhookEndpoint>;
  /** Oldest first. */
  deliveries(endpointId?: string): Promise<WebhookDelivery[]>;
}

export async function webhookWorld(options: TestOptions = {}): Promise<WebhookWorld> {
  const receiver = new Receiver();
  const publicFetch = createPublicFetch({
    dial: receiver.dial,
    deadline: noDeadline,
    userAgent: "Rosette (+https://badges.example.org)",
    loopbackOrigins: [],
  });
  const t = await testApp({
    ...options,
    override: (env) => ({ publicFetch, ...options.override?.(env) }),
  });
  const { env } = t;
  const organization = await givenOrganization(env);
  const ask = asking(t, await givenApiKey(env, organization));
  let added = 0;
  return {
    t,
    env,
    organization,
    receiver,
    ask,
    async add(given = {}) {
      const url = given.url ?? `https://hooks-${++added}.example.net/in`;
      const made = await ask("POST", "/webhook-endpoints", { body: { ...given, url } });
      if (made.status !== 201) throw new Error(made.text);
      return { id: made.json.id, secret: String(made.json.secret), url };
    },
    async work() {
      await drain(env, HANDLERS, { limit: 10_000 });
    },
    async endpoint(id) {
      const rows = await env.db.orm.select().from(webhookEndpoints);
      const found = rows.find((row) => row.id === id);
      if (found === undefined) throw new Error("no such endpoint");
      return found;
    },
    async deliveries(endpointId) {
      const rows = await env.db.orm.select().from(webhookDeliveries).orderBy(webhookDeliveries.id);
      return rows.filter((row) => endpointId === undefined || row.endpoint_id === endpointId);
    },
  };
}
