// Somebody who is signed in and uses the API from a page of the site.
import type { TestApp } from "../app.ts";
import { signedIn } from "../signed-in.ts";
import type { Reply } from "./client.ts";

export type SendAs = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Reply>;

/**
 * Sends what a page of the site sends for a person, in an organization named by id or slug; a header
 * that is given as "" is left out.
 */
export async function asPerson(
  t: TestApp,
  userId: string,
  organization: string | null,
): Promise<SendAs> {
  const { cookie } = await signedIn(t, userId);
  return async (method, path, body, over = {}) => {
    const headers = new Headers({
      cookie,
      ...(organization === null ? {} : { "rosette-organization": organization }),
      ...(method === "GET" ? {} : { origin: t.env.config.publicUrl }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    });
    for (const [name, value] of Object.entries(over)) {
      if (value === "") headers.delete(name);
      else headers.set(name, value);
    }
    const response = await t.request(`/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    // Some operations answer with a file.
    const isJson = response.headers.get("content-type")?.includes("json") ?? false;
    const parsed: unknown = isJson ? JSON.parse(text) : {};
    return { status: response.status, headers: response.headers, body: parsed as Reply["body"] };
  };
}
