// Another process on the same file: `node lock-holder.ts FILE hold MS` or `… write COUNT NAME`.
import Libsql from "libsql";
import { openFile } from "../../src/runtime/libsql-file.ts";

const [path = "", mode, amount, name = ""] = process.argv.slice(2);

if (mode === "hold") {
  const native = new Libsql(path);
  native.exec("BEGIN IMMEDIATE");
  console.log("held");
  setTimeout(() => {
    native.exec("COMMIT");
    native.close();
  }, Number(amount));
} else {
  const engine = openFile(path, Math.random, Date.now);
  console.log("ready");
  await new Promise((done) => process.stdin.once("data", done));
  for (let i = 0; i < Number(amount); i++) {
    await engine.write([
      { sql: "INSERT INTO t VALUES (?)", params: [`${name}-${i}`] },
      { sql: "UPDATE total SET n = n + 1", params: [] },
    ]);
  }
  await engine.close();
  process.exit();
}
