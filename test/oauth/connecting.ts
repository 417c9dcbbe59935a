// A person on the way to a backpack and back, as a test needs it: begun, consented, returned.
import { eq } from "drizzle-orm";
import { type Connection, connections, type Token, tokens } from "../../src/db/backpacks.ts";
import { beginAuthorization } from "../../src/oauth/authorization.ts";
import { finishAuthorization } from "../../src/oauth/callback.ts";
import { callbackOf } from "../../src/oauth/registration.ts";
import { givenScene, type Host, type Scene } from "./host.ts";

export interface Begun extends Scene {
  /** What the browser was sent to the host with. */
  readonly asked: URLSearchParams;
  readonly state: string;
  /** The callback with these parameters; `state` and `code` are good ones unless given. */
  readonly returns: (over?: Readonly<Record<string, string | null>>) => string;
  readonly finish: (
    over?: Readonly<Record<string, string | null>>,
  ) => ReturnType<typeof finishAuthorization>;
}

/** A consent that was begun; nothing has come back yet. */
export async function begun(prepare: (host: Host) => void = () => {}): Promise<Begun> {
  return beganIn(await givenScene(prepare));
}

export async function beganIn(scene: Scene): Promise<Begun> {
  const { env, backpack, browser, host } = scene;
  const began = await beginAuthorization(env, browser.session, backpack.id, { autoSync: true });
  if (!began.ok) throw new Error(`${began.reason}: ${began.detail}`);
  const asked = new URL(began.url).searchParams;
  const state = asked.get("state") ?? "";
  host.asked.length = 0;
  const returns: Begun["returns"] = (over = {}) => {
    const url = new URL(callbackOf(env, backpack.id));
    for (const [name, value] of Object.entries({ code: "a-code", state, ...over })) {
      if (value !== null) url.searchParams.set(name, value);
    }
    return url.href;
  };
  return {
    ...scene,
    asked,
    state,
    returns,
    finish: (over) => finishAuthorization(env, browser.session, backpack.id, returns(over)),
  };
}

export interface Connected extends Begun {
  readonly connectionId: string;
  readonly row: () => Promise<Token>;
  readonly connection: () => Promise<Connection>;
}

/** A connection with the tokens of the host's first grant: good for an hour, and renewable. */
export async function connected(prepare: (host: Host) => void = () => {}): Promise<Connected> {
  const began = await begun(prepare);
  const finished = await began.finish();
  if (!finished.ok) throw new Error(`${finished.reason}: ${finished.detail}`);
  const { connectionId } = finished;
  const { env, host } = began;
  host.asked.length = 0;
  return {
    ...began,
    connectionId,
    async row() {
      const [row] = await env.db.orm
        .select()
        .from(tokens)
        .where(eq(tokens.connection_id, connectionId));
      if (!row) throw new Error("no token");
      return row;
    },
    async connection() {
      const [row] = await env.db.orm
        .select()
        .from(connections)
        .where(eq(connections.id, connectionId));
      if (!row) throw new Error("no connection");
      return row;
    },
  };
}
