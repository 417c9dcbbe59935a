// Awarding many at a desk: a file is checked, a row put right in place, the badges awarded, and again none.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { awards } from "../../src/db/awards.ts";
import { imports } from "../../src/db/imports.ts";
import { jobs } from "../../src/db/jobs.ts";
import { withHeading } from "../../src/desk/award/import/sent-file.ts";
import { drain } from "../../src/jobs/drain.ts";
import { FORM_TOKEN } from "../../src/signin/session.ts";
import { HANDLERS } from "../../src/work.ts";
import { givenAward, givenBadge, givenPerson } from "../given.ts";
import { givenManualCriterion } from "../given-nominations.ts";
import { type SignedInBrowser, signedIn } from "../signed-in.ts";
import { deskWorld } from "./world.ts";

const text = async (response: Response) =>
  (await response.text()).replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
const onceIn = (html: string) => /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "";

async function importing() {
  const world = await deskWorld();
  const badge = await givenBadge(world.env, world.organization, {
    name: "Night School",
    max_awards_per_user: 1,
  });
  await givenManualCriterion(world.env, badge);
  const { env } = world;
  const work = () => drain(env, HANDLERS, { limit: 100, concurrency: 1 });
  /** Sends a form with a file, as a browser does; answers with the path it leads to. */
  const send = async (
    csv: string | Uint8Array<ArrayBuffer>,
    fields: Record<string, string> = {},
    as: SignedInBrowser = world.as.cora,
  ) => {
    const form = new FormData();
    form.set(FORM_TOKEN, as.formToken);
    form.set("badge", badge.id);
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", new File([csv], "people.csv"));
    return world.request("/award/import", {
      method: "POST",
      headers: { cookie: as.cookie, origin: env.config.publicUrl, accept: "text/html" },
      body: form,
    });
  };
  /** Sends, and does the work. */
  const checked = async (csv: string | Uint8Array<ArrayBuffer>, fields = {}) => {
    const path = (await send(csv, fields)).headers.get("location") ?? "";
    await work();
    return path;
  };
  const held = async () => (await env.db.orm.select().from(awards)).length;
  return { ...world, badge, work, send, checked, held };
}

const FILE = '\uFEFFE-Mail;Full name\nkim@example.net;"Doe, Jane"\nnobody;"Roe, Rick"\n';

describe("a file", () => {
  it("is checked, a row is put right in place, its badges are awarded, and again none", async () => {
    const { as, work, checked, held } = await importing();
    const path = await checked(FILE);
    const page = await (await as.cora.get(path)).text();
    for (const words of [
      "1 badge will be awarded, no row will be skipped, 1 needs a fix.",
      "Read as UTF-8 (usual), with semicolons between the cells.",
      "Roe, Rick (nobody)",
      "This is not an e-mail address.",
      'id="row-3"',
      'aria-invalid="true"',
    ]) {
      expect(page).toContain(words);
    }
    expect(await text(await as.cora.get(`${path}?show=awarded`))).toContain(
      "Doe, Jane (kim@example.net)",
    );
    const fixed = await as.cora.post(`${path}/rows/3`, {
      "cell-0": "rick@example.net",
      "cell-1": "Roe, Rick",
      show: "refused",
    });
    expect(fixed.headers.get("location")).toBe(
      `${path}?fixed=3&outcome=awarded&show=refused#row-3`,
    );
    const after = await (await as.cora.get(`${path}?fixed=3&outcome=awarded`)).text();
    expect(after).toContain("Row 3 is fine now: it will be awarded.");
    expect(after).toContain("Award 2 badges");
    expect(await held()).toBe(0);

    const once = onceIn(after);
    const begun = await as.cora.post(`${path}/start`, { once });
    const twice = await as.cora.post(`${path}/start`, { once });
    const job = begun.headers.get("location") ?? "";
    expect(twice.headers.get("location")).toBe(job);
    const working = await (await as.cora.get(job)).text();
    for (const words of [
      "<progress",
      "0 of 2 rows",
      'http-equiv="refresh"',
      'data-import="open"',
      'data-words="0 %: 0 of 2 rows"',
    ]) {
      expect(working).toContain(words);
    }
    await work();
    expect(await held()).toBe(2);
    const ended = await (await as.cora.get(job)).text();
    expect(ended).toContain("2 new awards; nobody held the badge already; no row was refused.");
    expect(ended).not.toContain('http-equiv="refresh"');

    const again = await as.cora.post(`${job}/start`, { once: onceIn(ended) });
    await work();
    const second = await text(await as.cora.get(again.headers.get("location") ?? ""));
    expect(second).toContain("0 new awards; 2 people held the badge already; no row was refused.");
    expect(await held()).toBe(2);
  });

  it("that is put right wrongly is still to be put right", async () => {
    const { as, checked } = await importing();
    const path = await checked(FILE);
    const fixed = await as.cora.post(`${path}/rows/3`, { "cell-0": "rick" });
    const page = await text(await as.cora.get(fixed.headers.get("location") ?? ""));
    expect(page).toContain("Row 3 still needs a fix.");
  });

  it("is explained in German, where a row has a rule's code", async () => {
    const { as, env, badge, noor, checked } = await importing();
    await givenAward(env, badge, noor);
    const path = await checked(`email\n${noor.identity.identity}\nnobody\n`);
    const page = await text(await as.cora.get(`${path}?show=all&lang=de`));
    expect(page).toContain("Die Person hat das Badge bereits.");
    expect(page).toContain("email: Das ist keine E-Mail-Adresse.");
  });

  it("whose columns, delimiter and encoding were guessed wrong is read in another way", async () => {
    const { as, work, checked } = await importing();
    const path = await checked("Adresse,Wer\nkim@example.net,Jos\u00e9\n");
    const page = await (await as.cora.get(path)).text();
    expect(page).toContain("Whom is not said: no column says it, or the cell is empty.");
    expect(page).toContain("What “Adresse” means");
    const again = await as.cora.post(`${path}/reading`, {
      encoding: "utf-8",
      delimiter: "comma",
      badge: "",
      "column-0": "email",
      "column-1": "name",
    });
    await work();
    const next = again.headers.get("location") ?? "";
    expect(await text(await as.cora.get(next))).toContain("No badge here has this id");
    const { badge } = { badge: /value="([0-9a-f-]{36})"[^>]*>Night School/.exec(page)?.[1] ?? "" };
    const other = await as.cora.post(`${next}/reading`, {
      encoding: "windows-1252",
      delimiter: "comma",
      badge,
      "column-0": "email",
      "column-1": "name",
    });
    await work();
    const read = await text(await as.cora.get(other.headers.get("location") ?? ""));
    expect(read).toContain("JosÃ© (kim@example.net)");
    const twice = await as.cora.post(`${next}/reading`, {
      badge,
      "column-0": "email",
      "column-1": "email",
    });
    expect([twice.status, await text(twice)]).toEqual([
      422,
      expect.stringContaining("Two columns mean the same."),
    ]);
  });

  it("has a row as it was typed last, also by a page that somebody went back to", async () => {
    const { as, checked } = await importing();
    const path = await checked(FILE);
    const once = onceIn(await (await as.cora.get(path)).text());
    for (const [email, outcome] of [
      ["rick@example.net", "awarded"],
      ["rick", "refused"],
      ["rick@example.net", "awarded"],
    ] as const) {
      const fields = { once, "cell-0": email, "cell-1": "Roe, Rick" };
      const fixed = await as.cora.post(`${path}/rows/3`, fields);
      expect(fixed.headers.get("location")).toContain(`outcome=${outcome}`);
    }
    expect(await text(await as.cora.get(path))).toContain("2 badges will be awarded");
  });

  it.each<[name: string, csv: string | Uint8Array<ArrayBuffer>, words: string]>([
    ["empty", "\n", "There is nothing in it."],
    ["without rows", "email\n", "There is a heading, and no row below it."],
    ["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0), "This is no text file."],
    ["with a quote that stays open", 'email\n"kim\n', "Row 2: a quote opens a cell"],
    ["without a heading", "kim@example.net,Kim\n", "The first line holds a person"],
  ])("%s is refused in place", async (_name, csv, words) => {
    const { send } = await importing();
    const refused = await send(csv);
    expect([refused.status, await text(refused)]).toEqual([422, expect.stringContaining(words)]);
  });

  it("may be lines that are pasted, or nothing but addresses; nothing at all is refused", async () => {
    const { as, badge, work, env } = await importing();
    const pasted = await as.cora.post("/award/import", {
      badge: badge.id,
      text: "kim@example.net\nlee@example.net\n",
    });
    await work();
    expect(await text(await as.cora.get(pasted.headers.get("location") ?? ""))).toContain(
      "2 badges will be awarded",
    );
    const nothing = await as.cora.post("/award/import", { badge: badge.id, text: " " });
    expect([nothing.status, await text(nothing)]).toEqual([
      422,
      expect.stringContaining("Choose a file, or paste lines."),
    ]);
    expect(await env.db.orm.select().from(imports)).toHaveLength(1);
  });

  it("of addresses gets the heading it lacks, and no other one does", () => {
    expect(withHeading("\n kim@example.net \nx")).toBe("email\n\n kim@example.net \nx");
    expect(withHeading("email\nkim@example.net")).toBe("email\nkim@example.net");
    expect(withHeading("kim@example.net,Kim")).toBe("kim@example.net,Kim");
  });
});

describe("a job", () => {
  async function begun() {
    const world = await importing();
    const path = (await world.send(FILE)).headers.get("location") ?? "";
    return { ...world, path };
  }

  it("is stopped, and goes on where it stood", async () => {
    const { as, path, work } = await begun();
    const stopped = await as.cora.post(`${path}/stop`);
    expect(stopped.headers.get("location")).toBe(`${path}?done=stopped`);
    await work();
    expect(await text(await as.cora.get(path))).toContain("Stopped after 0 of 2 rows.");
    const resumed = await as.cora.post(`${path}/resume`);
    expect(resumed.headers.get("location")).toBe(`${path}?done=resumed`);
    await work();
    expect(await text(await as.cora.get(path))).toContain("1 badge will be awarded");
    // It has ended meanwhile.
    expect((await as.cora.post(`${path}/stop`)).headers.get("location")).toBe(path);
  });

  it("is stopped by a page that somebody went back to, also when it has stopped it before", async () => {
    const { as, path, clock } = await begun();
    const once = onceIn(await (await as.cora.get(path)).text());
    await as.cora.post(`${path}/stop`, { once });
    await as.cora.post(`${path}/resume`);
    clock.advance(11_000);
    await as.cora.post(`${path}/stop`, { once });
    expect(await text(await as.cora.get(path))).toContain("Stopped after 0 of 2 rows.");
  });

  it("that came to a halt says so, and is resumed", async () => {
    const { as, env, path, work } = await begun();
    const parked = env.db.orm
      .update(jobs)
      .set({ parked_at: env.now() })
      .where(eq(jobs.kind, "award.import"));
    await env.db.batch([parked]);
    const page = await (await as.cora.get(path)).text();
    expect(page).toContain("It came to a halt after 0 of 2 rows");
    expect(page).toContain(`action="${path}/resume"`);
    await as.cora.post(`${path}/resume`);
    await work();
    expect(await text(await as.cora.get(path))).toContain("1 badge will be awarded");
  });

  it("is steered by whom sent it and by administrators, and by no other coordinator", async () => {
    const { as, env, organization, path, request } = await begun();
    const roles = ["coordinator"];
    const tom = await givenPerson(env, organization, { name: "Tom", roles });
    const other = await signedIn({ env, request }, tom.user.id);
    expect(await (await other.get(path)).text()).not.toContain(`${path}/stop`);
    expect((await other.post(`${path}/stop`)).status).toBe(403);
    expect((await as.ada.post(`${path}/stop`)).status).toBe(303);
  });

  it("has its rows put right by nobody whose rights it is not awarded with", async () => {
    const { as, env, organization, request, checked } = await importing();
    const path = await checked("email\nnobody\n");
    const tom = await givenPerson(env, organization, { name: "Tom", roles: ["coordinator"] });
    const other = await signedIn({ env, request }, tom.user.id);
    const fix = { "cell-0": "tom@example.org" };
    expect((await other.post(`${path}/rows/2`, fix)).status).toBe(403);
    expect((await as.ada.post(`${path}/rows/2`, fix)).status).toBe(303);
  });

  it("of another organization is as unknown as none", async () => {
    const { as, path } = await begun();
    const answers = await Promise.all([
      as.fritz.get(path),
      as.fritz.get(`${path}/result.csv`),
      as.cora.get("/award/import/nothing"),
      ...["start", "check", "reading", "stop", "resume", "rows/2"].map((deed) =>
        as.fritz.post(`${path}/${deed}`),
      ),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(404));
  });

  it("has a result file, and is in the list", async () => {
    const { as, path, work } = await begun();
    await work();
    const result = await as.cora.get(`${path}/result.csv`);
    expect(result.headers.get("content-disposition")).toContain("attachment");
    expect(await result.text()).toMatch(
      /^\uFEFF?E-Mail;Full name;outcome;code;reason;award\r\nkim@example.net;"Doe, Jane";awarded/,
    );
    const list = await text(await as.cora.get("/award/import"));
    expect(list).toContain("people.csv Check Finished 2");
  });
});
