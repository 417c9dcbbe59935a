// What the API says to be shown to people as it is: in the language of Accept-Language; faults stay in English.
import { describe, expect, it } from "vitest";
import { testApp } from "../app.ts";
import { givenPerson } from "../given.ts";
import { counts, givenRuled } from "../issuer/evaluation-world.ts";
import { type Client, givenClient } from "./client.ts";

interface Told {
  readonly criteria: readonly object[];
  readonly progress: readonly object[];
  readonly metric: object;
}

const ENGLISH: Told = {
  criteria: [{ words: "Activities: at least 10" }],
  progress: [{ criteria: [{ words: "Activities: at least 10" }] }],
  metric: { name: "activity_count", label: "Activities" },
};
const GERMAN: Told = {
  criteria: [{ words: "Aktivitäten: mindestens 10" }],
  progress: [{ criteria: [{ words: "Aktivitäten: mindestens 10" }] }],
  metric: { name: "activity_count", label: "Aktivitäten" },
};

async function stage(): Promise<Client & { readonly badge: string; readonly person: string }> {
  const t = await testApp();
  const client = await givenClient(t);
  const badge = await givenRuled(t.env, client.organization, { rules: [counts(10)] });
  const person = await givenPerson(t.env, client.organization);
  return { ...client, badge: badge.id, person: person.user.id };
}

/** Without the id that each request has. */
async function asked(
  { send }: Client,
  path: string,
  language: string | null,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const headers: Record<string, string> = language === null ? {} : { "accept-language": language };
  const reply = await send(body === undefined ? "GET" : "PUT", path, body, headers);
  const { request_id: _, ...rest } = reply.body as Readonly<Record<string, unknown>>;
  return rest;
}

describe("words for people", () => {
  it.each<[language: string | null, told: Told]>([
    [null, ENGLISH],
    // What programs send that name no language.
    ["*", ENGLISH],
    ["fr", ENGLISH],
    ["en-GB,de;q=0.5", ENGLISH],
    ["de-AT,de;q=0.9,en;q=0.8", GERMAN],
  ])("with Accept-Language %s", async (language, told) => {
    const { badge, person, ...client } = await stage();
    const get = (path: string) => asked(client, path, language);
    expect(await get(`/badges/${badge}/criteria`)).toMatchObject({ rules: told.criteria });
    expect(await get(`/users/${person}/progress`)).toMatchObject({ data: told.progress });
    expect((await get("/metrics")).data).toContainEqual(expect.objectContaining(told.metric));
  });

  it("are none of a fault, which is in English, nor of what a badge is given out as", async () => {
    const { badge, ...client } = await stage();
    const wrong = { rules: [{ type: "nothing" }] };
    for (const [path, body] of [
      [`/badges/${badge}/criteria`, wrong],
      [`/badges/${badge}`, undefined],
    ] as const) {
      const english = await asked(client, path, null, body);
      expect(await asked(client, path, "de", body)).toEqual(english);
    }
  });
});
