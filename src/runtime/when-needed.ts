// Puts off what a process does not need at its start until somebody asks for it.
import type { RequestListener } from "node:http";
import type { Log } from "../log.ts";

export interface WhenNeeded<Thing> {
  /** Everybody who asks waits for the same loading; after one that failed, the next asks anew. */
  load(): Promise<Thing>;
  /** What is there or on its way; null when nobody asked, or nothing came of it. */
  ifAsked(): Promise<Thing | null>;
}

export function whenNeeded<Thing>(load: () => Promise<Thing>): WhenNeeded<Thing> {
  let loading: Promise<Thing> | null = null;
  return {
    load() {
      loading ??= load().catch((error: unknown) => {
        loading = null;
        throw error;
      });
      return loading;
    },
    async ifAsked() {
      try {
        return await loading;
      } catch {
        return null;
      }
    },
  };
}

/** Loads the listener with the first request; those who come meanwhile wait for it too. */
export function listenerWhenNeeded(
  load: () => Promise<RequestListener>,
  log: Log,
): RequestListener {
  let listener: RequestListener | null = null;
  return (request, response) => {
    if (listener) {
      listener(request, response);
      return;
    }
    load().then(
      (loaded) => {
        listener = loaded;
        loaded(request, response);
      },
      (error: unknown) => {
        log.error("program.load_failed", codeOf(error));
        response.writeHead(500, {
          "content-type": "text/plain; charset=utf-8",
          "cache-control": "no-store",
        });
        response.end("A part of this server could not be loaded; its log says why.\n");
      },
    );
  };
}

function codeOf(error: unknown): { error: string; code?: string } {
  if (!(error instanceof Error)) return { error: "unknown" };
  const code = "code" in error ? error.code : undefined;
  return { error: error.name, ...(typeof code === "string" ? { code } : {}) };
}
