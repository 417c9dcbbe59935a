// A dial that answers from a table of addresses and remembers what it was asked.
import { type Answer, type Dial, DialFailure, type DialRequest } from "../../src/net/dial.ts";

export interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Each string is a chunk; an error is thrown where it stands. */
  readonly chunks?: readonly (string | Uint8Array | Error)[] | (() => AsyncIterable<Uint8Array>);
  /** Instead of an answer. */
  readonly failure?: Error;
  /** Neither answers nor heeds its signal. */
  readonly silent?: boolean;
}

export interface ScriptedDial {
  readonly dial: Dial;
  readonly asked: DialRequest[];
  /** Addresses whose body was dropped unread. */
  readonly discarded: string[];
  /** Chunks taken out of bodies. */
  chunksRead(): number;
}

/** Addresses without a script are unknown names. */
export function scriptedDial(scripts: Readonly<Record<string, Scripted>>): ScriptedDial {
  const asked: DialRequest[] = [];
  const discarded: string[] = [];
  let read = 0;

  async function* bodyOf(script: Scripted): AsyncGenerator<Uint8Array> {
    const chunks = script.chunks ?? [];
    if (typeof chunks === "function") {
      for await (const chunk of chunks()) {
        read++;
        yield chunk;
      }
      return;
    }
    for (const chunk of chunks) {
      if (chunk instanceof Error) throw chunk;
      read++;
      yield typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
    }
  }

  const dial: Dial = async (request): Promise<Answer> => {
    asked.push(request);
    const script = scripts[request.url.href];
    if (!script) throw new DialFailure("name-not-found");
    if (script.silent) await new Promise(() => {});
    if (script.failure) throw script.failure;
    return {
      status: script.status ?? 200,
      header: (name) => script.headers?.[name] ?? null,
      body: bodyOf(script),
      discard: () => discarded.push(request.url.href),
    };
  };
  return { dial, asked, discarded, chunksRead: () => read };
}

export const redirectTo = (location: string, status = 302): Scripted => ({
  status,
  headers: { location },
});
