// A program that uses the API with its key, or nobody, in the form that people's requests have.
import type { TestApp } from "../app.ts";
import type { Reply } from "./client.ts";
import type { SendAs } from "./person.ts";

/** With the key null nobody asks. */
export function asProgram(t: TestApp, key: string | null): SendAs {
  return async (method, path, body, headers = {}) => {
    const response = await t.request(`/api/v1${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text === "" ? {} : JSON.parse(text);
    return { status: response.status, headers: response.headers, body: parsed as Reply["body"] };
  };
}
