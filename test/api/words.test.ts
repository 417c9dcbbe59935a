// What the API says to be shown to people as it is: in the language of Accept-Language; faults stay in English.
import { describe, expect, it } from "vitest";
import { testApp } from "../app.ts";
import { givenPerson } from "../given.ts";
import { counts, givenRuled } from "../issuer/evaluation-world.ts";
import { type Client, givenClient } from "./client.ts";

interface Told {
  readonly criteria: unknown;
  readonly progress: unknown;
  readonly metric: unknown;
}

const ENGLISH: Told = {
  criteria: { rules: [{ words: "Activities: at least 10" }] },
  progress: { data: [{ criteria: [{ words: "Activities: at least 10" }] }] },
  metric: { name: "activity_count", label: "Activities" },
};
const GERMAN: Told = {
  criteria: { rules: [{ words: "Aktivitäten: mindestens 10" }] },
  progress: { data: [{ criteria: [{ words: "Aktivitäten: mindestens 10" }] }] },
  metric: { name: "activity_count", label: "Aktivitäten" },
};

async function stage(): Promise<Client & { readonly badge: string; readonly person: string }> {
  const t = await testApp();
  const client = await givenClient(t);
  const badge = await givenRuled(t.env, client.organization, { rules: [counts(10)] });
  const person = await givenPerson(t.env, client.organization);
  return { ...client, badge: badge.id, person: person.user.id };
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
    const { send, badge, person } = await stage();
    const headers = language === null ? {} : { "accept-language": language };
    const get = async (path: string) => (await send("GET", path, undefined, headers)).body;
    expect(await get(`/badges/${badge}/criteria`)).toMatchObject(told.criteria);
    expect(await get(`/users/${person}/progress`)).toMatchObject(told.progress);
    expect((await get("/metrics")).data).toContainEqual(expect.objectContaining(told.metric));
  });

  it("are none of a fault, which is in English, nor of what a badge is given out as", async () => {
    const { send, badge } = await stage();
    const inBoth = async (method: string, path: string, body?: unknown) => {
      const all = [{}, { "accept-language": "de" }].map((one) => send(method, path, body, one));
      const [{ request_id: _, ...english }, { request_id: __, ...german }] = (await Promise.all(
        all.map(async (one) => (await one).body),
      )) as [Record<string, unknown>, Record<string, unknown>];
      expect(german).toEqual(english);
    };
    await inBoth("PUT", `/badges/${badge}/criteria`, { rules: [{ type: "nothing" }] });
    await inBoth("GET", `/badges/${badge}`);
  });
});
