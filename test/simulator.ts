// Two whole installations that reach one another: the one that issues, and one that is a backpack
// and misbehaves when told to. Requests between them pass the real guards, and no socket.

import {
  createPublicFetch,
  type PublicFetch,
  type PublicFetchParts,
  userAgent,
} from "../src/net/public-fetch.ts";
import { fetchDial } from "../src/runtime/fetch-dial.ts";
import { Misbehaviour } from "../src/simulator/misbehaviour.ts";
import { TEST_ORIGIN, type TestApp, testApp } from "./app.ts";
import { noDeadline } from "./no-deadline.ts";

export const BACKPACK_ORIGIN = "https://backpack.example.net";

export interface Sides {
  readonly issuer: TestApp;
  readonly backpack: TestApp;
  readonly misbehaviour: Misbehaviour;
  /** What the backpack was asked, and answered, between the two; oldest first. */
  readonly exchanged: Exchange[];
}

export interface Exchange {
  readonly method: string;
  readonly url: string;
  /** Null where no answer came. */
  readonly status: number | null;
}

export interface SidesOptions {
  readonly now?: number;
  /** From 0 up to 1, for faults that strike now and then; 0 when not given. */
  readonly chance?: () => number;
  /** How long a delay of a fault takes; none when not given. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** When a request between the two is given up; never when not given. */
  readonly deadline?: PublicFetchParts["deadline"];
  readonly shared?: boolean;
}

export async function twoSides(options: SidesOptions = {}): Promise<Sides> {
  const { now, shared = false, deadline = noDeadline } = options;
  const exchanged: Exchange[] = [];
  const sides = new Map<string, (request: Request) => Response | Promise<Response>>();

  const between = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const answering = sides.get(new URL(request.url).origin);
    if (!answering) throw new TypeError("no such host");
    const exchange = { method: request.method, url: request.url };
    try {
      const answer = await answering(request);
      exchanged.push({ ...exchange, status: answer.status });
      return answer;
    } catch (error) {
      exchanged.push({ ...exchange, status: null });
      throw error;
    }
  };
  const publicFetchOf = (publicUrl: string): PublicFetch =>
    createPublicFetch({
      dial: fetchDial(between),
      deadline,
      userAgent: userAgent(publicUrl),
      loopbackOrigins: [],
    });

  const time = now === undefined ? {} : { now };
  const issuer = await testApp({
    ...time,
    shared,
    override: () => ({ publicFetch: publicFetchOf(TEST_ORIGIN) }),
  });
  const misbehaviour = new Misbehaviour({
    now: () => issuer.clock.now,
    chance: options.chance ?? (() => 0),
    wait: options.wait ?? (async () => {}),
  });
  const backpack = await testApp({
    ...time,
    shared,
    publicUrl: BACKPACK_ORIGIN,
    override: () => ({
      publicFetch: publicFetchOf(BACKPACK_ORIGIN),
      misbehaviour,
      // One time for both: what one grants for an hour ends for the other in an hour.
      now: () => issuer.clock.now,
    }),
  });
  sides.set(TEST_ORIGIN, (request) => issuer.app.fetch(request));
  sides.set(
    BACKPACK_ORIGIN,
    misbehaviour.around((request) => backpack.app.fetch(request)),
  );
  return { issuer, backpack, misbehaviour, exchanged };
}
