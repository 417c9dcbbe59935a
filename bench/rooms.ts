// The rooms' own tables of what they answer, found as the sources lie: a new page is in them by itself.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "../src/env.ts";
import { routesOf } from "../test/routes-of-rooms.ts";

type Room = Readonly<Record<string, unknown>>;

/** The bundler takes in every file that fits; which ones there are is read from the folder. */
function roomAt(file: string): Promise<Room> {
  const room = file.replace(/\/routes\.tsx?$/, "");
  return file.endsWith(".tsx")
    ? (import(`../src/${room}/routes.tsx`) as Promise<Room>)
    : (import(`../src/${room}/routes.ts`) as Promise<Room>);
}

/** Paths at which some room of the checkout at `root` answers a GET, parameters as `:name`. */
export async function pathsOfRooms(env: Env, root: string): Promise<string[]> {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\/routes\.tsx?$/.test(file))
    .sort();
  const rooms: Record<string, Room> = {};
  for (const file of files) rooms[`/${file}`] = await roomAt(file);
  return routesOf(rooms, env).flatMap(({ method, path }) => (method === "GET" ? [path] : []));
}
