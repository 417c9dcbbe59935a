import { describe, expect, it, onTestFinished } from "vitest";
import { engines, readMigrations } from "#runtime";
import { createDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { findHostedAssertion } from "../../src/db/published.ts";

const FORMS = /_assertion_forms$/;
const HASHES = [`${"0123456789abcdef".repeat(2)}01234567`, "f".repeat(40)];
const text = (hash: string) =>
  `{"id":"https://badges.example.org/${hash}","narrative":"Zoë \\" 三"}`;

describe.each(Object.entries(engines))("forms of assertions, on %s", (_name, open) => {
  const opened = async () => {
    const { engine, remove } = await open({ empty: true });
    onTestFinished(remove);
    return engine;
  };

  it("what was stored before there were any is carried over as it was", async () => {
    const engine = await opened();
    const migrations = readMigrations();
    const before = migrations.findIndex(({ name }) => FORMS.test(name));
    await migrate(engine, migrations.slice(0, before));
    await engine.write(
      HASHES.map((hash, i) => ({
        sql: "INSERT INTO hosted_assertions (key, unique_hash, base, etag, body) VALUES (?, ?, ?, ?, ?)",
        params: [
          Number.parseInt(hash.slice(0, 13), 16),
          hash,
          `https://${i}.example.org`,
          `"tag-${i}"`,
          text(hash),
        ],
      })),
    );
    await migrate(engine, migrations);
    const db = createDatabase(engine);
    for (const [i, hash] of HASHES.entries()) {
      expect(await findHostedAssertion(db, hash)).toEqual({
        base: `https://${i}.example.org`,
        etag: `"tag-${i}"`,
        body: text(hash),
      });
    }
  });

  it("are neither changed nor removed", async () => {
    const engine = await opened();
    await migrate(engine, readMigrations());
    await engine.write([
      { sql: "INSERT INTO assertion_forms (base, pieces) VALUES ('a', '[-1]')", params: [] },
    ]);
    for (const sql of [
      "UPDATE assertion_forms SET pieces = '[0,-1]'",
      "UPDATE assertion_forms SET id = 2",
      "DELETE FROM assertion_forms",
    ]) {
      await expect(engine.write([{ sql, params: [] }])).rejects.toMatchObject({
        raised: "assertion_form_immutable",
      });
    }
    const { rows } = await engine.read({ sql: "SELECT * FROM assertion_forms", params: [] });
    expect(rows).toEqual([[1, "a", "[-1]"]]);
  });
});
