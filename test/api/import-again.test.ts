// What is done with an import that is there: seen as failed, gone on with, changed row by row, sent once more.
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { MAX_KEPT_BYTES, packed, unpacked } from "../../src/api/import-file.ts";
import { jobs } from "../../src/db/jobs.ts";
import { SLICE_ROWS } from "../../src/issuer/import-run.ts";
import { countingRandom } from "../app.ts";
import { givenApiKey, givenBadge } from "../given.ts";
import { type Importing, importing, people, type ShownImport } from "../issuer/importing.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Asks with a JSON body. */
async function asking(world: Importing, method: string, path: string, body: unknown) {
  const key = await givenApiKey(world.t.env, world.organization);
  const response = await world.t.request(`/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as ShownImport };
}

const shownOf = async ({ get }: Importing, id: string) =>
  (await (await get(`/imports/${id}`)).json()) as ShownImport;

async function dryRun(world: Importing, csv: BodyInit, more = "") {
  return world.run(csv, `badge=${world.badge.id}&dry_run=true${more}`);
}

/** What stays where the job was tried for as long as any job is. */
async function givenUp({ t }: Importing, id: string) {
  const parked = t.env.db.orm
    .update(jobs)
    .set({ parked_at: t.env.now(), lease_until: null })
    .where(eq(jobs.dedupe_key, id));
  await t.env.db.batch([parked]);
}

describe("an import whose job was given up", () => {
  it("is seen as failed, and goes on where it stood", async () => {
    const world = await importing();
    const { id } = (await (await world.send(people(SLICE_ROWS + 3))).json()) as ShownImport;
    expect(await shownOf(world, id)).toMatchObject({ state: "waiting" });
    await givenUp(world, id);
    expect(await shownOf(world, id)).toMatchObject({ state: "failed", done: 0 });
    const list = (await (await world.get("/imports")).json()) as { data: ShownImport[] };
    expect(list.data.map(({ state }) => state)).toEqual(["failed"]);
    await world.drain();
    expect(await shownOf(world, id)).toMatchObject({ state: "failed" });

    const resumed = await world.post(`/imports/${id}/resume`);
    expect(await resumed.json()).toMatchObject({ state: "waiting" });
    await world.drain();
    expect(await shownOf(world, id)).toMatchObject({ state: "done", awarded: SLICE_ROWS + 3 });
  });

  it("may be cancelled", async () => {
    const world = await importing();
    const { id } = (await (await world.send(people(2))).json()) as ShownImport;
    await givenUp(world, id);
    expect((await world.post(`/imports/${id}/cancel`)).status).toBe(200);
    expect(await shownOf(world, id)).toMatchObject({ state: "cancelled" });
  });
});

describe("resuming", () => {
  it("goes on with what was cancelled, and doubles nothing", async () => {
    const world = await importing();
    const { id } = (await (await world.send(people(5))).json()) as ShownImport;
    await world.post(`/imports/${id}/cancel`);
    await world.drain();
    expect(await shownOf(world, id)).toMatchObject({ state: "cancelled", awarded: 0 });
    await world.post(`/imports/${id}/resume`);
    expect((await world.post(`/imports/${id}/resume`)).status).toBe(200);
    await world.drain();
    expect(await shownOf(world, id)).toMatchObject({ state: "done", awarded: 5 });
    expect(await world.count("badge_issues")).toBe(5);
    const { rows } = await world.t.env.db.read({
      sql: "select count(*) from audit_log where action = 'import.resumed'",
      params: [],
    });
    expect(rows).toEqual([[1]]);
  });

  it("is refused where nothing is left, or the rows are gone", async () => {
    const world = await importing();
    const ended = await world.run(people(1));
    const refused = await world.post(`/imports/${ended.id}/resume`);
    expect([refused.status, await refused.json()]).toEqual([
      409,
      expect.objectContaining({ code: "import-finished" }),
    ]);
    const { id } = (await (await world.send(people(2, 5))).json()) as ShownImport;
    await world.post(`/imports/${id}/cancel`);
    await world.t.env.db.batch([{ sql: "delete from import_rows", params: [] }]);
    expect((await world.post(`/imports/${id}/resume`)).status).toBe(410);
    expect((await world.post(`/imports/${id.replace(/.$/, "x")}/resume`)).status).toBe(404);
  });
});

describe("a row of a dry run", () => {
  it("is changed, decided anew, and counted", async () => {
    const world = await importing();
    const { id } = await dryRun(world, "email,name\nkim@example.org,Kim\nnobody,Noor\n");
    expect(await shownOf(world, id)).toMatchObject({ awarded: 1, refused: 1 });
    const fixed = await asking(world, "PATCH", `/imports/${id}/rows/3`, {
      values: { email: "noor@example.org" },
    });
    expect(fixed).toMatchObject({
      status: 200,
      body: { outcome: "awarded", code: null, values: { email: "noor@example.org", name: "Noor" } },
    });
    expect(await shownOf(world, id)).toMatchObject({ awarded: 2, refused: 0 });
    const again = await asking(world, "PATCH", `/imports/${id}/rows/3`, {
      values: { email: "KIM@example.org" },
    });
    expect(again.body).toMatchObject({ outcome: "held" });
    expect(await shownOf(world, id)).toMatchObject({ awarded: 1, held: 1, refused: 0 });
    expect(await world.count("badge_issues")).toBe(0);
  });

  it("loses a value that is taken away, and what stood beyond the heading", async () => {
    const world = await importing();
    const { id } = await dryRun(world, "email,tier\nkim@example.org,9,more\n");
    const values = { tier: "", "": "" };
    const { body } = await asking(world, "PATCH", `/imports/${id}/rows/2`, { values });
    expect(body).toMatchObject({ outcome: "awarded", values: { email: "kim@example.org" } });
  });

  it.each([
    ["of one that awards", "", 409, "import-not-checked"],
    ["of a dry run on a line it does not have", "&dry_run=true", 404, "not-found"],
  ])("%s is not changed", async (_what, more, status, code) => {
    const world = await importing();
    const { id } = await world.run(people(1), `badge=${world.badge.id}${more}`);
    const at = status === 404 ? 7 : 2;
    const { body, ...refused } = await asking(world, "PATCH", `/imports/${id}/rows/${at}`, {
      values: { email: "lee@example.org" },
    });
    expect([refused.status, body.code]).toEqual([status, code]);
  });
});

describe("sent once more", () => {
  it("a dry run awards what was made of it, and again nothing", async () => {
    const world = await importing();
    const { id } = await dryRun(world, "email\nkim@example.org\nnobody\n");
    await asking(world, "PATCH", `/imports/${id}/rows/3`, { values: { email: "lee@example.org" } });
    const first = await asking(world, "POST", `/imports/${id}/again`, { dry_run: false });
    expect([first.status, first.body]).toMatchObject([202, { state: "waiting", rows: 2 }]);
    await world.drain();
    expect(await shownOf(world, first.body.id)).toMatchObject({ awarded: 2, refused: 0 });
    const second = await asking(world, "POST", `/imports/${first.body.id}/again`, {});
    await world.drain();
    expect(await shownOf(world, second.body.id)).toMatchObject({ awarded: 0, held: 2 });
    expect(await world.count("badge_issues")).toBe(2);
  });

  it("a heading that nobody understood is explained, and the rows stay as they are", async () => {
    const world = await importing();
    const refused = await world.send("Adresse;Team\nkim@example.org;Care\n", "dry_run=true");
    expect(refused.status).toBe(422);
    const { id } = await world.run(
      "Adresse;Team\nkim@example.org;Care\n",
      "dry_run=true&any_columns=true",
    );
    expect(await shownOf(world, id)).toMatchObject({ awarded: 0, refused: 1 });
    const columns = [{ name: "Adresse", as: "email" }];
    const without = await asking(world, "POST", `/imports/${id}/again`, { dry_run: true, columns });
    expect([without.status, without.body.errors[0]?.code]).toEqual([
      422,
      "csv_badge_column_missing",
    ]);
    const badge = world.badge.id;
    const body = { dry_run: true, columns, badge };
    const made = await asking(world, "POST", `/imports/${id}/again`, body);
    await world.drain();
    expect(await shownOf(world, made.body.id)).toMatchObject({ awarded: 1, refused: 0 });
    const twice = [...columns, { name: "Team", as: "email" }];
    const both = await asking(world, "POST", `/imports/${id}/again`, { columns: twice, badge });
    expect([both.status, both.body.errors[0]?.code]).toEqual([422, "csv_column_twice"]);
  });

  it("it is read in another encoding, and with another delimiter", async () => {
    const world = await importing();
    const { id } = await dryRun(world, utf8("email;name\nkim@example.org;Osé, Kim\n"));
    const body = { dry_run: true, encoding: "windows-1252", delimiter: "," };
    const wrong = await asking(world, "POST", `/imports/${id}/again`, {
      ...body,
      any_columns: true,
    });
    expect(wrong.body.reading).toMatchObject({ encoding: "windows-1252", delimiter: "," });
    await world.drain();
    const [row] = await world.rows(wrong.body.id);
    expect(row?.values).toEqual({ "email;name": "kim@example.org;OsÃ©", "": " Kim" });
    const right = await asking(world, "POST", `/imports/${wrong.body.id}/again`, {
      dry_run: true,
      encoding: "utf-8",
      delimiter: ";",
    });
    await world.drain();
    expect(await shownOf(world, right.body.id)).toMatchObject({ awarded: 1 });
    expect((await world.rows(right.body.id))[0]?.values.name).toBe("Osé, Kim");
    await world.t.env.db.batch([{ sql: "delete from import_files", params: [] }]);
    const gone = await asking(world, "POST", `/imports/${right.body.id}/again`, body);
    expect([gone.status, gone.body.code]).toEqual([410, "gone"]);
  });

  it("a badge that is not there, or not active, is refused", async () => {
    const world = await importing();
    const { id } = await dryRun(world, people(1));
    const draft = await givenBadge(world.t.env, world.organization, { status: "inactive" });
    const unknown = await asking(world, "POST", `/imports/${id}/again`, { badge: "nothing" });
    expect([unknown.status, unknown.body.errors[0]?.pointer]).toEqual([422, "/badge"]);
    const inactive = await asking(world, "POST", `/imports/${id}/again`, { badge: draft.id });
    expect([inactive.status, inactive.body.code]).toEqual([409, "badge-inactive"]);
  });
});

describe("how a file is read, where that is said", () => {
  it.each<[query: string, name: string]>([
    ["encoding=windows-1252", "OsÃ©"],
    ["encoding=utf-8", "Osé"],
    ["delimiter=%3B&any_columns=true", ""],
  ])("%s", async (query, name) => {
    const world = await importing();
    const { id } = await dryRun(world, utf8("email,name\nkim@example.org,Osé\n"), `&${query}`);
    expect((await world.rows(id))[0]?.values.name ?? "").toBe(name);
  });

  it.each(["encoding=utf-16le", "encoding=utf-16be", "encoding=utf-8"])(
    "what is not %s is refused",
    async (query) => {
      const { send, badge } = await importing();
      const refused = await send(Uint8Array.of(0x61, 0xff, 0x0a), `badge=${badge.id}&${query}`);
      expect(await refused.json()).toMatchObject({ errors: [{ code: "csv_encoding_broken" }] });
    },
  );
});

describe("a file that is kept", () => {
  it("is the same when it is unpacked, and is not kept beyond what a statement takes", async () => {
    const bytes = new Uint8Array(countingRandom()(MAX_KEPT_BYTES));
    const small = await packed(bytes.slice(0, 1_000));
    expect(await unpacked(new Uint8Array(small ?? []))).toEqual(bytes.slice(0, 1_000));
    expect(await packed(bytes)).toBeNull();
  });
});
