// What only Node is asked here: workerd prints a trace of its own for every connection refused.
import { expect, it } from "vitest";
import { openRemote } from "../../src/runtime/libsql-http.ts";

const statement = { sql: "SELECT 1", params: [] };

it("where nothing listens, reads and writes hear that the server is unreachable", async () => {
  const engine = openRemote({ url: "http://127.0.0.1:1", authToken: null }, fetch);
  await expect(engine.read(statement)).rejects.toMatchObject({ code: "unreachable" });
  await expect(engine.write([statement])).rejects.toMatchObject({ code: "unreachable" });
});
