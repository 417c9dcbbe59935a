// One contract for every engine: the embedded file, and libSQL over HTTP from Node and from workerd.
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { engines, readMigrations } from "#runtime";
import type { Engine, Value } from "../../src/db/database.ts";
import { createDatabase } from "../../src/db/database.ts";
import { appliedMigrations, type Migration, migrate } from "../../src/db/migrate.ts";
import { openRemote } from "../../src/runtime/libsql-http.ts";
import type { OpenEngine, OpenedEngine } from "./engines.ts";

const STATEMENT = (sql: string, ...params: Value[]) => ({ sql, params });

const TABLES = [
  "CREATE TABLE people (id integer PRIMARY KEY, org text NOT NULL, email text, age integer, CONSTRAINT age_positive CHECK (age >= 0), UNIQUE (org, email))",
  "CREATE TABLE notes (id integer PRIMARY KEY, person integer NOT NULL REFERENCES people (id), body text)",
  "CREATE TABLE anything (v)",
  "CREATE TABLE typed (i integer, r real, t text, b blob)",
  "CREATE TRIGGER no_zero BEFORE INSERT ON notes WHEN NEW.body = 'zero' BEGIN SELECT RAISE(ABORT, 'rosette:no_zero'); END",
  "CREATE TRIGGER counted AFTER INSERT ON people BEGIN INSERT INTO anything VALUES (NEW.id); END",
];

const SOME: readonly Migration[] = [
  { name: "0000_first", sql: "CREATE TABLE a (x)" },
  {
    name: "0001_second",
    sql: "CREATE TABLE b (x)\n--> statement-breakpoint\nINSERT INTO b VALUES (1)",
  },
];

describe.each(Object.entries(engines))("%s", (_name, open) => {
  const opened = async (openEngine: OpenEngine = open): Promise<OpenedEngine> => {
    const result = await openEngine({ empty: true });
    onTestFinished(result.remove);
    return result;
  };
  const withTables = async (): Promise<Engine> => {
    const { engine } = await opened();
    await engine.write(TABLES.map((sql) => STATEMENT(sql)));
    return engine;
  };
  const count = async (engine: Engine, table: string) =>
    (await engine.read(STATEMENT(`SELECT count(*) FROM ${table}`))).rows[0]?.[0];

  describe("values", () => {
    const bytes = (...values: number[]) => new Uint8Array(values);
    it.each<[string, Value, string]>([
      ["text", "Zoë 🎓 'quoted' \"and\" \\u0041", "text"],
      ["a line break", "one\r\ntwo\ttab", "text"],
      ["empty text", "", "text"],
      ["a small integer", 7, "integer"],
      ["a negative integer", -7, "integer"],
      ["zero", 0, "integer"],
      ["the largest safe integer", Number.MAX_SAFE_INTEGER, "integer"],
      ["the smallest safe integer", Number.MIN_SAFE_INTEGER, "integer"],
      ["a float", 1.5, "real"],
      ["a large float", 1e300, "real"],
      ["null", null, "null"],
      ["no bytes", bytes(), "blob"],
      ["one byte", bytes(255), "blob"],
      ["two bytes", bytes(0, 1), "blob"],
      ["three bytes", bytes(0, 1, 2), "blob"],
      ["a view into longer bytes", bytes(9, 8, 7, 6, 5).subarray(1, 3), "blob"],
    ])("keeps %s", async (_what, value, type) => {
      const engine = await withTables();
      await engine.write([STATEMENT("INSERT INTO anything VALUES (?)", value)]);
      const { rows } = await engine.read(STATEMENT("SELECT v, typeof(v) FROM anything"));
      expect(rows).toHaveLength(1);
      const stored = rows[0]?.[0];
      if (value instanceof Uint8Array) {
        expect(stored).toBeInstanceOf(Uint8Array);
        expect([...(stored as Uint8Array)]).toEqual([...value]);
      } else {
        expect(stored).toBe(value);
      }
      expect(rows[0]?.[1]).toBe(type);
    });

    it("takes a bigint and gives it back as a number", async () => {
      const engine = await withTables();
      await engine.write([STATEMENT("INSERT INTO anything VALUES (?)", 12n)]);
      expect((await engine.read(STATEMENT("SELECT v FROM anything"))).rows).toEqual([[12]]);
    });

    it("columns keep their own type", async () => {
      const engine = await withTables();
      await engine.write([STATEMENT("INSERT INTO typed VALUES (?, ?, ?, ?)", 5, 2, 7, null)]);
      const { rows } = await engine.read(
        STATEMENT("SELECT i, typeof(i), r, typeof(r), t, typeof(t), b FROM typed"),
      );
      expect(rows).toEqual([[5, "integer", 2, "real", "7", "text", null]]);
    });

    it("values come in column order, also when two columns have one name", async () => {
      const { engine } = await opened();
      const { rows } = await engine.read(STATEMENT("SELECT 1 AS x, 2 AS x, 3 AS y"));
      expect(rows).toEqual([[1, 2, 3]]);
    });
  });

  describe("reading", () => {
    it("no rows are an empty list", async () => {
      const engine = await withTables();
      const result = await engine.read(STATEMENT("SELECT * FROM people WHERE id = ?", 1));
      expect(result).toEqual({ rows: [], rowsAffected: 0 });
    });

    it("gives many rows in order", async () => {
      const engine = await withTables();
      await engine.write([
        STATEMENT(
          "INSERT INTO anything WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n",
        ),
      ]);
      const { rows } = await engine.read(STATEMENT("SELECT v FROM anything ORDER BY v"));
      expect(rows.map(([v]) => v)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
    });

    it("the first row of many, where one is wanted, and none where there is none", async () => {
      const engine = await withTables();
      await engine.write([1, 2, 3].map((v) => STATEMENT("INSERT INTO anything VALUES (?)", v)));
      const first = STATEMENT("SELECT v FROM anything WHERE v >= ? ORDER BY v", 2);
      const db = createDatabase(engine);
      // Twice: the second time it is known to change nothing.
      for (let again = 0; again < 2; again++) {
        expect((await engine.read(first, "one")).rows[0]).toEqual([2]);
        expect(await db.readOne(first)).toEqual([2]);
        expect(await db.readOne({ ...first, params: [9] })).toBeUndefined();
      }
      // Nothing is left open by rows that were not asked for.
      await engine.write([STATEMENT("DELETE FROM anything WHERE v = 2")]);
      expect(await db.readOne(first)).toEqual([3]);
    });

    it("a statement that is not SQL is refused", async () => {
      const { engine } = await opened();
      await expect(engine.read(STATEMENT("SELEKT 1"))).rejects.toMatchObject({ code: "other" });
    });

    it("the query builder reads through it", async () => {
      const { engine } = await opened();
      const { rows } = await createDatabase(engine).read(STATEMENT("SELECT ?, ?", "a", 1));
      expect(rows).toEqual([["a", 1]]);
    });
  });

  describe("writing", () => {
    it("says how many rows each statement changed, triggers not counted", async () => {
      const engine = await withTables();
      const results = await engine.write([
        STATEMENT("INSERT INTO people (id, org) VALUES (1, 'a'), (2, 'a'), (3, 'b')"),
        STATEMENT("UPDATE people SET age = 4 WHERE org = 'a'"),
        STATEMENT("UPDATE people SET age = 4 WHERE org = 'nobody'"),
        STATEMENT("INSERT INTO people (id, org) VALUES (3, 'b') ON CONFLICT DO NOTHING"),
        STATEMENT("UPDATE people SET age = age + 1 WHERE org = 'a' RETURNING id, age"),
        STATEMENT("UPDATE people SET age = 1 WHERE org = 'nobody' RETURNING id"),
        STATEMENT("SELECT count(*) FROM people"),
        STATEMENT("DELETE FROM people WHERE id = 3"),
      ]);
      expect(results.map(({ rowsAffected }) => rowsAffected)).toEqual([3, 2, 0, 0, 2, 0, 0, 1]);
      expect(results[4]?.rows.toSorted()).toEqual([
        [1, 5],
        [2, 5],
      ]);
      expect(results[5]?.rows).toEqual([]);
      expect(results[6]?.rows).toEqual([[3]]);
    });

    it("a later statement sees what an earlier one wrote", async () => {
      const engine = await withTables();
      const [, second] = await engine.write([
        STATEMENT("INSERT INTO anything VALUES (1)"),
        STATEMENT("SELECT count(*) FROM anything"),
      ]);
      expect(second?.rows).toEqual([[1]]);
    });

    it("writes nothing when the last statement fails", async () => {
      const engine = await withTables();
      await expect(
        engine.write([
          STATEMENT("INSERT INTO anything VALUES (1)"),
          STATEMENT("INSERT INTO people (id, org) VALUES (1, 'a')"),
          STATEMENT("INSERT INTO people (id, org) VALUES (1, 'a')"),
        ]),
      ).rejects.toMatchObject({ code: "unique" });
      expect(await count(engine, "anything")).toBe(0);
      expect(await count(engine, "people")).toBe(0);
    });

    it("writes nothing when a statement in the middle is not SQL", async () => {
      const engine = await withTables();
      await expect(
        engine.write([
          STATEMENT("INSERT INTO anything VALUES (1)"),
          STATEMENT("INSERT INTO nowhere VALUES (1)"),
          STATEMENT("INSERT INTO anything VALUES (2)"),
        ]),
      ).rejects.toMatchObject({ code: "other" });
      expect(await count(engine, "anything")).toBe(0);
    });

    it("batches that come at once are each whole", async () => {
      const engine = await withTables();
      const batches = Array.from({ length: 20 }, (_, i) =>
        engine.write([
          STATEMENT("INSERT INTO anything VALUES (?)", i),
          STATEMENT("INSERT INTO people (id, org) VALUES (?, 'a')", i % 10),
        ]),
      );
      const settled = await Promise.allSettled(batches);
      expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
      expect(await count(engine, "people")).toBe(10);
      // One row by each batch, one by the trigger on people.
      expect(await count(engine, "anything")).toBe(20);
    });

    it("the same statement many times in one batch", async () => {
      const engine = await withTables();
      const results = await engine.write(
        Array.from({ length: 50 }, (_, i) => STATEMENT("INSERT INTO anything VALUES (?)", i)),
      );
      expect(results).toHaveLength(50);
      expect(await count(engine, "anything")).toBe(50);
    });
  });

  describe("errors", () => {
    const person = "INSERT INTO people (id, org, email, age) VALUES (?, ?, ?, ?)";
    it.each([
      [
        "a duplicate key",
        STATEMENT(person, 1, "b", null, 1),
        { code: "unique", columns: ["people.id"] },
      ],
      [
        "a duplicate pair",
        STATEMENT(person, 2, "a", "kim@example.org", 1),
        { code: "unique", columns: ["people.org", "people.email"] },
      ],
      [
        "a missing value",
        STATEMENT(person, 2, null, null, 1),
        { code: "not_null", columns: ["people.org"] },
      ],
      [
        "a value out of range",
        STATEMENT(person, 2, "b", null, -1),
        { code: "check", columns: ["age_positive"] },
      ],
      [
        "a reference to nothing",
        STATEMENT("INSERT INTO notes (person) VALUES (99)"),
        { code: "foreign_key" },
      ],
      [
        "a rule in a trigger",
        STATEMENT("INSERT INTO notes (person, body) VALUES (1, 'zero')"),
        { code: "raised", raised: "no_zero" },
      ],
    ])("names %s", async (_what, statement, expected) => {
      const engine = await withTables();
      await engine.write([STATEMENT(person, 1, "a", "kim@example.org", 1)]);
      const error = await engine.write([statement]).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ name: "DatabaseError", ...expected });
      expect(String(error)).not.toContain("kim@example.org");
    });
  });

  describe("migrations", () => {
    it("bring a new database to the schema, once", async () => {
      const { engine } = await opened();
      const migrations = readMigrations();
      expect(await migrate(engine, migrations)).toBe(migrations.length);
      expect(await migrate(engine, migrations)).toBe(0);
      expect(await appliedMigrations(engine)).toEqual(migrations.map(({ name }) => name));
    });

    it("apply only what is missing", async () => {
      const { engine } = await opened();
      expect(await migrate(engine, SOME.slice(0, 1))).toBe(1);
      expect(await migrate(engine, SOME)).toBe(1);
      expect(await count(engine, "b")).toBe(1);
    });

    it("that race apply each migration once", async () => {
      const { engine, again } = await opened();
      const applied = await Promise.all(
        [engine, again(), again(), again()].map((each) => migrate(each, SOME)),
      );
      expect(applied.reduce((sum, n) => sum + n)).toBe(SOME.length);
      expect(await count(engine, "b")).toBe(1);
    });

    it("leave nothing of one that fails half way", async () => {
      const { engine } = await opened();
      const broken = {
        name: "0000_first",
        sql: "CREATE TABLE a (x)\n--> statement-breakpoint\nnot sql",
      };
      await expect(migrate(engine, [broken])).rejects.toMatchObject({ name: "DatabaseError" });
      expect(await appliedMigrations(engine)).toEqual([]);
      expect(await migrate(engine, SOME)).toBe(2);
    });

    it("refuse a schema they do not know", async () => {
      const { engine } = await opened();
      await migrate(engine, SOME);
      await expect(migrate(engine, SOME.slice(0, 1))).rejects.toMatchObject({
        name: "MigrationError",
        code: "unknown_schema",
      });
    });

    it("refuse a database of another program, and leave it as it is", async () => {
      const { engine } = await opened();
      await engine.write([STATEMENT("CREATE TABLE customers (name text)")]);
      await expect(migrate(engine, SOME)).rejects.toMatchObject({
        name: "MigrationError",
        code: "unknown_schema",
        message: expect.stringContaining("customers"),
      });
      const { rows } = await engine.read(STATEMENT("SELECT name FROM sqlite_master"));
      expect(rows).toEqual([["customers"]]);
    });

    it("refuse to go on when one that ran was changed", async () => {
      const { engine } = await opened();
      await migrate(engine, SOME);
      const changed = SOME.map(({ name, sql }) => ({ name, sql: `${sql} -- edited` }));
      await expect(migrate(engine, changed)).rejects.toMatchObject({ code: "changed_migration" });
    });
  });
});

describe("a libSQL server", () => {
  it("is asked more often than an isolate may have timers: answered calls hold none", async () => {
    let answer: Promise<string> | undefined;
    // Asked once in truth, and told the same again: what counts is what each call leaves behind.
    const engine = openRemote(
      { url: inject("hranaUrl"), authToken: "empty-many-calls" },
      async (input, init) => {
        answer ??= fetch(input, init).then((response) => response.text());
        const headers = { "content-type": "application/json" };
        return new Response(await answer, { headers });
      },
    );
    for (let i = 0; i < 10_500; i++) await engine.read(STATEMENT("SELECT 1"));
  });
});

describe("a libSQL server that cannot be used", () => {
  const attempts: [string, (engine: Engine) => Promise<unknown>][] = [
    ["a read", (engine) => engine.read(STATEMENT("SELECT 1"))],
    ["a write", (engine) => engine.write([STATEMENT("SELECT 1")])],
  ];
  const answering = (body: BodyInit, status: number, type = "application/json") =>
    openRemote({ url: "https://db.example.org", authToken: null }, async () =>
      Promise.resolve(new Response(body, { status, headers: { "content-type": type } })),
    );

  it.each(attempts)("that never answers, %s stops waiting", async (_what, attempt) => {
    const url = new URL("/never/", inject("hranaUrl")).href;
    const engine = openRemote({ url, authToken: "any" }, fetch, 100);
    await expect(attempt(engine)).rejects.toMatchObject({ code: "unreachable" });
  });

  it.each(attempts)(
    "that stops in the middle of an answer, %s stops waiting",
    async (_what, attempt) => {
      const url = new URL("/half/", inject("hranaUrl")).href;
      const engine = openRemote({ url, authToken: "any" }, fetch, 100);
      await expect(attempt(engine)).rejects.toMatchObject({ code: "unreachable" });
    },
  );

  it.each([
    ["an error page of a proxy", answering("<h1>Bad gateway</h1>", 502, "text/html")],
    ["a failure of its own", answering('{"message":"oh","code":"INTERNAL"}', 500)],
    ["a page that is not JSON", answering("<h1>Welcome</h1>", 200, "text/html")],
    ["JSON of another kind", answering('{"hello":"world"}', 200)],
    ["too many requests", answering("slow down", 429, "text/plain")],
  ])("that gives %s is unreachable", async (_what, engine) => {
    for (const [, attempt] of attempts) {
      await expect(attempt(engine)).rejects.toMatchObject({ code: "unreachable" });
    }
  });

  it("that refuses the token says so in the cause, not as a fault of the network", async () => {
    const engine = openRemote({ url: inject("hranaUrl"), authToken: "NO SUCH TOKEN" }, fetch);
    const error = await engine.read(STATEMENT("SELECT 1")).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "other" });
    expect(String(error)).not.toContain("NO SUCH TOKEN");
  });
});
