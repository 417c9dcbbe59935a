// The demo's second Rosette: a backpack under another host name, empty, for connecting to.
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { addBackpack } from "../backpack/site.ts";
import { authorizationServers, backpacks } from "../db/backpacks.ts";
import { DatabaseError } from "../db/errors.ts";
import { type IdentityType, identities, users } from "../db/organizations.ts";
import { newUser } from "../db/people.ts";
import type { Env } from "../env.ts";
import { newId } from "../ids.ts";
import { isLoopbackHost } from "../net/public-url.ts";
import { prepare, type Serving } from "../runtime/node.ts";
import type { Variables } from "../runtime/open.ts";
import { PEOPLE } from "./demo-story.ts";

/** Beside the one the demo itself wants. */
const PREFERRED_PORT = 8_788;
/**
 * Not the demo's `localhost`: browsers keep no cookies of two ports apart, and two host names make
 * two origins of one machine.
 */
const HOSTNAME = "127.0.0.1";

/** Starts beside `main`; each may ask the other. Requests are answered after `open()`. */
export async function prepareDemoBackpack(main: Serving, variables: Variables): Promise<Serving> {
  const { PORT, LOG_LEVEL } = variables;
  // Where a port was chosen, its neighbour; where any will do, any.
  const port = PORT === undefined ? PREFERRED_PORT : PORT === "0" ? 0 : Number(PORT) + 1;
  return prepare(
    {
      ...(LOG_LEVEL === undefined ? {} : { LOG_LEVEL }),
      DATA_DIR: join(main.config.dataDir, "demo-backpack"),
      HOST: HOSTNAME,
      DEMO: "true",
    },
    {
      neighbours: [main.config.publicUrl],
      simulator: true,
      at: { hostname: HOSTNAME, port },
    },
  );
}

/** The demo's people have accounts there too, with the address their badges are made out to. */
export async function settleDemoPeople(env: Env): Promise<void> {
  const now = env.now();
  const writes = PEOPLE.flatMap(({ name, email }) => {
    const user = newUser(newId(env), now, name);
    const type: IdentityType = "email";
    return [
      env.db.orm.insert(users).values(user),
      env.db.orm.insert(identities).values({
        id: newId(env),
        user_id: user.id,
        type,
        identity: email,
        normalised: email,
        verified_at: now,
        created_at: now,
      }),
    ];
  });
  const known = await env.db.orm.select({ id: users.id }).from(users).limit(1);
  if (known.length > 0) return;
  try {
    await env.db.batch(writes);
  } catch (error) {
    // Two first starts race: the other one's people are the same.
    if (!(error instanceof DatabaseError && error.code === "unique")) throw error;
  }
}

/** What people read in the list of backpacks. */
const NAME = "Demo backpack";

/**
 * Has the first Rosette know the second, which answers by now, as an administrator would add it; a
 * start that found another port free takes what is connected along.
 */
export async function knowDemoBackpack(env: Env, origin: string): Promise<void> {
  const rows = await env.db.orm
    .select({ id: backpacks.id, web: backpacks.backpack_web_url })
    .from(backpacks);
  const before = rows.find(({ web }) => isLoopbackHost(new URL(web).hostname));
  if (before === undefined) {
    const added = await addBackpack(env, { address: origin });
    if (!added.ok) env.log.warn("demo.backpack_unknown", { reason: added.reason });
    else await rename(env, added.backpack.id);
    return;
  }
  const moved = new URL(before.web).origin;
  if (moved !== origin) await move(env, before.id, moved, origin);
}

async function rename(env: Env, id: string): Promise<void> {
  await env.db.batch([
    env.db.orm.update(backpacks).set({ name: NAME }).where(eq(backpacks.id, id)),
  ]);
}

async function move(env: Env, id: string, from: string, to: string): Promise<void> {
  const moved = (column: Parameters<typeof sql>[1]) => sql`replace(${column}, ${from}, ${to})`;
  const servers = authorizationServers;
  await env.db.batch([
    env.db.orm
      .update(servers)
      .set({
        manifest_url: moved(servers.manifest_url),
        authorization_url: moved(servers.authorization_url),
        token_url: moved(servers.token_url),
        registration_url: moved(servers.registration_url),
        revocation_url: moved(servers.revocation_url),
        issuer: moved(servers.issuer),
        manifest_etag: null,
        manifest_fresh_until: null,
      })
      .where(
        eq(
          servers.id,
          env.db.orm
            .select({ id: backpacks.oauth2_issuer_id })
            .from(backpacks)
            .where(eq(backpacks.id, id)),
        ),
      ),
    env.db.orm
      .update(backpacks)
      .set({
        backpack_api_url: moved(backpacks.backpack_api_url),
        backpack_web_url: moved(backpacks.backpack_web_url),
      })
      .where(eq(backpacks.id, id)),
  ]);
}
