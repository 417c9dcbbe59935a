// Prepares an answer for the library: null is absent, and JSON has one meaning only.
import { parseStrictJson } from "../strict-json.ts";

export interface Expected {
  /** The status the library takes for success; another 2xx is shown to it as this one. */
  readonly statusOfSuccess: number;
  /** For members that are absent or null. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Members that were not asked for and are not looked at. */
  readonly without?: readonly string[];
}

/**
 * The same answer with null members left out (OB21-CT-03: optional members may be absent or null).
 * JSON that two readers could understand differently is shown to the library as no JSON at all.
 * Anything but a 2xx stays as it is.
 */
export async function answerOf(response: Response, expected: Expected): Promise<Response> {
  if (!response.ok) return response;
  const json = parseStrictJson(await response.text());
  const { headers } = response;
  const status = expected.statusOfSuccess;
  if (!json.ok) return new Response("", { status, headers });
  const { value } = json;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return new Response("[]", { status, headers });
  }
  const members: Record<string, unknown> = { ...expected.defaults };
  for (const [name, member] of Object.entries(value)) {
    if (member !== null && !expected.without?.includes(name)) members[name] = member;
  }
  return new Response(JSON.stringify(members), { status, headers });
}
