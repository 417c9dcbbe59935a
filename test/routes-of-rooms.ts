// The rooms' own tables of what they answer, and paths of one thing each that an organization has.
import type { Hono } from "hono";
import type { Env } from "../src/env.ts";

export interface RouteOfRoom {
  readonly method: "GET" | "POST";
  readonly path: string;
}

/** They have tests of their own: every operation of the API, and a simulator that is no part of the app. */
const ELSEWHERE = /\/(api|simulator)\/routes/;

/** What rooms answer, each route once; `rooms` are what their files export, by the files' paths. */
export function routesOf(
  rooms: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  env: Env,
): RouteOfRoom[] {
  const found = Object.entries(rooms)
    .filter(([file]) => !ELSEWHERE.test(file))
    .flatMap(([, room]) => Object.entries(room))
    .filter(([name]) => name.endsWith("Routes"))
    .flatMap(([, make]) => (make as (env: Env) => Hono)(env).routes)
    .filter(({ method }) => method === "GET" || method === "POST")
    .map(({ method, path }) => ({ method: method as RouteOfRoom["method"], path }));
  return [...new Map(found.map((route) => [`${route.method} ${route.path}`, route])).values()];
}

/** Of `givenObjects`, by the segment before a parameter and its name: `people/:id`. */
export function idsIn(objects: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    "people/:id": objects["users/{id}"] ?? "",
    "identities/:identity": objects["identities/{identity}"] ?? "",
    "badges/:id": objects["badges/{id}"] ?? "",
    "nominations/:id": objects["nominations/{id}"] ?? "",
    "done/:id": objects["awards/{id}"] ?? "",
    "awards/:id": objects["awards/{id}"] ?? "",
    "awards/:award": objects["awards/{id}"] ?? "",
    "import/:job": objects["imports/{id}"] ?? "",
    "import/:id": objects["imports/{id}"] ?? "",
    "codes/:code": objects["claim-codes/{code}"] ?? "",
    "webhooks/:id": objects["webhook-endpoints/{id}"] ?? "",
    "deliveries/:delivery": objects["webhook-deliveries/{id}"] ?? "",
    "api-keys/:id": objects["api-keys/{id}"] ?? "",
    "event-sources/:id": objects["event-sources/{id}"] ?? "",
    "keys/:id": objects["signing-keys/{id}"] ?? "",
    "mail/:id": objects["notifications/{id}"] ?? "",
    "overview/:kind": "expiring",
    ":id/:deed": "ping",
    ":backpack/:action": "pull",
  };
}

/** What a person does with a backpack is not what is done for the site. */
const PROBED = "/admin/backpacks/:backpack/probe";

/** Of a path for organizations' own pages; what is unknown by its parameter stands for nothing. */
export function filledPath(path: string, ids: Readonly<Record<string, string>>): string {
  const segments = path.replace("/admin/backpacks/:backpack/:action", PROBED).split("/");
  const query = path === "/admin/mail/template" ? "?kind=award.created&language=en" : "";
  const named = segments
    .map((segment, i) => {
      if (!segment.startsWith(":")) return segment.replace("*", "none");
      return encodeURIComponent(
        ids[`${segments[i - 1]}/${segment.replace(/\{.*/, "")}`] ?? "unknown",
      );
    })
    .join("/");
  return named + query;
}
